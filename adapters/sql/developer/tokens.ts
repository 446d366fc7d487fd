/** Owns the rows of personal tokens for the API. Of a token itself only the hash is there, by which it is found. */
import type { Insertable, Selectable } from 'kysely';
import type { ApiToken, DeveloperRecords, TokenScope } from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import type { ApiTokenTable } from '../developer-schema.ts';
import { statement } from '../statement.ts';
import { ifStillSo, mustChange, mustFind, write } from '../unit.ts';
import { writeAlongside } from './trail.ts';

/** Milliseconds between notes that a token was used. */
const NOTED_EVERY = 60_000;

const insert = statement((sql, row: Insertable<ApiTokenTable>) => sql.insertInto('api_token').values(row));

/** The person behind an account, who stays until the unit is over: whoever erases them finds this token, too. */
const isThere = statement((sql, { account }: { account: string }) =>
  sql
    .selectFrom('person')
    .select('person.id')
    .where('person.id', '=', ({ selectFrom }) =>
      selectFrom('developer_account')
        .select('developer_account.person')
        .where('developer_account.account', '=', account),
    )
    .forKeyShare(),
);

const selectUsable = statement((sql, { hash, now }: { hash: string; now: number }) =>
  sql
    .selectFrom('api_token')
    .innerJoin('developer_account', 'developer_account.account', 'api_token.account')
    .innerJoin('person', 'person.id', 'developer_account.person')
    .selectAll('api_token')
    .where('api_token.hash', '=', hash)
    .where('api_token.ends_at', '>', now)
    .where('person.locked_at', 'is', null)
    // Whoever came by a way in that has been closed since, left nothing behind that opens.
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('link')
          .select('link.source')
          .whereRef('link.person', '=', 'person.id')
          .whereRef('link.source', '=', 'api_token.source')
          .where('link.state', '=', 'active'),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('source_block')
            .select('source_block.source')
            .whereRef('source_block.person', '=', 'person.id')
            .whereRef('source_block.source', '=', 'api_token.source'),
        ),
      ),
    ),
);

const noteUse = statement((sql, { id, now, before }: { id: string; now: number; before: number }) =>
  sql
    .updateTable('api_token')
    .set({ used_at: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('used_at', 'is', null), eb('used_at', '<=', before)])),
);

const selectOf = statement((sql, { account }: { account: string }) =>
  sql.selectFrom('api_token').selectAll().where('account', '=', account).orderBy('created_at', 'desc').orderBy('id'),
);

const remove = statement((sql, { id, account }: { id: string; account: string }) =>
  sql.deleteFrom('api_token').where('id', '=', id).where('account', '=', account),
);

export function createTokens(surroundings: Surroundings): DeveloperRecords['tokens'] {
  const { database } = surroundings;
  const { sql } = database;

  return {
    async add({ id, account, source, name, scopes, createdAt, endsAt }, hash, alongside) {
      const row = { id, hash, account, source, name, scopes: JSON.stringify(scopes), used_at: null };
      await database.write(function* () {
        yield* mustFind(isThere(sql, { account }));
        yield* write(insert(sql, { ...row, created_at: createdAt, ends_at: endsAt }));
        yield* writeAlongside(surroundings, alongside);
      });
    },

    async use(hash, now) {
      const [row] = await database.read(selectUsable(sql, { hash, now }));
      if (!row) return undefined;
      const before = now - NOTED_EVERY;
      if (row.used_at !== null && row.used_at > before) return tokenOf(row);
      await database.write(() => write(noteUse(sql, { id: row.id, now, before })));
      return tokenOf({ ...row, used_at: now });
    },

    async of(account) {
      return (await database.read(selectOf(sql, { account }))).map(tokenOf);
    },

    async end(account, id, alongside) {
      return ifStillSo(database, function* () {
        yield* mustChange(remove(sql, { id, account }));
        yield* writeAlongside(surroundings, alongside);
      });
    },
  };
}

function tokenOf({
  id,
  account,
  source,
  name,
  scopes,
  created_at,
  ends_at,
  used_at,
}: Selectable<ApiTokenTable>): ApiToken {
  return {
    id,
    account,
    source,
    name,
    scopes: JSON.parse(scopes) as TokenScope[],
    createdAt: created_at,
    endsAt: ends_at,
    ...(used_at === null ? {} : { usedAt: used_at }),
  };
}
