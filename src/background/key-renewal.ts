/**
 * Owns bringing what is stored to the active keys while the hub runs: looks at the start and again and again, goes through
 * it a little at a time with pauses. Of the processes of a hub one is at it; were it two, they would only be slower.
 */

import type { Store } from '../store.ts';
import type { Log } from '../web/log.ts';
import { Lease } from './lease.ts';

const SECOND = 1000;

/** Milliseconds until the next look: processes with an older key file may have written meanwhile. */
export const RENEWAL_INTERVAL = 300 * SECOND;
/**
 * The same after the start, and after rows were brought forward: a process about to be replaced may write some more. Each
 * wait that follows is twice as long.
 */
const SOON = 3 * SECOND;
/** Rows at once, and milliseconds between: 2,000 rows a second at most. */
const BATCH = 200;
const PAUSE = 100;
/** Seconds for which the others leave it to who is at it; taken anew at each batch. */
const TURN = 60;

export interface KeyRenewalParts {
  readonly store: Pick<Store, 'renewal' | 'state'>;
  /** Milliseconds between looks, when not the usual ones; `soon` until the one after the start. */
  readonly interval?: number | undefined;
  readonly soon?: number | undefined;
  readonly log: Log;
}

export class KeyRenewal {
  readonly #parts: KeyRenewalParts;
  readonly #turn: Lease;
  readonly #closing = Promise.withResolvers<'closing'>();
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #wait: number;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: KeyRenewalParts) {
    this.#parts = parts;
    this.#wait = parts.soon ?? SOON;
    this.#turn = new Lease(parts.store.state, 'key-renewal', TURN);
  }

  /** Looks now, and then again and again. Returns at once. */
  start(): void {
    const { interval = RENEWAL_INTERVAL, soon = SOON, log } = this.#parts;
    this.#round = this.#renew()
      // Nothing is lost: what was not brought forward still stands under its key.
      .catch((cause) => {
        log('internal_error', { cause });
        return false;
      })
      .then((found) => {
        if (this.#closed) return;
        if (found) this.#wait = soon;
        this.#timer = setTimeout(() => this.start(), Math.min(this.#wait, interval)).unref();
        this.#wait = Math.min(2 * this.#wait, interval);
      });
  }

  /** Ends between two batches; whoever looks next goes on there. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.resolve('closing');
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** `true` when there was something to bring forward, and all of it was. */
  async #renew(): Promise<boolean> {
    const { store, log } = this.#parts;
    if (!(await this.#anyLeft()) || !(await this.#turn.hold())) return false;
    const startedAt = performance.now();
    log('keys_renewal_started');
    try {
      for await (const _ of store.renewal.batches(BATCH)) {
        if ((await this.#pause()) || !(await this.#turn.hold())) return false;
      }
    } finally {
      await this.#turn.release();
    }
    // What does not open is told each time: it must not be forgotten, and its old key must stay.
    const isWhole = !(await this.#anyLeft());
    log(isWhole ? 'keys_renewed' : 'keys_renewal_incomplete', { ms: Math.round(performance.now() - startedAt) });
    return isWhole;
  }

  async #anyLeft(): Promise<boolean> {
    const { index, wrapping } = await this.#parts.store.renewal.left();
    return index.length + wrapping.length > 0;
  }

  /** `true` when the hub closes. */
  async #pause(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PAUSE);
    const ended = await Promise.race([promise, this.#closing.promise]);
    clearTimeout(timer);
    return ended === 'closing';
  }
}
