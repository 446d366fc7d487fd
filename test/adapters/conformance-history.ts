/** Owns what every store must do with a person's history: a page at one look, only their own, and gone when it is time. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLasting } from '../../adapters/sql/lasting.ts';
import type { Database } from '../../adapters/sql/unit.ts';
import { type Event, type EventType, entry, type JournalEntry } from '../../src/journal/events.ts';
import type { HistoryRow } from '../../src/store.ts';
import {
  alert,
  everything,
  known,
  type OpenDatabase,
  type OwnStore,
  openOwnStore,
  START,
  seen,
  TAX,
} from './own-store.ts';

const MANY = 10_000;
const SIGN_INS: readonly EventType[] = ['person_identified', 'tokens_issued', 'source_blocked', 'signed_out'];

/**
 * Words of a plan that reads a whole table or history before it has a page: in SQLite, and in PostgreSQL, which in a table of
 * few persons may as well go backwards through the moments of all of them.
 */
const READS_ALL = /TEMP B-TREE|\bSCAN\b|Seq Scan|Bitmap|\bHash\b|"\s*->\s+Sort/;

const identified = (client = 'land-office', source: string = TAX.source): Event => {
  return { type: 'person_identified', client, source, first: false };
};
const issued = (client: string): Event => ({ type: 'tokens_issued', client, scope: 'openid' });

