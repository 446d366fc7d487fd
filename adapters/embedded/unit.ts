/**
 * Owns the seam between the queries and a database. Queries are built with kysely for any dialect; a database runs a
 * unit of them as one transaction: SQLite at a stroke inside its grouped commit, PostgreSQL between BEGIN and COMMIT.
 */
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Schema } from './schema.ts';

/** Anything kysely can compile, and the rows it will answer with. */
export interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

/**
 * Statements that commit together or not at all, written as a generator: it yields each statement through `run` and may
 * decide by the answer. It must await nothing, so a database is free to step through it without a pause. What it throws,
 * or a statement that fails, takes back all of it.
 */
export type Unit<Result> = Generator<CompiledQuery, Result, QueryResult<unknown>>;

/** Runs one statement of a unit: `const { rows } = yield* run(query)`. */
export function* run<Row>(query: Query<Row>): Unit<QueryResult<Row>> {
  return (yield query.compile()) as QueryResult<Row>;
}

/** Runs one statement of a unit and tells how many rows it changed. */
export function* changed(query: Query<unknown>): Unit<number> {
  const { numAffectedRows } = yield query.compile();
  return Number(numAffectedRows ?? 0n);
}

export interface Database {
  /** Builds queries in this database's dialect; they run through the functions below only. */
  readonly sql: Kysely<Schema>;
  /** Rows as they are durable: what another unit has written but not yet committed is waited for. */
  read<Row>(query: Query<Row>): Promise<Row[]>;
  /** Runs a unit; resolves when it is durable, rejects when nothing of it is. */
  write<Result>(unit: () => Unit<Result>): Promise<Result>;
}
