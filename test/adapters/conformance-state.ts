/**
 * Owns what every store of protocol state must do, whatever it is made of: lifetimes, one use, groups. Each adapter's test
 * calls this with a way to open an empty one; moments come from a clock the suite moves by itself.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProtocolState } from '../../src/store.ts';

/** `close` lets go of whatever was opened for it. */
export type OpenState = (clock: () => number) => Promise<{ readonly state: ProtocolState; close(): Promise<void> }>;

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
/** Milliseconds by which the clocks of processes may differ. */
const TOLERANCE = 10_000;
const RACERS = Array.from({ length: 50 }, (_, i) => i);

export function stateConformance(name: string, open: OpenState): void {
  describe(`${name}: protocol state`, () => {
    let store: Awaited<ReturnType<OpenState>>;
    let now: number;

    beforeEach(async () => {
      now = START;
      store = await open(() => now);
    });
    afterEach(() => store.close());

    const winners = (outcomes: readonly unknown[], won: unknown) =>
      outcomes.filter((outcome) => outcome === won).length;

    const value = { account: 'p-1', name: 'Nguyễn Thị Thuý', list: [1, null, { deep: true }] };

    test('C1 comes back as it was, until its lifetime ends', async () => {
      await store.state.put('Session', 's-1', value, 60);
      expect(await store.state.get('Session', 's-1')).toEqual({ value, version: expect.any(Number) });
      expect(await store.state.get('Interaction', 's-1')).toBeUndefined();
      now += MINUTE - 1;
      expect(await store.state.get('Session', 's-1')).toBeDefined();
      now += 1;
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
    });

    test('C1 needs a lifetime', async () => {
      await expect(store.state.put('Session', 's-1', value, Number.NaN)).rejects.toThrow(RangeError);
      await expect(store.state.putIfAbsent('Session', 's-1', value, Infinity)).rejects.toThrow(RangeError);
    });

    test('C1 is still there for a process whose clock is behind, and then over for both', async () => {
      await store.state.put('Session', 's-1', value, 60);
      await store.state.putIfAbsent('Replay', 'jti', true, 60, 'grant-1');
      now += MINUTE;
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
      expect(await store.state.inGroup('grant-1')).toEqual([]);
      now -= TOLERANCE;
      expect((await store.state.get('Session', 's-1'))?.value).toEqual(value);
      expect(await store.state.putIfAbsent('Replay', 'jti', false, 60, 'grant-1')).toBe(false);
      expect((await store.state.inGroup('grant-1')).map(({ value }) => value)).toEqual([true]);
      now += TOLERANCE;
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
    });

    test('C1 lives as long as its last write says', async () => {
      await store.state.put('Session', 's-1', 1, 600);
      await store.state.put('Session', 's-1', 2, 60);
      const { version } = (await store.state.get('Session', 's-1'))!;
      expect(await store.state.replace('Session', 's-1', version, 3, 120)).toBe(true);
      now += MINUTE;
      expect((await store.state.get('Session', 's-1'))?.value).toBe(3);
      now += MINUTE;
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
    });

    test('C1 of any size and any text comes back as it was', async () => {
      const texts = ['', ':', '1:1::1:::', '\u0000\r\n', '{tag}', 'Đặng Thị Bích Ngọc'.repeat(4_000)];
      await Promise.all(texts.map((text) => store.state.put('Session', `${text}:id`, text, 60, text)));
      for (const text of texts) {
        expect((await store.state.get('Session', `${text}:id`))?.value).toBe(text);
        expect((await store.state.inGroup(text)).map(({ value }) => value)).toEqual([text]);
      }
    });

    test('C1 is consumed once by 50 who try at once, and stays readable and consumed', async () => {
      await store.state.put('AuthorizationCode', 'code', value, 60);
      const outcomes = await Promise.all(RACERS.map(() => store.state.consume('AuthorizationCode', 'code')));
      expect(winners(outcomes, true)).toBe(1);
      const consumedAt = START / 1000;
      expect(await store.state.get('AuthorizationCode', 'code')).toMatchObject({ value, consumedAt });
      await store.state.put('AuthorizationCode', 'code', 'written later', 60);
      expect(await store.state.get('AuthorizationCode', 'code')).toMatchObject({
        value: 'written later',
        consumedAt,
      });
      expect(await store.state.consume('AuthorizationCode', 'code')).toBe(false);
    });

    test('C1 that is unknown or past its lifetime is not consumed', async () => {
      await store.state.put('AuthorizationCode', 'code', value, 60);
      now += MINUTE;
      expect(await store.state.consume('AuthorizationCode', 'code')).toBe(false);
      expect(await store.state.consume('AuthorizationCode', 'never')).toBe(false);
    });

    test('C1 is set by one of 50 when absent, and again when its lifetime has ended', async () => {
      const set = () => Promise.all(RACERS.map((n) => store.state.putIfAbsent('Replay', 'jti', n, 60)));
      const outcomes = await set();
      expect(winners(outcomes, true)).toBe(1);
      expect((await store.state.get('Replay', 'jti'))?.value).toBe(outcomes.indexOf(true));
      await store.state.consume('Replay', 'jti');
      now += MINUTE;
      expect(winners(await set(), true)).toBe(1);
      expect((await store.state.get('Replay', 'jti'))?.consumedAt).toBeUndefined();
    });

    test.each([
      ['the jti of a client assertion', 'Replay'],
      ['a nonce', 'Nonce'],
      ['a proof for linking', 'LinkingProof'],
    ])('C1 of %s one of 50 uses gets through, however they come', async (_, kind) => {
      const first = await Promise.all(RACERS.map(() => store.state.putIfAbsent(kind, 'once', true, 60)));
      const later = await Promise.all(RACERS.map(() => store.state.putIfAbsent(kind, 'once', true, 60)));
      expect([winners(first, true), winners(later, true)]).toEqual([1, 0]);
      expect(winners(await Promise.all(RACERS.map(() => store.state.consume(kind, 'once'))), true)).toBe(1);
    });

    test('C1 of two tabs that write over the same version loses nothing', async () => {
      await store.state.put('Session', 's-1', [], 60);
      const add = async (tab: number): Promise<void> => {
        const { value, version } = (await store.state.get('Session', 's-1'))!;
        if (!(await store.state.replace('Session', 's-1', version, [...(value as number[]), tab], 60))) await add(tab);
      };
      await Promise.all(RACERS.slice(0, 20).map(add));
      const { value } = (await store.state.get('Session', 's-1'))!;
      expect((value as number[]).toSorted((a, b) => a - b)).toEqual(RACERS.slice(0, 20));
    });

    test('C1 is replaced by one of 50 who read the same', async () => {
      await store.state.put('Session', 's-1', 'first', 60);
      const { version } = (await store.state.get('Session', 's-1'))!;
      const outcomes = await Promise.all(RACERS.map((n) => store.state.replace('Session', 's-1', version, n, 60)));
      expect(winners(outcomes, true)).toBe(1);
      const after = (await store.state.get('Session', 's-1'))!;
      expect(after.value).toBe(outcomes.indexOf(true));
      expect(after.version).toBeGreaterThan(version);
    });

    test('C1 is not replaced over a put, a consumption, a deletion or its end', async () => {
      const read = async () => (await store.state.get('Session', 's-1'))!.version;
      const late = (version: number) => store.state.replace('Session', 's-1', version, 'late', 60);
      await store.state.put('Session', 's-1', 1, 60);
      let version = await read();
      await store.state.put('Session', 's-1', 2, 60);
      expect(await late(version)).toBe(false);
      version = await read();
      await store.state.consume('Session', 's-1');
      expect(await late(version)).toBe(false);
      version = await read();
      now += MINUTE;
      expect(await late(version)).toBe(false);
      await store.state.delete('Session', 's-1');
      expect(await late(version)).toBe(false);
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
    });

    test('C1 is deleted by one of 50 who read the same, and not over what was written since', async () => {
      await store.state.put('Session', 's-1', 1, 60);
      const { version } = (await store.state.get('Session', 's-1'))!;
      await store.state.put('Session', 's-1', 2, 60);
      expect(await store.state.delete('Session', 's-1', version)).toBe(false);
      const now = (await store.state.get('Session', 's-1'))!.version;
      const outcomes = await Promise.all(RACERS.map(() => store.state.delete('Session', 's-1', now)));
      expect(winners(outcomes, true)).toBe(1);
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
      expect(await store.state.delete('Session', 's-1')).toBe(false);
    });

    test('C1 is listed, and deleted one by one and by group', async () => {
      await store.state.put('AccessToken', 'a', 1, 60, 'grant-1');
      await store.state.put('AccessToken', 'b', 2, 60, 'grant-1');
      await store.state.put('AccessToken', 'c', 3, 60, 'grant-2');
      await store.state.putIfAbsent('AuthorizationCode', 'd', 4, 60, 'grant-1');
      await store.state.put('AccessToken', 'e', 6, 1, 'grant-1');
      const { version } = (await store.state.get('AccessToken', 'b'))!;
      await store.state.replace('AccessToken', 'b', version, 5, 60);
      now += 2_000;
      expect((await store.state.inGroup('grant-1')).map(({ value }) => value).sort()).toEqual([1, 4, 5]);
      await store.state.deleteGroup('grant-1', 60);
      await store.state.deleteGroup('grant-1', 60);
      const left = await Promise.all(['a', 'b', 'c'].map((id) => store.state.get('AccessToken', id)));
      expect(left.map((kept) => kept?.value)).toEqual([undefined, undefined, 3]);
      expect(await store.state.get('AuthorizationCode', 'd')).toBeUndefined();
      expect(await store.state.inGroup('grant-1')).toEqual([]);
      await store.state.delete('AccessToken', 'c');
      expect(await store.state.get('AccessToken', 'c')).toBeUndefined();
      expect(await store.state.inGroup('grant-2')).toEqual([]);
    });

    test('C1 goes at once when it comes late into a group that was deleted', async () => {
      await store.state.deleteGroup('grant-1', 60);
      await store.state.put('AccessToken', 'a', 1, 600, 'grant-1');
      await store.state.putIfAbsent('AccessToken', 'b', 1, 600, 'grant-1');
      expect(await store.state.get('AccessToken', 'a')).toBeUndefined();
      expect(await store.state.get('AccessToken', 'b')).toBeUndefined();
      now += 61_000;
      await store.state.put('AccessToken', 'a', 2, 600, 'grant-1');
      expect((await store.state.get('AccessToken', 'a'))?.value).toBe(2);
    });

    test('C1 leaves no token to who redeems a code of which 49 others take the tokens away', async () => {
      await store.state.put('AuthorizationCode', 'code', value, 60, 'grant-1');
      const redeem = async (n: number) => {
        const isFirst = await store.state.consume('AuthorizationCode', 'code');
        if (isFirst) await store.state.put('AccessToken', `token-${n}`, n, 600, 'grant-1');
        else await store.state.deleteGroup('grant-1', 700);
        return isFirst;
      };
      expect(winners(await Promise.all(RACERS.map(redeem)), true)).toBe(1);
      const tokens = await Promise.all(RACERS.map((n) => store.state.get('AccessToken', `token-${n}`)));
      expect(tokens.filter(Boolean)).toEqual([]);
      expect(await store.state.inGroup('grant-1')).toEqual([]);
    });

    test('C1 does not survive its group, whichever way and whenever it comes into it', async () => {
      await Promise.all(
        RACERS.flatMap((n) => [
          store.state.put('AccessToken', `put-${n}`, n, 600, `grant-${n}`),
          store.state.putIfAbsent('AccessToken', `absent-${n}`, n, 600, `grant-${n}`),
          store.state.put('AccessToken', `moved-${n}`, n, 600),
        ]),
      );
      const moved = await Promise.all(RACERS.map((n) => store.state.get('AccessToken', `moved-${n}`)));
      await Promise.all(
        RACERS.flatMap((n) => [
          store.state.put('AccessToken', `late-${n}`, n, 600, `grant-${n}`),
          store.state.deleteGroup(`grant-${n}`, 60),
          store.state.replace('AccessToken', `moved-${n}`, moved[n]!.version, n, 600, `grant-${n}`),
          store.state.deleteGroup(`grant-${n}`, 60),
          store.state.putIfAbsent('AccessToken', `later-${n}`, n, 600, `grant-${n}`),
        ]),
      );
      const kinds = ['put', 'absent', 'moved', 'late', 'later'];
      const left = await Promise.all(
        kinds.flatMap((kind) => RACERS.map((n) => store.state.get('AccessToken', `${kind}-${n}`))),
      );
      expect(left.filter(Boolean)).toEqual([]);
    });

    test('C1 stays deleted, and out of a deleted group, however often that is deleted', async () => {
      await store.state.put('AccessToken', 'a', 1, 600, 'grant-1');
      await store.state.deleteGroup('grant-1', 60);
      await store.state.deleteGroup('grant-1', 60);
      await store.state.put('AccessToken', 'a', 2, 600, 'grant-1');
      expect(await store.state.get('AccessToken', 'a')).toBeUndefined();
      await store.state.put('AccessToken', 'a', 3, 600, 'grant-2');
      await store.state.deleteGroup('grant-1', 60);
      expect((await store.state.get('AccessToken', 'a'))?.value).toBe(3);
    });

    test('C1 that lives longer than its group knew goes with it all the same', async () => {
      await store.state.put('Session', 's', 1, 60, 'person-1');
      const { version } = (await store.state.get('Session', 's'))!;
      expect(await store.state.replace('Session', 's', version, 2, 3_600)).toBe(true);
      now += 10 * MINUTE;
      await store.state.put('Session', 'another', 3, 60, 'person-1');
      expect((await store.state.inGroup('person-1')).map(({ value }) => value).sort()).toEqual([2, 3]);
      await store.state.deleteGroup('person-1', 60);
      expect(await store.state.get('Session', 's')).toBeUndefined();
    });

    test('C1 in a group of a thousand is found and deleted', async () => {
      const many = Array.from({ length: 1_100 }, (_, n) => n);
      await Promise.all(many.map((n) => store.state.put('AccessToken', `t-${n}`, n, 600, 'grant-1')));
      expect(await store.state.inGroup('grant-1')).toHaveLength(many.length);
      await store.state.deleteGroup('grant-1', 60);
      const left = await Promise.all(many.map((n) => store.state.get('AccessToken', `t-${n}`)));
      expect(left.filter(Boolean)).toEqual([]);
    });

    test('C1 is not taken for what was deleted before it came', async () => {
      await store.state.put('Session', 's', 1, 60);
      const { version } = (await store.state.get('Session', 's'))!;
      await store.state.delete('Session', 's');
      await store.state.put('Session', 's', 2, 60);
      expect(await store.state.replace('Session', 's', version, 3, 60)).toBe(false);
      expect((await store.state.get('Session', 's'))?.value).toBe(2);
    });

    test('C1 changes its group only where a write says so', async () => {
      await store.state.putIfAbsent('Session', 's', 1, 60);
      const { version } = (await store.state.get('Session', 's'))!;
      expect(await store.state.replace('Session', 's', version, 2, 60, 'person-1')).toBe(true);
      expect((await store.state.inGroup('person-1')).map(({ value }) => value)).toEqual([2]);
      const next = (await store.state.get('Session', 's'))!.version;
      expect(await store.state.replace('Session', 's', next, 3, 60)).toBe(true);
      expect((await store.state.inGroup('person-1')).map(({ value }) => value)).toEqual([3]);
    });
  });
}
