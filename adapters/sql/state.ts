/**
 * Owns the rows of protocol state. Who wins a race is decided by one statement and the number of rows it changed. Ids
 * and groups are kept as keyed hashes, values sealed to their own id.
 */
import { randomInt } from 'node:crypto';
import type { Insertable, Kysely } from 'kysely';
import type { Json, Kept, ProtocolState } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import type { Schema, StateTable } from './schema.ts';
import { statement } from './statement.ts';
import { changed, changedLast, type Unit, write } from './unit.ts';

/** Expired rows are swept by those who write new ones: at most so many at a time, and then not for so long (ms). */
const SWEPT_AT_ONCE = 200;
const SWEEP_INTERVAL = 5_000;

type NewState = Omit<Insertable<StateTable>, 'consumed_at'> & { now: number };
type Read = { id_hash: Uint8Array; version: number; now: number };
type Rewritten = Read & { sealed_value: Uint8Array; expires_at: number };

const select = statement((sql, { id_hash, now }: { id_hash: Uint8Array; now: number }) =>
  sql
    .selectFrom('state')
    .select(['sealed_value', 'version', 'consumed_at'])
    .where('id_hash', '=', id_hash)
    .where('expires_at', '>', now),
);

const selectGroup = statement((sql, { group_hash, now }: { group_hash: Uint8Array; now: number }) =>
  sql
    .selectFrom('state')
    .select(['id_hash', 'sealed_value', 'version', 'consumed_at'])
    .where('group_hash', '=', group_hash)
    .where('expires_at', '>', now),
);

const upsert = statement((sql, { now, id_hash, kind, ...written }: NewState) =>
  sql
    .insertInto('state')
    .values({ id_hash, kind, ...written })
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
    .values({ id_hash, kind, ...written })
    .onConflict((conflict) =>
      conflict
        .column('id_hash')
        .doUpdateSet((eb) => ({ ...written, version: eb('state.version', '+', 1), consumed_at: null }))
        .where('state.expires_at', '<=', now),
    ),
);

const ifSame = (sql: Kysely<Schema>, { id_hash, version, now }: Read) =>
  sql
    .updateTable('state')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id_hash', '=', id_hash)
    .where('version', '=', version)
    .where('expires_at', '>', now);

const updateIfSame = statement((sql, { sealed_value, expires_at, ...read }: Rewritten) =>
  ifSame(sql, read).set({ sealed_value, expires_at }),
);

const regroupIfSame = statement(
  (sql, { sealed_value, expires_at, group_hash, ...read }: Rewritten & { group_hash: Uint8Array }) =>
    ifSame(sql, read).set({ sealed_value, expires_at, group_hash }),
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

const remove = statement((sql, { id_hash }: { id_hash: Uint8Array }) =>
  sql.deleteFrom('state').where('id_hash', '=', id_hash),
);

const removeVersion = statement((sql, { id_hash, version }: { id_hash: Uint8Array; version: number }) =>
  sql.deleteFrom('state').where('id_hash', '=', id_hash).where('version', '=', version),
);

const removeGroup = statement((sql, { group_hash }: { group_hash: Uint8Array }) =>
  sql.deleteFrom('state').where('group_hash', '=', group_hash),
);

/** A deleted group is remembered as an entry of its own, under the group's hash. */
const removeIfGroupGone = statement(
  (sql, { id_hash, group_hash, now }: { id_hash: Uint8Array; group_hash: Uint8Array; now: number }) =>
    sql
      .deleteFrom('state')
      .where('id_hash', '=', id_hash)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('state as gone')
            .select('gone.version')
            .where('gone.id_hash', '=', group_hash)
            .where('gone.expires_at', '>', now),
        ),
      ),
);

const removeExpired = statement((sql, { now, most }: { now: number; most: number }) =>
  sql
    .deleteFrom('state')
    .where('id_hash', 'in', sql.selectFrom('state').select('id_hash').where('expires_at', '<=', now).limit(most)),
);

