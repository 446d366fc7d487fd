/** Owns what an entry of protocol state looks like in Redis to who reads it; scripts.ts writes it. */

/** An entry, its value still sealed. */
export interface SealedEntry {
  readonly version: number;
  readonly consumedAt?: number;
  readonly expiresAt: number;
  /** Hash of the group it is in; empty when it is in none. */
  readonly group: string;
  readonly sealed: Buffer;
}

const HEADER = /^1:([0-9]{1,16}):([0-9]{0,16}):([0-9]{1,16}):([\w-]{0,64}):[0-9]{0,16}:/;
/** More than the longest header. */
const HEADER_BYTES = 160;
const HASH = /^[\w-]{43}$/;

/** The braces make what belongs to one entry or group go to one slot of a cluster. */
export const entryKey = (hash: string) => `lt:{${hash}}`;

export const isHash = (text: string) => HASH.test(text);

/** What stands under an entry's key; `undefined` when nothing does, or something else. */
export function readEntry(kept: Buffer | null): SealedEntry | undefined {
  if (kept === null) return undefined;
  const [header, version, consumedAt, expiresAt, group] = HEADER.exec(kept.toString('latin1', 0, HEADER_BYTES)) ?? [];
  if (header === undefined) return undefined;
  return {
    version: Number(version),
    ...(consumedAt !== '' && { consumedAt: Number(consumedAt) }),
    expiresAt: Number(expiresAt),
    group: group!,
    sealed: kept.subarray(header.length),
  };
}
