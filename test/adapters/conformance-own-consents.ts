/** Owns what every store must do with a person's consents over time: what was agreed to, what was done on it, how it ended. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Event, entry } from '../../src/journal/events.ts';
import type { ConsentTerms } from '../../src/store.ts';
import {
  consent,
  count,
  everything,
  known,
  MINUTE,
  NOTHING,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  question,
  RACERS,
  START,
  TAX,
  told,
} from './own-store.ts';

const TERMS: ConsentTerms = {
  agency: { id: 'agency', name: { vi: 'Sở Đất đai', en: 'Land Department' } },
  service: { vi: 'Cấp sổ đỏ', en: 'Land certificates' },
  purpose: { vi: 'Nhận đơn', en: 'Taking applications' },
  items: {
    name: {
      purpose: { vi: 'Ghi vào sổ', en: 'Written into the book' },
      basis: 'law',
      citation: 'Luật Đất đai, Điều 135',
    },
  },
};

export function ownConsentConformance(name: string, open: OpenDatabase): void {
  describe(`consents over time on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit([...everything('p-1'), known('p-2')], []);
    });
    afterEach(() => store.close());

    const released = (): Event => ({ type: 'claims_released', client: 'land-office', claims: ['name'] });
    const eventTypes = async () => {
      const rows = await store.journal.historyOf({ person: 'p-1', most: 99 });
      return rows.map(({ event }) => event.type);
    };

    test('say for themselves what was agreed to, wherever they are read', async () => {
      const given = consent({ terms: TERMS });
      const { sub } = await store.consents.give(given, 'agency', []);
      expect(await store.consents.give({ ...given, id: 'c-2' }, 'agency', [])).toEqual({ consent: given, sub });
      expect(await store.consents.inForce('p-1', 'land-office', START)).toEqual(given);
      expect(await store.consents.find('c-1', 'agency', TAX.source, START)).toEqual({ consent: given, sub });
      expect((await store.people.lookUp(question())).persons.get('p-1')?.consent).toEqual(given);
      expect(await store.people.subjectsOf('p-1')).toEqual(new Map([['agency', sub]]));
      expect(await store.people.subjectsOf('p-2')).toEqual(new Map());
      // Without them they are as they were before there were any.
      const without = consent({ id: 'c-3', client: 'tax-office' });
      await store.consents.give(without, 'tax-agency', []);
      expect(await store.consents.inForce('p-1', 'tax-office', START)).toEqual(without);
    });

    test('release what is shared only while they are in force, and record it then only', async () => {
      const { sub } = await store.consents.give(consent(), 'agency', []);
      const release = (sector: string, now: number) =>
        store.consents.release('c-1', sector, TAX.source, now, [entry(START, released(), 'p-1')]);
      expect(await release('agency', START)).toEqual({ consent: consent(), sub });
      expect(await release('another-agency', START)).toBeUndefined();
      expect(await release('agency', consent().to)).toBeUndefined();
      await store.people.lock('p-1', []);
      expect(await release('agency', START)).toBeUndefined();
      expect(await eventTypes()).toEqual(['claims_released']);
    });

    test('know when tokens were last issued on them', async () => {
      await store.consents.give(consent(), 'agency', []);
      expect(await store.consents.of('p-1')).toEqual([consent()]);
      expect(await store.consents.use('c-1', TAX.source, START + 5, [])).toBe(true);
      expect(await store.consents.use('c-1', TAX.source, START + 9, [])).toBe(true);
      expect(await store.consents.use('c-1', 'social-insurance', START + 10, [])).toBe(false);
      expect(await store.consents.of('p-1')).toEqual([{ ...consent(), usedAt: START + 9 }]);
    });

    test('are listed newest first, each with its end', async () => {
      await store.consents.give(consent({ to: START + MINUTE }), 'agency', []);
      const again = consent({ id: 'c-2', from: START + MINUTE });
      await store.consents.give(again, 'agency', []);
      const other = consent({ id: 'c-3', from: START + 2 * MINUTE, version: 'v2' });
      await store.consents.give(other, 'agency', []);
      const elsewhere = consent({ id: 'c-4', client: 'tax-office', from: START + 3 * MINUTE, to: START + 4 * MINUTE });
      await store.consents.give(elsewhere, 'tax-agency', []);
      expect(await store.consents.of('p-1')).toEqual([
        // Has run out, and nobody has seen it yet.
        elsewhere,
        other,
        { ...again, to: other.from, endReason: 'replaced' },
        { ...consent({ to: START + MINUTE }), endReason: 'expired' },
      ]);
      expect(await store.consents.of('p-2')).toEqual([]);
    });

    test('end once, by their person only, with whom that is told', async () => {
      await store.consents.give(consent(), 'agency', []);
      const withdrawn = told({ type: 'consent_ended', client: 'land-office', reason: 'withdrawn' }, 'p-1');
      const end = (person: string) => store.consents.end(person, 'c-1', START + 5, 'withdrawn', withdrawn);
      expect(await end('p-2')).toBe(false);
      expect(await store.outbox.lengths()).toEqual(new Map());
      const outcomes = await Promise.all(RACERS.map(() => end('p-1')));
      expect(count(outcomes, true)).toBe(1);
      expect(await store.consents.of('p-1')).toEqual([{ ...consent({ to: START + 5 }), endReason: 'withdrawn' }]);
      expect(await store.outbox.lengths()).toEqual(new Map([['notice', 1]]));
      expect(await eventTypes()).toEqual(['consent_ended']);
      expect(await store.consents.use('c-1', TAX.source, START + 5, [])).toBe(false);
    });

    test('are not ended by who cannot tell of it', async () => {
      await store.consents.give(consent(), 'agency', []);
      const ofNobody = told({ type: 'consent_ended', client: 'land-office', reason: 'withdrawn' }, 'p-9');
      await expect(store.consents.end('p-1', 'c-1', START, 'withdrawn', ofNobody)).rejects.toThrow();
      expect(await store.consents.use('c-1', TAX.source, START, [])).toBe(true);
    });

    test('are used before they end or not at all, by many at once, too', async () => {
      await store.consents.give(consent(), 'agency', []);
      const uses = RACERS.map((n) => store.consents.use('c-1', TAX.source, START + n, [entry(n, released(), 'p-1')]));
      const end = store.consents.end('p-1', 'c-1', START, 'withdrawn', NOTHING);
      const outcomes = await Promise.all(uses);
      expect(await end).toBe(true);
      expect(await eventTypes()).toHaveLength(count(outcomes, true));
      expect(await store.consents.use('c-1', TAX.source, START, [])).toBe(false);
    });

    test('persons know when the register last confirmed them', async () => {
      expect(await store.people.confirmedAt('p-1')).toBeUndefined();
      store.now += 7;
      await store.people.commit([{ type: 'person.confirmed', person: 'p-1' }], []);
      expect(await store.people.confirmedAt('p-1')).toBe(START + 7);
      expect(await store.people.confirmedAt('p-9')).toBeUndefined();
    });
  });
}
