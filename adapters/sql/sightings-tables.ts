/** Owns the step that made the tables of what developers see. Released steps are never changed (migrations.ts). */
import { notNull, oneOf, primaryKey } from './columns.ts';
import type { Step } from './migrations.ts';

/** No table of these has a column in which a person could stand. */
export const sightings: Step = ({ schema }, { integer, text, endOfTable }) => [
  schema
    .createTable('sign_in_count')
    .addColumn('client', text, notNull)
    .addColumn('day', text, notNull)
    .addColumn('source', text, notNull)
    .addColumn('level', text, notNull)
    .addColumn('outcome', text, notNull)
    .addColumn('count', integer, notNull)
    .addPrimaryKeyConstraint('sign_in_count_key', ['client', 'day', 'source', 'level', 'outcome'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('sign_in_count_day').on('sign_in_count').column('day').compile(),
  schema
    .createTable('sign_in_duration')
    .addColumn('client', text, notNull)
    .addColumn('day', text, notNull)
    .addColumn('kind', text, oneOf('kind', 'sign_in', 'answer'))
    .addColumn('bucket', integer, notNull)
    .addColumn('count', integer, notNull)
    .addPrimaryKeyConstraint('sign_in_duration_key', ['client', 'day', 'kind', 'bucket'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('sign_in_duration_day').on('sign_in_duration').column('day').compile(),
  schema
    .createTable('failed_sign_in')
    .addColumn('id', text, primaryKey)
    .addColumn('client', text, notNull)
    .addColumn('at', integer, notNull)
    .addColumn('error', text, notNull)
    .addColumn('cause', text, notNull)
    .addColumn('step', text, notNull)
    .addColumn('source', text)
    .addColumn('incident', text, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('failed_sign_in_client').on('failed_sign_in').columns(['client', 'at']).compile(),
  schema.createIndex('failed_sign_in_at').on('failed_sign_in').column('at').compile(),
];
