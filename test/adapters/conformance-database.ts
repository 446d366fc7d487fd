/**
 * Owns what every store must do, whatever it is made of. Each adapter's test calls this with a way to open an empty
 * store; moments come from a clock the suite moves by itself.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/identity/person.ts';
import { entry, type JournalEntry } from '../../src/journal/events.ts';
import type { Consent, Store } from '../../src/store.ts';
import { faultTrialConformance } from './conformance-fault-trials.ts';
import { operatorConformance } from './conformance-operators.ts';
import { outboxConformance } from './conformance-outbox.ts';
import { raceConformance } from './conformance-races.ts';

export type OpenStore = (clock: () => number) => Store | Promise<Store>;

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const NUMBER = '001099012345';
const SOURCE = 'tax-code';
const RACERS = Array.from({ length: 50 }, (_, i) => i);

export function databaseConformance(name: string, open: OpenStore): void {
  faultTrialConformance(name, open);
  outboxConformance(name, open);
  operatorConformance(name, open);
  raceConformance(name, open);
  describe(name, () => {
    let store: Store;
    let now: number;

    beforeEach(async () => {
      now = START;
      store = await open(() => now);
    });
    afterEach(() => store.close());

    const known = (person: string): Change => ({ type: 'person.created', person });
    const anchor = (person: string, value = NUMBER): Change => {
      return { type: 'anchor.added', person, kind: 'personal_number', value };
    };
    const link = (person: string, subject = '8001234567', how: 'number' | 'double_proof' = 'number'): Change => {
      return { type: 'link.added', person, source: 'tax-code', subject, how };
    };
    const used = (person: string): Change => {
      return { type: 'link.used', person, source: 'tax-code', subject: '8001234567' };
    };
    const frozen = (person: string): Change => {
      return { type: 'link.frozen', person, source: 'tax-code', subject: '8001234567' };
    };
    const linked = (person: string): JournalEntry => {
      return entry(now, { type: 'link_added', source: 'tax-code', how: 'number' }, person);
    };
    const winners = (outcomes: readonly unknown[], won: unknown) =>
      outcomes.filter((outcome) => outcome === won).length;

    describe('people', () => {
      test('are found by number and by link, and by neither of another source', async () => {
        expect(await store.people.commit([known('p-1'), anchor('p-1'), link('p-1')], [linked('p-1')])).toBe(
          'committed',
        );
        expect(await store.people.findHolder(NUMBER)).toBe('p-1');
        expect(await store.people.findHolder('001099012346')).toBeUndefined();
        expect(await store.people.findLink('tax-code', '8001234567')).toEqual({ person: 'p-1', state: 'active' });
        expect(await store.people.findLink('social-insurance', '8001234567')).toBeUndefined();
        expect(await store.people.findLink('tax-code', NUMBER)).toBeUndefined();
      });

      test('keep every number, oldest first', async () => {
        const numbers = ['012345678', NUMBER, '079099000001'];
        await store.people.commit([known('p-1'), anchor('p-1', numbers[0]), anchor('p-1', numbers[1])], []);
        await store.people.commit([anchor('p-1', numbers[2])], []);
        expect(await store.people.numbersOf('p-1')).toEqual(numbers);
        expect(await store.people.numbersOf('p-2')).toEqual([]);
      });

      test('commit all or nothing', async () => {
        await store.people.commit([known('p-1'), anchor('p-1')], []);
        const late = [known('p-2'), link('p-2'), anchor('p-2')];
        expect(await store.people.commit(late, [linked('p-2')])).toBe('conflict');
        expect(await store.people.findLink('tax-code', '8001234567')).toBeUndefined();
        expect(await store.people.commit([known('p-2'), link('p-2')], [linked('p-2')])).toBe('committed');
      });

      test('commit nothing when their event cannot be written', async () => {
        await expect(store.people.commit([known('p-1'), link('p-1')], [linked('nobody')])).rejects.toThrow();
        expect(await store.people.findLink('tax-code', '8001234567')).toBeUndefined();
      });

      test('of 50 concurrent sign-ins that anchor one number, one commits', async () => {
        const outcomes = await Promise.all(
          RACERS.map((n) => store.people.commit([known(`p-${n}`), anchor(`p-${n}`)], [linked(`p-${n}`)])),
        );
        expect(winners(outcomes, 'committed')).toBe(1);
        expect(winners(outcomes, 'conflict')).toBe(49);
        const winner = outcomes.indexOf('committed');
        expect(await store.people.findHolder(NUMBER)).toBe(`p-${winner}`);
        // Nothing is left of the others, so each of them can begin again.
        const again = RACERS.filter((n) => n !== winner).map((n) => store.people.commit([known(`p-${n}`)], []));
        expect(winners(await Promise.all(again), 'committed')).toBe(49);
      });

      test('of concurrent sign-ins that link one account, one commits', async () => {
        await store.people.commit([known('p-1'), known('p-2')], []);
        const outcomes = await Promise.all(
          RACERS.map((n) => store.people.commit([link(n % 2 ? 'p-1' : 'p-2')], [linked(n % 2 ? 'p-1' : 'p-2')])),
        );
        expect(winners(outcomes, 'committed')).toBe(1);
      });

      test('a frozen link is not used, only double proof brings it back, also to another person', async () => {
        await store.people.commit([known('p-1'), known('p-2'), link('p-1')], []);
        expect(await store.people.commit([used('p-1')], [])).toBe('committed');
        expect(await store.people.commit([used('p-2')], [])).toBe('conflict');
        expect(await store.people.commit([frozen('p-1')], [])).toBe('committed');
        expect(await store.people.findLink('tax-code', '8001234567')).toEqual({ person: 'p-1', state: 'frozen' });
        expect(await store.people.commit([used('p-1')], [])).toBe('conflict');
        expect(await store.people.commit([link('p-2')], [])).toBe('conflict');
        expect(await store.people.commit([link('p-2', '8001234567', 'double_proof')], [])).toBe('committed');
        expect(await store.people.findLink('tax-code', '8001234567')).toEqual({ person: 'p-2', state: 'active' });
        expect(await store.people.commit([link('p-1', '8001234567', 'double_proof')], [])).toBe('conflict');
      });

      test('who are unknown cannot be confirmed, anchored or linked', async () => {
        expect(await store.people.commit([{ type: 'person.confirmed', person: 'p-9' }], [])).toBe('conflict');
        expect(await store.people.commit([anchor('p-9')], [])).toBe('conflict');
        expect(await store.people.commit([link('p-9')], [])).toBe('conflict');
        await expect(store.people.subjectFor('p-9', 'agency')).rejects.toThrow();
      });

      test('have one random subject a sector', async () => {
        await store.people.commit([known('p-1'), known('p-2')], []);
        const asked = await Promise.all(RACERS.map(() => store.people.subjectFor('p-1', 'agency')));
        expect(new Set(asked).size).toBe(1);
        expect(asked[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(await store.people.subjectFor('p-1', 'agency')).toBe(asked[0]);
        expect(await store.people.subjectFor('p-1', 'other')).not.toBe(asked[0]);
        expect(await store.people.subjectFor('p-2', 'agency')).not.toBe(asked[0]);
      });
    });

    describe('consents', () => {
      const consent = (changes: Partial<Consent> = {}): Consent => ({
        id: 'c-1',
        person: 'p-1',
        client: 'land-office',
        version: 'v1',
        offered: ['name', 'birthdate'],
        granted: ['name'],
        purpose: 'Cấp sổ đỏ',
        basis: 'consent',
        from: START,
        to: START + MINUTE,
        ...changes,
      });
      const given = (): JournalEntry => {
        const event = {
          type: 'consent_given',
          client: 'land-office',
          items: ['name'],
          purpose: 'x',
          until: 0,
        } as const;
        return entry(now, event, 'p-1');
      };

      beforeEach(() => store.people.commit([known('p-1'), known('p-2'), link('p-1')], []));

      test('are in force between their moments, between their parties', async () => {
        expect(await store.consents.give(consent(), 'land-agency', [given()])).toEqual({
          consent: consent(),
          sub: expect.stringMatching(/^[\w-]{43}$/),
        });
        expect(await store.consents.inForce('p-1', 'land-office', START)).toEqual(consent());
        const sub = await store.people.subjectFor('p-1', 'land-agency');
        expect(await store.consents.find('c-1', 'land-agency', SOURCE, START + MINUTE - 1)).toEqual({
          consent: consent(),
          sub,
        });
        expect(await store.consents.find('c-1', 'another-agency', SOURCE, START)).toBeUndefined();
        expect(await store.consents.find('c-1', 'land-agency', SOURCE, START + MINUTE)).toBeUndefined();
        expect(await store.consents.inForce('p-1', 'land-office', START - 1)).toBeUndefined();
        expect(await store.consents.inForce('p-2', 'land-office', START)).toBeUndefined();
        expect(await store.consents.inForce('p-1', 'tax-office', START)).toBeUndefined();
      });

      test('replace the one before', async () => {
        await store.consents.give(consent(), 'land-agency', []);
        const next = consent({ id: 'c-2', from: START + 1, version: 'v2' });
        await store.consents.give(next, 'land-agency', []);
        expect(await store.consents.inForce('p-1', 'land-office', START + 1)).toEqual(next);
        expect(await store.consents.find('c-1', 'land-agency', SOURCE, START + 1)).toBeUndefined();
      });

      test('can be given again after one ran out, and by many at once only one stays', async () => {
        await store.consents.give(consent(), 'land-agency', []);
        const later = RACERS.map((n) => consent({ id: `again-${n}`, from: START + MINUTE, to: START + 2 * MINUTE }));
        await Promise.all(later.map((one) => store.consents.give(one, 'land-agency', [])));
        const found = await Promise.all(
          later.map(({ id }) => store.consents.find(id, 'land-agency', SOURCE, START + MINUTE)),
        );
        expect(found.filter((one) => one !== undefined)).toHaveLength(1);
      });

      test('end at once and once', async () => {
        await store.consents.give(consent(), 'land-agency', []);
        const told = entry(now, { type: 'consent_ended', client: 'land-office', reason: 'citizen' }, 'p-1');
        const end = (person: string, at: number) =>
          store.consents.end(person, 'c-1', at, 'citizen', { entries: [told] });
        expect(await end('p-2', START + 5)).toBe(false);
        expect(await end('p-1', START + 5)).toBe(true);
        expect(await store.consents.inForce('p-1', 'land-office', START + 5)).toBeUndefined();
        expect(await end('p-1', START + 6)).toBe(false);
        await store.consents.give(consent({ id: 'c-2', from: START + 7 }), 'land-agency', []);
        expect((await store.consents.inForce('p-1', 'land-office', START + 7))?.id).toBe('c-2');
      });

      test('are not given when their event cannot be written', async () => {
        await store.consents.give(consent(), 'land-agency', []);
        await expect(
          store.consents.give(consent({ id: 'c-2', version: 'v2', from: START + 1 }), 'land-agency', [
            linked('nobody'),
          ]),
        ).rejects.toThrow();
        expect((await store.consents.inForce('p-1', 'land-office', START + 1))?.id).toBe('c-1');
      });
    });

    describe('journal', () => {
      test('takes what concerns nobody yet, somebody, and nothing at all; never an entry twice', async () => {
        await store.people.commit([known('p-1')], []);
        const started = entry(now, { type: 'request_started', client: 'land-office', required: 'loa1' });
        await store.journal.record([]);
        await store.journal.record([started, linked('p-1')]);
        // By a form pressed twice, say: it is the same event.
        await store.journal.record([started, linked('p-1')]);
        await expect(store.journal.record([linked('nobody')])).rejects.toThrow();
      });
    });

    test('one failing write leaves those beside it alone', async () => {
      const [before, failing, after] = await Promise.allSettled([
        store.people.commit([known('p-1')], []),
        store.journal.record([linked('nobody')]),
        store.people.commit([known('p-2')], []),
      ]);
      expect([before, after]).toEqual([
        { status: 'fulfilled', value: 'committed' },
        { status: 'fulfilled', value: 'committed' },
      ]);
      expect(failing?.status).toBe('rejected');
      expect(await store.people.subjectFor('p-2', 'agency')).toBeDefined();
    });

    test('closing keeps what is being written and refuses what comes later', async () => {
      const writing = store.people.commit([known('p-1')], []);
      await store.close();
      expect(await writing).toBe('committed');
      await expect(store.people.findHolder(NUMBER)).rejects.toThrow();
      await expect(store.state.put('Session', 's-1', 1, 60)).rejects.toThrow();
    });
  });
}
