/** Owns the rows of the addresses at which persons are told things: sealed, because a telephone number is somebody. */
import type { Insertable } from 'kysely';
import type { Contact, Contacts } from '../../src/citizen/ports.ts';
import type { Place } from '../../src/vault/vault.ts';
import type { Surroundings } from './changes.ts';
import { hold, holdWithKey } from './holding.ts';
import type { ContactTable } from './schema.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { ifStillSo, mustChange, write } from './unit.ts';

const selectOf = statement((sql, { person }: { person: string }) =>
  sql
    .selectFrom('contact')
    .innerJoin('person', 'person.id', 'contact.person')
    .selectAll('contact')
    .select('person.sealed_key as wrapped')
    .where('contact.person', '=', person)
    .orderBy('kind'),
);

/** The address is sealed to its own id, so the row takes that on, too. */
const upsert = statement((sql, row: Insertable<ContactTable>) => {
  const { id, sealed_address, language, confirmed_at } = row;
  return sql
    .insertInto('contact')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['person', 'kind']).doUpdateSet({ id, sealed_address, language, confirmed_at }),
    );
});

const remove = statement((sql, { id, person }: { id: string; person: string }) =>
  sql.deleteFrom('contact').where('id', '=', id).where('person', '=', person),
);

export function createContacts(surroundings: Surroundings): Contacts {
  const { database, vault } = surroundings;
  const { sql } = database;

  return {
    async of(person) {
      const rows = await database.read(selectOf(sql, { person }));
      return rows.map(({ id, kind, language, confirmed_at: confirmedAt, sealed_address, wrapped }): Contact => {
        const address = vault.openFor({ person, wrapped }, placeOf(id), sealed_address);
        return { id, kind, address, language: language as Contact['language'], confirmedAt };
      });
    },

    async put(person, { id, kind, address, language, confirmedAt }, told) {
      await database.write(function* () {
        const key = yield* holdWithKey(database, person);
        const sealed_address = vault.sealFor(key, placeOf(id), address);
        yield* write(upsert(sql, { id, person, kind, sealed_address, language, confirmed_at: confirmedAt }));
        yield* tell(surroundings, told);
      });
    },

    async remove(person, id, told) {
      return ifStillSo(database, function* () {
        yield* hold(database, person);
        yield* mustChange(remove(sql, { id, person }));
        yield* tell(surroundings, told);
      });
    },
  };
}

function placeOf(id: string): Place {
  return ['contact', 'address', id];
}
