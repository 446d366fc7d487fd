/** Owns which of SQLite's errors mean that its file cannot be used just now, rather than that a statement was wrong. */
import { StoreUnavailable } from '../../src/store.ts';

export const ENGINE = 'sqlite';

/** Primary result codes: out of memory, read-only, failed reading or writing, disk full, the file cannot be opened. */
const TROUBLE: ReadonlySet<number> = new Set([7, 8, 10, 13, 14]);

/** What to throw for what SQLite threw: `StoreUnavailable` when it may be asked again in a moment, else the error itself. */
export function explained(error: unknown): unknown {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && TROUBLE.has(errcode & 0xff) ? new StoreUnavailable(ENGINE, { cause: error }) : error;
}
