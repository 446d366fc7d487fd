/** Owns the rows of consents: at most one open per person and client, every end with its reason. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Consent, Consents } from '../../src/store.ts';
import { recordAll } from './journal.ts';
import type { ConsentTable, Schema } from './schema.ts';
import { statement } from './statement.ts';
import { changed, type Database, write } from './unit.ts';

interface Parties {
  readonly person: string;
  readonly client: string;
}

/** In one statement with the lock: whatever rests on a consent stops with it, a session begun in that moment, too. */
const inForceAt = (sql: Kysely<Schema>, now: number) =>
  sql
    .selectFrom('consent')
    .innerJoin('person', 'person.id', 'consent.person')
    .selectAll('consent')
    .where('person.locked_at', 'is', null)
    .where('from_at', '<=', now)
    .where('to_at', '>', now);

const openBetween = (sql: Kysely<Schema>, { person, client }: Parties) =>
  sql.updateTable('consent').where('person', '=', person).where('client', '=', client).where('end_reason', 'is', null);

const selectBetween = statement((sql, { person, client, now }: Parties & { now: number }) =>
  inForceAt(sql, now).where('consent.person', '=', person).where('client', '=', client),
);

const selectById = statement((sql, { id, now }: { id: string; now: number }) =>
  inForceAt(sql, now).where('consent.id', '=', id),
);

const closeExpired = statement((sql, { now, ...parties }: Parties & { now: number }) =>
  openBetween(sql, parties).where('to_at', '<=', now).set({ end_reason: 'expired' }),
);

const closeReplaced = statement((sql, { now, ...parties }: Parties & { now: number }) =>
  openBetween(sql, parties).set({ end_reason: 'replaced', to_at: now }),
);

const insert = statement((sql, row: Insertable<ConsentTable>) => sql.insertInto('consent').values(row));

const closeById = statement((sql, { id, at, reason }: { id: string; at: number; reason: string }) =>
  sql
    .updateTable('consent')
    .where('id', '=', id)
    .where('end_reason', 'is', null)
    .where('to_at', '>', at)
    .set({ end_reason: reason, to_at: at }),
);

export function createConsents(database: Database): Consents {
  const { sql } = database;

  return {
    async inForce(person, client, now) {
      const [row] = await database.read(selectBetween(sql, { person, client, now }));
      return row && consentOf(row);
    },

    async find(id, now) {
      const [row] = await database.read(selectById(sql, { id, now }));
      return row && consentOf(row);
    },

    async give(consent, entries) {
      const { person, client, from } = consent;
      await database.write(function* () {
        yield* write(closeExpired(sql, { person, client, now: from }));
        yield* write(closeReplaced(sql, { person, client, now: from }));
        yield* write(insert(sql, rowOf(consent)));
        yield* recordAll(database, entries);
      });
    },

    async end(id, at, reason, entries) {
      await database.write(function* () {
        const ended = yield* changed(closeById(sql, { id, at, reason }));
        // What had already ended does not end again, so there is nothing to tell either.
        if (ended > 0) yield* recordAll(database, entries);
      });
    },
  };
}

function rowOf({ from, to, offered, granted, ...consent }: Consent): Insertable<ConsentTable> {
  const { id, person, client, version, purpose, basis } = consent;
  const items = { offered: JSON.stringify(offered), granted: JSON.stringify(granted) };
  return { id, person, client, version, ...items, purpose, basis, from_at: from, to_at: to };
}

function consentOf(row: Selectable<ConsentTable>): Consent {
  const { id, person, client, version, purpose, basis, from_at: from, to_at: to } = row;
  const offered = JSON.parse(row.offered) as string[];
  const granted = JSON.parse(row.granted) as string[];
  return { id, person, client, version, offered, granted, purpose, basis, from, to };
}
