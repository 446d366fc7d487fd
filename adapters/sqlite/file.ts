/**
 * Owns the file of the embedded store: who may read it, that one process at a time has it, and that it is of a version
 * this program knows.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SCHEMA_VERSION, statementsSince, TABLES_LAST_FIRST } from '../sql/migrations.ts';
import { type Unit, write } from '../sql/unit.ts';
import { StoreUnusable } from '../store-unusable.ts';
import { Connection } from './connection.ts';
import { queryBuilder } from './grouped-database.ts';
import { sqliteWords } from './words.ts';

/** The file inside the store's directory; SQLite puts its write-ahead log beside it. */
export const STORE_FILE = 'hub.sqlite';
export const IN_MEMORY = ':memory:';

const SQLITE_BUSY = 5;
/** Marks the file as a store of this hub ("LiTh"), as SQLite files mark whose they are. */
const APPLICATION_ID = 0x4c695468;

/** Opens the store in `directory`, creating or bringing it forward as needed. Throws `StoreUnusable`. */
export function openFile(directory: string): Connection {
  const path = directory === IN_MEMORY ? IN_MEMORY : join(directory, STORE_FILE);
  let database: DatabaseSync | undefined;
  try {
    if (path !== IN_MEMORY) makePrivate(directory, path);
    // Waiting for another process would stop this one: there is one thread. It is told at once instead.
    database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    settle(database);
    bringForward(database, path);
    return new Connection(database);
  } catch (error) {
    database?.close();
    throw error instanceof StoreUnusable ? error : explain(error, path);
  }
}

/** The unit that drops every table and makes it anew: events allow no other way to be rid of them. */
export function* emptyTables(): Unit<void> {
  for (const table of TABLES_LAST_FIRST) yield* write(queryBuilder.schema.dropTable(table));
  for (const query of statementsSince(0, queryBuilder, sqliteWords)) yield { query, wants: 'nothing' };
}

/**
 * SQLite gives its log the mode of the database, so that is set before SQLite sees the file. A file that exists must not
 * be opened for it: in POSIX, closing any descriptor of a file drops every lock this process has on it.
 */
function makePrivate(directory: string, path: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(path, 0o600);
  }
}

function settle(database: DatabaseSync): void {
  // Before the log is first used: an exclusive owner keeps the log's index in its own memory, not in a shared file.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  // Deleted rows are overwritten, not just forgotten: erasing a person's key has to erase it.
  database.exec('PRAGMA secure_delete = ON');
  // INSERT OR REPLACE would otherwise delete rows behind the triggers' back.
  database.exec('PRAGMA recursive_triggers = ON');
  // The first write takes the lock; it is kept until the store is closed.
  database.exec('BEGIN IMMEDIATE; COMMIT');
}

function bringForward(database: DatabaseSync, path: string): void {
  const version = numberOf(database, 'user_version');
  if (version === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get()) throw foreign(path);
  if (version > 0 && numberOf(database, 'application_id') !== APPLICATION_ID) throw foreign(path);
  if (version === SCHEMA_VERSION) return;
  if (version > SCHEMA_VERSION) {
    throw new StoreUnusable(
      'store_newer',
      `The store at ${path} is of version ${version}; this program knows up to ${SCHEMA_VERSION}. Run the newer program.`,
    );
  }
  database.exec('BEGIN IMMEDIATE');
  for (const { sql } of statementsSince(version, queryBuilder, sqliteWords)) database.exec(sql);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.exec('COMMIT');
}

function numberOf(database: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get() as Record<string, number>;
  return row[pragma]!;
}

function foreign(path: string): StoreUnusable {
  return new StoreUnusable('store_unreadable', `The database at ${path} is not a store of this hub.`);
}

function explain(error: unknown, path: string): StoreUnusable {
  const { errcode } = error as { errcode?: number };
  if (errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY) {
    return new StoreUnusable('store_locked', `Another process has the store at ${path} open. Stop it first.`, error);
  }
  return new StoreUnusable(
    'store_unreadable',
    `The store at ${path} cannot be opened: ${(error as Error).message}`,
    error,
  );
}
