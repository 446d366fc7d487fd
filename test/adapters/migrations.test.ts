import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { Client } from 'pg';
import { openPostgresDatabase } from '../../adapters/postgres/store.ts';
import { queryBuilder as postgresQueries, postgresWords } from '../../adapters/postgres/words.ts';
import { linkKind, linkPlace } from '../../adapters/sql/changes.ts';
import type { Lasting } from '../../adapters/sql/lasting.ts';
import { SCHEMA_VERSION, statementsSince } from '../../adapters/sql/migrations.ts';
import type { Schema } from '../../adapters/sql/schema.ts';
import { queryBuilder as sqliteQueries } from '../../adapters/sqlite/grouped-database.ts';
import { sqliteWords } from '../../adapters/sqlite/words.ts';
import { openEmbeddedStore, StoreUnusable } from '../../adapters/store.ts';
import { entry } from '../../src/journal/events.ts';
import type { Store } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { agency, index, NOTHING_ALONGSIDE, published, service, trailed, version } from './developer-samples.ts';
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

/** The last one in which a person's history could not be read, and consents did not say who had asked. */
const WITHOUT_HISTORY = 9;
const CONSENT = {
  id: 'c-1',
  person: 'p-1',
  client: 'land-office',
  version: 'v1',
  offered: ['name'],
  granted: ['name'],
  purpose: 'Cấp sổ đỏ',
  basis: 'consent',
  from: 5,
  to: 2_000,
} as const;

/** What has happened to that person by then: something of their own, and something that concerned nobody. */
function laterRows(database: Kysely<Schema>): CompiledQuery[] {
  const { offered, granted, from: from_at, to: to_at, ...consent } = CONSENT;
  const items = { offered: JSON.stringify(offered), granted: JSON.stringify(granted) };
  const started = { id: 'e-0', at: 3, type: 'request_started', content: '{"client":"land-office","required":"loa1"}' };
  const linked = { id: 'e-1', at: 5, type: 'link_added', content: '{"source":"tax-code","how":"number"}' };
  return [
    database.insertInto('event').values([started, linked]).compile(),
    sql`insert into event_subject (event, person, role, salt) values (${'e-1'}, ${'p-1'}, ${'citizen'}, ${Buffer.alloc(16)})`.compile(
      database,
    ),
    database
      .insertInto('consent')
      .values({ ...consent, ...items, from_at, to_at })
      .compile(),
    database.insertInto('pairwise').values({ person: 'p-1', sector: 'agency', sub: 'sub-1' }).compile(),
  ];
}

/** That what happened then is a history today, and goes on. */
async function remembers({
  people,
  consents,
  journal,
  own,
}: Omit<Store, 'state' | 'engines' | 'close'>): Promise<void> {
  const then = { id: 'e-1', at: 5, event: { type: 'link_added', source: 'tax-code', how: 'number' } } as const;
  const question = { person: 'p-1', types: ['link_added', 'request_started'], most: 10 } as const;
  expect(await journal.historyOf(question)).toEqual([then]);
  expect(await journal.find('p-1', 'e-1')).toEqual(then);
  expect(await consents.of('p-1')).toEqual([CONSENT]);
  expect(await consents.release('c-1', 'agency', 'tax-code', 10, [])).toEqual({ consent: CONSENT, sub: 'sub-1' });
  const now = entry(7, { type: 'link_added', source: 'mobile-id', how: 'number' }, 'p-1', 'd-1');
  await journal.record([now]);
  expect((await journal.historyOf(question)).map(({ at, device }) => [at, device])).toEqual([
    [7, 'd-1'],
    [5, undefined],
  ]);
  expect(await own.blocks.of('p-1')).toEqual([]);
  expect(await people.subjectsOf('p-1')).toEqual(new Map([['agency', 'sub-1']]));
}

/** The last one in which all clients were the hub's. */
const OF_ONE_ISSUER = 11;

/** A client that operators registered, as a program of one issuer writes it, and one they removed. */
function clientRows(database: Kysely<Schema>): CompiledQuery[] {
  const rows = [
    sql`insert into client (id, registration, revision, updated_at, seeded_from)
      values ('land-office', '{"client_id":"land-office"}', 3, 5, 'hash'), ('land-office-removed', null, 3, 5, null)`,
    sql`insert into revision (topic, value) values ('clients', 3)`,
  ];
  return rows.map((row) => row.compile(database));
}

