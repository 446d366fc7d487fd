/**
 * Owns the steps that made the tables of what is a person's own: what they decide and are told about themselves, and their
 * history. Released steps, never changed (migrations.ts).
 */
import { sql } from 'kysely';
import { notNull, ofPerson, oneOf, primaryKey } from './columns.ts';
import type { Step } from './migrations.ts';

/** What a person decides and is told about themselves. */
export const ownRecords: Step = ({ schema }, { bytes, integer, text, endOfTable }) => [
  schema
    .createTable('source_block')
    .addColumn('person', text, ofPerson)
    .addColumn('source', text, notNull)
    .addColumn('reason', text, oneOf('reason', 'citizen', 'not_me'))
    .addColumn('at', integer, notNull)
    .addColumn('case_number', text)
    .addPrimaryKeyConstraint('source_block_reason', ['person', 'source', 'reason'])
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('contact')
    .addColumn('id', text, primaryKey)
    .addColumn('person', text, ofPerson)
    .addColumn('kind', text, oneOf('kind', 'mail', 'phone'))
    .addColumn('sealed_address', bytes, notNull)
    .addColumn('language', text, notNull)
    .addColumn('confirmed_at', integer, notNull)
    .addUniqueConstraint('contact_kind', ['person', 'kind'])
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('device')
    .addColumn('id', text, primaryKey)
    .addColumn('person', text, ofPerson)
    .addColumn('cookie_hash', bytes)
    .addColumn('sealed_label', bytes, notNull)
    .addColumn('first_at', integer, notNull)
    .addColumn('last_at', integer, notNull)
    .addUniqueConstraint('device_cookie', ['cookie_hash'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('device_person').on('device').column('person').compile(),
  schema
    .createTable('alert')
    .addColumn('id', text, primaryKey)
    .addColumn('token_hash', bytes, (column) => column.notNull().unique())
    .addColumn('person', text, ofPerson)
    .addColumn('kind', text, oneOf('kind', 'device', 'source'))
    .addColumn('at', integer, notNull)
    .addColumn('client', text, notNull)
    .addColumn('source', text, notNull)
    .addColumn('device', text)
    .addColumn('expires_at', integer, notNull)
    .addColumn('used_at', integer)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('alert_person').on('alert').column('person').compile(),
  schema.createIndex('alert_expiry').on('alert').column('expires_at').compile(),
  schema
    .createTable('case')
    .addColumn('number', text, primaryKey)
    .addColumn('person', text, ofPerson)
    .addColumn('kind', text, notNull)
    .addColumn('state', text, oneOf('state', 'open', 'acknowledged', 'forwarded', 'answered'))
    .addColumn('sealed_content', bytes, notNull)
    .addColumn('sealed_answer', bytes)
    .addColumn('opened_at', integer, notNull)
    .addColumn('acknowledge_by', integer, notNull)
    .addColumn('answer_by', integer, notNull)
    .addColumn('acknowledged_at', integer)
    .addColumn('answered_at', integer)
    .addColumn('delete_after', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('case_person').on('case').column('person').compile(),
  schema.createIndex('case_state').on('case').columns(['state', 'answer_by']).compile(),
  schema
    .createTable('waiting_change')
    .addColumn('id', text, primaryKey)
    .addColumn('person', text, ofPerson)
    .addColumn('kind', text, notNull)
    .addColumn('sealed_detail', bytes, notNull)
    .addColumn('stop_hash', bytes, (column) => column.notNull().unique())
    .addColumn('requested_at', integer, notNull)
    .addColumn('due_at', integer, notNull)
    .addColumn('state', text, oneOf('state', 'waiting', 'begun'))
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('waiting_change_person').on('waiting_change').column('person').compile(),
  schema.createIndex('waiting_change_due').on('waiting_change').column('due_at').compile(),
  schema
    .createTable('published_key')
    .addColumn('kid', text, primaryKey)
    .addColumn('jwk', text, notNull)
    .addColumn('published_at', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
];

/** A history that is read a page at a time, and consents that say for themselves what was agreed to. */
export const ownHistory: Step = (database, { integer, text }) => {
  const { schema } = database;
  return [
    schema
      .alterTable('event_subject')
      .addColumn('at', integer, (column) => column.notNull().defaultTo(0))
      .compile(),
    schema.alterTable('event_subject').addColumn('device', text).compile(),
    schema.alterTable('consent').addColumn('terms', text).compile(),
    schema.alterTable('consent').addColumn('used_at', integer).compile(),
    sql`update event_subject set at = (select event.at from event where event.id = event_subject.event)`.compile(
      database,
    ),
    schema.createIndex('event_subject_history').on('event_subject').columns(['person', 'at', 'event']).compile(),
    schema.dropIndex('event_subject_person').compile(),
    schema.createIndex('event_subject_at').on('event_subject').column('at').compile(),
  ];
};
