/** Owns emptying the tables of a PostgreSQL database that a test used, those too in which nothing is ever deleted. */
import { NEVER_CHANGED, TABLES_LAST_FIRST } from '../../adapters/sql/migrations.ts';

/** Statements that delete all rows, but those of some tables. What never changes goes only when whoever owns it says so. */
export function emptying(staying: readonly string[] = []): string {
  return [
    ...NEVER_CHANGED.map((table) => `alter table "${table}" disable trigger "${table}_never_changes"`),
    ...TABLES_LAST_FIRST.filter((table) => !staying.includes(table)).map((table) => `delete from "${table}"`),
    ...NEVER_CHANGED.map((table) => `alter table "${table}" enable always trigger "${table}_never_changes"`),
  ].join('; ');
}