/** That clients of then are the hub's today, and nobody's service. */
async function registers({ registrations, sandboxRegistrations, developer }: Lasting): Promise<void> {
  const kept = { id: 'land-office', registration: { client_id: 'land-office' }, revision: 3, seededFrom: 'hash' };
  expect(await registrations.since(0)).toEqual(
    expect.arrayContaining([kept, { id: 'land-office-removed', revision: 3 }]),
  );
  expect(await sandboxRegistrations.since(0)).toEqual([]);
  expect(await sandboxRegistrations.save([{ id: 'land-office', over: 3 }], [])).toBe('conflict');
  expect(await developer.agencies.save(agency(), NOTHING_ALONGSIDE)).toBe('saved');
  const taken = service({ id: 'land-office' });
  expect(await developer.services.save(taken, index(), NOTHING_ALONGSIDE)).toBe('conflict');
  const own = { clients: [published()], versions: [version()], trail: [trailed()] };
  expect(await developer.services.save(service(), index(), own)).toBe('saved');
  expect(await sandboxRegistrations.since(0)).toMatchObject([{ id: published().id, revision: 1 }]);
  expect(await registrations.save([{ id: 'land-office', over: 3 }], [])).toBe('saved');
  expect((await registrations.since(3)).map(({ id }) => id)).toEqual(['land-office']);
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

  async function make(version: number, rows: readonly CompiledQuery[]): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      'create table schema_version (version bigint primary key, applied_at timestamptz, applied_by text)',
    );
    await client.query('insert into schema_version (version) values ($1)', [version]);
    for (const step of statementsSince(0, postgresQueries, postgresWords, version)) await client.query(step.sql);
    for (const row of rows) await client.query(row.sql, [...row.parameters]);
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
    await make(1, firstRows(postgresQueries));
    const opened = [...(await openMany()), ...(await openMany())];
    await signsIn(opened[0]!);
    await Promise.all(opened.map((store) => store.close()));
  });

  test('C10 from the version without a history of persons, by several at the same time, and again', async () => {
    await make(WITHOUT_HISTORY, [...firstRows(postgresQueries), ...laterRows(postgresQueries)]);
    const opened = [...(await openMany()), ...(await openMany())];
    await remembers(opened[0]!);
    await Promise.all(opened.map((store) => store.close()));
    await expect(stores.server.run('update event set at = 2', database)).rejects.toThrow('never changed');
  });

  test('C10 what the former program still writes while it is replaced is history, too, and not the oldest of it', async () => {
    await make(WITHOUT_HISTORY, firstRows(postgresQueries));
    const store = await openPostgresDatabase({ url, vault, clock });
    const former = new Client({ connectionString: url });
    await former.connect();
    for (const row of laterRows(postgresQueries)) await former.query(row.sql, [...row.parameters]);
    await former.end();
    await store.journal.forgetBefore(4);
    await remembers(store);
    await store.journal.forgetBefore(6);
    expect(await store.journal.find('p-1', 'e-1')).toBeUndefined();
    await store.close();
  });

  test('C10 from the version of one issuer, by several at the same time, and again', async () => {
    await make(OF_ONE_ISSUER, [...firstRows(postgresQueries), ...clientRows(postgresQueries)]);
    const opened = [...(await openMany()), ...(await openMany())];
    await registers(opened[0]!);
    await Promise.all(opened.map((store) => store.close()));
    await expect(stores.server.run('delete from trail', database)).rejects.toThrow('never changed');
  });

  test('C10 a client that the former program still writes while it is replaced is the hub’s', async () => {
    await make(OF_ONE_ISSUER, []);
    const store = await openPostgresDatabase({ url, vault, clock });
    const former = new Client({ connectionString: url });
    await former.connect();
    for (const row of clientRows(postgresQueries)) await former.query(row.sql, [...row.parameters]);
    await former.end();
    await registers(store);
    await store.close();
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

  function make(version: number, rows: readonly CompiledQuery[]): void {
    const file = new DatabaseSync(join(directory, 'hub.sqlite'));
    for (const step of statementsSince(0, sqliteQueries, sqliteWords, version)) file.exec(step.sql);
    for (const row of rows) file.prepare(row.sql).run(...(row.parameters as SQLInputValue[]));
    file.exec(`PRAGMA application_id = ${0x4c695468}; PRAGMA user_version = ${version}`);
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
    make(1, firstRows(sqliteQueries));
    await openTwice(signsIn);
  });

  test('C10 from the file of the version of one issuer, twice', async () => {
    make(OF_ONE_ISSUER, [...firstRows(sqliteQueries), ...clientRows(sqliteQueries)]);
    await openTwice(registers);
  });

  test('C10 from the file of the version without a history of persons, twice', async () => {
    make(WITHOUT_HISTORY, [...firstRows(sqliteQueries), ...laterRows(sqliteQueries)]);
    await openTwice(remembers);
  });
});
