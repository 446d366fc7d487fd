/**
 * Owns how a unit keeps out of the way of others that run beside it: it takes the person it decides about before it looks.
 * SQLite runs units one after the other and leaves the words that lock out of its statements.
 */
import { statement } from './statement.ts';
import { type Database, type Unit, write } from './unit.ts';

/** Weak enough for rows that only refer to the person to be written meanwhile. */
const take = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('id').where('id', '=', person).forNoKeyUpdate(),
);

/** The part of a unit after which nobody else decides about this person until the unit is over; waits for who does. */
export function* hold({ sql }: Database, person: string): Unit<void> {
  yield* write(take(sql, { person }));
}
