/**
 * Owns when SQLite commits. A commit costs ten times a statement, so the units of one turn of the event loop share one
 * transaction: each in a savepoint of its own, all answered only after the common COMMIT succeeded.
 */
import { DummyDriver, Kysely, type QueryResult, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Schema } from '../sql/schema.ts';
import { type Database, Overtaken, type Query, type Step, type Unit } from '../sql/unit.ts';
import type { Connection } from './connection.ts';

/** The units that will be committed together; settles when they are, or when none of them is. */
type Group = PromiseWithResolvers<void> & { readonly timer: NodeJS.Immediate };

type Outcome<Result> = { readonly returned: Result } | { readonly thrown: unknown };

/** Kysely's SQLite dialect for building only: statements run below, outside its asynchronous connection handling. */
export const queryBuilder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export class GroupedDatabase implements Database {
  readonly sql = queryBuilder;
  readonly #connection: Connection;
  #group: Group | undefined;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async read<Row>(query: Query<Row>): Promise<Row[]> {
    this.#mustBeOpen();
    const { rows } = this.#connection.run(query.compile());
    // One connection sees its own open transaction. Nobody may act on what could still be lost.
    await this.#group?.promise;
    return rows;
  }

  async write<Result>(unit: () => Unit<Result>): Promise<Result> {
    this.#mustBeOpen();
    this.#group ??= this.#begin();
    const group = this.#group;
    const outcome = this.#inSavepoint(unit);
    // Also a refusal waits: it may rest on what another unit of the group wrote.
    await group.promise;
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.returned;
  }

  /** Commits what is being written and lets go of the file; whatever is asked later is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const group = this.#group;
    this.#commit();
    // Whether that commit succeeded is told to those who wrote.
    await group?.promise.catch(() => {});
    this.#connection.close();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error('The store is closed.');
  }

  #begin(): Group {
    this.#connection.execute('BEGIN IMMEDIATE');
    const group = { ...Promise.withResolvers<void>(), timer: setImmediate(() => this.#commit()) };
    // Those who wait see the failure; a group of which everybody is gone must not end the process.
    group.promise.catch(() => {});
    return group;
  }

  #commit(): void {
    const group = this.#group;
    if (!group) return;
    try {
      this.#connection.execute('COMMIT');
    } catch (error) {
      this.#abandon(error);
      return;
    }
    this.#leave(group);
    group.resolve();
  }

  #inSavepoint<Result>(unit: () => Unit<Result>): Outcome<Result> {
    this.#connection.execute('SAVEPOINT unit');
    try {
      const returned = this.#step(unit());
      this.#connection.execute('RELEASE unit');
      return { returned };
    } catch (thrown) {
      this.#takeBack(thrown);
      return { thrown };
    }
  }

  #step<Result>(unit: Unit<Result>): Result {
    let next = unit.next();
    while (!next.done) next = unit.next(this.#run(next.value));
    return next.value;
  }

  #run({ query, wants }: Step): QueryResult<unknown> {
    const result = this.#connection.run(query);
    if (wants === 'a change' && !result.numAffectedRows) throw new Overtaken();
    return result;
  }

  /** Takes back one unit; if that cannot be done, the whole group, so that half a unit never is committed. */
  #takeBack(thrown: unknown): void {
    try {
      this.#connection.execute('ROLLBACK TO unit');
      this.#connection.execute('RELEASE unit');
    } catch {
      // Also when SQLite itself gave up the transaction: a full disk, say.
      this.#abandon(thrown);
    }
  }

  #abandon(reason: unknown): void {
    const group = this.#group;
    if (!group) return;
    this.#leave(group);
    if (this.#connection.inTransaction) this.#connection.execute('ROLLBACK');
    group.reject(reason);
  }

  #leave(group: Group): void {
    clearImmediate(group.timer);
    this.#group = undefined;
  }
}
