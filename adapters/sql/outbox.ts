/**
 * Owns the rows of what is still to be told. A lease is the moment at which a message is due again, and its number of
 * tries says whose lease it is. Keys are kept as keyed hashes, payloads sealed to them.
 */
import type { Insertable } from 'kysely';
import type { Json, LeasedMessage, Message, Outbox } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import type { Surroundings } from './changes.ts';
import { recordOfWhoIsThere } from './journal.ts';
import type { OutboxTable } from './schema.ts';
import { statement } from './statement.ts';
import { changed, run, type Unit, write } from './unit.ts';

/** A list in SQL is never empty, and no target has this name. */
const NOBODY = '';

type Lease = { id_hash: Uint8Array; tries: number };

/** What still waits is not replaced: its next try stays where it is. */
const insert = statement((sql, row: Insertable<OutboxTable>) =>
  sql
    .insertInto('outbox')
    .values(row)
    .onConflict((conflict) => conflict.column('id_hash').doNothing()),
);

const selectTargets = statement(
  (sql, { now, targets, except }: { now: number; targets: number; except: readonly string[] }) =>
    sql
      .selectFrom('outbox')
      .select('target')
      .where('next_at', '<=', now)
      .where('target', 'not in', except)
      .groupBy('target')
      .orderBy(({ fn }) => fn.min('next_at'))
      .limit(targets),
);

/** Of each target by itself, and for all at once; what others are just taking is theirs. */
const selectDue = statement(
  (sql, { targets, now, each }: { targets: readonly string[]; now: number; each: number }) => {
    const [first, ...others] = targets.map((target) =>
      sql
        .selectFrom(
          sql
            .selectFrom('outbox')
            .selectAll()
            .where('target', '=', target)
            .where('next_at', '<=', now)
            .orderBy('next_at')
            .limit(each)
            .forUpdate()
            .skipLocked()
            .as('due'),
        )
        .selectAll(),
    );
    return others.reduce((all, other) => all.unionAll(other), first!);
  },
);

const lease = statement((sql, { id_hash, until }: Pick<Lease, 'id_hash'> & { until: number }) =>
  sql
    .updateTable('outbox')
    .set((eb) => ({ next_at: until, tries: eb('tries', '+', 1) }))
    .where('id_hash', '=', id_hash),
);

const selectNext = statement((sql, { except }: { except: readonly string[] }) =>
  sql
    .selectFrom('outbox')
    .select(({ fn }) => fn.min<number | null>('next_at').as('next'))
    .where('target', 'not in', except),
);

const remove = statement((sql, { id_hash, tries }: Lease) =>
  sql.deleteFrom('outbox').where('id_hash', '=', id_hash).where('tries', '=', tries),
);

const removeWithout = statement((sql, { id_hash, alert }: { id_hash: Uint8Array; alert: string }) =>
  sql
    .deleteFrom('outbox')
    .where('id_hash', '=', id_hash)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('alert').select('alert.id').where('alert.id', '=', alert))),
    ),
);

const postpone = statement((sql, { id_hash, tries, at }: Lease & { at: number }) =>
  sql.updateTable('outbox').set({ next_at: at }).where('id_hash', '=', id_hash).where('tries', '=', tries),
);

const selectWaiting = statement((sql, { hashes }: { hashes: readonly Uint8Array[] }) =>
  sql.selectFrom('outbox').select('id_hash').where('id_hash', 'in', hashes),
);

const selectLengths = statement((sql, _nothing: Record<string, never>) =>
  sql
    .selectFrom('outbox')
    .select(({ fn }) => ['kind', fn.countAll<number | string>().as('waiting')])
    .groupBy('kind'),
);

const hashOf = (vault: Vault, { kind, target, key }: Omit<Message, 'payload'>) =>
  vault.hashId('outbox', JSON.stringify([kind, target, key]));
const contextOf = (kind: string, target: string, id: string) => JSON.stringify(['outbox', kind, target, id]);

