/** Owns which of Redis's failures mean that it cannot be used just now, rather than that a command was wrong. */
import { StoreUnavailable } from '../../src/store.ts';

export const ENGINE = 'redis';

/**
 * What a server answers that is loading, a replica, full, cannot save, is stopped by a script, or of a cluster that is not
 * whole or being moved. From inside a script it may stand anywhere in the answer.
 */
const TROUBLE =
  /\b(LOADING|READONLY|OOM|MISCONF|NOREPLICAS|BUSY|CLUSTERDOWN|MASTERDOWN|MOVED|ASK|TRYAGAIN|UNBLOCKED|NOAUTH|WRONGPASS|NOPERM)\b/;

/** Redis refused a command for good. Only its code is kept: what it answers may quote what it was asked. */
export class RedisRefused extends Error {
  override readonly name = 'RedisRefused';
  readonly code = 'store_refused';
}

/**
 * What to throw for what the client threw: `StoreUnavailable` unless Redis refused the command itself. The error is not
 * handed on as it is, because it carries the command with all its values.
 */
export function explained(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error('unknown');
  if (name !== 'ReplyError') return new StoreUnavailable(ENGINE, { cause: new Error(message) });
  const trouble = TROUBLE.exec(message)?.[1];
  if (trouble !== undefined) return new StoreUnavailable(ENGINE, { cause: new Error(trouble) });
  return new RedisRefused(`Redis refused a command: ${/^[A-Z]+\b/.exec(message)?.[0] ?? 'without a code'}`);
}
