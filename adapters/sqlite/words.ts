/** Owns how SQLite says what other databases say differently. */
import { CompiledQuery, sql } from 'kysely';
import type { DialectWords } from '../sql/migrations.ts';

export const sqliteWords: DialectWords = {
  bytes: sql`blob`,
  integer: sql`integer`,
  text: sql`text`,
  /** Without STRICT a column would take a value of any type. */
  endOfTable: sql`strict`,
  immutable: (table) =>
    ['update', 'delete'].map((verb) =>
      CompiledQuery.raw(
        `create trigger "${table}_no_${verb}" before ${verb} on "${table}" ` +
          `begin select raise(abort, '${table}: rows are never changed'); end`,
      ),
    ),
  functions: [],
};
