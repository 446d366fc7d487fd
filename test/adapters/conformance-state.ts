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

    test('comes back as it was, until its lifetime ends', async () => {
      await store.state.put('Session', 's-1', value, 60);
      expect(await store.state.get('Session', 's-1')).toEqual({ value, version: expect.any(Number) });
      expect(await store.state.get('Interaction', 's-1')).toBeUndefined();
      now += MINUTE - 1;
      expect(await store.state.get('Session', 's-1')).toBeDefined();
      now += 1;
      expect(await store.state.get('Session', 's-1')).toBeUndefined();
    });

    test('needs a lifetime', async () => {
      await expect(store.state.put('Session', 's-1', value, Number.NaN)).rejects.toThrow(RangeError);
      await expect(store.state.putIfAbsent('Session', 's-1', value, Infinity)).rejects.toThrow(RangeError);
    });

    test('is consumed once by 50 who try at once, and stays readable and consumed', async () => {
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

    test('that is unknown or past its lifetime is not consumed', async () => {
      await store.state.put('AuthorizationCode', 'code', value, 60);
      now += MINUTE;
      expect(await store.state.consume('AuthorizationCode', 'code')).toBe(false);
      expect(await store.state.consume('AuthorizationCode', 'never')).toBe(false);
    });

    test('is set by one of 50 when absent, and again when its lifetime has ended', async () => {
      const set = () => Promise.all(RACERS.map((n) => store.state.putIfAbsent('Replay', 'jti', n, 60)));
      const outcomes = await set();
      expect(winners(outcomes, true)).toBe(1);
      expect((await store.state.get('Replay', 'jti'))?.value).toBe(outcomes.indexOf(true));
      await store.state.consume('Replay', 'jti');
      now += MINUTE;
      expect(winners(await set(), true)).toBe(1);
      expect((await store.state.get('Replay', 'jti'))?.consumedAt).toBeUndefined();
    });

    test('is replaced by one of 50 who read the same', async () => {
      await store.state.put('Session', 's-1', 'first', 60);
      const { version } = (await store.state.get('Session', 's-1'))!;
      const outcomes = await Promise.all(RACERS.map((n) => store.state.replace('Session', 's-1', version, n, 60)));
      expect(winners(outcomes, true)).toBe(1);
      const after = (await store.state.get('Session', 's-1'))!;
      expect(after.value).toBe(outcomes.indexOf(true));
      expect(after.version).toBeGreaterThan(version);
    });

    test('is not replaced over a put, a consumption, a deletion or its end', async () => {
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

    test('is deleted by one of 50 who read the same, and not over what was written since', async () => {
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

    test('is listed, and deleted one by one and by group', async () => {
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

    test('goes at once when it comes late into a group that was deleted', async () => {
      await store.state.deleteGroup('grant-1', 60);
      await store.state.put('AccessToken', 'a', 1, 600, 'grant-1');
      await store.state.putIfAbsent('AccessToken', 'b', 1, 600, 'grant-1');
      expect(await store.state.get('AccessToken', 'a')).toBeUndefined();
      expect(await store.state.get('AccessToken', 'b')).toBeUndefined();
      now += 61_000;
      await store.state.put('AccessToken', 'a', 2, 600, 'grant-1');
      expect((await store.state.get('AccessToken', 'a'))?.value).toBe(2);
    });

    test('changes its group only where a write says so', async () => {
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
