/** Owns the rows of browsers in which persons signed in. A forgotten one stays for the history that names it. */
import type { Kysely } from 'kysely';
import type { DeviceLabel, Devices } from '../../src/citizen/ports.ts';
import type { Place } from '../../src/vault/vault.ts';
import type { Surroundings } from './changes.ts';
import { hold } from './holding.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { ifStillSo, mustChange } from './unit.ts';

const withKey = (sql: Kysely<Schema>, person: string) =>
  sql
    .selectFrom('device')
    .innerJoin('person', 'person.id', 'device.person')
    .selectAll('device')
    .select('person.sealed_key as wrapped')
    .where('device.person', '=', person)
    .orderBy('last_at', 'desc')
    .orderBy('device.id');

const selectOf = statement((sql, { person }: { person: string }) => withKey(sql, person));
const selectKnown = statement((sql, { person }: { person: string }) =>
  withKey(sql, person).where('cookie_hash', 'is not', null),
);
const selectThese = statement((sql, { person, ids }: { person: string; ids: readonly string[] }) =>
  withKey(sql, person).where('device.id', 'in', ids),
);

const forget = statement((sql, { id, person }: { id: string; person: string }) =>
  sql
    .updateTable('device')
    .set({ cookie_hash: null })
    .where('id', '=', id)
    .where('person', '=', person)
    .where('cookie_hash', 'is not', null),
);

export function labelPlace(id: string): Place {
  return ['device', 'label', id];
}

export function createDevices(surroundings: Surroundings): Devices {
  const { database, vault } = surroundings;
  const { sql } = database;

  return {
    async of(person, which) {
      if (which?.length === 0) return [];
      const query =
        which === 'known' ? selectKnown(sql, { person }) : which && selectThese(sql, { person, ids: which });
      const rows = await database.read(query ?? selectOf(sql, { person }));
      return rows.map(({ id, cookie_hash, sealed_label, first_at, last_at, wrapped }) => {
        const label = JSON.parse(vault.openFor({ person, wrapped }, labelPlace(id), sealed_label)) as DeviceLabel;
        return { id, label, firstAt: first_at, lastAt: last_at, known: cookie_hash !== null };
      });
    },

    async forget(person, id, told) {
      return ifStillSo(database, function* () {
        yield* hold(database, person);
        yield* mustChange(forget(sql, { id, person }));
        yield* tell(surroundings, told);
      });
    },
  };
}
