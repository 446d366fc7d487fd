/** Owns one open SQLite database: compiled statements in, rows out, each statement prepared once and kept. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, QueryResult } from 'kysely';
import { explained } from './trouble.ts';

/** The hub has fewer statements than this; the bound is for lists of varying length inside them. */
const KEPT_STATEMENTS = 256;

interface Prepared {
  readonly statement: StatementSync;
  readonly answersRows: boolean;
}

export class Connection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Runs one statement to its end. Throws `StoreUnavailable` for a file in trouble, else what SQLite throws. */
  run<Row>(query: CompiledQuery<Row>): QueryResult<Row> {
    try {
      const { statement, answersRows } = this.#prepare(query.sql);
      const parameters = query.parameters as SQLInputValue[];
      if (answersRows) return { rows: statement.all(...parameters) as Row[] };
      const { changes } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    } catch (error) {
      throw explained(error);
    }
  }

  /** Runs a statement that has neither parameters nor an answer. Throws as `run` does. */
  execute(sql: string): void {
    try {
      this.#prepare(sql).statement.run();
    } catch (error) {
      throw explained(error);
    }
  }

  /** Whether the file may grow. One that may not behaves as on a full disk: what fits into it still does. */
  mayGrow(grows: boolean): void {
    // The largest there is; the smallest is taken as the size it has.
    this.#database.exec(`PRAGMA max_page_count = ${grows ? 0xfffffffe : 1}`);
  }

  /** `false` also when SQLite itself gave up a transaction, as it does when the disk is full. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    const prepared = { statement, answersRows: statement.columns().length > 0 };
    if (this.#prepared.size >= KEPT_STATEMENTS) {
      const [oldest] = this.#prepared.keys();
      this.#prepared.delete(oldest!);
    }
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}
