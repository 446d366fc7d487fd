/**
 * Owns how a unit keeps out of the way of others that run beside it: it takes the person it decides about before it looks.
 * SQLite runs units one after the other and leaves the words that lock out of its statements.
 */
import type { PersonKey } from '../../src/vault/vault.ts';
import { statement } from './statement.ts';
import { type Database, Overtaken, run, type Unit, write } from './unit.ts';

/** Weak enough for rows that only refer to the person to be written meanwhile. */
const take = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('id').where('id', '=', person).forNoKeyUpdate(),
);

const takeKey = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('sealed_key as wrapped').where('id', '=', person).forNoKeyUpdate(),
);

const takeAlone = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('id').where('id', '=', person).forUpdate(),
);

/** The part of a unit after which nobody else decides about this person until the unit is over; waits for who does. */
export function* hold({ sql }: Database, person: string): Unit<void> {
  yield* write(take(sql, { person }));
}

/** The same, with the key under which to seal what is decided. Throws `Overtaken` when there is no such person any more. */
export function* holdWithKey({ sql }: Database, person: string): Unit<PersonKey> {
  const { rows } = yield* run(takeKey(sql, { person }));
  if (!rows[0]) throw new Overtaken();
  return { person, wrapped: rows[0].wrapped };
}

/** The same, after which nobody writes as much as a row that refers to the person; waits for those who are at it. */
export function* holdAlone({ sql }: Database, person: string): Unit<void> {
  yield* write(takeAlone(sql, { person }));
}
