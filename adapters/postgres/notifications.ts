/**
 * Owns hearing of what other processes changed: one connection that listens (PostgreSQL: NOTIFY) and is made anew whenever
 * it breaks. What was told meanwhile is lost, so after each connecting everything may have changed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type Changes, EVERY_TOPIC } from '../../src/store.ts';
import { Announcements } from '../sql/announcements.ts';
import type { PostgresAddress } from './address.ts';

export const CHANNEL = 'lien_thong';

/** Milliseconds between tries to connect: at first, and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** Milliseconds between questions whether the server is still there; nothing else is ever asked over this connection. */
const LOOK_INTERVAL = 10_000;

export class Notifications implements Changes {
  readonly #address: PostgresAddress;
  readonly #announcements = new Announcements();
  readonly #closing = new AbortController();
  #following: Promise<void> | undefined;

  constructor(address: PostgresAddress) {
    this.#address = address;
  }

  /** Connects when somebody listens for the first time. */
  listen(listener: (topic: string) => void): void {
    this.#announcements.listen(listener);
    this.#following ??= this.#follow();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    let wait = FIRST_PAUSE;
    while (!signal.aborted) {
      const wasThere = await this.#hear();
      wait = wasThere ? FIRST_PAUSE : Math.min(wait * 2, LONGEST_PAUSE);
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }

  /** Listens until the connection is over; `false` when there never was one. */
  async #hear(): Promise<boolean> {
    const { signal } = this.#closing;
    const client = new Client(this.#address.client);
    const over = new Promise<void>((resolve) => {
      client.once('end', resolve).on('error', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ payload }) => this.#announcements.tell([payload ?? EVERY_TOPIC]));
    let looking: NodeJS.Timeout | undefined;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#announcements.tell([EVERY_TOPIC]);
      looking = setInterval(() => client.query('select 1').catch(() => void client.end()), LOOK_INTERVAL);
      await over;
      return true;
    } catch {
      return false;
    } finally {
      clearInterval(looking);
      void client.end();
    }
  }
}
