/**
 * Owns that what has passed its date goes, whether or not anybody looks: evidence of reviews, answered cases, alerts,
 * what developers saw, and the ties between persons and what happened to them years ago. Of all processes of the hub one does it at a time.
 */
import { setInterval } from 'node:timers';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Log } from '../web/log.ts';
import { Lease } from './lease.ts';

/** Milliseconds between looks. */
const INTERVAL = 60 * 60 * 1000;
/** Seconds for which one process has the work; over the pause. */
const LEASE = 2 * 60 * 60;
/** Years for which a person sees what happened. */
export const HISTORY_YEARS = 5;

export interface RetentionParts {
  readonly store: Pick<Store, 'reviews' | 'journal' | 'own' | 'sightings' | 'state'>;
  readonly historyYears?: number | undefined;
  /** Milliseconds between looks, when not the usual ones. */
  readonly interval?: number | undefined;
  readonly clock: () => number;
  readonly log: Log;
}

export class Retention {
  readonly #parts: RetentionParts;
  readonly #lease: Lease;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#lease = new Lease(parts.store.state, 'retention', LEASE);
  }

  /** Looks now, and then again and again. Returns at once. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), this.#parts.interval ?? INTERVAL).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await this.#lease.release().catch(() => {});
  }

  #look(): void {
    this.#round = this.#round
      .then(() => this.#sweep())
      .catch((cause) => this.#parts.log(cause instanceof StoreUnavailable ? cause.code : 'internal_error', { cause }));
  }

  async #sweep(): Promise<void> {
    const { store, clock } = this.#parts;
    if (!(await this.#lease.hold())) return;
    const now = clock();
    await store.reviews.sweep();
    await store.own.sweep(now);
    await store.sightings.sweep(now);
    await store.journal.forgetBefore(yearsBefore(now, this.#parts.historyYears ?? HISTORY_YEARS));
  }
}

/** The same day so many years ago. */
function yearsBefore(now: number, years: number): number {
  const day = new Date(now);
  day.setUTCFullYear(day.getUTCFullYear() - years);
  return day.getTime();
}
