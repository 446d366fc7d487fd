/** Owns what columns of many tables have in common, as a step of the migrations says it. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';

type Column = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;

export const notNull: Column = (column) => column.notNull();
export const primaryKey: Column = (column) => column.notNull().primaryKey();
export const ofPerson: Column = (column) => column.notNull().references('person.id');
export const oneOf =
  (name: string, ...words: string[]): Column =>
  (column) =>
    column.notNull().check(sql`${sql.ref(name)} in (${sql.join(words.map((word) => sql.lit(word)))})`);
