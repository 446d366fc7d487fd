/** Owns the rows of sign-ins that their persons were alerted of, each with the one use of the link that was sent. */
import type { Selectable } from 'kysely';
import type { Alert, Alerts } from '../../src/citizen/ports.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { closeBecauseOfAlarm, endTokensMadeBy } from './blocks.ts';
import { openCase } from './cases.ts';
import type { Surroundings } from './changes.ts';
import { holdWithKey } from './holding.ts';
import type { AlertTable } from './schema.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { ifStillSo, mustChange, type Unit, write } from './unit.ts';

const selectByToken = statement((sql, { token_hash, now }: { token_hash: Uint8Array; now: number }) =>
  sql.selectFrom('alert').selectAll().where('token_hash', '=', token_hash).where('expires_at', '>', now),
);

const selectOf = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('alert').selectAll().where('person', '=', person).orderBy('at', 'desc').orderBy('id'),
);

const use = statement((sql, { id, now }: { id: string; now: number }) =>
  sql
    .updateTable('alert')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now),
);

const removeExpired = statement((sql, { now }: { now: number }) =>
  sql.deleteFrom('alert').where('expires_at', '<=', now),
);

/** As what the token in a link is kept. */
export function tokenHash(vault: Vault, token: string): Buffer {
  return vault.hashId('alert', token);
}

/** The part of a unit that deletes alerts whose links lead nowhere any more. */
export function* sweepAlerts({ database }: Surroundings, now: number): Unit<void> {
  yield* write(removeExpired(database.sql, { now }));
}

export function createAlerts(surroundings: Surroundings): Alerts {
  const { database, vault } = surroundings;
  const { sql } = database;

  return {
    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map(alertOf);
    },

    async find(token, now) {
      const [row] = await database.read(selectByToken(sql, { token_hash: tokenHash(vault, token), now }));
      return row && alertOf(row);
    },

    async deny({ id, person, source }, now, opened, told) {
      const denied = await ifStillSo(database, function* () {
        const key = yield* holdWithKey(database, person);
        yield* mustChange(use(sql, { id, now }));
        // An earlier alarm may have closed it: this one is a case of its own all the same.
        yield* write(closeBecauseOfAlarm(sql, { person, source, at: now, case_number: opened.number }));
        yield* write(endTokensMadeBy(sql, { person, source }));
        yield* openCase(surroundings, opened, key);
        yield* tell(surroundings, told);
      });
      return denied ? 'denied' : 'used';
    },
  };
}

function alertOf({ id, person, kind, at, client, source, device, expires_at, used_at }: Selectable<AlertTable>): Alert {
  return {
    id,
    person,
    kind,
    at,
    client,
    source,
    expiresAt: expires_at,
    ...(device === null ? {} : { device }),
    ...(used_at === null ? {} : { usedAt: used_at }),
  };
}
