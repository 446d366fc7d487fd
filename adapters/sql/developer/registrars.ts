/** Owns the rows of accounts that decide for the hub what goes into production. */
import type { Insertable } from 'kysely';
import type { DeveloperRecords } from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import type { RegistrarTable } from '../developer-schema.ts';
import { statement } from '../statement.ts';
import { changedLast } from '../unit.ts';

const insert = statement((sql, row: Insertable<RegistrarTable>) =>
  sql
    .insertInto('registrar')
    .values(row)
    .onConflict((conflict) => conflict.column('account').doNothing()),
);

const remove = statement((sql, { account }: { account: string }) =>
  sql.deleteFrom('registrar').where('account', '=', account),
);

const selectOne = statement((sql, { account }: { account: string }) =>
  sql.selectFrom('registrar').select('account').where('account', '=', account),
);

const selectAll = statement((sql, _nothing: Record<string, never>) =>
  sql.selectFrom('registrar').select('account').orderBy('since').orderBy('account'),
);

export function createRegistrars({ database, clock }: Surroundings): DeveloperRecords['registrars'] {
  const { sql } = database;

  return {
    async all() {
      return (await database.read(selectAll(sql, {}))).map(({ account }) => account);
    },

    async is(account) {
      return (await database.read(selectOne(sql, { account }))).length > 0;
    },

    async add(account) {
      const since = clock();
      return (await database.write(() => changedLast(insert(sql, { account, since })))) > 0;
    },

    async remove(account) {
      return (await database.write(() => changedLast(remove(sql, { account })))) > 0;
    },
  };
}
