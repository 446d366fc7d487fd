/** Owns what every store must do with what developers see: add up whoever tells, keep the newest failures, forget in time. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FailedSignIn, SightingsBatch, SignInCount } from '../../src/watching/sightings.ts';
import { DAY, MINUTE, type OpenDatabase, type OwnStore, openOwnStore, RACERS, START } from './own-store.ts';

const TODAY = '2026-01-05';

const counted = (more: Partial<SignInCount> = {}): SignInCount => {
  return {
    day: TODAY,
    client: 'land-office',
    source: 'tax-code',
    level: 'loa1',
    outcome: 'signed_in',
    count: 1,
    ...more,
  };
};

const failed = (n: number, more: Partial<FailedSignIn> = {}): FailedSignIn => {
  const what = { error: 'invalid_grant', cause: 'code_used', step: 'token', incident: 'ABCD-2345' } as const;
  return { id: `f-${n}`, client: 'land-office', at: START + n, ...what, ...more };
};

const batch = (more: Partial<SightingsBatch>): SightingsBatch => ({ counts: [], durations: [], failures: [], ...more });

const many = (length: number, make: (n: number) => FailedSignIn) => Array.from({ length }, (_, n) => make(n));

export function sightingsConformance(name: string, open: OpenDatabase): void {
  describe(`sightings on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      store.now = START + MINUTE;
    });
    afterEach(() => store.close());

    const countsOf = async (from = TODAY, to = TODAY, client = 'land-office') =>
      (await store.sightings.countsOf(client, from, to)).counts;

    test('numbers of any number of processes add up', async () => {
      const durations = [3, 4].map((bucket) => {
        return { day: TODAY, client: 'land-office', kind: 'sign_in', bucket, count: 2 } as const;
      });
      const { source: _source, level: _level, ...bare } = counted({ outcome: 'request_refused' });
      const counts = [counted(), counted({ level: 'loa3', count: 5 }), bare];
      await Promise.all(
        RACERS.map((racer) =>
          // Each in an order of its own, as processes come to see things.
          store.sightings.add(
            batch(
              racer % 2 ? { counts, durations } : { counts: counts.toReversed(), durations: durations.toReversed() },
            ),
          ),
        ),
      );
      const sums = (await countsOf()).toSorted((one, other) => one.count - other.count || (one.source ? 1 : -1));
      expect(sums).toEqual([
        { ...bare, count: RACERS.length },
        counted({ count: RACERS.length }),
        counted({ level: 'loa3', count: 5 * RACERS.length }),
      ]);
      const seen = await store.sightings.countsOf('land-office', TODAY, TODAY);
      expect(seen.durations.map(({ bucket, count }) => [bucket, count]).sort()).toEqual([
        [3, 2 * RACERS.length],
        [4, 2 * RACERS.length],
      ]);
    });

    test('numbers are of one client, and of the days asked for', async () => {
      const days = ['2026-01-03', '2026-01-04', TODAY].map((day) => counted({ day }));
      await store.sightings.add(batch({ counts: [...days, counted({ client: 'library' })] }));
      expect((await countsOf('2026-01-03', '2026-01-04')).map(({ day }) => day)).toEqual(['2026-01-03', '2026-01-04']);
      expect(await countsOf(TODAY, TODAY, 'library')).toEqual([counted({ client: 'library' })]);
      expect(await countsOf(TODAY, TODAY, 'nobody')).toEqual([]);
    });

    test('failures come newest first, as they were, and told twice they are one', async () => {
      const { source: _none, ...bare } = failed(2);
      const three = [failed(1, { source: 'tax-code' }), bare, failed(3, { client: 'library' })];
      await store.sightings.add(batch({ failures: three }));
      await store.sightings.add(batch({ failures: three }));
      expect(await store.sightings.failuresOf('land-office', 9)).toEqual([bare, failed(1, { source: 'tax-code' })]);
      expect(await store.sightings.failuresOf('land-office', 1)).toEqual([bare]);
    });

    test('of a client a hundred failures are kept, of one step of them 25, and others lose nothing by it', async () => {
      const flood = (client: string, step: FailedSignIn['step']) =>
        many(60, (n) => failed(n, { id: `${client} ${step} ${n}`, client, step }));
      await store.sightings.add(batch({ failures: [failed(0, { id: 'theirs', client: 'library' })] }));
      await store.sightings.add(batch({ failures: flood('land-office', 'prove') }));
      await store.sightings.add(batch({ failures: flood('land-office', 'token') }));
      await store.sightings.add(batch({ failures: flood('land-office', 'request') }));
      const kept = await store.sightings.failuresOf('land-office', 1_000);
      expect(Map.groupBy(kept, ({ step }) => step).get('prove')).toHaveLength(25);
      expect(kept).toHaveLength(75);
      for (const step of ['identify', 'assure', 'consent'] as const)
        await store.sightings.add(batch({ failures: flood('land-office', step) }));
      expect(await store.sightings.failuresOf('land-office', 1_000)).toHaveLength(100);
      expect((await store.dump()).get('failed_sign_in')!.split('land-office')).toHaveLength(
        // Once as the client of each row, once in each id of this test.
        1 + 2 * 100,
      );
      expect(await store.sightings.failuresOf('library', 9)).toHaveLength(1);
    });

    test('after 14 days a failure is not shown, and then not there; counts are for 400 days', async () => {
      const old = counted({ day: '2024-12-01' });
      const durations = [{ day: '2024-12-01', client: 'land-office', kind: 'answer', bucket: 1, count: 1 }] as const;
      await store.sightings.add(batch({ counts: [old], durations, failures: [failed(0), failed(2 * MINUTE)] }));
      await store.sightings.sweep(START + MINUTE);
      expect(await countsOf('2024-01-01', TODAY)).toEqual([old]);
      store.now = START + 14 * DAY;
      expect(await store.sightings.failuresOf('land-office', 9)).toHaveLength(1);
      await store.sightings.sweep(store.now);
      const dump = await store.dump();
      expect([dump.get('sign_in_count'), dump.get('sign_in_duration')]).toEqual(['', '']);
      expect(dump.get('failed_sign_in')).toContain(`f-${2 * MINUTE}`);
      expect(dump.get('failed_sign_in')).not.toContain('f-0\n');
    });
  });
}
