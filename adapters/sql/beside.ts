/** Owns what an identification leaves besides the person: the browser it was in, the alert about it, who is told. */
import type { Insertable } from 'kysely';
import { MOST_ALERTS_IN_AN_HOUR, MOST_KNOWN, type NewAlert, type SeenDevice } from '../../src/citizen/ports.ts';
import type { PersonId } from '../../src/identity/person.ts';
import type { Beside, Message } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { tokenHash } from './alerts.ts';
import type { Surroundings } from './changes.ts';
import { labelPlace } from './devices.ts';
import { takeBackWithout } from './outbox.ts';
import { type KnownKeys, keyOf } from './person-keys.ts';
import type { AlertTable, DeviceTable } from './schema.ts';
import { statement } from './statement.ts';
import { send } from './telling.ts';
import { type Unit, write } from './unit.ts';

/** Milliseconds. */
const HOUR = 60 * 60 * 1000;

/** Two tabs of one browser are one device, whichever of them comes first. */
const insertDevice = statement((sql, row: Insertable<DeviceTable>) =>
  sql
    .insertInto('device')
    .values(row)
    .onConflict((conflict) => conflict.column('cookie_hash').doUpdateSet({ last_at: row.last_at })),
);

const useDevice = statement((sql, { id, person, now }: { id: string; person: string; now: number }) =>
  sql.updateTable('device').set({ last_at: now }).where('id', '=', id).where('person', '=', person),
);

/** Those that were used again stay longest, then the latest. */
const forgetBeyond = statement((sql, { person, most }: { person: string; most: number }) =>
  sql
    .updateTable('device')
    .set({ cookie_hash: null })
    .where('person', '=', person)
    .where('cookie_hash', 'is not', null)
    .where(
      'id',
      'not in',
      sql
        .selectFrom('device as known')
        .select('known.id')
        .where('known.person', '=', person)
        .where('known.cookie_hash', 'is not', null)
        .orderBy(({ eb, ref }) => eb.case().when('known.last_at', '>', ref('known.first_at')).then(0).else(1).end())
        .orderBy('known.last_at', 'desc')
        .orderBy('known.id')
        .limit(most),
    ),
);

const insertAlert = statement((sql, row: Insertable<AlertTable>) => sql.insertInto('alert').values(row));

type OneTooMany = { id: string; person: string; source: string; since: number; most: number };

const removeOneTooMany = statement((sql, { id, person, source, since, most }: OneTooMany) =>
  sql
    .deleteFrom('alert')
    .where('id', '=', id)
    .where(
      ({ selectFrom }) =>
        selectFrom('alert as told')
          .select(({ fn }) => fn.countAll<number>().as('alerts'))
          .where('told.person', '=', person)
          .where('told.source', '=', source)
          .where('told.kind', '=', 'device')
          .where('told.at', '>', since),
      '>',
      most,
    ),
);

/** As which a browser's cookie is known: together with the person, so that nobody sees who shares the browser. */
export function cookieHash(vault: Vault, person: string, secret: string): Buffer {
  return vault.hashId('device', JSON.stringify([person, secret]));
}

/** Whom what stands beside an identification refers to. */
export function personsBeside({ device, alert }: Beside): readonly PersonId[] {
  return [device, alert].flatMap((one) => one?.person ?? []);
}

/** The part of a unit that writes what stands beside an identification. */
export function* writeBeside(surroundings: Surroundings, beside: Beside, keys: KnownKeys): Unit<void> {
  const { device, alert, messages = [] } = beside;
  if (device !== undefined) yield* writeDevice(surroundings, device, keys);
  yield* send(surroundings, messages);
  if (alert === undefined) return;
  yield* write(insertAlert(surroundings.database.sql, alertRow(surroundings.vault, alert)));
  // A new way is always told.
  if (alert.kind === 'device') yield* takeBackOneTooMany(surroundings, alert, messages);
}

/** In the unit that wrote it: to count first would be one more answer to wait for. */
function* takeBackOneTooMany(
  surroundings: Surroundings,
  { id, person, source, at }: NewAlert,
  messages: readonly Message[],
): Unit<void> {
  const { sql } = surroundings.database;
  const limit = { since: at - HOUR, most: MOST_ALERTS_IN_AN_HOUR };
  yield* write(removeOneTooMany(sql, { id, person, source, ...limit }));
  yield* takeBackWithout(surroundings, messages, id);
}

function* writeDevice({ database, vault, clock }: Surroundings, device: SeenDevice, keys: KnownKeys): Unit<void> {
  const { id, person, secret, label } = device;
  const now = clock();
  if (!device.isNew) return yield* write(useDevice(database.sql, { id, person, now }));
  const key = yield* keyOf(database, person, keys);
  yield* write(
    insertDevice(database.sql, {
      id,
      person,
      cookie_hash: secret === undefined ? null : cookieHash(vault, person, secret),
      sealed_label: vault.sealFor(key, labelPlace(id), JSON.stringify(label)),
      first_at: now,
      last_at: now,
    }),
  );
  if (secret !== undefined) yield* write(forgetBeyond(database.sql, { person, most: MOST_KNOWN }));
}

function alertRow(vault: Vault, { token, expiresAt: expires_at, ...alert }: NewAlert): Insertable<AlertTable> {
  const { id, person, kind, at, client, source, device } = alert;
  const token_hash = tokenHash(vault, token);
  return { id, token_hash, person, kind, at, client, source, device: device ?? null, expires_at, used_at: null };
}
