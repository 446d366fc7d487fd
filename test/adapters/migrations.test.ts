import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CompiledQuery, Kysely } from 'kysely';
import { Client } from 'pg';
import { openPostgresDatabase } from '../../adapters/postgres/store.ts';
import { queryBuilder as postgresQueries, postgresWords } from '../../adapters/postgres/words.ts';
import { linkKind, linkPlace } from '../../adapters/sql/changes.ts';
import { SCHEMA_VERSION, statementsSince } from '../../adapters/sql/migrations.ts';
import type { Schema } from '../../adapters/sql/schema.ts';
import { queryBuilder as sqliteQueries } from '../../adapters/sqlite/grouped-database.ts';
import { sqliteWords } from '../../adapters/sqlite/words.ts';
import { openEmbeddedStore, StoreUnusable } from '../../adapters/store.ts';
import type { Store } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { usePostgresStores } from './postgres-stores.ts';

const vault = createVault(generateKeys());
const clock = () => 1_000;
const ACCOUNT = { source: 'tax-code', subject: '8001234567' };
const LINK = { person: 'p-1', state: 'active' };

/** What a store of the first version holds when one person has signed in. */
function firstRows(sql: Kysely<Schema>): CompiledQuery[] {
  const key = vault.newPersonKey('p-1');
  const { index, version } = vault.blindIndex(linkKind(ACCOUNT.source), ACCOUNT.subject);
  return [
    sql.insertInto('person').values({ id: 'p-1', sealed_key: key.wrapped, state: 'active' }).compile(),
    sql
      .insertInto('link')
      .values({
        person: 'p-1',
        source: ACCOUNT.source,
        subject_index: index,
        index_version: version,
        sealed_subject: vault.sealFor(key, linkPlace(ACCOUNT.source), ACCOUNT.subject),
        state: 'active',
        how: 'number',
        first_at: 1,
        last_at: 1,
      })
      .compile(),
  ];
}

/** That everything a person of the first version does works with today's program. */
async function signsIn({ people, consents, outbox }: Pick<Store, 'people' | 'consents' | 'outbox'>): Promise<void> {
  expect(await people.findLink(ACCOUNT.source, ACCOUNT.subject)).toEqual(LINK);
  expect(await people.linksOf('p-1')).toMatchObject([ACCOUNT]);
  expect(await people.commit([{ type: 'link.used', person: 'p-1', ...ACCOUNT }], [])).toBe('committed');
  expect(await people.lock('p-1', [])).toBe(true);
  expect(await consents.inForce('p-1', 'land-office', 1)).toBeUndefined();
  expect(await outbox.nextDue([])).toBeUndefined();
}

describe('migrations of PostgreSQL', () => {
  const stores = usePostgresStores();
  let databases = 0;
  let url: string;
  let database: string;
  beforeEach(async () => {
    databases += 1;
    database = `migrated-${databases}`;
    url = await stores.server.create(database);
  });
  const openMany = () => Promise.all([1, 2, 3, 4].map(() => openPostgresDatabase({ url, vault, clock })));

  async function makeFirstVersion(): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      'create table schema_version (version bigint primary key, applied_at timestamptz, applied_by text)',
    );
    await client.query('insert into schema_version (version) values (1)');
    for (const { sql } of statementsSince(0, postgresQueries, postgresWords, 1)) await client.query(sql);
    for (const { sql, parameters } of firstRows(postgresQueries)) await client.query(sql, [...parameters]);
    await client.end();
  }

  test('C10 from empty, by several at the same time, and again', async () => {
    const opened = [...(await openMany()), ...(await openMany())];
    for (const [index, { people }] of opened.entries())
      expect(await people.commit([{ type: 'person.created', person: `p-${index}` }], [])).toBe('committed');
    await Promise.all(opened.map((store) => store.close()));
    const versions = await stores.server.run('select version, applied_by from schema_version', database);
    expect(versions).toEqual([{ version: String(SCHEMA_VERSION), applied_by: 'hub' }]);
  });

  test('C10 from the first version, by several at the same time, and again', async () => {
    await makeFirstVersion();
    const opened = [...(await openMany()), ...(await openMany())];
    await signsIn(opened[0]!);
    await Promise.all(opened.map((store) => store.close()));
  });

  test('C10 leave a database of a newer program alone, and one in which somebody else’s tables are in the way', async () => {
    await (await openPostgresDatabase({ url, vault, clock })).close();
    await stores.server.run('insert into schema_version (version) values (9999)', database);
    await expect(openPostgresDatabase({ url, vault, clock })).rejects.toMatchObject({ code: 'store_newer' });
    await stores.server.run('drop table schema_version', database);
    await expect(openPostgresDatabase({ url, vault, clock })).rejects.toMatchObject({ code: 'store_unreadable' });
    expect(await stores.server.run("select to_regclass('schema_version') as version", database)).toEqual([
      { version: null },
    ]);
  });

  test('make their tables in the schema the address names, beside whatever else there is', async () => {
    await stores.server.run('create table public.person (a int); create schema lien_thong', database);
    const options = encodeURIComponent('-c search_path=lien_thong');
    const store = await openPostgresDatabase({ url: `${url}?options=${options}`, vault, clock });
    expect(await store.people.commit([{ type: 'person.created', person: 'p-1' }], [])).toBe('committed');
    await store.close();
    expect(await stores.server.run('select id from lien_thong.person', database)).toEqual([{ id: 'p-1' }]);
  });
});

describe('migrations of the embedded store', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'store-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function makeFirstVersion(): void {
    const file = new DatabaseSync(join(directory, 'hub.sqlite'));
    for (const { sql } of statementsSince(0, sqliteQueries, sqliteWords, 1)) file.exec(sql);
    for (const { sql, parameters } of firstRows(sqliteQueries))
      file.prepare(sql).run(...(parameters as SQLInputValue[]));
    file.exec(`PRAGMA application_id = ${0x4c695468}; PRAGMA user_version = 1`);
    file.close();
  }

  /** Two at the same time: one has the file, the other is told so; then once more. */
  async function openTwice(ask: (store: Store) => Promise<void>): Promise<void> {
    for (const time of [1, 2]) {
      const store = openEmbeddedStore({ directory, vault, clock });
      expect(() => openEmbeddedStore({ directory, vault, clock })).toThrow(StoreUnusable);
      if (time === 1) await ask(store);
      await store.close();
    }
  }

  test('C10 from empty, twice', () =>
    openTwice(async ({ people }) => {
      expect(await people.commit([{ type: 'person.created', person: 'p-1' }], [])).toBe('committed');
    }));

  test('C10 from the first version’s file, twice', async () => {
    makeFirstVersion();
    await openTwice(signsIn);
  });
});
