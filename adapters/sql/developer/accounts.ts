/** Owns the rows of those who use the console: what they are called is sealed under their own key, and goes with them. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Account, DeveloperRecords } from '../../../src/developer/ports.ts';
import type { Place, Vault } from '../../../src/vault/vault.ts';
import type { Surroundings } from '../changes.ts';
import type { DeveloperAccountTable } from '../developer-schema.ts';
import { holdWithKey } from '../holding.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { mustChange } from '../unit.ts';

type Profile = Pick<Account, 'name' | 'mail' | 'language'>;

/** Whoever had the account keeps it: it is never another person's. */
const upsert = statement((sql, row: Insertable<DeveloperAccountTable>) => {
  const { person, sealed_profile, since } = row;
  return sql
    .insertInto('developer_account')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('account').doUpdateSet({ sealed_profile, since }).where('developer_account.person', '=', person),
    );
});

const withKey = (sql: Kysely<Schema>) =>
  sql
    .selectFrom('developer_account')
    .innerJoin('person', 'person.id', 'developer_account.person')
    .selectAll('developer_account')
    .select('person.sealed_key as wrapped');

const selectThese = statement((sql, { ids }: { ids: readonly string[] }) =>
  withKey(sql).where('developer_account.account', 'in', ids),
);

const selectOf = statement((sql, { person }: { person: string }) =>
  withKey(sql).where('developer_account.person', '=', person).orderBy('developer_account.account'),
);

const selectStanding = statement((sql, { ids }: { ids: readonly string[] }) =>
  sql
    .selectFrom('developer_account')
    .innerJoin('person', 'person.id', 'developer_account.person')
    .innerJoin('link', 'link.person', 'person.id')
    .select(['developer_account.account', 'link.source'])
    .where('developer_account.account', 'in', ids)
    .where('person.locked_at', 'is', null)
    .where('link.state', '=', 'active')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('source_block')
            .select('source_block.source')
            .whereRef('source_block.person', '=', 'person.id')
            .whereRef('source_block.source', '=', 'link.source'),
        ),
      ),
    ),
);

export function createAccounts({ database, vault }: Surroundings): DeveloperRecords['accounts'] {
  const { sql } = database;

  async function among(ids: readonly string[]): Promise<ReadonlyMap<string, Account>> {
    if (ids.length === 0) return new Map();
    const rows = await database.read(selectThese(sql, { ids: [...new Set(ids)] }));
    return new Map(rows.map((row) => [row.account, accountOf(row, vault)]));
  }

  return {
    among,

    async standing(ways) {
      if (ways.length === 0) return [];
      const rows = await database.read(selectStanding(sql, { ids: [...new Set(ways.map(({ account }) => account))] }));
      return ways.filter((way) => rows.some((row) => row.account === way.account && row.source === way.source));
    },

    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map((row) => accountOf(row, vault));
    },

    async find(id) {
      return (await among([id])).get(id);
    },

    async put({ id: account, person, since, name, mail, language }) {
      const profile: Profile = { name, mail, language };
      await database.write(function* () {
        const key = yield* holdWithKey(database, person);
        const sealed_profile = vault.sealFor(key, placeOf(account), JSON.stringify(profile));
        yield* mustChange(upsert(sql, { account, person, sealed_profile, since }));
      });
    },
  };
}

function placeOf(account: string): Place {
  return ['developer_account', 'profile', account];
}

function accountOf(row: Selectable<DeveloperAccountTable> & { readonly wrapped: Uint8Array }, vault: Vault): Account {
  const { account: id, person, since, sealed_profile, wrapped } = row;
  const profile = JSON.parse(vault.openFor({ person, wrapped }, placeOf(id), sealed_profile)) as Profile;
  return { id, person, since, ...profile };
}
