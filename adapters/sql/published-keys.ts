/** Owns the rows of public keys that stay published: what they signed is kept by citizens longer than the keys are in use. */
import type { JWK } from 'jose';
import type { Insertable } from 'kysely';
import type { PublishedKeys } from '../../src/citizen/documents/published-keys.ts';
import type { Surroundings } from './changes.ts';
import type { PublishedKeyTable } from './schema.ts';
import { statement } from './statement.ts';
import { write } from './unit.ts';

const insert = statement((sql, row: Insertable<PublishedKeyTable>) =>
  sql
    .insertInto('published_key')
    .values(row)
    .onConflict((conflict) => conflict.column('kid').doNothing()),
);

const selectAll = statement((sql, _nothing: Record<string, never>) =>
  sql.selectFrom('published_key').select('jwk').orderBy('published_at').orderBy('kid'),
);

export function createPublishedKeys({ database, clock }: Surroundings): PublishedKeys {
  const { sql } = database;

  return {
    async publish(keys) {
      const published_at = clock();
      const rows = keys.map((key) => {
        if (key.kid === undefined) throw new TypeError('A key that is published needs a kid.');
        return { kid: key.kid, jwk: JSON.stringify(key), published_at };
      });
      if (rows.length === 0) return;
      // In one order, whoever writes: processes that start together publish the same keys.
      rows.sort((one, other) => (one.kid < other.kid ? -1 : 1));
      await database.write(function* () {
        for (const row of rows) yield* write(insert(sql, row));
      });
    },

    async all() {
      return (await database.read(selectAll(sql, {}))).map(({ jwk }) => JSON.parse(jwk) as JWK);
    },
  };
}
