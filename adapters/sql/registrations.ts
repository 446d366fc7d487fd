/**
 * Owns the rows of registered clients. A removed client leaves its row, so that copies elsewhere hear of it and the
 * clients file does not bring it back.
 */
import type { Insertable, Selectable } from 'kysely';
import {
  type KeptRegistration,
  REGISTRATIONS_TOPIC,
  type RegistrationChange,
  type Registrations,
} from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import { recordAll } from './journal.ts';
import type { ClientTable } from './schema.ts';
import { statement } from './statement.ts';
import { mustChange, Overtaken, run } from './unit.ts';

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

const updateIfSame = statement((sql, { id, over, ...row }: Insertable<ClientTable> & { over: number }) =>
  sql.updateTable('client').set(row).where('id', '=', id).where('revision', '=', over),
);

const selectSince = statement((sql, { revision }: { revision: number }) =>
  sql.selectFrom('client').selectAll().where('revision', '>', revision).orderBy('revision'),
);

export function createRegistrations({ database, clock }: Surroundings): Registrations {
  const { sql } = database;

  const rowOf = ({ id, registration, seededFrom }: RegistrationChange, revision: number) => ({
    id,
    registration: registration === undefined ? null : JSON.stringify(registration),
    revision,
    updated_at: clock(),
    seeded_from: seededFrom ?? null,
  });

  return {
    async since(revision) {
      return (await database.read(selectSince(sql, { revision }))).map(keptOf);
    },

    async save(changes, entries) {
      if (changes.length === 0) return 'saved';
      try {
        await database.write(function* () {
          const { rows } = yield* run(nextRevision(sql, { topic: REGISTRATIONS_TOPIC, first: 1 }));
          for (const change of changes) {
            const row = rowOf(change, rows[0]!.value);
            const { over } = change;
            yield* mustChange(over === undefined ? insert(sql, row) : updateIfSame(sql, { ...row, over }));
          }
          yield* recordAll(database, entries);
          yield* database.announce(REGISTRATIONS_TOPIC);
        });
        return 'saved';
      } catch (error) {
        if (error instanceof Overtaken) return 'conflict';
        throw error;
      }
    },
  };
}

function keptOf({ id, registration, revision, seeded_from }: Selectable<ClientTable>): KeptRegistration {
  return {
    id,
    revision,
    ...(registration === null ? {} : { registration: JSON.parse(registration) }),
    ...(seeded_from === null ? {} : { seededFrom: seeded_from }),
  };
}
