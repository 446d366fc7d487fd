/**
 * Owns the connections to PostgreSQL: how many there are, who has one, how many may wait for one, and that one that broke
 * is never lent again.
 */
import { Pool, type PoolClient } from 'pg';
import { StoreUnavailable } from '../../src/store.ts';
import type { PostgresAddress } from './address.ts';
import { Connection, StatementNames } from './connection.ts';
import { ENGINE, spoilsConnection } from './trouble.ts';

const MOST_CONNECTIONS = 10;
/** Who wait beyond this would wait longer than citizens do. */
const MOST_WAITING_PER_CONNECTION = 100;
/** Milliseconds after which a connection without work is closed, and seconds after which any is made anew. */
const IDLE_TIME = 60_000;
const LIFETIME = 1_800;

export interface ConnectionSettings {
  readonly address: PostgresAddress;
  readonly most?: number | undefined;
  /** Called each time this process waits for the server. */
  readonly onTrip?: (() => void) | undefined;
}

export class Connections {
  readonly #pool: Pool;
  readonly #names = new StatementNames();
  readonly #onTrip: () => void;
  readonly #mostWaiting: number;
  readonly #lent = new Set<Promise<unknown>>();
  #waiting = 0;
  #closed: Promise<void> | undefined;

  constructor({ address, most = MOST_CONNECTIONS, onTrip = () => {} }: ConnectionSettings) {
    this.#pool = new Pool({
      ...address.client,
      pipeline: true,
      max: most,
      idleTimeoutMillis: IDLE_TIME,
      maxLifetimeSeconds: LIFETIME,
    });
    this.#onTrip = onTrip;
    this.#mostWaiting = most * MOST_WAITING_PER_CONNECTION;
    // Whoever has a connection that breaks hears of it by what they asked; nobody else needs to.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
    this.#pool.on('error', () => {});
  }

  /** Lends a connection for some work. Throws `StoreUnavailable` when there is none, or too many wait for one already. */
  lend<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(closed());
    const lent = this.#lend(work);
    this.#lent.add(lent);
    const over = () => this.#lent.delete(lent);
    lent.then(over, over);
    return lent;
  }

  /** Waits for all work that has begun, then lets go of every connection. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    while (this.#lent.size > 0) await Promise.allSettled(this.#lent);
    await this.#pool.end();
  }

  async #lend<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const client = await this.#take();
    const connection = new Connection(client, this.#names, this.#onTrip);
    let spoiled = true;
    try {
      const result = await work(connection);
      spoiled = false;
      return result;
    } catch (error) {
      spoiled = spoilsConnection(error);
      throw error;
    } finally {
      client.release(spoiled || !connection.isIdle);
    }
  }

  async #take(): Promise<PoolClient> {
    if (this.#waiting >= this.#mostWaiting)
      throw new StoreUnavailable(ENGINE, { cause: new Error('Too many wait for a connection.') });
    this.#waiting += 1;
    try {
      return await this.#pool.connect();
    } catch (cause) {
      throw new StoreUnavailable(ENGINE, { cause });
    } finally {
      this.#waiting -= 1;
    }
  }
}

function closed(): StoreUnavailable {
  return new StoreUnavailable(ENGINE, { cause: new Error('The store is closed.') });
}
