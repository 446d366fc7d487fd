/**
 * Owns what the operator says of a source while the hub runs: that it is switched off, and a notice to citizens. One file,
 * looked at again every two seconds at most and only when somebody asks, so that a change needs no restart and no signal.
 */
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Localised } from '../../views/pages.ts';
import type { Log } from '../web/log.ts';

const text = z.string().min(1).max(300);
const switches = z.record(
  z.string(),
  z.strictObject({
    switched_off: z.boolean().default(false),
    notice: z.strictObject({ vi: text, en: text }).optional(),
  }),
);
type Switches = z.infer<typeof switches>;

const LOOKED_AT_EVERY = 2_000;
const LARGEST_FILE = 65_536;

export interface SourceSwitchesParts {
  /** Absent: nothing can be switched. */
  readonly file: string | undefined;
  /** Ids of the configured sources: a switch of any other is a mistake. */
  readonly sources: readonly string[];
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Reads a switches file; one that is not there switches nothing. Throws when it has not its form. */
export function readSwitches(file: string, sources: readonly string[]): Switches {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  if (content.length > LARGEST_FILE) throw new RangeError('is too large');
  const read = switches.parse(JSON.parse(content));
  const unknown = Object.keys(read).find((id) => !sources.includes(id));
  if (unknown !== undefined) throw new RangeError(`names a source that is not there: ${unknown}`);
  return read;
}

export class SourceSwitches {
  readonly #parts: SourceSwitchesParts;
  #current: Switches = {};
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** How the file looked when it was last read. */
  #read = '';

  constructor(parts: SourceSwitchesParts) {
    this.#parts = parts;
  }

  isOff(id: string): boolean {
    return this.#now()[id]?.switched_off ?? false;
  }

  notice(id: string): Localised | undefined {
    return this.#now()[id]?.notice;
  }

  #now(): Switches {
    const { file, clock, sources, log } = this.#parts;
    if (file === undefined || clock() - this.#lookedAt < LOOKED_AT_EVERY) return this.#current;
    this.#lookedAt = clock();
    const looks = looksOf(file);
    if (looks === this.#read) return this.#current;
    this.#read = looks;
    try {
      this.#current = readSwitches(file, sources);
    } catch (cause) {
      // What was switched off stays off: a slip of the pen must not open it again.
      log('configuration_invalid', { error: 'HUB_SWITCHES', cause });
    }
    return this.#current;
  }
}

function looksOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
