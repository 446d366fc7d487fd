/**
 * Owns protocol state in Redis. Who wins a race is decided by one script on one key (scripts.ts); what goes together is
 * settled in groups.ts. Ids and groups are kept as keyed hashes, values sealed to their own id.
 */
import { randomInt } from 'node:crypto';
import type { Json, Kept, ProtocolState } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import type { Commands } from './connection.ts';
import { entryKey, readEntry, type SealedEntry } from './entry.ts';
import { admit, deleteMembers, eachOf, keptFor, MARGIN, members } from './groups.ts';

export interface StateSurroundings {
  readonly commands: Commands;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

type Condition = 'always' | 'absent' | 'same';

interface Written {
  readonly condition: Condition;
  /** The one that was read, for `same`. */
  readonly version?: number;
  readonly entry: string;
  readonly group: string | undefined;
  readonly sealed: Buffer;
  readonly now: number;
  readonly expiresAt: number;
}

/** Seconds; what is to be kept for longer is no protocol state. */
const LONGEST_LIFETIME = 400 * 24 * 3_600;

/**
 * Where versions begin, so that what is deleted and written anew is not taken for what was there before. They grow from
 * there, and stay far from where numbers lose their last digit.
 */
const FIRST_VERSIONS = 2 ** 47;

/** Protocol state over commands that reach Redis. */
export function createState({ commands, vault, clock }: StateSurroundings): ProtocolState {
  const hashOf = (kind: string, id: string) => vault.hashId(kind, id).toString('base64url');
  const groupHashOf = (group: string) => hashOf('group', group);
  const contextOf = (entry: string) => `state ${entry}`;

  function written(
    condition: Condition,
    kind: string,
    id: string,
    value: Json,
    lifetime: number,
    group: string | undefined,
  ): Written {
    const now = clock();
    const entry = hashOf(kind, id);
    const sealed = vault.sealState(contextOf(entry), value);
    const groupHash = group === undefined ? undefined : groupHashOf(group);
    return { condition, entry, group: groupHash, sealed, now, expiresAt: expiry(now, lifetime) };
  }

  async function write(entry: Written): Promise<boolean> {
    const { condition, group, now, expiresAt } = entry;
    const admission = group === undefined ? undefined : await admit(commands, entry.entry, group, entry);
    const answer = await commands.run(
      'stateWrite',
      [entryKey(entry.entry), ...(admission?.keys ?? [])],
      [
        condition,
        now,
        expiresAt,
        keptFor(now, expiresAt),
        entry.version ?? randomInt(1, FIRST_VERSIONS),
        group ?? '',
        entry.entry,
        admission?.refused ? 1 : 0,
        MARGIN,
        entry.sealed,
      ],
    );
    // It stays in its group, and for longer than the group knows of: that has to be told first.
    if (typeof answer === 'string' && group === undefined) return write({ ...entry, group: answer });
    return answer === 1;
  }

  function opened(entry: string, found: SealedEntry | undefined, now: number): Kept | undefined {
    if (found === undefined || found.expiresAt <= now) return undefined;
    const value = vault.openState(contextOf(entry), found.sealed);
    // Tampered with, or sealed with a key that is no longer in the key file: as good as expired.
    if (value === undefined) return undefined;
    const kept: Kept = { value: value as Json, version: found.version };
    return found.consumedAt === undefined ? kept : { ...kept, consumedAt: found.consumedAt };
  }

  return {
    async get(kind, id) {
      const entry = hashOf(kind, id);
      return opened(entry, readEntry(await commands.get(entryKey(entry))), clock());
    },

    async put(kind, id, value, lifetime, group) {
      await write(written('always', kind, id, value, lifetime, group));
    },

    async putIfAbsent(kind, id, value, lifetime, group) {
      return write(written('absent', kind, id, value, lifetime, group));
    },

    async replace(kind, id, version, value, lifetime, group) {
      return write({ ...written('same', kind, id, value, lifetime, group), version });
    },

    async consume(kind, id) {
      const now = clock();
      const key = entryKey(hashOf(kind, id));
      return (await commands.run('stateConsume', [key], [now, Math.floor(now / 1000)])) === 1;
    },

    async delete(kind, id, version) {
      const key = entryKey(hashOf(kind, id));
      const deleted =
        version === undefined ? await commands.delete(key) : await commands.run('stateDeleteVersion', [key], [version]);
      return deleted === 1;
    },

    async inGroup(group) {
      const now = clock();
      const hash = groupHashOf(group);
      const found = await eachOf(await members(commands, hash, now), async (entry) => {
        const kept = readEntry(await commands.get(entryKey(entry)));
        return kept?.group === hash ? opened(entry, kept, now) : undefined;
      });
      return found.filter((kept) => kept !== undefined);
    },

    async deleteGroup(group, lifetime) {
      const now = clock();
      await deleteMembers(commands, groupHashOf(group), now, expiry(now, lifetime));
    },
  };
}

/** Milliseconds since the epoch at which what is written at `now` expires. */
function expiry(now: number, lifetime: number): number {
  if (!Number.isFinite(lifetime) || lifetime > LONGEST_LIFETIME)
    throw new RangeError('Protocol state needs a lifetime in seconds.');
  return now + Math.round(Math.max(0, lifetime) * 1000);
}
