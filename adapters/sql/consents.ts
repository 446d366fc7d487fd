/** Owns the rows of consents: at most one open per person and client, every end with its reason. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { JournalEntry } from '../../src/journal/events.ts';
import type { Consent, Consents, StandingConsent } from '../../src/store.ts';
import { hold } from './holding.ts';
import { recordAll } from './journal.ts';
import type { ConsentTable, Schema } from './schema.ts';
import { statement } from './statement.ts';
import { meet, selectSubject } from './subjects.ts';
import { changed, type Database, mustChange, mustFind, Overtaken, run, runLast, type Unit, write } from './unit.ts';

interface Parties {
  readonly person: string;
  readonly client: string;
}

/** In one statement with the lock: whatever rests on a consent stops with it, a session begun in that moment, too. */
export const inForceAt = (sql: Kysely<Schema>, now: number) =>
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

const selectById = statement((sql, { id, sector, now }: { id: string; sector: string; now: number }) =>
  inForceAt(sql, now)
    .innerJoin('pairwise', 'pairwise.person', 'consent.person')
    .where('pairwise.sector', '=', sector)
    .where('consent.id', '=', id)
    .select('pairwise.sub'),
);

const selectIfInForce = statement((sql, { id, now }: { id: string; now: number }) =>
  inForceAt(sql, now).where('consent.id', '=', id),
);

const closeExpired = statement((sql, { now, ...parties }: Parties & { now: number }) =>
  openBetween(sql, parties).where('to_at', '<=', now).set({ end_reason: 'expired' }),
);

const closeReplaced = statement((sql, { now, ...parties }: Parties & { now: number }) =>
  openBetween(sql, parties).set({ end_reason: 'replaced', to_at: now }),
);

const insert = statement((sql, row: Insertable<ConsentTable>) =>
  sql
    .insertInto('consent')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);

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

  /** Everything travels at once; `Overtaken` when a consent is open between the two. */
  function* begin(consent: Consent, sector: string, entries: readonly JournalEntry[]): Unit<StandingConsent> {
    const { person, client, from: now } = consent;
    yield* hold(database, person);
    yield* write(closeExpired(sql, { person, client, now }));
    yield* mustChange(insert(sql, rowOf(consent)));
    yield* recordAll(database, entries);
    yield* meet(database, { person, sector });
    const { rows } = yield* runLast(selectSubject(sql, { person, sector }));
    return { consent, sub: rows[0]!.sub };
  }

  return {
    async inForce(person, client, now) {
      const [row] = await database.read(selectBetween(sql, { person, client, now }));
      return row && consentOf(row);
    },

    async find(id, sector, now) {
      const [row] = await database.read(selectById(sql, { id, sector, now }));
      return row && { consent: consentOf(row), sub: row.sub };
    },

    async give(consent, sector, entries) {
      const { person, client, from: now } = consent;
      try {
        return await database.write(() => begin(consent, sector, entries));
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
      // There is one already: the very same, from a form pressed twice say, or one to be replaced.
      return database.write(function* () {
        yield* hold(database, person);
        const standing = (yield* run(selectBetween(sql, { person, client, now }))).rows[0];
        if (standing !== undefined && saysTheSame(standing, consent)) {
          yield* meet(database, { person, sector });
          const { rows } = yield* runLast(selectSubject(sql, { person, sector }));
          return { consent: consentOf(standing), sub: rows[0]!.sub };
        }
        yield* write(closeReplaced(sql, { person, client, now }));
        return yield* begin(consent, sector, entries);
      });
    },

    async use(id, now, entries) {
      try {
        await database.write(function* () {
          yield* mustFind(selectIfInForce(sql, { id, now }));
          yield* recordAll(database, entries);
        });
        return true;
      } catch (error) {
        if (error instanceof Overtaken) return false;
        throw error;
      }
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

/** The same terms, offered and granted alike, in whatever order the page had them. */
function saysTheSame(standing: Selectable<ConsentTable>, { version, offered, granted }: Consent): boolean {
  const same = (text: string, items: readonly string[]) =>
    [...(JSON.parse(text) as string[])].sort().join() === [...items].sort().join();
  return standing.version === version && same(standing.offered, offered) && same(standing.granted, granted);
}

function rowOf({ from, to, offered, granted, ...consent }: Consent): Insertable<ConsentTable> {
  const { id, person, client, version, purpose, basis } = consent;
  const items = { offered: JSON.stringify(offered), granted: JSON.stringify(granted) };
  return { id, person, client, version, ...items, purpose, basis, from_at: from, to_at: to };
}

/** A row as the rest of the hub knows it. */
export function consentOf(row: Selectable<ConsentTable>): Consent {
  const { id, person, client, version, purpose, basis, from_at: from, to_at: to } = row;
  const offered = JSON.parse(row.offered) as string[];
  const granted = JSON.parse(row.granted) as string[];
  return { id, person, client, version, offered, granted, purpose, basis, from, to };
}
