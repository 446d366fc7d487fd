/**
 * Owns that the tables of a PostgreSQL database are of the version this program knows. They are made in the schema that
 * the connection's `search_path` begins with (`public`, unless the address says otherwise), beside whatever else is there.
 */
import { Client, DatabaseError } from 'pg';
import { SCHEMA_VERSION, statementsSince } from '../sql/migrations.ts';
import { StoreUnusable } from '../store-unusable.ts';
import type { PostgresAddress } from './address.ts';
import { explained, failureOf } from './trouble.ts';
import { postgresWords, queryBuilder } from './words.ts';

/** "LiTh": whoever migrates a database of this server's holds the advisory lock of this number. */
const LOCK = 0x4c695468;
/** Milliseconds: for another process to finish its migration, for one step over a large table, for who uses a table now. */
const MIGRATION_TIMEOUT = 600_000;
const TABLE_LOCK_TIMEOUT = '10s';

const CREATE_VERSIONS =
  'create table schema_version (version bigint primary key, ' +
  'applied_at timestamptz not null default now(), applied_by text not null default session_user)';

/**
 * Brings the database forward, all steps in one transaction; of any number of processes that start together one does it
 * and the others find it done. Throws `StoreUnusable` (`store_newer`, or `store_unreadable` when a step fails) or
 * `StoreUnavailable`.
 */
export async function migrate({ client: settings, place }: PostgresAddress): Promise<void> {
  const client = new Client({ ...settings, statement_timeout: MIGRATION_TIMEOUT, query_timeout: MIGRATION_TIMEOUT });
  // Whatever breaks the connection is told by what was asked over it.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await bringForward(client, place);
    await client.query('commit');
  } catch (error) {
    if (error instanceof StoreUnusable) throw error;
    const failure = explained(failureOf(error));
    if (!(failure instanceof DatabaseError)) throw failure;
    throw new StoreUnusable('store_unreadable', `The tables at ${place} cannot be made: ${failure.message}`, failure);
  } finally {
    // Without a COMMIT all of it is taken back.
    void client.end();
  }
}

async function bringForward(client: Client, place: string): Promise<void> {
  const version = await versionOf(client);
  if (version === SCHEMA_VERSION) return;
  if (version > SCHEMA_VERSION) {
    throw new StoreUnusable(
      'store_newer',
      `The store at ${place} is of version ${version}; this program knows up to ${SCHEMA_VERSION}. Run the newer program.`,
    );
  }
  await client.query(`set local lock_timeout = '${TABLE_LOCK_TIMEOUT}'`);
  if (version === 0) await client.query(CREATE_VERSIONS);
  for (const { sql } of statementsSince(version, queryBuilder, postgresWords)) await client.query(sql);
  await client.query('insert into schema_version (version) values ($1)', [SCHEMA_VERSION]);
}

/** 0 where no hub has ever been. */
async function versionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ known: boolean }>(`select to_regclass('schema_version') is not null as known`);
  if (!rows[0]!.known) return 0;
  const versions = await client.query<{ version: number }>('select max(version) as version from schema_version');
  return versions.rows[0]!.version;
}
