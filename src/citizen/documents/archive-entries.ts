/**
 * Owns the ZIP file around an archive's entries. The same entries always make the same bytes: sorted by name, one fixed
 * time, stored as they are, because how well a library compresses changes with its version, and an archive has to verify
 * years later. What was compressed or comes with anything else is not ours.
 */
import { unzipSync, zipSync } from 'fflate';

export type Entries = ReadonlyMap<string, Uint8Array>;

const MOST_ENTRIES = 20_000;
const MOST_BYTES = 50_000_000;
/** ZIP's own bytes for an entry: both headers and twice a name of ours. */
const AROUND_EACH = 300;
/** ZIP keeps a time on the clock of wherever it is made; noon of this day is the same bytes everywhere. */
const FIXED_TIME = new Date(2000, 0, 1, 12);
const STORED = 0;

export type EntriesProblem = 'archive_malformed' | 'archive_too_large';

/** Bytes that hold no entries of ours; `code` is stable. */
export class EntriesUnreadable extends Error {
  override readonly name = 'EntriesUnreadable';
  readonly code: EntriesProblem;

  constructor(code: EntriesProblem) {
    super(code);
    this.code = code;
  }
}

/** The ZIP file of these entries. Throws `EntriesUnreadable` when nobody could read them back. */
export function packEntries(entries: Entries): Uint8Array {
  if (entries.size > MOST_ENTRIES || sizeOf(entries) > MOST_BYTES) throw new EntriesUnreadable('archive_too_large');
  const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: STORED, mtime: FIXED_TIME });
}

/** The entries of a ZIP file, once they are known to be small. Throws `EntriesUnreadable`. */
export function unpackEntries(bytes: Uint8Array): Entries {
  if (bytes.length > MOST_BYTES + MOST_ENTRIES * AROUND_EACH) throw new EntriesUnreadable('archive_too_large');
  let count = 0;
  let total = 0;
  try {
    const entries = unzipSync(bytes, {
      // Asked before each entry is copied.
      filter: ({ size, originalSize, compression }) => {
        count += 1;
        total += Math.max(size, originalSize);
        if (count > MOST_ENTRIES || total > MOST_BYTES) throw new EntriesUnreadable('archive_too_large');
        if (compression !== STORED || size !== originalSize) throw new EntriesUnreadable('archive_malformed');
        return true;
      },
    });
    return new Map(Object.entries(entries));
  } catch (error) {
    throw error instanceof EntriesUnreadable ? error : new EntriesUnreadable('archive_malformed');
  }
}

function sizeOf(entries: Entries): number {
  let total = 0;
  for (const { length } of entries.values()) total += length;
  return total;
}
