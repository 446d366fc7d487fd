/**
 * Owns the rows of protocol state. Who wins a race is decided by one statement and the number of rows it changed. Ids
 * and groups are kept as keyed hashes, values sealed to their own id.
 */
import type { Insertable } from 'kysely';
import type { Json, Kept, ProtocolState } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import type { StateTable } from './schema.ts';
import { statement } from './statement.ts';
import { changed, run, type Unit } from './unit.ts';

/** Expired rows are swept by those who write new ones: at most so many at a time, and then not for so long (ms). */
const SWEPT_AT_ONCE = 200;
const SWEEP_INTERVAL = 5_000;

type NewState = Omit<Insertable<StateTable>, 'version' | 'consumed_at'> & { now: number };
type Read = { id_hash: Uint8Array; version: number; now: number };

const select = statement((sql, { hashes, now }: { hashes: readonly Uint8Array[]; now: number }) =>
  sql
    .selectFrom('state')
    .select(['sealed_value', 'version', 'consumed_at'])
    .where('id_hash', 'in', hashes)
    .where('expires_at', '>', now),
);

const rename = statement((sql, { older, id_hash }: { older: Uint8Array; id_hash: Uint8Array }) =>
  sql.updateTable('state').set({ id_hash }).where('id_hash', '=', older),
);

const upsert = statement((sql, { now, id_hash, kind, ...written }: NewState) =>
  sql
    .insertInto('state')
    .values({ id_hash, kind, ...written, version: 1 })
    .onConflict((conflict) =>
      conflict.column('id_hash').doUpdateSet((eb) => ({
        ...written,
        version: eb('state.version', '+', 1),
        // What was used stays used, whatever is written over it while it lives.
        consumed_at: eb.case().when('state.expires_at', '>', now).then(eb.ref('state.consumed_at')).end(),
      })),
    ),
);

const insertUnlessAlive = statement((sql, { now, id_hash, kind, ...written }: NewState) =>
  sql
    .insertInto('state')
    .values({ id_hash, kind, ...written, version: 1 })
    .onConflict((conflict) =>
      conflict
        .column('id_hash')
        .doUpdateSet((eb) => ({ ...written, version: eb('state.version', '+', 1), consumed_at: null }))
        .where('state.expires_at', '<=', now),
    ),
);

const updateIfSame = statement(
  (sql, { id_hash, version, now, ...written }: Read & { sealed_value: Uint8Array; expires_at: number }) =>
    sql
      .updateTable('state')
      .set((eb) => ({ ...written, version: eb('version', '+', 1) }))
      .where('id_hash', '=', id_hash)
      .where('version', '=', version)
      .where('expires_at', '>', now),
);

const markConsumed = statement(
  (sql, { id_hash, seconds, now }: { id_hash: Uint8Array; seconds: number; now: number }) =>
    sql
      .updateTable('state')
      .set((eb) => ({ consumed_at: seconds, version: eb('version', '+', 1) }))
      .where('id_hash', '=', id_hash)
      .where('consumed_at', 'is', null)
      .where('expires_at', '>', now),
);

const remove = statement((sql, { hashes }: { hashes: readonly Uint8Array[] }) =>
  sql.deleteFrom('state').where('id_hash', 'in', hashes),
);

const removeVersion = statement((sql, { hashes, version }: { hashes: readonly Uint8Array[]; version: number }) =>
  sql.deleteFrom('state').where('id_hash', 'in', hashes).where('version', '=', version),
);

const removeGroup = statement((sql, { hashes }: { hashes: readonly Uint8Array[] }) =>
  sql.deleteFrom('state').where('group_hash', 'in', hashes),
);

const removeExpired = statement((sql, { now, most }: { now: number; most: number }) =>
  sql
    .deleteFrom('state')
    .where('id_hash', 'in', sql.selectFrom('state').select('id_hash').where('expires_at', '<=', now).limit(most)),
);

