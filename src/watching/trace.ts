/**
 * Owns what is noted of one request while it runs, for its line in the log and its numbers: nobody passes it on by hand,
 * it goes where the request's own calls go.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { JournalEntry } from '../journal/events.ts';
import type { StoreUnavailable } from '../store.ts';

export interface Trace {
  /** When it came, as `performance.now()` counts. */
  readonly arrived: number;
  /** Milliseconds since the epoch at which the sign-in began that it belongs to, once that is known. */
  signInBegan?: number;
  /** Its number, as on its page and in the log. */
  incident?: string | undefined;
  /** Calls to the store. */
  trips: number;
  /** A registered client and source, as the journal was told them. */
  client?: string;
  source?: string;
  /** Code of what the citizen or agency was told instead of an answer. */
  error?: string;
  /** The store failed in this request, whatever became of it. */
  trouble?: StoreUnavailable;
}

const traces = new AsyncLocalStorage<Trace>();

/** Runs a request, and all it sets in motion, under a trace of its own. */
export function traced(run: (trace: Trace) => void): void {
  const trace: Trace = { arrived: performance.now(), trips: 0 };
  traces.run(trace, () => run(trace));
}

/** The trace of the request this call belongs to; `undefined` outside of any. */
export function currentTrace(): Trace | undefined {
  return traces.getStore();
}

/** This request belongs to a sign-in that began then (milliseconds since the epoch). */
export function noteBeginning(at: number | undefined): void {
  const trace = currentTrace();
  if (trace && at !== undefined) trace.signInBegan = at;
}

/** What was journaled says whose request it is. */
export function note(trace: Trace, { event }: JournalEntry): void {
  if ('client' in event && event.client !== undefined) trace.client = event.client;
  if ('source' in event && event.source !== undefined) trace.source = event.source;
  if (event.type === 'sign_in_refused') trace.error = event.reason;
}
