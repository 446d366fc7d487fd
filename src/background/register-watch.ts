/**
 * Owns keeping up with the population register between sign-ins: asks it again and again what has changed, and ends the
 * running sessions of who has died. Attributes are not touched: they live in sessions and end with them. Of all processes
 * of the hub one asks at a time.
 */
import { entry } from '../journal/events.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Log } from '../web/log.ts';
import { Lease } from './lease.ts';

const SECOND = 1000;

/** Well within the minute after which no session of somebody who died may be left. */
export const WATCH_INTERVAL = 20 * SECOND;
/** Milliseconds between questions while our own store fails. */
const INTERVAL_IN_TROUBLE = 2 * SECOND;
/** How long one question may take. */
const PATIENCE = 10 * SECOND;
/** Where the hub has come to is forgotten after so many seconds without a question; then it hears everything again. */
const CURSOR_KEPT = 400 * 24 * 60 * 60;
const CURSOR = ['RegisterCursor', 'population'] as const;

/** What the register has to say of one number. Kinds that the hub does not know are none of its business. */
export interface RegisterChange {
  readonly number: string;
  readonly kind: string;
}

export interface RegisterChanges {
  readonly changes: readonly RegisterChange[];
  /** Stands for everything up to here. */
  readonly cursor: string;
}

/** The register's feed of changes. Throws when it does not answer. */
export interface ChangeFeed {
  /** Some of what came after `since`, oldest first; with an empty cursor from the beginning. None: there is no more. */
  changesSince(since: string, signal: AbortSignal): Promise<RegisterChanges>;
}

export interface WatchParts {
  readonly feed: ChangeFeed;
  readonly store: Pick<Store, 'people' | 'journal' | 'state'>;
  readonly endSessionsOf: (person: string) => Promise<unknown>;
  /** Milliseconds between questions, when not the usual ones. */
  readonly interval?: number | undefined;
  readonly clock: () => number;
  readonly log: Log;
}

export class RegisterWatch {
  readonly #parts: WatchParts;
  readonly #closing = new AbortController();
  readonly #lease: Lease;
  #timer: NodeJS.Timeout | undefined;
  /** Told once, until the register has answered again. */
  #silent = false;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: WatchParts) {
    this.#parts = parts;
    // Over a pause and the question after it; another process takes over well within the minute.
    const lifetime = ((parts.interval ?? WATCH_INTERVAL) + PATIENCE) / SECOND;
    this.#lease = new Lease(parts.store.state, 'register-watch', lifetime);
  }

  /** Asks now, and then again and again. Returns at once. */
  start(): void {
    let pause = this.#parts.interval ?? WATCH_INTERVAL;
    this.#round = this.#catchUp()
      .then(() => {
        this.#silent = false;
      })
      // Nothing is lost: the cursor stays where it was.
      .catch((cause) => {
        const ours = cause instanceof StoreUnavailable;
        if (ours) pause = Math.min(pause, INTERVAL_IN_TROUBLE);
        if (this.#closing.signal.aborted || this.#silent) return;
        this.#silent = true;
        this.#parts.log(ours ? cause.code : 'register_unavailable', { cause });
      })
      .finally(() => {
        if (this.#closing.signal.aborted) return;
        this.#timer = setTimeout(() => this.start(), pause).unref();
      });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#round;
    // Who comes next has to wait until it has run out, no more.
    await this.#lease.release().catch(() => {});
  }

  async #catchUp(): Promise<void> {
    const { feed, store } = this.#parts;
    if (!(await this.#lease.hold())) return;
    const kept = await store.state.get(...CURSOR);
    let since = typeof kept?.value === 'string' ? kept.value : '';
    while (!this.#closing.signal.aborted) {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE)]);
      const { changes, cursor } = await feed.changesSince(since, signal);
      // Before the cursor moves: after a crash in between it is done twice rather than never.
      for (const change of changes) await this.#follow(change);
      if (cursor !== since) await store.state.put(...CURSOR, cursor, CURSOR_KEPT);
      if (changes.length === 0 || cursor === since || !(await this.#lease.hold())) return;
      since = cursor;
    }
  }

  async #follow({ number, kind }: RegisterChange): Promise<void> {
    if (kind !== 'deceased') return;
    const { store, endSessionsOf, clock } = this.#parts;
    const person = await store.people.findHolder(number);
    if (person === undefined) return;
    await endSessionsOf(person);
    await store.journal.record([entry(clock(), { type: 'person_deceased' }, person)]);
  }
}