export function createState({ database, vault, clock }: Surroundings): ProtocolState {
  const { sql } = database;
  let sweptAt = Number.NEGATIVE_INFINITY;

  const contextOf = (kind: string, id: string) => JSON.stringify([kind, id]);
  const groupHashes = (kind: string, group: string) => vault.hashIds(`group:${kind}`, group);

  /**
   * The row's hash under the newest key, after a row still kept under an older one was brought to it: so all that
   * follows in the unit compares one hash.
   */
  function* currentHash(kind: string, id: string): Unit<Buffer> {
    const [id_hash, ...older] = vault.hashIds(kind, id);
    for (const hash of older) yield* run(rename(sql, { older: hash, id_hash }));
    return id_hash;
  }

  function* sweep(now: number): Unit<void> {
    // A clock may also be set back; neither direction stops the sweeping.
    if (Math.abs(now - sweptAt) < SWEEP_INTERVAL) return;
    const swept = yield* changed(removeExpired(sql, { now, most: SWEPT_AT_ONCE }));
    // A full batch means there is more: the next writer goes on, so sweeping outruns writing.
    if (swept < SWEPT_AT_ONCE) sweptAt = now;
  }

  return {
    async get(kind, id) {
      const [row] = await database.read(select(sql, { hashes: vault.hashIds(kind, id), now: clock() }));
      const value = row && vault.openState(contextOf(kind, id), row.sealed_value);
      // Sealed with a key that is no longer in the key file: as good as expired.
      if (!row || value === undefined) return undefined;
      const kept: Kept = { value: value as Json, version: row.version };
      return row.consumed_at === null ? kept : { ...kept, consumedAt: row.consumed_at };
    },

    async put(kind, id, value, lifetime, group) {
      const now = clock();
      const expires_at = expiry(now, lifetime);
      const sealed_value = vault.sealState(contextOf(kind, id), value);
      const group_hash = group === undefined ? null : groupHashes(kind, group)[0];
      await database.write(function* () {
        const id_hash = yield* currentHash(kind, id);
        yield* run(upsert(sql, { id_hash, kind, sealed_value, group_hash, expires_at, now }));
        yield* sweep(now);
      });
    },

    async putIfAbsent(kind, id, value, lifetime) {
      const now = clock();
      const expires_at = expiry(now, lifetime);
      const sealed_value = vault.sealState(contextOf(kind, id), value);
      return database.write(function* () {
        const id_hash = yield* currentHash(kind, id);
        const row = { id_hash, kind, sealed_value, group_hash: null, expires_at, now };
        const written = yield* changed(insertUnlessAlive(sql, row));
        yield* sweep(now);
        return written > 0;
      });
    },

    async replace(kind, id, version, value, lifetime) {
      const now = clock();
      const expires_at = expiry(now, lifetime);
      const sealed_value = vault.sealState(contextOf(kind, id), value);
      return database.write(function* () {
        const id_hash = yield* currentHash(kind, id);
        return (yield* changed(updateIfSame(sql, { id_hash, version, sealed_value, expires_at, now }))) > 0;
      });
    },

    async consume(kind, id) {
      const now = clock();
      return database.write(function* () {
        const id_hash = yield* currentHash(kind, id);
        return (yield* changed(markConsumed(sql, { id_hash, seconds: Math.floor(now / 1000), now }))) > 0;
      });
    },

    async delete(kind, id, version) {
      const hashes = vault.hashIds(kind, id);
      const query = version === undefined ? remove(sql, { hashes }) : removeVersion(sql, { hashes, version });
      return (await database.write(() => changed(query))) > 0;
    },

    async deleteGroup(kind, group) {
      await database.write(() => run(removeGroup(sql, { hashes: groupHashes(kind, group) })));
    },
  };
}

/** Milliseconds since the epoch at which what is written at `now` expires. */
function expiry(now: number, lifetime: number): number {
  // An entry without an end would never be swept.
  if (!Number.isFinite(lifetime)) throw new RangeError('Protocol state needs a lifetime in seconds.');
  return now + Math.round(lifetime * 1000);
}