/** The part of a unit that takes messages in, due at once; one that still waits is not taken twice. Lifetimes in seconds. */
export function* enqueueAll(
  { database, vault, clock }: Surroundings,
  messages: readonly Message[],
  lifetimeOf: (message: Message) => number,
): Unit<void> {
  const next_at = clock();
  const rows = messages.map((message) => {
    const { kind, target } = message;
    const id_hash = hashOf(vault, message);
    const sealed_payload = vault.sealState(contextOf(kind, target, id_hash.toString('base64url')), message.payload);
    const expires_at = next_at + Math.round(lifetimeOf(message) * 1000);
    return { id_hash, kind, target, sealed_payload, next_at, tries: 0, expires_at };
  });
  // In one order, whoever writes: two who take in the same messages at once would otherwise wait for each other.
  rows.sort((one, other) => Buffer.compare(one.id_hash, other.id_hash));
  for (const row of rows) yield* write(insert(database.sql, row));
}

/** The part of a unit that takes back messages it has just taken in, unless the alert they tell of is there. */
export function* takeBackWithout(
  { database, vault }: Surroundings,
  messages: readonly Message[],
  alert: string,
): Unit<void> {
  for (const message of messages) yield* write(removeWithout(database.sql, { id_hash: hashOf(vault, message), alert }));
}

export function createOutbox(surroundings: Surroundings): Outbox {
  const { database, vault } = surroundings;
  const { sql } = database;

  const leaseOf = ({ id, tries }: LeasedMessage): Lease => ({ id_hash: Buffer.from(id, 'base64url'), tries });

  return {
    async enqueue(messages, lifetime) {
      if (messages.length > 0) await database.write(() => enqueueAll(surroundings, messages, () => lifetime));
    },

    async due({ now, lease: duration, targets: most, each, except }) {
      const found = await database.read(selectTargets(sql, { now, targets: most, except: [NOBODY, ...except] }));
      const targets = found.map(({ target }) => target);
      if (targets.length === 0) return [];
      const rows = await database.write(function* () {
        const due = (yield* run(selectDue(sql, { targets, now, each }))).rows;
        for (const { id_hash } of due) yield* write(lease(sql, { id_hash, until: now + duration }));
        return due;
      });
      return rows.map(({ id_hash, kind, target, sealed_payload, tries, expires_at }): LeasedMessage => {
        const id = Buffer.from(id_hash).toString('base64url');
        const payload = vault.openState(contextOf(kind, target, id), sealed_payload) as Json | undefined;
        const message = { id, kind, target, tries: tries + 1, expiresAt: expires_at };
        return payload === undefined ? message : { ...message, payload };
      });
    },

    async nextDue(except) {
      const [row] = await database.read(selectNext(sql, { except: [NOBODY, ...except] }));
      return row?.next ?? undefined;
    },

    async done(message, entries, onward) {
      await database.write(function* () {
        const removed = yield* changed(remove(sql, leaseOf(message)));
        if (removed === 0) return;
        yield* recordOfWhoIsThere(database, entries);
        if (onward) yield* enqueueAll(surroundings, onward.messages, () => onward.lifetime);
      });
    },

    async retry(message, at) {
      await database.write(() => write(postpone(sql, { ...leaseOf(message), at })));
    },

    async lengths() {
      const rows = await database.read(selectLengths(sql, {}));
      return new Map(rows.map(({ kind, waiting }) => [kind, Number(waiting)]));
    },

    async waiting(messages) {
      const byHash = new Map(messages.map((message) => [hashOf(vault, message).toString('base64url'), message.key]));
      const hashes = [...byHash.keys()].map((hash) => Buffer.from(hash, 'base64url'));
      const rows = hashes.length === 0 ? [] : await database.read(selectWaiting(sql, { hashes }));
      return new Set(rows.map(({ id_hash }) => byHash.get(Buffer.from(id_hash).toString('base64url'))!));
    },
  };
}
