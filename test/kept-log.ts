/** Owns a hub's log kept in memory, line for line as it would have been printed, at the most talkative level. */
import { createLog, type Log } from '../src/web/log.ts';

export interface KeptLog {
  readonly log: Log;
  readonly lines: string[];
  /** The entries of one code. */
  entries(code: string): readonly Readonly<Record<string, unknown>>[];
}

export function keepLog(): KeptLog {
  const lines: string[] = [];
  return {
    log: createLog('debug', { write: (line) => void lines.push(line) }),
    lines,
    entries: (code) => lines.map((line) => JSON.parse(line)).filter((entry) => entry.code === code),
  };
}