export function historyConformance(name: string, open: OpenDatabase): void {
  describe(`histories on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.people.commit([...everything('p-1'), known('p-2')], []);
    });
    afterEach(() => store.close());

    const ids = (rows: readonly HistoryRow[]) => rows.map(({ id }) => id);
    const recorded = async (...entries: readonly JournalEntry[]) => {
      await store.journal.record(entries);
      return entries;
    };
    const history = (question: object = {}) =>
      store.journal.historyOf({ person: 'p-1', types: SIGN_INS, most: 50, ...question });

    test('are their person’s only, newest first', async () => {
      const [one, two] = await recorded(entry(1, identified(), 'p-1', 'd-1'), entry(2, issued('land-office'), 'p-1'));
      const [other] = await recorded(entry(3, identified(), 'p-2'), entry(4, { type: 'person_locked' }, 'p-1'));
      expect(await history()).toEqual([
        { id: two!.id, at: 2, event: issued('land-office') },
        { id: one!.id, at: 1, event: identified(), device: 'd-1' },
      ]);
      expect(ids(await history({ person: 'p-2' }))).toEqual([other!.id]);
      const all = await store.journal.historyOf({ person: 'p-1', most: 50 });
      expect(all.map(({ event }) => event.type)).toEqual(['person_locked', 'tokens_issued', 'person_identified']);
      expect(await store.journal.find('p-1', one!.id)).toEqual({
        id: one!.id,
        at: 1,
        event: identified(),
        device: 'd-1',
      });
      expect(await store.journal.find('p-1', other!.id)).toBeUndefined();
      expect(await store.journal.find('p-1', 'none')).toBeUndefined();
    });

    test('are read by type, client, source and time', async () => {
      const purpose = 'một "client":"tax-office" trong văn bản';
      const [a, b, c, d] = await recorded(
        entry(10, identified('land-office', 'mobile-id'), 'p-1'),
        entry(20, issued('tax-office'), 'p-1'),
        entry(30, { type: 'source_blocked', source: 'mobile-id' }, 'p-1'),
        entry(40, { type: 'consent_given', client: 'land-office', items: [], purpose, until: 0 }, 'p-1'),
      );
      const all: EventType[] = [...SIGN_INS, 'consent_given'];
      const found = async (question: object) => ids(await history({ types: all, ...question }));
      expect(await found({})).toEqual([d, c, b, a].map((one) => one!.id));
      expect(await found({ types: ['tokens_issued'] })).toEqual([b!.id]);
      expect(await found({ clients: ['tax-office'] })).toEqual([b!.id]);
      expect(await found({ clients: ['tax-office', 'land-office'] })).toEqual([d!.id, b!.id, a!.id]);
      expect(await found({ sources: ['mobile-id'] })).toEqual([c!.id, a!.id]);
      expect(await found({ sources: ['mobile-id'], clients: ['land-office'] })).toEqual([a!.id]);
      expect(await found({ from: 20, until: 40 })).toEqual([c!.id, b!.id]);
      for (const nothing of [
        { types: [] },
        { clients: [] },
        { sources: [] },
        { clients: ['land-o'] },
        { clients: ['%'] },
      ])
        expect(await found(nothing)).toEqual([]);
    });

    test('go on after any row, also among many of one moment', async () => {
      const entries = Array.from({ length: 25 }, (_, n) => entry(n < 20 ? 7 : 8, identified(), 'p-1'));
      await recorded(...entries);
      const seenIds: string[] = [];
      let after: { at: number; id: string } | undefined;
      for (;;) {
        const page = await history({ most: 4, ...(after ? { after } : {}) });
        if (page.length === 0) break;
        seenIds.push(...ids(page));
        after = page.at(-1)!;
      }
      expect(seenIds).toHaveLength(25);
      expect(new Set(seenIds)).toEqual(new Set(entries.map(({ id }) => id)));
      expect(seenIds.slice(0, 5).sort()).toEqual(
        entries
          .slice(20)
          .map(({ id }) => id)
          .sort(),
      );
    });

    test('D16 10,000 rows of history: one query a page', async () => {
      const { database, counted } = countingReads(store.database);
      const { journal } = createLasting({ database, vault: store.vault, clock: () => START });
      for (let from = 0; from < MANY; from += 1_000) {
        const batch = Array.from({ length: 1_000 }, (_, n): JournalEntry => {
          const one = entry(from + n, n % 10 ? issued('land-office') : identified('tax-office'), 'p-1');
          // Somebody else has as much of it, or one person's would be all there is to read.
          return { ...one, subjects: ['p-1', 'p-2'].map((person) => ({ person, role: 'citizen' })) };
        });
        await store.journal.record(batch);
      }
      const question = { person: 'p-1', types: SIGN_INS, most: 50 } as const;
      const first = await journal.historyOf(question);
      expect(first.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, n) => MANY - 1 - n));
      const second = await journal.historyOf({ ...question, after: first.at(-1)! });
      expect(second.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, n) => MANY - 51 - n));
      const filtered = await journal.historyOf({ ...question, clients: ['tax-office'] });
      expect(filtered).toHaveLength(50);
      const everything = await journal.historyOf({ person: 'p-1', most: 50 });
      expect(everything).toEqual(first);
      expect(counted.sql).toHaveLength(4);
      for (const plan of await plansOf(store.database, counted)) expect(plan).not.toMatch(READS_ALL);
    });

    test('end: what happened before a day is tied to nobody, devices go that nothing names any more', async () => {
      const device = async (id: string) =>
        store.people.commit([], [], [], { device: seen({ id, secret: `cookie ${id}` }) });
      store.now = 10;
      await device('named');
      await device('gone');
      await device('alerted');
      store.now = 100;
      await device('used');
      const [old, young] = await recorded(
        entry(10, identified(), 'p-1', 'gone'),
        entry(90, identified(), 'p-1', 'named'),
      );
      await store.people.commit([], [], [], { alert: alert({ device: 'alerted' }) });
      await store.journal.forgetBefore(90);
      expect(ids(await history())).toEqual([young!.id]);
      expect(await store.journal.find('p-1', old!.id)).toBeUndefined();
      expect((await store.own.devices.of('p-1')).map(({ id }) => id).sort()).toEqual(['alerted', 'named', 'used']);
      // The event itself is still there, and tied to nobody, also when it is told again.
      expect((await store.dump()).get('event')).toContain(old!.id);
      expect((await store.dump()).get('event_subject')).not.toContain(old!.id);
    });

    test('end in batches, however long they are', async () => {
      for (let from = 0; from < 11_000; from += 1_000)
        await store.journal.record(Array.from({ length: 1_000 }, (_, n) => entry(from + n, identified(), 'p-1')));
      await store.journal.forgetBefore(10_995);
      expect((await history()).map(({ at }) => at)).toEqual([10_999, 10_998, 10_997, 10_996, 10_995]);
    });
  });
}

interface Counted {
  readonly sql: string[];
  readonly parameters: (readonly unknown[])[];
}

/** The same database, and what is read from it. */
export function countingReads(database: Database): { database: Database; counted: Counted } {
  const counted: Counted = { sql: [], parameters: [] };
  const counting: Database = {
    sql: database.sql,
    changes: database.changes,
    read(query) {
      const compiled = query.compile();
      counted.sql.push(compiled.sql);
      counted.parameters.push(compiled.parameters);
      return database.read({ compile: () => compiled });
    },
    write: (unit) => database.write(unit),
    announce: (topic) => database.announce(topic),
  };
  return { database: counting, counted };
}

/** How the database goes about each of these queries, in its own words. */
async function plansOf(database: Database, { sql, parameters }: Counted): Promise<string[]> {
  const isPostgres = sql[0]!.includes('$1');
  if (isPostgres) for (const table of ['event', 'event_subject']) await database.read(raw(`analyze ${table}`));
  const explain = isPostgres ? 'explain' : 'explain query plan';
  const plans = sql.map((text, index) => database.read(raw(`${explain} ${text}`, parameters[index])));
  return (await Promise.all(plans)).map((rows) => JSON.stringify(rows));
}

export function raw(sql: string, parameters: readonly unknown[] = []) {
  return { compile: () => ({ sql, parameters, query: {}, queryId: {} }) as never };
}
