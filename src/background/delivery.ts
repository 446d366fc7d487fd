/**
 * Owns carrying what waits in the outbox to those it is for, each kind by its carrier: tried again and again with growing
 * pauses, until it was taken or makes no sense any more. Nobody who is slow or down holds up the others.
 */
import type { JournalEntry } from '../journal/events.ts';
import type { LeasedMessage, Onward, Outbox } from '../store.ts';
import type { Log } from '../web/log.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Milliseconds between tries; the last one over and over. */
export const PAUSES: readonly number[] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE];

/** Longer than a try may take (web/outgoing.ts, messaging/mail.ts); after a crash what was under way waits so long. */
const LEASE = 15 * SECOND;
/** At once: so many targets, so many messages to each. */
const TARGETS = 16;
const EACH = 8;
/** However far off the next message is: clocks are set, and other processes may write to the store. */
const LONGEST_SLEEP = MINUTE;
/** After the store itself failed. */
const SLEEP_IN_TROUBLE = 2 * SECOND;

/**
 * `pointless`: nobody is there any more who could be told. `Onward`: it was for several, and goes on as one message to each;
 * as those or as itself, never both, whatever happens in between.
 */
export type Carried = 'taken' | 'not_taken' | 'pointless' | Onward;

/** Knows the way of one kind of messages. */
export interface Carrier {
  /** Tries once; what it throws counts as `not_taken`. The signal ends a try early when the hub closes. */
  carry(message: LeasedMessage, signal: AbortSignal): Promise<Carried>;
  /** What the journal is told of the end of a message; nothing when absent. */
  record?(message: LeasedMessage, end: 'sent' | 'given_up'): readonly JournalEntry[];
}

export interface DeliveryParts {
  readonly outbox: Outbox;
  /** By kind. A kind that is not here is left alone: a newer program, or other settings, will know it. */
  readonly carriers: ReadonlyMap<string, Carrier>;
  readonly pauses?: readonly number[] | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #closing = new AbortController();
  /** What is under way, by target. */
  readonly #batches = new Map<string, Promise<void>>();
  #round: Promise<void> | undefined;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;
  /** Told once, until the store has answered again. */
  #inTrouble = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Looks for what is due, now: at the start, and when a message was enqueued. Returns at once. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#wanted = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = undefined;
      // Woken after the last look: one more.
      if (this.#wanted) this.wake();
    });
  }

  /** Ends what is under way; it is due again at once for whoever opens the store next. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wanted = false;
    clearTimeout(this.#timer);
    await this.#round;
    await Promise.all(this.#batches.values());
  }

  async #rounds(): Promise<void> {
    clearTimeout(this.#timer);
    let sleep = LONGEST_SLEEP;
    try {
      while (this.#wanted && !this.#closing.signal.aborted) {
        this.#wanted = false;
        await this.#takeDue();
      }
      // With all hands full, the next hand that is free looks again.
      const full = this.#batches.size >= TARGETS;
      const next = full ? undefined : await this.#parts.outbox.nextDue([...this.#batches.keys()]);
      if (next !== undefined) sleep = Math.min(Math.max(0, next - this.#parts.clock()), LONGEST_SLEEP);
      this.#inTrouble = false;
    } catch (cause) {
      this.#tell(cause);
      sleep = SLEEP_IN_TROUBLE;
    }
    if (!this.#closing.signal.aborted) this.#timer = setTimeout(() => this.wake(), sleep).unref();
  }

  async #takeDue(): Promise<void> {
    const { outbox, clock } = this.#parts;
    const except = [...this.#batches.keys()];
    const targets = TARGETS - except.length;
    if (targets <= 0) return;
    const due = await outbox.due({ now: clock(), lease: LEASE, targets, each: EACH, except });
    for (const [target, messages] of Map.groupBy(due, (message) => message.target)) {
      const batch = Promise.all(messages.map((message) => this.#try(message))).then(() => {
        this.#batches.delete(target);
        // There may be more for this target, and room for another one.
        this.wake();
      });
      this.#batches.set(target, batch);
    }
  }

  async #try(message: LeasedMessage): Promise<void> {
    const { outbox, carriers, clock, log } = this.#parts;
    const carrier = carriers.get(message.kind);
    try {
      // Even when its time is over: whoever knows the kind knows what the journal has to be told.
      if (carrier === undefined) return await outbox.retry(message, clock() + this.#pauseAfter(message.tries));
      const carried = await this.#outcomeOf(message, carrier);
      if (typeof carried === 'object') return await outbox.done(message, [], carried);
      if (carried === 'taken') return await outbox.done(message, carrier.record?.(message, 'sent') ?? []);
      if (this.#closing.signal.aborted) return await outbox.retry(message, clock());
      const at = clock() + this.#pauseAfter(message.tries);
      if (carried === 'not_taken' && at < message.expiresAt) return await outbox.retry(message, at);
      log('message_given_up', { client: message.target });
      await outbox.done(message, carrier.record?.(message, 'given_up') ?? []);
    } catch (cause) {
      // The store failed; the lease runs out and the message is due again.
      this.#tell(cause);
    }
  }

  #tell(cause: unknown): void {
    if (!this.#inTrouble) this.#parts.log('internal_error', { cause });
    this.#inTrouble = true;
  }

  async #outcomeOf(message: LeasedMessage, carrier: Carrier): Promise<Carried> {
    if (message.payload === undefined || message.expiresAt <= this.#parts.clock()) return 'pointless';
    try {
      return await carrier.carry(message, this.#closing.signal);
    } catch {
      return 'not_taken';
    }
  }

  #pauseAfter(tries: number): number {
    const { pauses = PAUSES } = this.#parts;
    return pauses[Math.min(tries, pauses.length) - 1]!;
  }
}
