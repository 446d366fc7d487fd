/**
 * Owns seeing the sign-ins of this process for those who develop the services: in memory, so that no sign-in waits for it,
 * and told to the store every few seconds, in one unit. What the store does not take waits for the next time. Nothing here
 * grows with what somebody sends: numbers are added up, failures are the newest few of each client.
 */
import { randomUUID } from 'node:crypto';
import { dateInVietnam } from '../calendar.ts';
import { errorOf, isErrorCode } from '../errors.ts';
import { ACR_LADDER, type Acr } from '../identity/assertion.ts';
import type { Event } from '../journal/events.ts';
import { StoreUnavailable } from '../store.ts';
import type { Log } from '../web/log.ts';
import { bucketOf } from './durations.ts';
import { refusalOf } from './error-causes.ts';
import { outcomeOf } from './metrics.ts';
import type {
  DurationCount,
  FailedSignIn,
  Outcome,
  Sightings,
  SightingsBatch,
  SignInCount,
  Step,
} from './sightings.ts';
import { currentTrace } from './trace.ts';

/** What a citizen waited for; the others are calls of programs, and whatever anybody sends. */
const TIMED: ReadonlySet<Outcome> = new Set(['signed_in', 'refused', 'unavailable', 'consent_refused']);
/** Milliseconds between two tellings. */
const INTERVAL = 5_000;
/** What a process holds until then: different counts, different durations, failures of one client, and of all. */
const MOST_COUNTS = 5_000;
const MOST_DURATIONS = 10_000;
const MOST_FAILURES_OF_CLIENT = 20;
const MOST_FAILURES = 2_000;

export interface SightingsCollectorParts {
  readonly store: { readonly sightings: Pick<Sightings, 'add'> };
  /** Whether a client is registered; of others nothing is kept. */
  readonly isKnown: (client: string) => boolean;
  /** Ids of the configured sources. */
  readonly sources: readonly string[];
  /** Milliseconds between tellings, when not the usual ones. */
  readonly interval?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

/** One way a sign-in, or a call of the agency's program, has ended. */
export interface Ending {
  readonly client: string;
  readonly outcome: Outcome;
  readonly source?: string | undefined;
  readonly level?: string | undefined;
}

/** Why it failed. */
export interface Failing {
  readonly error: string;
  readonly cause: string;
  readonly step: Step;
  readonly incident?: string | undefined;
}

export class SightingsCollector {
  readonly #parts: SightingsCollectorParts;
  #counts = new Map<string, SignInCount>();
  #durations = new Map<string, DurationCount>();
  /** By client, oldest first. */
  #failures = new Map<string, FailedSignIn[]>();
  #dropped = 0;
  #droppedTold = 0;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  /** Told once, until the store has answered again. */
  #inTrouble = false;

  constructor(parts: SightingsCollectorParts) {
    this.#parts = parts;
  }

  /** How much was seen and could not be held. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Tells the store again and again from now on. */
  start(): void {
    const { interval = INTERVAL } = this.#parts;
    this.#timer = setInterval(() => void this.flush(), interval).unref();
  }

  /** Tells the store a last time, while it is still open. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** An event is durable (watched-store.ts). */
  happened(event: Event): void {
    const outcome = outcomeOf(event);
    if (outcome === undefined) return;
    const { client, source, acr } = event as { client: string; source?: string; acr?: string };
    const ending = { client, outcome, source, level: event.type === 'tokens_issued' ? acr : undefined };
    if (event.type === 'tokens_issued') return void this.ended(ending);
    const code = event.type === 'sign_in_refused' ? event.reason : outcome;
    const known = isErrorCode(code) ? code : 'internal_error';
    const incident = event.type === 'sign_in_refused' ? event.incident : undefined;
    this.ended(ending, { ...refusalOf(known), error: errorOf(known).oauth ?? 'access_denied', incident });
  }

