/**
 * Owns what an agency's developer may see of the sign-ins at their service, and the port behind which it is kept: numbers
 * by day, and the last that failed. Nothing in it is of a person: no `sub`, no address, no browser.
 */
import type { Acr, SourceId } from '../identity/assertion.ts';
import type { DurationKind } from './durations.ts';

/** How a sign-in ended, a try at a source within it, or a call of the agency's own program. */
export const OUTCOMES = [
  'signed_in',
  'refused',
  'cancelled',
  'unavailable',
  'consent_refused',
  /** `prompt=none`, and there was something to ask. */
  'interaction_required',
  /** The authorization request itself was wrong. */
  'request_refused',
  /** The token endpoint refused the agency's program. */
  'token_refused',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Where on its way a sign-in failed (ARCHITECTURE: The path of one sign-in). */
export const STEPS = ['request', 'choose', 'prove', 'identify', 'assure', 'consent', 'token'] as const;
export type Step = (typeof STEPS)[number];

/** Days for which counts are kept, and failures; failures of a client at most, and at most of one step of them. */
export const COUNTS_KEPT = 400;
export const FAILURES_KEPT = 14;
export const MOST_FAILURES = 100;
/** What anybody can send in a client's name fails at one step: it must not push out what failed at the others. */
export const MOST_FAILURES_OF_STEP = 25;

/** So many sign-ins ended in this way on this day. */
export interface SignInCount {
  /** In Viet Nam, `YYYY-MM-DD`. */
  readonly day: string;
  readonly client: string;
  /** Absent where it had not come to a source. */
  readonly source?: SourceId;
  /** That was reported to the agency. */
  readonly level?: Acr;
  readonly outcome: Outcome;
  readonly count: number;
}

/** So many took about as long as their bucket says (durations.ts). */
export interface DurationCount {
  readonly day: string;
  readonly client: string;
  readonly kind: DurationKind;
  readonly bucket: number;
  readonly count: number;
}

export interface FailedSignIn {
  /** Random. */
  readonly id: string;
  readonly client: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** As OAuth and OpenID Connect name it, as far as the agency was or would have been told. */
  readonly error: string;
  /** A code of errors.ts, or of error-causes.ts; never anything that was sent. */
  readonly cause: string;
  readonly step: Step;
  readonly source?: SourceId;
  /** Which whoever met it was shown, and which the log carries. */
  readonly incident: string;
}

/** What one process has seen since it last told. */
export interface SightingsBatch {
  readonly counts: readonly SignInCount[];
  readonly durations: readonly DurationCount[];
  readonly failures: readonly FailedSignIn[];
}

/** A client's numbers of some days. */
export interface SightingsOfDays {
  readonly from: string;
  /** The last day, included. */
  readonly to: string;
  readonly counts: readonly SignInCount[];
  readonly durations: readonly DurationCount[];
}

export interface Sightings {
  /** Adds to what is there, whoever else does; all of it or nothing. */
  add(batch: SightingsBatch): Promise<void>;
  /** By day, both days included. */
  countsOf(client: string, fromDay: string, toDay: string): Promise<SightingsOfDays>;
  /** Newest first, none older than 14 days. */
  failuresOf(client: string, most: number): Promise<readonly FailedSignIn[]>;
  /** Deletes what has been kept for its time. */
  sweep(now: number): Promise<void>;
}
