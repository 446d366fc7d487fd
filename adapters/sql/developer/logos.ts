/** Owns the rows of logos. Their ids are of their content, so one that is there already is the same. */
import type { Insertable } from 'kysely';
import type { DeveloperRecords } from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import type { LogoTable } from '../developer-schema.ts';
import { statement } from '../statement.ts';
import { write } from '../unit.ts';

const insert = statement((sql, row: Insertable<LogoTable>) =>
  sql
    .insertInto('logo')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const selectOne = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('logo').select(['type', 'body']).where('id', '=', id),
);

export function createLogos({ database, clock }: Surroundings): DeveloperRecords['logos'] {
  const { sql } = database;

  return {
    async put(id, { type, body }) {
      const created_at = clock();
      await database.write(() => write(insert(sql, { id, type, body: Buffer.from(body), created_at })));
    },

    async find(id) {
      const [logo] = await database.read(selectOne(sql, { id }));
      return logo;
    },
  };
}