export function createState({ database, vault, clock }: Surroundings): ProtocolState {
  const { sql } = database;
  let sweptAt = Number.NEGATIVE_INFINITY;

  const hashOf = (kind: string, id: string) => vault.hashId(kind, id);
  const groupHashOf = (group: string) => vault.hashId('group', group);
  const contextOf = (id_hash: Uint8Array) => `state ${Buffer.from(id_hash).toString('base64url')}`;

  /** What is written of an entry: its value sealed to its own id. */
  function row(kind: string, id: string, value: Json, lifetime: number, group: string | undefined, now: number) {
    const id_hash = hashOf(kind, id);
    return {
      id_hash,
      kind,
      sealed_value: vault.sealState(contextOf(id_hash), value),
      group_hash: group === undefined ? null : groupHashOf(group),
      version: firstVersion(),
      expires_at: expiry(now, lifetime),
    };
  }

  function kept(found: {
    id_hash: Uint8Array;
    sealed_value: Uint8Array;
    version: number;
    consumed_at: number | null;
  }): Kept | undefined {
    const value = vault.openState(contextOf(found.id_hash), found.sealed_value);
    // Sealed with a key that is no longer in the key file: as good as expired.
    if (value === undefined) return undefined;
    const entry: Kept = { value: value as Json, version: found.version };
    return found.consumed_at === null ? entry : { ...entry, consumedAt: found.consumed_at };
  }

  function* leaveDeletedGroup(entry: { id_hash: Uint8Array; group_hash: Uint8Array | null }, now: number): Unit<void> {
    const { id_hash, group_hash } = entry;
    if (group_hash !== null) yield* write(removeIfGroupGone(sql, { id_hash, group_hash, now }));
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
      const id_hash = hashOf(kind, id);
      const [found] = await database.read(select(sql, { id_hash, now: clock() }));
      return found && kept({ ...found, id_hash });
    },

    async put(kind, id, value, lifetime, group) {
      const now = clock();
      const entry = row(kind, id, value, lifetime, group, now);
      await database.write(function* () {
        yield* write(upsert(sql, { ...entry, now }));
        yield* leaveDeletedGroup(entry, now);
        yield* sweep(now);
      });
    },

    async putIfAbsent(kind, id, value, lifetime, group) {
      const now = clock();
      const entry = row(kind, id, value, lifetime, group, now);
      return database.write(function* () {
        const written = yield* changed(insertUnlessAlive(sql, { ...entry, now }));
        if (written > 0) yield* leaveDeletedGroup(entry, now);
        yield* sweep(now);
        return written > 0;
      });
    },

    async replace(kind, id, version, value, lifetime, group) {
      const now = clock();
      const { id_hash, sealed_value, group_hash, expires_at } = row(kind, id, value, lifetime, group, now);
      const rewritten = { id_hash, version, now, sealed_value, expires_at };
      return database.write(function* () {
        const update =
          group_hash === null ? updateIfSame(sql, rewritten) : regroupIfSame(sql, { ...rewritten, group_hash });
        const written = (yield* changed(update)) > 0;
        if (written) yield* leaveDeletedGroup({ id_hash, group_hash }, now);
        return written;
      });
    },

    async consume(kind, id) {
      const now = clock();
      const mark = { id_hash: hashOf(kind, id), seconds: Math.floor(now / 1000), now };
      return (await database.write(() => changedLast(markConsumed(sql, mark)))) > 0;
    },

    async delete(kind, id, version) {
      const id_hash = hashOf(kind, id);
      const query = version === undefined ? remove(sql, { id_hash }) : removeVersion(sql, { id_hash, version });
      return (await database.write(() => changedLast(query))) > 0;
    },

    async inGroup(group) {
      const found = await database.read(selectGroup(sql, { group_hash: groupHashOf(group), now: clock() }));
      return found.flatMap((one) => kept(one) ?? []);
    },

    async deleteGroup(group, lifetime) {
      const now = clock();
      const group_hash = groupHashOf(group);
      const gone = {
        id_hash: group_hash,
        kind: 'deleted-group',
        sealed_value: vault.sealState(contextOf(group_hash), true),
        group_hash: null,
        version: firstVersion(),
        expires_at: expiry(now, lifetime),
      };
      await database.write(function* () {
        yield* write(upsert(sql, { ...gone, now }));
        yield* write(removeGroup(sql, { group_hash }));
      });
    },
  };
}

/** Random, so that what was deleted and written anew is never taken for what somebody had read before. */
const firstVersion = () => randomInt(2 ** 40);

/** Milliseconds since the epoch at which what is written at `now` expires. */
function expiry(now: number, lifetime: number): number {
  // An entry without an end would never be swept.
  if (!Number.isFinite(lifetime)) throw new RangeError('Protocol state needs a lifetime in seconds.');
  return now + Math.round(lifetime * 1000);
}
