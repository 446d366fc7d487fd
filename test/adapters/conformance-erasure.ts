/** Owns what every store must do when a person is erased: nothing is left that names them, and nobody is half erased. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Contact } from '../../src/citizen/ports.ts';
import { entry } from '../../src/journal/events.ts';
import { account } from './developer-samples.ts';
import {
  alert,
  consent,
  count,
  everything,
  known,
  linked,
  NOTHING,
  newCase,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  PHONE,
  question,
  RACERS,
  START,
  seen,
  TAX,
  told,
  used,
} from './own-store.ts';

const PERSON = 'person-who-is-erased';
const CONTACT: Contact = { id: 'm-1', kind: 'mail', address: 'lan@example.vn', language: 'vi', confirmedAt: START };
const ERASED = told({ type: 'person_erased' });

export function erasureConformance(name: string, open: OpenDatabase): void {
  describe(`erasure on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit(everything(PERSON), [entry(START, { type: 'person_locked' }, PERSON, 'd-1')]);
    });
    afterEach(() => store.close());

    const tablesThatName = async (text: string) =>
      [...(await store.dump())].filter(([, rows]) => rows.includes(text)).map(([table]) => table);

    /** Something in every table that has rows of persons. */
    async function fill(): Promise<void> {
      const { people, own, consents } = store;
      await people.commit([{ type: 'person.confirmed', person: PERSON }], [], [], {
        device: seen({ person: PERSON }),
        alert: alert({ person: PERSON }),
      });
      await consents.give(consent({ person: PERSON }), 'agency', []);
      await own.contacts.put(PERSON, CONTACT, told({ type: 'contact_removed', kind: 'mail' }, PERSON));
      await own.blocks.block(PERSON, '*', NOTHING);
      await own.cases.open(newCase({ person: PERSON, number: 'HS-1' }), NOTHING, 9);
      await own.cases.open(newCase({ person: PERSON, number: 'HS-2', kind: 'erase' }), NOTHING, 9);
      await own.cases.advance('HS-1', { state: 'answered', at: START }, NOTHING);
      const waiting = {
        id: 'w-1',
        person: PERSON,
        kind: 'erasure',
        detail: 1,
        requestedAt: START,
        dueAt: START,
      } as const;
      await own.waiting.request(waiting, 'stop', NOTHING);
      await store.developer.accounts.put(account({ person: PERSON }));
      const doubt = { kind: 'account_changed', person: PERSON, ...TAX, evidence: 'x' } as const;
      await people.commit([{ type: 'link.frozen', person: PERSON, ...TAX }], [], [doubt]);
      await store.reviews.decide((await store.reviews.open())[0]!.id, 'keep-former', 'lan', []);
    }

    test('D12 erasure leaves no row that names the person', async () => {
      await fill();
      const named = await tablesThatName(PERSON);
      const tables = ['alert', 'anchor', 'case', 'consent', 'contact', 'developer_account', 'device', 'event_subject'];
      expect(named.sort()).toEqual([
        ...tables,
        'link',
        'pairwise',
        'person',
        'review',
        'source_block',
        'waiting_change',
      ]);
      const events = (await store.dump()).get('event')!;
      expect(await store.people.erase(PERSON, ERASED)).toBe('erased');
      expect(await tablesThatName(PERSON)).toEqual([]);
      for (const table of named) expect([table, (await store.dump()).get(table)]).toEqual([table, '']);
      // Events stay, each as it was, and one more.
      const after = (await store.dump()).get('event')!;
      for (const line of events.split('\n')) expect(after).toContain(line);
      expect(after).toContain('person_erased');
      expect(await store.people.lookUp(question())).toEqual({
        link: undefined,
        ownNumbers: [],
        holder: undefined,
        persons: new Map(),
      });
    });

    test('is done once, told once, and leaves others alone', async () => {
      await store.people.commit([known('p-2'), linked('p-2', { ...TAX, subject: '8009' })], []);
      const outcomes = await Promise.all(RACERS.map(() => store.people.erase(PERSON, told({ type: 'person_erased' }))));
      expect(count(outcomes, 'erased')).toBe(RACERS.length);
      expect((await store.dump()).get('event')!.split('person_erased')).toHaveLength(2);
      expect(await store.people.findLink(TAX.source, '8009')).toEqual({ person: 'p-2', state: 'active' });
      // Whose accounts these were is unknown: somebody new, if they come.
      expect(await store.people.commit(everything('p-3'), [])).toBe('committed');
    });

    test('waits for what is not settled', async () => {
      const { people, own, reviews } = store;
      const erase = () => people.erase(PERSON, ERASED);
      await people.lock(PERSON, []);
      expect(await erase()).toBe('held');
      await people.unlock(PERSON, []);
      const doubt = { kind: 'account_changed', person: PERSON, ...TAX, evidence: 'x' } as const;
      await people.commit([{ type: 'link.frozen', person: PERSON, ...TAX }], [], [doubt]);
      expect(await erase()).toBe('held');
      const frozen = (await people.linksOf(PERSON)).find(({ source }) => source === TAX.source)!;
      await people.unlink(PERSON, frozen.id, []);
      expect(await erase()).toBe('held');
      await reviews.decide((await reviews.open())[0]!.id, 'dismiss', 'lan', []);
      await own.cases.open(newCase({ person: PERSON }), NOTHING, 9);
      expect(await erase()).toBe('held');
      await own.cases.advance('HS-1', { state: 'answered', at: START }, NOTHING);
      await own.cases.open(newCase({ person: PERSON, number: 'HS-2', kind: 'erase' }), NOTHING, 9);
      expect((await store.dump()).get('event')).not.toContain('person_erased');
      expect(await erase()).toBe('erased');
    });

    test('is over before or after whoever signs in at the same time', async () => {
      for (const n of RACERS.slice(0, 5)) {
        const person = `erased-${n}`;
        const account = { source: TAX.source, subject: `80${n}` };
        await store.people.commit([known(person), linked(person, account)], []);
        await store.people.lookUp(question(account));
        const event = { type: 'person_identified', client: 'land-office', source: TAX.source, first: false } as const;
        const [erased, ...signIns] = await Promise.all([
          store.people.erase(person, NOTHING),
          ...RACERS.map((racer) => {
            const confirmed = racer % 2 ? [{ type: 'person.confirmed', person } as const] : [];
            const added = racer % 3 ? [] : [linked(person, { ...PHONE, subject: `+84${n}${racer}` })];
            const device = seen({ person, id: `d-${n}-${racer}`, secret: `${n} ${racer}` });
            const changes = [...confirmed, used(person, account), ...added];
            return store.people.commit(changes, [entry(START, event, person)], [], { device });
          }),
        ]);
        expect(erased).toBe('erased');
        expect(count(signIns, 'committed') + count(signIns, 'conflict')).toBe(RACERS.length);
        expect(await tablesThatName(person)).toEqual([]);
      }
    });

    test('leaves whoever comes too late with nothing', async () => {
      await store.consents.give(consent({ person: PERSON }), 'agency', []);
      await store.people.lookUp(question());
      const found = (await store.own.alerts.find('none', START)) ?? { ...alert({ person: PERSON }) };
      await store.people.erase(PERSON, NOTHING);
      const told1 = entry(START, { type: 'signed_out', clients: 0 }, PERSON);
      expect(await store.people.commit([used(PERSON, TAX)], [told1], [], { device: seen({ person: PERSON }) })).toBe(
        'conflict',
      );
      expect(await store.people.commit([], [], [], { device: seen({ person: PERSON }) })).toBe('conflict');
      expect(await store.people.commit([linked(PERSON, { ...TAX, subject: '8' })], [told1])).toBe('conflict');
      expect(await store.consents.use('c-1', TAX.source, START, [told1])).toBe(false);
      expect(await store.consents.release('c-1', 'agency', TAX.source, START, [told1])).toBeUndefined();
      expect(await store.consents.end(PERSON, 'c-1', START, 'withdrawn', { entries: [told1] })).toBe(false);
      expect(await store.own.alerts.deny(found, START, newCase({ person: PERSON }), { entries: [told1] })).toBe('used');
      await store.own.waiting.done('w-1', told({ type: 'change_carried_out', change: 'erasure', possible: true }));
      expect(await tablesThatName(PERSON)).toEqual([]);
    });
  });
}
