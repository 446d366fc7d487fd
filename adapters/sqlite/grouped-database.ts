/**
 * Owns when SQLite commits. A commit costs ten times a statement, so the units of one turn of the event loop share one
 * transaction: each in a savepoint of its own, all answered only after the common COMMIT succeeded. Where several writers
 * are busy the next ones are waited for, for less time than a commit on a slow disk takes.
 */
import {
  DummyDriver,
  Kysely,
  type QueryResult,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { StoreUnavailable } from '../../src/store.ts';
import { Announcements } from '../sql/announcements.ts';
import type { Schema } from '../sql/schema.ts';
import { type Database, Overtaken, type Query, type Step, type Unit } from '../sql/unit.ts';
import type { Connection } from './connection.ts';
import { ENGINE } from './trouble.ts';

/** The units that will be committed together; settles when they are, or when none of them is. */
interface Group extends PromiseWithResolvers<void> {
  readonly topics: Set<string>;
  units: number;
}

/** Milliseconds for which a group stays open when the one before it had several units. */
const OTHERS_AWAITED = 3;

type Outcome<Result> = { readonly returned: Result } | { readonly thrown: unknown };

/** Where units run one after the other there is nothing to lock, and no words for it. */
class Compiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === 'Distinct' || node.rawModifier) super.visitSelectModifier(node);
  }
}

/** Kysely's SQLite dialect for building only: statements run below, outside its asynchronous connection handling. */
export const queryBuilder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new Compiler(),
  },
});

export class GroupedDatabase implements Database {
  readonly sql = queryBuilder;
  readonly changes = new Announcements();
  readonly #connection: Connection;
  #group: Group | undefined;
  /** How many units the group before had: where there was one, nobody is waited for. */
  #unitsBefore = 0;
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
    group.units += 1;
    const outcome = this.#inSavepoint(unit);
    // Also a refusal waits: it may rest on what another unit of the group wrote.
    await group.promise;
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.returned;
  }

  // biome-ignore lint/correctness/useYield: nothing has to be written where there is one process
  *announce(topic: string): Unit<void> {
    this.#group?.topics.add(topic);
  }

  /** Commits what is being written and lets go of the file; whatever is asked later is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const group = this.#group;
    this.#commit(group);
    // Whether that commit succeeded is told to those who wrote.
    await group?.promise.catch(() => {});
    this.#connection.close();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StoreUnavailable(ENGINE, { cause: new Error('The store is closed.') });
  }

  #begin(): Group {
    // One that could not be taken back when it failed, for the trouble that made it fail.
    if (this.#connection.inTransaction) this.#connection.execute('ROLLBACK');
    this.#connection.execute('BEGIN IMMEDIATE');
    const group = { ...Promise.withResolvers<void>(), topics: new Set<string>(), units: 0 };
    const commit = () => this.#commit(group);
    if (this.#unitsBefore > 1) setTimeout(commit, OTHERS_AWAITED);
    else setImmediate(commit);
    // Those who wait see the failure; a group of which everybody is gone must not end the process.
    group.promise.catch(() => {});
    return group;
  }

  /** Nothing where the group was committed or given up already. */
  #commit(group: Group | undefined): void {
    if (!group || group !== this.#group) return;
    try {
      this.#connection.execute('COMMIT');
    } catch (error) {
      this.#abandon(error);
      return;
    }
    this.#leave(group);
    group.resolve();
    this.changes.tell(group.topics);
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
    if (wants === 'a row' && result.rows.length === 0) throw new Overtaken();
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
    group.reject(reason);
    try {
      if (this.#connection.inTransaction) this.#connection.execute('ROLLBACK');
    } catch {
      // Nothing of it is durable without a COMMIT; the next group takes it back before it begins.
    }
  }

  #leave(group: Group): void {
    this.#group = undefined;
    this.#unitsBefore = group.units;
  }
}
