/** Owns what every outbox must do: each message to one worker at a time, none lost, none twice in it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { entry } from '../../src/journal/events.ts';
import type { Due, LeasedMessage, Message, Store } from '../../src/store.ts';
import type { OpenStore } from './conformance-database.ts';

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const RACERS = Array.from({ length: 50 }, (_, i) => i);

export function outboxConformance(name: string, open: OpenStore): void {
  describe(`${name}: the outbox`, () => {
    let store: Store;
    let now: number;

    beforeEach(async () => {
      now = START;
      store = await open(() => now);
    });
    afterEach(() => store.close());

    const message = (key: string, target = 'land-office'): Message => {
      return { kind: 'logout', target, key, payload: { account: 'p-1', key } };
    };
    const due = (changes: Partial<Due> = {}) =>
      store.outbox.due({ now, lease: MINUTE, targets: 10, each: 10, except: [], ...changes });
    const keysOf = (messages: readonly LeasedMessage[]) =>
      messages.map(({ payload }) => (payload as { key: string }).key).sort();

    test('gives what is due to one of any number of workers, and to the next when a lease has run out', async () => {
      await store.outbox.enqueue([message('a'), message('b'), message('c', 'tax-office')], 3600);
      const got = (await Promise.all(RACERS.map(() => due({ each: 1 })))).flat();
      expect(keysOf(got)).toEqual(['a', 'b', 'c']);
      expect(got.every(({ tries }) => tries === 1)).toBe(true);
      expect(got.find(({ target }) => target === 'tax-office')).toEqual({
        id: expect.any(String),
        kind: 'logout',
        target: 'tax-office',
        payload: { account: 'p-1', key: 'c' },
        tries: 1,
        expiresAt: START + 3_600_000,
      });
      expect(await due()).toEqual([]);
      now += MINUTE;
      const again = await due();
      expect(keysOf(again)).toEqual(['a', 'b', 'c']);
      // The one whose lease ran out has no say any more.
      await store.outbox.done(got[0]!, []);
      await store.outbox.retry(got[1]!, now);
      expect(await due()).toEqual([]);
      for (const one of again) await store.outbox.done(one, []);
      now += MINUTE;
      expect(await due()).toEqual([]);
    });

    test('gives some targets, some messages of each, and none of those the caller is busy with', async () => {
      for (const key of ['a', 'b', 'c']) {
        await store.outbox.enqueue([message(key)], 3600);
        now += 1;
      }
      await store.outbox.enqueue([message('d', 'tax-office'), message('e', 'archive')], 3600);
      expect(keysOf(await due({ targets: 1, each: 2 }))).toEqual(['a', 'b']);
      expect(await due({ targets: 1, each: 2, except: ['land-office', 'archive'] })).toMatchObject([
        { target: 'tax-office' },
      ]);
      expect(keysOf(await due())).toEqual(['c', 'e']);
    });

    test('keeps a message until it is done, and tells when the next one is due', async () => {
      expect(await store.outbox.nextDue([])).toBeUndefined();
      expect(await store.outbox.lengths()).toEqual(new Map());
      await store.outbox.enqueue([message('a'), message('b', 'tax-office')], 1);
      expect(await store.outbox.lengths()).toEqual(new Map([['logout', 2]]));
      expect(await store.outbox.nextDue([])).toBe(START);
      const [a, b] = await due();
      await store.outbox.retry(a!, START + 5_000);
      expect(await store.outbox.nextDue([])).toBe(START + 5_000);
      expect(await store.outbox.nextDue(['land-office'])).toBe(START + MINUTE);
      expect(await store.outbox.waiting([message('a'), message('b', 'tax-office'), message('c')])).toEqual(
        new Set(['a', 'b']),
      );
      await store.outbox.done(b!, []);
      now += MINUTE;
      expect(await due()).toMatchObject([{ tries: 2, expiresAt: START + 1_000 }]);
      expect(await store.outbox.waiting([message('b', 'tax-office')])).toEqual(new Set());
      expect(await store.outbox.waiting([])).toEqual(new Set());
    });

    test('takes a message that still waits only once, and never loses its place', async () => {
      await store.outbox.enqueue([message('a')], 3600);
      const [taken] = await due();
      await store.outbox.enqueue([message('a')], 3600);
      expect(await due()).toEqual([]);
      await store.outbox.done(taken!, []);
      await store.outbox.enqueue([message('a')], 3600);
      expect(await due()).toMatchObject([{ tries: 1 }]);
    });

    test('forgets a message together with its event, or keeps both', async () => {
      await store.people.commit([{ type: 'person.created', person: 'p-1' }], []);
      await store.outbox.enqueue([message('a')], 3600);
      const [taken] = await due();
      const told = entry(now, { type: 'logout_sent', client: 'land-office', tries: 1 }, 'p-1');
      // No event has happened at no moment, so none is written.
      await expect(store.outbox.done(taken!, [{ ...told, at: Number.NaN }])).rejects.toThrow();
      expect(await store.outbox.waiting([message('a')])).toEqual(new Set(['a']));
      await store.outbox.done(taken!, [told]);
      await store.outbox.done(taken!, [told]);
      expect(await store.outbox.waiting([message('a')])).toEqual(new Set());
      expect((await store.journal.historyOf({ person: 'p-1', most: 9 })).map(({ id }) => id)).toEqual([told.id]);
    });

    test('forgets a message about somebody who is gone by then, whose event is tied to nobody', async () => {
      await store.outbox.enqueue([message('a')], 3600);
      const [taken] = await due();
      await store.outbox.done(taken!, [entry(now, { type: 'logout_sent', client: 'land-office', tries: 1 }, 'nobody')]);
      expect(await store.outbox.waiting([message('a')])).toEqual(new Set());
      expect(await store.journal.historyOf({ person: 'nobody', most: 9 })).toEqual([]);
    });

    test('takes in what a message has become where it is forgotten, and nothing when its lease has passed', async () => {
      await store.outbox.enqueue([message('a')], 3600);
      const [taken] = await due();
      const onward = { messages: [message('b'), message('c', 'tax-office')], lifetime: 60 };
      await store.outbox.done(taken!, [], onward);
      const next = await due();
      expect(keysOf(next)).toEqual(['b', 'c']);
      expect(next.map(({ expiresAt }) => expiresAt)).toEqual([START + MINUTE, START + MINUTE]);
      await store.outbox.done(taken!, [], { messages: [message('d')], lifetime: 60 });
      expect(await store.outbox.waiting([message('a'), message('d')])).toEqual(new Set());
    });
  });
}
