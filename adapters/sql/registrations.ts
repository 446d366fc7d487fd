/**
 * Owns the rows of registered clients. A removed client leaves its row, so that copies elsewhere hear of it and the
 * clients file does not bring it back.
 */
import type { Insertable, Selectable } from 'kysely';
import type { KeptRegistration, RegistrationChange, Registrations } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import { recordAll } from './journal.ts';
import type { ClientTable } from './schema.ts';
import { statement } from './statement.ts';
import { type Database, mustChange, Overtaken, run, type Unit } from './unit.ts';

export type Issuer = ClientTable['issuer'];

/** By which revisions are counted, and changes announced. */
const TOPICS: Readonly<Record<Issuer, string>> = { hub: 'clients', sandbox: 'clients:sandbox' };

/** Takes the row until the commit: writers come one after the other, and who reads sees no gap that is filled later. */
const nextRevision = statement((sql, { topic, first }: { topic: string; first: number }) =>
  sql
    .insertInto('revision')
    .values({ topic, value: first })
    .onConflict((conflict) => conflict.column('topic').doUpdateSet((eb) => ({ value: eb('revision.value', '+', 1) })))
    .returning('value'),
);

const insert = statement((sql, row: Insertable<ClientTable>) =>
  sql
    .insertInto('client')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);

type Overwritten = Insertable<ClientTable> & { over: number };

const updateIfSame = statement((sql, { id, issuer, over, ...row }: Overwritten) =>
  sql
    .updateTable('client')
    .set(row)
    .where('id', '=', id)
    // Revisions of two issuers are counted apart and may be the same number.
    .where('issuer', '=', issuer)
    // Those of the console are written with the decision of which they come (developer/published-clients.ts).
    .where('service', 'is', null)
    .where('revision', '=', over),
);

const selectSince = statement((sql, { issuer, revision }: { issuer: Issuer; revision: number }) =>
  sql
    .selectFrom('client')
    .selectAll()
    .where('issuer', '=', issuer)
    .where('revision', '>', revision)
    .orderBy('revision'),
);

/** The part of a unit after which nobody else writes clients of the issuer until it is over; the revision of its own. */
export function* takeRevision(database: Database, issuer: Issuer): Unit<number> {
  const { rows } = yield* run(nextRevision(database.sql, { topic: TOPICS[issuer], first: 1 }));
  return rows[0]!.value;
}

/** The part of a unit that tells every process that clients of the issuer have changed. */
export function announceClients(database: Database, issuer: Issuer): Unit<void> {
  return database.announce(TOPICS[issuer]);
}

/** Those of one issuer; ids are given once for all of them together. */
export function createRegistrations({ database, clock }: Surroundings, issuer: Issuer = 'hub'): Registrations {
  const { sql } = database;

  const rowOf = ({ id, registration, seededFrom }: RegistrationChange, revision: number) => ({
    id,
    issuer,
    registration: registration === undefined ? null : JSON.stringify(registration),
    revision,
    updated_at: clock(),
    seeded_from: seededFrom ?? null,
  });

  return {
    topic: TOPICS[issuer],

    async since(revision) {
      return (await database.read(selectSince(sql, { issuer, revision }))).map(keptOf);
    },

    async save(changes, entries) {
      if (changes.length === 0) return 'saved';
      try {
        await database.write(function* () {
          const revision = yield* takeRevision(database, issuer);
          for (const change of changes.toSorted(byId)) {
            const row = rowOf(change, revision);
            const { over } = change;
            yield* mustChange(over === undefined ? insert(sql, row) : updateIfSame(sql, { ...row, over }));
          }
          yield* recordAll(database, entries);
          yield* announceClients(database, issuer);
        });
        return 'saved';
      } catch (error) {
        if (error instanceof Overtaken) return 'conflict';
        throw error;
      }
    },
  };
}

/** In one order, whoever writes: two issuers that take the same ids would otherwise wait for each other. */
export function byId({ id }: { readonly id: string }, other: { readonly id: string }): number {
  return id < other.id ? -1 : Number(id > other.id);
}

function keptOf({ id, registration, revision, seeded_from, service }: Selectable<ClientTable>): KeptRegistration {
  return {
    id,
    revision,
    ...(registration === null ? {} : { registration: JSON.parse(registration) }),
    ...(seeded_from === null ? {} : { seededFrom: seeded_from }),
    ...(service === null ? {} : { service }),
  };
}
