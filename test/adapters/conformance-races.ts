/**
 * Owns what every store must decide when many write at once: one wins, nobody is told of an error for having lost, and what
 * is left is what some order of them one after the other would have left.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/identity/person.ts';
import { entry } from '../../src/journal/events.ts';
import type { Consent, Due, Message, Store } from '../../src/store.ts';
import type { OpenStore } from './conformance-database.ts';

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const RACERS = Array.from({ length: 50 }, (_, i) => i);
const TAX = 'tax-code';
const PHONE = 'mobile-id';

type Account = { readonly source: string; readonly subject: string };
const tax = (n: number): Account => ({ source: TAX, subject: `80012345${n}` });
const phone = (n: number): Account => ({ source: PHONE, subject: `+849123456${n}` });

const known = (person: string): Change => ({ type: 'person.created', person });
const linked = (person: string, account: Account): Change => {
  return { type: 'link.added', person, ...account, how: 'number' };
};
const proved = (person: string, account: Account): Change => {
  return { type: 'link.added', person, ...account, how: 'double_proof' };
};
const used = (person: string, account: Account): Change => ({ type: 'link.used', person, ...account });
const frozen = (person: string, account: Account): Change => ({ type: 'link.frozen', person, ...account });

export function raceConformance(name: string, open: OpenStore): void {
  describe(`${name}: of many at once`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open(() => START);
      await store.people.commit([known('p-1'), known('p-2')], []);
    });
    afterEach(() => store.close());

    const count = (outcomes: readonly unknown[], wanted: unknown) => outcomes.filter((one) => one === wanted).length;
    const stateOf = async ({ source, subject }: Account) => store.people.findLink(source, subject);

    test('who agree for the first time, one consent stands', async () => {
      await store.people.commit([linked('p-1', tax(1))], []);
      const consents = RACERS.map((n): Consent => {
        const terms = { client: 'land-office', version: 'v1', offered: ['name'], granted: ['name'], purpose: 'x' };
        return { id: `c-${n}`, person: 'p-1', ...terms, basis: 'consent', from: START, to: START + MINUTE };
      });
      const given = await Promise.all(consents.map((one) => store.consents.give(one, 'agency', [])));
      expect(new Set(given.map(({ sub }) => sub)).size).toBe(1);
      expect(new Set(given.map(({ consent }) => consent.id)).size).toBe(1);
      const found = await Promise.all(consents.map(({ id }) => store.consents.find(id, 'agency', TAX, START)));
      expect(found.filter((one) => one !== undefined)).toHaveLength(1);
    });

    test('who sign in while the link freezes, those before it do and those after it do not', async () => {
      await store.people.commit([linked('p-1', tax(1))], []);
      const outcomes = await Promise.all(
        RACERS.map((n) => store.people.commit([n === 25 ? frozen('p-1', tax(1)) : used('p-1', tax(1))], [])),
      );
      expect(outcomes[25]).toBe('committed');
      expect(count(outcomes, 'committed') + count(outcomes, 'conflict')).toBe(50);
      expect(await stateOf(tax(1))).toEqual({ person: 'p-1', state: 'frozen' });
      expect(await store.people.commit([used('p-1', tax(1))], [])).toBe('conflict');
    });

    test('who sign in while an operator locks the person, nobody does afterwards', async () => {
      await store.people.commit([linked('p-1', tax(1))], []);
      const confirmed: Change = { type: 'person.confirmed', person: 'p-1' };
      const [locked, ...outcomes] = await Promise.all([
        store.people.lock('p-1', []),
        ...RACERS.map(() => store.people.commit([confirmed, used('p-1', tax(1))], [])),
      ]);
      expect(locked).toBe(true);
      expect(count(outcomes, 'committed') + count(outcomes, 'conflict')).toBe(50);
      expect(await store.people.commit([used('p-1', tax(1))], [])).toBe('conflict');
    });

    test('who prove the same two accounts, in either order, one becomes their person', async () => {
      const pairs = RACERS.map((n) => {
        const links = [proved(`new-${n}`, tax(1)), proved(`new-${n}`, phone(1))];
        return [known(`new-${n}`), ...(n % 2 ? links : links.toReversed())];
      });
      const outcomes = await Promise.all(pairs.map((changes) => store.people.commit(changes, [])));
      expect([count(outcomes, 'committed'), count(outcomes, 'conflict')]).toEqual([1, 49]);
      const winner = { person: `new-${outcomes.indexOf('committed')}`, state: 'active' };
      expect([await stateOf(tax(1)), await stateOf(phone(1))]).toEqual([winner, winner]);
    });

    test('who unlink one or the other of the last two accounts, one does', async () => {
      const anchor: Change = { type: 'anchor.added', person: 'p-1', kind: 'personal_number', value: '001099012345' };
      await store.people.commit([anchor, linked('p-1', tax(1)), linked('p-1', phone(1))], []);
      const ids = (await store.people.linksOf('p-1')).map(({ id }) => id);
      const outcomes = await Promise.all(RACERS.map((n) => store.people.unlink('p-1', ids[n % 2]!, [])));
      expect(count(outcomes, 'unlinked')).toBe(1);
      const left = await store.people.linksOf('p-1');
      expect(left.filter(({ state }) => state === 'active')).toHaveLength(1);
    });

    test('frozen accounts that are unlinked while they pass to somebody else, each is theirs', async () => {
      await store.people.commit(
        RACERS.flatMap((n) => [linked('p-1', tax(n)), frozen('p-1', tax(n))]),
        [],
      );
      const links = await store.people.linksOf('p-1');
      const passed = await Promise.all(
        links.flatMap(({ id, source, subject }) => [
          store.people.unlink('p-1', id, []),
          store.people.commit([proved('p-2', { source, subject })], []),
        ]),
      );
      expect(count(passed, 'committed')).toBe(50);
      for (const n of RACERS) expect(await stateOf(tax(n))).toEqual({ person: 'p-2', state: 'active' });
    });

    test('doubts about one account, one becomes a review', async () => {
      await store.people.commit([linked('p-1', tax(1))], []);
      const doubt = { kind: 'account_changed', person: 'p-1', ...tax(1), evidence: {} } as const;
      const outcomes = await Promise.all(RACERS.map(() => store.people.commit([frozen('p-1', tax(1))], [], [doubt])));
      expect(count(outcomes, 'committed')).toBe(50);
      expect(await store.reviews.open()).toHaveLength(1);
    });

    test('reviews that are decided while somebody proves whose the account is, each is settled once', async () => {
      const doubts = RACERS.map((n) => ({ kind: 'account_changed', person: 'p-1', ...tax(n), evidence: {} }) as const);
      const changes = RACERS.flatMap((n) => [linked('p-1', tax(n)), frozen('p-1', tax(n))]);
      await store.people.commit(changes, [], doubts);
      const reviews = await store.reviews.open();
      const passed = (n: number) => store.people.commit([proved('p-2', tax(n))], []);
      const [decided, proofs] = await Promise.all([
        Promise.all(reviews.map(({ id }) => store.reviews.decide(id, 'keep-former', 'lan', []))),
        Promise.all(RACERS.map(passed)),
      ]);
      expect(count(decided, 'decided')).toBe(count(proofs, 'conflict'));
      expect(count(decided, 'unknown')).toBe(count(proofs, 'committed'));
      expect(await store.reviews.open()).toEqual([]);
    });

    test('who tell the same event, one is believed', async () => {
      const told = entry(START, { type: 'link_added', source: TAX, how: 'number' }, 'p-1');
      await Promise.all(RACERS.map(() => store.journal.record([told])));
    });

    test('who queue the same messages, each is there once; of many workers each gets others', async () => {
      const message = (n: number): Message => ({ kind: 'logout', target: `t-${n % 5}`, key: `k-${n}`, payload: n });
      const messages = RACERS.map(message);
      await Promise.all(RACERS.map((n) => store.outbox.enqueue(n % 2 ? messages : messages.toReversed(), 3600)));
      const wanted: Due = { now: START, lease: MINUTE, targets: 5, each: 2, except: [] };
      const got = (await Promise.all(RACERS.map(() => store.outbox.due(wanted)))).flat();
      const rest = (await Promise.all(RACERS.map(() => store.outbox.due(wanted)))).flat();
      const all = [...got, ...rest].map(({ payload }) => payload as number);
      expect(all.toSorted((one, other) => one - other)).toEqual(RACERS);
    });
  });
}
