/**
 * Owns what the store asks of PostgreSQL: reads of one turn of the event loop travel together, units run beside each other
 * as transactions (READ COMMITTED) and again from their beginning when the server gave one up for another's sake.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { type Changes, StoreUnavailable } from '../../src/store.ts';
import type { Database, Query, Unit } from '../sql/unit.ts';
import type { PostgresAddress } from './address.ts';
import type { Statement } from './connection.ts';
import { type ConnectionSettings, Connections } from './connections.ts';
import { CHANNEL, Notifications } from './notifications.ts';
import { runUnit } from './transaction.ts';
import { ENGINE, explained, mayRunAgain } from './trouble.ts';
import { queryBuilder } from './words.ts';

/** A unit that others have overrun as often as this is not helped by another try. */
const MOST_TRIES = 8;
/** Milliseconds before the second try at most, and so many more before each further one. */
const LONGEST_PAUSE = 25;
/** More reads than these go over a second connection rather than behind each other. */
const MOST_READS_TOGETHER = 32;
/** Reads of one turn beyond these are refused, as those are who wait for a connection. */
const MOST_READS = 2_000;

interface Read extends Statement {
  readonly settled: PromiseWithResolvers<unknown[]>;
}

export class PostgresDatabase implements Database {
  readonly sql = queryBuilder;
  readonly changes: Changes;
  readonly #connections: Connections;
  readonly #notifications: Notifications;
  #reads: Read[] = [];

  constructor(settings: ConnectionSettings & { readonly address: PostgresAddress }) {
    this.#connections = new Connections(settings);
    this.#notifications = new Notifications(settings.address);
    this.changes = this.#notifications;
  }

  read<Row>(query: Query<Row>): Promise<Row[]> {
    if (this.#reads.length >= MOST_READS)
      return Promise.reject(new StoreUnavailable(ENGINE, { cause: new Error('Too many wait to read.') }));
    const { sql, parameters } = query.compile();
    const settled = Promise.withResolvers<unknown[]>();
    if (this.#reads.length === 0) setImmediate(() => this.#readAll());
    this.#reads.push({ sql, parameters, settled });
    return settled.promise as Promise<Row[]>;
  }

  async write<Result>(unit: () => Unit<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#connections.lend((connection) => runUnit(connection, unit()));
      } catch (error) {
        if (tries >= MOST_TRIES || !mayRunAgain(error)) throw explained(error);
        // Not all who met at the same time meet again.
        await pause(Math.random() * tries * LONGEST_PAUSE);
      }
    }
  }

  *announce(topic: string): Unit<void> {
    yield { query: CompiledQuery.raw('select pg_notify($1, $2)', [CHANNEL, topic]), wants: 'nothing' };
  }

  /** Waits for all that was asked and lets go of the connections; whatever is asked later is refused. */
  async close(): Promise<void> {
    this.#readAll();
    await Promise.all([this.#connections.close(), this.#notifications.close()]);
  }

  #readAll(): void {
    const reads = this.#reads;
    this.#reads = [];
    for (let from = 0; from < reads.length; from += MOST_READS_TOGETHER)
      void this.#readTogether(reads.slice(from, from + MOST_READS_TOGETHER));
  }

  /** Answers each read by itself: one that fails leaves those beside it alone. */
  async #readTogether(reads: readonly Read[], tries = 1): Promise<void> {
    const again: Read[] = [];
    try {
      await this.#connections.lend(async (connection) => {
        let failure: { readonly error: unknown } | undefined;
        for (const [index, answer] of (await connection.send(reads)).entries()) {
          const read = reads[index]!;
          if (answer.status === 'fulfilled') {
            read.settled.resolve(answer.value.rows);
            continue;
          }
          failure ??= { error: answer.reason };
          if (tries < MOST_TRIES && mayRunAgain(answer.reason)) again.push(read);
          else read.settled.reject(explained(answer.reason));
        }
        // Told to whoever lent the connection: it decides whether anybody else gets it.
        if (failure) throw failure.error;
      });
    } catch (error) {
      // Nothing for those that are settled already.
      for (const { settled } of reads.filter((read) => !again.includes(read))) settled.reject(explained(error));
    }
    if (again.length > 0) await this.#readTogether(again, tries + 1);
  }
}
