/**
 * Owns the rows of changes that wait before they are carried out. Until somebody has begun one it can be stopped; begun, it
 * may be begun again by whoever finds that the one before did not come to its end.
 */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { WaitingChange, WaitingChanges } from '../../src/citizen/ports.ts';
import type { Json } from '../../src/store.ts';
import type { Place, Vault } from '../../src/vault/vault.ts';
import { openCase } from './cases.ts';
import type { Surroundings } from './changes.ts';
import { hold, holdWithKey } from './holding.ts';
import type { Schema, WaitingChangeTable } from './schema.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { changedLast, ifStillSo, mustChange, Overtaken, run, write } from './unit.ts';

const insert = statement((sql, row: Insertable<WaitingChangeTable>) => sql.insertInto('waiting_change').values(row));

const selectOfKind = statement((sql, { person, kind }: { person: string; kind: string }) =>
  sql.selectFrom('waiting_change').select('id').where('person', '=', person).where('kind', '=', kind),
);

const withKey = (sql: Kysely<Schema>) =>
  sql
    .selectFrom('waiting_change')
    .innerJoin('person', 'person.id', 'waiting_change.person')
    .selectAll('waiting_change')
    .select('person.sealed_key as wrapped');

const selectOf = statement((sql, { person }: { person: string }) =>
  withKey(sql).where('waiting_change.person', '=', person).orderBy('requested_at').orderBy('waiting_change.id'),
);

/** The link of one that can be stopped no more leads nowhere. */
const selectByToken = statement((sql, { stop_hash }: { stop_hash: Uint8Array }) =>
  withKey(sql).where('stop_hash', '=', stop_hash).where('waiting_change.state', '=', 'waiting'),
);

const selectDue = statement((sql, { now, most }: { now: number; most: number }) =>
  withKey(sql).where('due_at', '<=', now).orderBy('due_at').limit(most),
);

const stop = statement((sql, { id, person }: { id: string; person: string }) =>
  sql.deleteFrom('waiting_change').where('id', '=', id).where('person', '=', person).where('state', '=', 'waiting'),
);

const begin = statement((sql, { id }: { id: string }) =>
  sql.updateTable('waiting_change').set({ state: 'begun' }).where('id', '=', id),
);

const remove = statement((sql, { id }: { id: string }) => sql.deleteFrom('waiting_change').where('id', '=', id));

const postpone = statement((sql, { id, at }: { id: string; at: number }) =>
  sql.updateTable('waiting_change').set({ state: 'waiting', due_at: at }).where('id', '=', id),
);

export function createWaitingChanges(surroundings: Surroundings): WaitingChanges {
  const { database, vault } = surroundings;
  const { sql } = database;
  const stopHash = (token: string) => vault.hashId('stop', token);

  return {
    async request({ id, person, kind, detail, requestedAt, dueAt }, stopToken, told, opened) {
      return ifStillSo(database, function* () {
        const key = yield* holdWithKey(database, person);
        if (kind === 'erasure' && (yield* run(selectOfKind(sql, { person, kind }))).rows.length > 0)
          throw new Overtaken();
        const sealed_detail = vault.sealFor(key, placeOf(id), JSON.stringify(detail));
        const row = { id, person, kind, sealed_detail, requested_at: requestedAt, due_at: dueAt };
        yield* write(insert(sql, { ...row, stop_hash: stopHash(stopToken), state: 'waiting' }));
        if (opened !== undefined) yield* openCase(surroundings, opened, key);
        yield* tell(surroundings, told);
      });
    },

    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map((row) => changeOf(row, vault));
    },

    async byToken(stopToken) {
      const [row] = await database.read(selectByToken(sql, { stop_hash: stopHash(stopToken) }));
      return row && changeOf(row, vault);
    },

    async stop(person, id, told) {
      return ifStillSo(database, function* () {
        yield* hold(database, person);
        yield* mustChange(stop(sql, { id, person }));
        yield* tell(surroundings, told);
      });
    },

    async due(now, most) {
      return (await database.read(selectDue(sql, { now, most }))).map((row) => changeOf(row, vault));
    },

    async begin(id) {
      return (await database.write(() => changedLast(begin(sql, { id })))) > 0;
    },

    async done(id, told) {
      await database.write(function* () {
        // Gone already where it was carried out by erasing its person.
        yield* write(remove(sql, { id }));
        yield* tell(surroundings, told);
      });
    },

    async postpone(id, at) {
      await database.write(() => write(postpone(sql, { id, at })));
    },
  };
}

function changeOf(row: Selectable<WaitingChangeTable> & { readonly wrapped: Uint8Array }, vault: Vault): WaitingChange {
  const { id, person, kind, wrapped, sealed_detail } = row;
  return {
    id,
    person,
    kind: kind as WaitingChange['kind'],
    detail: JSON.parse(vault.openFor({ person, wrapped }, placeOf(id), sealed_detail)) as Json,
    requestedAt: row.requested_at,
    dueAt: row.due_at,
  };
}

function placeOf(id: string): Place {
  return ['waiting_change', 'detail', id];
}