  /** Counts an ending, with how long it took as far as the request knows, and keeps why it failed, if it did. */
  ended({ client, source, level, outcome }: Ending, failing?: Failing): FailedSignIn | undefined {
    const { isKnown, sources, clock } = this.#parts;
    if (!isKnown(client)) return undefined;
    const at = clock();
    const [day, trace] = [dateInVietnam(at), currentTrace()];
    // A citizen's browser names the source of a choice: only those there are become a key.
    const from = source !== undefined && sources.includes(source) ? { source } : {};
    const reported = (ACR_LADDER as readonly (string | undefined)[]).includes(level) ? { level: level as Acr } : {};
    this.#count({ day, client, ...from, ...reported, outcome, count: 1 });
    if (trace?.signInBegan !== undefined && TIMED.has(outcome)) {
      this.#time(day, client, 'sign_in', (at - trace.signInBegan) / 1000);
      this.#time(day, client, 'answer', (performance.now() - trace.arrived) / 1000);
    }
    if (failing === undefined) return undefined;
    const { error, cause, step, incident = trace?.incident ?? '' } = failing;
    const failed = { id: randomUUID(), client, at, error, cause, step, ...from, incident };
    this.#keep(failed);
    return failed;
  }

  /** What was kept of a failure turns out to be another one: the last to be said is what the citizen is shown. */
  correct(failed: FailedSignIn, { error, cause }: Pick<Failing, 'error' | 'cause'>): void {
    const kept = this.#failures.get(failed.client) ?? [];
    const at = kept.findIndex(({ id }) => id === failed.id);
    if (at >= 0) kept[at] = { ...failed, error, cause };
  }

  /** Tells the store what was seen since the last time. Never throws: what fails stays for the next time. */
  flush(): Promise<void> {
    this.#round = this.#round.then(() => this.#tell());
    return this.#round;
  }

  async #tell(): Promise<void> {
    const batch: SightingsBatch = {
      counts: [...this.#counts.values()],
      durations: [...this.#durations.values()],
      failures: [...this.#failures.values()].flat(),
    };
    if (batch.counts.length === 0) return;
    if (this.#dropped > this.#droppedTold) this.#parts.log('sightings_dropped');
    this.#droppedTold = this.#dropped;
    [this.#counts, this.#durations, this.#failures] = [new Map(), new Map(), new Map()];
    try {
      await this.#parts.store.sightings.add(batch);
      this.#inTrouble = false;
    } catch (cause) {
      this.#takeBack(batch);
      if (!this.#inTrouble)
        this.#parts.log(cause instanceof StoreUnavailable ? cause.code : 'internal_error', { cause });
      this.#inTrouble = true;
    }
  }

  #takeBack({ counts, durations, failures }: SightingsBatch): void {
    for (const count of counts) this.#count(count);
    for (const duration of durations) this.#addDuration(duration);
    const since = this.#failures;
    this.#failures = new Map();
    for (const failed of [...failures, ...[...since.values()].flat()]) this.#keep(failed);
  }

  #count(count: SignInCount): void {
    const { day, client, source, level, outcome } = count;
    this.#add(this.#counts, [day, client, source, level, outcome].join(' '), count, MOST_COUNTS);
  }

  #time(day: string, client: string, kind: DurationCount['kind'], seconds: number): void {
    this.#addDuration({ day, client, kind, bucket: bucketOf(seconds), count: 1 });
  }

  #addDuration(duration: DurationCount): void {
    const { day, client, kind, bucket } = duration;
    this.#add(this.#durations, [day, client, kind, bucket].join(' '), duration, MOST_DURATIONS);
  }

  #add<Counted extends { readonly count: number }>(
    counts: Map<string, Counted>,
    key: string,
    counted: Counted,
    most: number,
  ): void {
    const known = counts.get(key);
    if (known !== undefined) counts.set(key, { ...known, count: known.count + counted.count });
    else if (counts.size < most) counts.set(key, counted);
    else this.#dropped += counted.count;
  }

  #keep(failed: FailedSignIn): void {
    const kept = this.#failures.get(failed.client) ?? [];
    if (kept.length === 0 && this.#failures.size >= MOST_FAILURES / MOST_FAILURES_OF_CLIENT) {
      this.#dropped += 1;
      return;
    }
    this.#failures.set(failed.client, kept);
    kept.push(failed);
    if (kept.length > MOST_FAILURES_OF_CLIENT) kept.shift();
  }
}
