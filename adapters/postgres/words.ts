/** Owns how PostgreSQL says what other databases say differently, and how queries are built for it. */
import {
  CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import type { DialectWords } from '../sql/migrations.ts';
import type { Schema } from '../sql/schema.ts';

/** What `must_change` raises; a class of SQLSTATE that no standard and no server uses. */
export const OVERTAKEN_STATE = 'LT001';

/** Kysely's PostgreSQL dialect for building only: statements run over connections of our own. */
export const queryBuilder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export const postgresWords: DialectWords = {
  bytes: sql`bytea`,
  integer: sql`bigint`,
  text: sql`text`,
  endOfTable: sql``,
  immutable: (table) =>
    [
      `create function "${table}_never_changes"() returns trigger language plpgsql as $$ ` +
        `begin raise exception '${table}: rows are never changed' using errcode = 'restrict_violation'; end $$`,
      `create trigger "${table}_never_changes" before update or delete or truncate on "${table}" ` +
        `for each statement execute function "${table}_never_changes"()`,
      // Also for a session that replays what another server wrote.
      `alter table "${table}" enable always trigger "${table}_never_changes"`,
    ].map((text) => CompiledQuery.raw(text)),
  functions: [
    CompiledQuery.raw(
      `create function must_change(changed bigint) returns void language plpgsql as $$ begin ` +
        `if changed = 0 then raise exception 'overtaken' using errcode = '${OVERTAKEN_STATE}'; end if; end $$`,
    ),
  ],
};

/** The statement, failing with `OVERTAKEN_STATE` when it changes no row: the COMMIT behind it is already under way. */
export function thatChanges(text: string): string {
  return `with written as (${text} returning 1) select must_change(count(*)) from written`;
}

/** The query, failing with `OVERTAKEN_STATE` when it finds no row. */
export function thatFinds(text: string): string {
  return `with found as (${text}) select must_change(count(*)) from found`;
}
