/**
 * Owns the seam between the queries and a database. Queries are built with kysely for any dialect; a database runs a
 * unit of them as one transaction: SQLite at a stroke inside its grouped commit, PostgreSQL between BEGIN and COMMIT.
 */
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Changes } from '../../src/store.ts';
import type { Schema } from './schema.ts';

/** Anything kysely can compile, and the rows it will answer with. */
export interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

/**
 * One statement of a unit, and what the unit needs of its answer. Only for an `answer` a database across a network has
 * to be waited for: everything else travels together with what comes next, the COMMIT at the latest.
 */
export interface Step {
  readonly query: CompiledQuery;
  readonly wants: 'nothing' | 'a change' | 'a row' | 'an answer' | 'the last answer';
}

/**
 * Statements that commit together or not at all, written as a generator: it yields each statement through the functions
 * below and may decide by the answer. It must await nothing, so a database is free to step through it without a pause;
 * and it may be stepped through again from its beginning when the database gave it up for another's sake. What it
 * throws, or a statement that fails, takes back all of it.
 */
export type Unit<Result> = Generator<Step, Result, QueryResult<unknown>>;

/** What a unit rests on is no longer so, because another one wrote first: look again and decide anew. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Runs one statement and answers with its rows: `const { rows } = yield* run(query)`. */
export function* run<Row>(query: Query<Row>): Unit<QueryResult<Row>> {
  return (yield { query: query.compile(), wants: 'an answer' }) as QueryResult<Row>;
}

/** Runs one statement and tells how many rows it changed. */
export function* changed(query: Query<unknown>): Unit<number> {
  const { numAffectedRows } = yield { query: query.compile(), wants: 'an answer' };
  return Number(numAffectedRows ?? 0n);
}

/** Runs one statement, whatever it changes. */
export function* write(query: Query<unknown>): Unit<void> {
  yield { query: query.compile(), wants: 'nothing' };
}

/** Runs one statement that must change a row, or else the whole unit rejects with `Overtaken`. */
export function* mustChange(query: Query<unknown>): Unit<void> {
  yield { query: query.compile(), wants: 'a change' };
}

/** Runs the last statement of a unit and answers with its rows, once they are durable: COMMIT travels with it. */
export function* runLast<Row>(query: Query<Row>): Unit<QueryResult<Row>> {
  return (yield { query: query.compile(), wants: 'the last answer' }) as QueryResult<Row>;
}

/** Runs the last statement of a unit and tells how many rows it changed. */
export function* changedLast(query: Query<unknown>): Unit<number> {
  const { numAffectedRows } = yield { query: query.compile(), wants: 'the last answer' };
  return Number(numAffectedRows ?? 0n);
}

/** Runs one query that must find a row, or else the whole unit rejects with `Overtaken`. */
export function* mustFind(query: Query<unknown>): Unit<void> {
  yield { query: query.compile(), wants: 'a row' };
}

export interface Database {
  /** Builds queries in this database's dialect; they run through the functions below only. */
  readonly sql: Kysely<Schema>;
  /** Rows as they are durable: what another unit has written but not yet committed is waited for. */
  read<Row>(query: Query<Row>): Promise<Row[]>;
  /** Runs a unit; resolves when it is durable, rejects when nothing of it is. */
  write<Result>(unit: () => Unit<Result>): Promise<Result>;
  /** The part of a unit that tells every process of a change; whoever listens hears it once the unit is durable. */
  announce(topic: string): Unit<void>;
  /** What was announced, by this process too. Topics may be told more than once, or together, but none too early. */
  readonly changes: Changes;
}

/** Runs a unit that rests on something: `false`, and nothing of it written, when that is no longer so. */
export async function ifStillSo(database: Database, unit: () => Unit<void>): Promise<boolean> {
  try {
    await database.write(unit);
    return true;
  } catch (error) {
    if (error instanceof Overtaken) return false;
    throw error;
  }
}
