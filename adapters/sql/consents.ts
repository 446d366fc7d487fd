/** Owns the rows of consents: at most one open per person and client, every end with its reason. */
import type { ExpressionBuilder, Insertable, Kysely, Selectable } from 'kysely';
import type { JournalEntry } from '../../src/journal/events.ts';
import type { Consent, Consents, ConsentTerms, OwnConsent, StandingConsent } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import { hold } from './holding.ts';
import { recordAll } from './journal.ts';
import type { ConsentTable, Schema } from './schema.ts';
import { statement } from './statement.ts';
import { meet, selectSubject } from './subjects.ts';
import { tell } from './telling.ts';
import { ifStillSo, mustChange, mustFind, Overtaken, run, runLast, type Unit, write } from './unit.ts';

interface Parties {
  readonly person: string;
  readonly client: string;
}

interface Through {
  readonly id: string;
  readonly source: string;
  readonly now: number;
}

interface Ending {
  readonly person: string;
  readonly id: string;
  readonly at: number;
  readonly reason: string;
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

/** A way in that still stands: an active link at the source, which nobody has blocked. */
const wayStands = (
  { and, exists, not, selectFrom }: Pick<ExpressionBuilder<Schema, 'person'>, 'and' | 'exists' | 'not' | 'selectFrom'>,
  source: string,
) =>
  and([
    exists(
      selectFrom('link')
        .select('link.source')
        .whereRef('link.person', '=', 'person.id')
        .where('link.source', '=', source)
        .where('link.state', '=', 'active'),
    ),
    not(
      exists(
        selectFrom('source_block')
          .select('source_block.source')
          .whereRef('source_block.person', '=', 'person.id')
          .where('source_block.source', '=', source),
      ),
    ),
  ]);

const selectWay = statement((sql, { person, source }: { person: string; source: string }) =>
  sql
    .selectFrom('person')
    .select('person.id')
    .where('person.id', '=', person)
    .where('person.locked_at', 'is', null)
    .where((where) => wayStands(where, source)),
);

const openBetween = (sql: Kysely<Schema>, { person, client }: Parties) =>
  sql.updateTable('consent').where('person', '=', person).where('client', '=', client).where('end_reason', 'is', null);

const selectBetween = statement((sql, { person, client, now }: Parties & { now: number }) =>
  inForceAt(sql, now).where('consent.person', '=', person).where('client', '=', client),
);

/** For a sign-in that came in through `source`: the way must still stand, too, whatever rests on it. */
const inForceThrough = (sql: Kysely<Schema>, { id, source, now }: Through) =>
  inForceAt(sql, now)
    .where('consent.id', '=', id)
    .where((where) => wayStands(where, source));

const knownIn = (sql: Kysely<Schema>, { sector, ...through }: Through & { sector: string }) =>
  inForceThrough(sql, through)
    .innerJoin('pairwise', 'pairwise.person', 'consent.person')
    .where('pairwise.sector', '=', sector)
    .select('pairwise.sub');

const selectKnown = statement((sql, values: Through & { sector: string }) => knownIn(sql, values));

// The person stays until the unit is over: what is recorded of them refers to them.
const takeKnown = statement((sql, values: Through & { sector: string }) => knownIn(sql, values).forKeyShare('person'));
const takeInForce = statement((sql, values: Through) => inForceThrough(sql, values).forKeyShare('person'));

/** Of one that was in force a moment ago, in the same unit. */
const selectById = statement((sql, { id, sector }: { id: string; sector: string }) =>
  sql
    .selectFrom('consent')
    .innerJoin('pairwise', 'pairwise.person', 'consent.person')
    .selectAll('consent')
    .select('pairwise.sub')
    .where('pairwise.sector', '=', sector)
    .where('consent.id', '=', id),
);

const selectOf = statement((sql, { person }: { person: string }) =>
  sql
    .selectFrom('consent')
    .selectAll()
    .where('person', '=', person)
    .orderBy('from_at', 'desc')
    // Replaced in the same moment: the one that stands comes first.
    .orderBy('to_at', 'desc')
    .orderBy('id'),
);

const markUsed = statement((sql, { id, now }: { id: string; now: number }) =>
  sql.updateTable('consent').set({ used_at: now }).where('id', '=', id),
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

const closeById = statement((sql, { person, id, at, reason }: Ending) =>
  sql
    .updateTable('consent')
    .where('id', '=', id)
    .where('person', '=', person)
    .where('end_reason', 'is', null)
    .where('to_at', '>', at)
    .set({ end_reason: reason, to_at: at }),
);

export function createConsents(surroundings: Surroundings): Consents {
  const { database } = surroundings;
  const { sql } = database;

  /** Everything travels at once; `Overtaken` when a consent is open between the two, or the way in does not stand. */
  function* begin(
    consent: Consent,
    sector: string,
    entries: readonly JournalEntry[],
    source: string | undefined,
  ): Unit<StandingConsent> {
    const { person, client, from: now } = consent;
    yield* hold(database, person);
    if (source !== undefined) yield* mustFind(selectWay(sql, { person, source }));
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

    async find(id, sector, source, now) {
      const [row] = await database.read(selectKnown(sql, { id, sector, source, now }));
      return row && standingOf(row);
    },

    async release(id, sector, source, now, entries) {
      try {
        return await database.write(function* () {
          yield* mustFind(takeKnown(sql, { id, sector, source, now }));
          yield* recordAll(database, entries);
          const { rows } = yield* runLast(selectById(sql, { id, sector }));
          return standingOf(rows[0]!);
        });
      } catch (error) {
        if (error instanceof Overtaken) return undefined;
        throw error;
      }
    },

    // Only with a source it may find nothing (store.ts), which no object of methods can say of itself.
    give: (async (consent: Consent, sector: string, entries: readonly JournalEntry[], source?: string) => {
      const { person, client, from: now } = consent;
      try {
        return await database.write(() => begin(consent, sector, entries, source));
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
      // There is one already: the very same, from a form pressed twice say, or one to be replaced. Or nobody may give any.
      return database.write(function* (): Unit<StandingConsent | undefined> {
        yield* hold(database, person);
        if (source !== undefined && (yield* run(selectWay(sql, { person, source }))).rows.length === 0)
          return undefined;
        const standing = (yield* run(selectBetween(sql, { person, client, now }))).rows[0];
        if (standing !== undefined && saysTheSame(standing, consent)) {
          yield* meet(database, { person, sector });
          const { rows } = yield* runLast(selectSubject(sql, { person, sector }));
          return { consent: consentOf(standing), sub: rows[0]!.sub };
        }
        yield* write(closeReplaced(sql, { person, client, now }));
        return yield* begin(consent, sector, entries, source);
      });
    }) as Consents['give'],

    async use(id, source, now, entries) {
      return ifStillSo(database, function* () {
        yield* mustFind(takeInForce(sql, { id, source, now }));
        yield* write(markUsed(sql, { id, now }));
        yield* recordAll(database, entries);
      });
    },

    async end(person, id, at, reason, told) {
      return ifStillSo(database, function* () {
        yield* hold(database, person);
        // What had already ended does not end again, so there is nothing to tell either.
        yield* mustChange(closeById(sql, { person, id, at, reason }));
        yield* tell(surroundings, told);
      });
    },

    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map((row): OwnConsent => {
        const { end_reason: endReason, used_at: usedAt } = row;
        const end = endReason === null ? {} : { endReason };
        return { ...consentOf(row), ...end, ...(usedAt === null ? {} : { usedAt }) };
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

function rowOf({ from, to, offered, granted, terms, ...consent }: Consent): Insertable<ConsentTable> {
  const { id, person, client, version, purpose, basis } = consent;
  const items = { offered: JSON.stringify(offered), granted: JSON.stringify(granted) };
  const said = terms === undefined ? null : JSON.stringify(terms);
  return { id, person, client, version, ...items, purpose, basis, from_at: from, to_at: to, terms: said };
}

/** A row as the rest of the hub knows it. */
export function consentOf(row: Selectable<ConsentTable>): Consent {
  const { id, person, client, version, purpose, basis, from_at: from, to_at: to } = row;
  const offered = JSON.parse(row.offered) as string[];
  const granted = JSON.parse(row.granted) as string[];
  const terms = row.terms === null ? {} : { terms: JSON.parse(row.terms) as ConsentTerms };
  return { id, person, client, version, offered, granted, purpose, basis, from, to, ...terms };
}

function standingOf({ sub, ...row }: Selectable<ConsentTable> & { readonly sub: string }): StandingConsent {
  return { consent: consentOf(row), sub };
}
