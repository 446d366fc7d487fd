/** Owns what PostgreSQL's errors mean: a wrong statement, one to be tried again, or a server that cannot be used now. */
import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../../src/store.ts';
import { Overtaken } from '../sql/unit.ts';
import { OVERTAKEN_STATE } from './words.ts';

export const ENGINE = 'postgresql';

/**
 * SQLSTATE classes and states (PostgreSQL: Appendix A) of a server that cannot be used just now: connection, authorization,
 * resources, an operator or a timeout stepping in, the system under it; no such database, a standby, a transaction that
 * waited too long.
 */
const UNAVAILABLE = /^(08|28|53|57|58|3D000$|25006$|25P03$)/;
/** Two units in each other's way: one of them was taken back so that the other could go on. */
const GIVEN_UP: ReadonlySet<string> = new Set(['40001', '40P01']);
/** The statement was never prepared on this connection, because whoever was to prepare it failed. */
const NOT_PREPARED = '26000';
/** A standby calls itself read-only after a failover; its successor is found by connecting again. */
const READ_ONLY = '25006';

/** What a question that failed is told for: as the server said it, or that the connection to it is gone. */
export function failureOf(error: unknown): unknown {
  return error instanceof DatabaseError || isMistake(error) ? error : new StoreUnavailable(ENGINE, { cause: error });
}

/** What to throw to whoever asked: what the server said is told in the store's own words where there are such. */
export function explained(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === OVERTAKEN_STATE) return new Overtaken();
  // Still in each other's way after so many tries: whoever asks in a moment gets through.
  const code = error.code ?? '';
  return UNAVAILABLE.test(code) || GIVEN_UP.has(code) ? new StoreUnavailable(ENGINE, { cause: error }) : error;
}

/** Whether a unit came to nothing for a reason that may be gone when it is run again from its beginning. */
export function mayRunAgain(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return GIVEN_UP.has(error.code ?? '') || error.code === NOT_PREPARED || isOutdatedPlan(error);
}

/** Whether nothing more should be asked over the connection that brought this error. */
export function spoilsConnection(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return error instanceof StoreUnavailable;
  return error.severity === 'FATAL' || error.code === READ_ONLY || error.code === NOT_PREPARED || isOutdatedPlan(error);
}

/** Prepared before a newer program changed the tables: a new connection prepares it anew. */
function isOutdatedPlan({ code, routine }: DatabaseError): boolean {
  return code === '0A000' && routine === 'RevalidateCachedQuery';
}

/** Thrown because of what was asked, not of where. */
function isMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}
