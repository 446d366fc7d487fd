/**
 * Owns how the tables come to be, step by step: a store that has taken n steps is of version n. A step that has been
 * released is never changed; what is to be different becomes the next one. Words in which dialects differ come in.
 */
import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import { notNull, ofPerson, oneOf, primaryKey } from './columns.ts';
import { clientIssuers, developerRecords } from './developer-tables.ts';
import { faultTrials } from './fault-tables.ts';
import { ownHistory, ownRecords } from './own-tables.ts';
import type { Schema } from './schema.ts';
import { sightings } from './sightings-tables.ts';

/** How one dialect says what differs between dialects. */
export interface DialectWords {
  readonly bytes: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly text: RawBuilder<unknown>;
  /** Whatever has to stand behind the column list of every table. */
  readonly endOfTable: RawBuilder<unknown>;
  /** Statements after which rows of the table can be neither updated nor deleted. */
  immutable(table: keyof Schema): readonly CompiledQuery[];
  /** Statements that make the functions its own statements rest on. */
  readonly functions: readonly CompiledQuery[];
}

export type Step = (database: Kysely<Schema>, words: DialectWords) => readonly CompiledQuery[];

const identities: Step = ({ schema }, { bytes, integer, text, endOfTable }) => [
  schema
    .createTable('person')
    .addColumn('id', text, primaryKey)
    .addColumn('sealed_key', bytes, notNull)
    .addColumn('state', text, oneOf('state', 'active'))
    .addColumn('register_confirmed_at', integer)
    .addColumn('erase_after', integer)
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('anchor')
    .addColumn('person', text, ofPerson)
    .addColumn('kind', text, oneOf('kind', 'personal_number'))
    .addColumn('value_index', bytes, notNull)
    .addColumn('index_version', integer, notNull)
    .addColumn('sealed_value', bytes, notNull)
    .addColumn('ordinal', integer, notNull)
    .addColumn('added_at', integer, notNull)
    .addPrimaryKeyConstraint('anchor_value', ['kind', 'value_index'])
    .addUniqueConstraint('anchor_order', ['person', 'kind', 'ordinal'])
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('link')
    .addColumn('person', text, ofPerson)
    .addColumn('source', text, notNull)
    .addColumn('subject_index', bytes, notNull)
    .addColumn('index_version', integer, notNull)
    .addColumn('sealed_subject', bytes, notNull)
    .addColumn('state', text, oneOf('state', 'active', 'frozen', 'unlinked', 'blocked'))
    .addColumn('how', text, oneOf('how', 'number', 'double_proof'))
    .addColumn('first_at', integer, notNull)
    .addColumn('last_at', integer, notNull)
    .addPrimaryKeyConstraint('link_subject', ['source', 'subject_index'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('link_person').on('link').column('person').compile(),
  schema
    .createTable('pairwise')
    .addColumn('person', text, ofPerson)
    .addColumn('sector', text, notNull)
    .addColumn('sub', text, (column) => column.notNull().unique())
    .addPrimaryKeyConstraint('pairwise_sector', ['person', 'sector'])
    .modifyEnd(endOfTable)
    .compile(),
];

const consents: Step = ({ schema }, { integer, text, endOfTable }) => [
  schema
    .createTable('consent')
    .addColumn('id', text, primaryKey)
    .addColumn('person', text, ofPerson)
    .addColumn('client', text, notNull)
    .addColumn('version', text, notNull)
    .addColumn('offered', text, notNull)
    .addColumn('granted', text, notNull)
    .addColumn('purpose', text, notNull)
    .addColumn('basis', text, oneOf('basis', 'consent', 'law'))
    .addColumn('from_at', integer, notNull)
    .addColumn('to_at', integer, notNull)
    .addColumn('end_reason', text)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('consent_parties').on('consent').columns(['person', 'client']).compile(),
  // At most one consent of a person for a client is open, whoever writes at the same time.
  schema
    .createIndex('consent_open')
    .unique()
    .on('consent')
    .columns(['person', 'client'])
    .where(sql.ref('end_reason'), 'is', null)
    .compile(),
];

const journal: Step = ({ schema }, { bytes, integer, text, endOfTable, immutable }) => [
  schema
    .createTable('event')
    .addColumn('id', text, primaryKey)
    .addColumn('at', integer, notNull)
    .addColumn('type', text, notNull)
    .addColumn('content', text, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  ...immutable('event'),
  schema
    .createTable('event_subject')
    .addColumn('event', text, (column) => column.notNull().references('event.id'))
    .addColumn('person', text, ofPerson)
    .addColumn('role', text, oneOf('role', 'citizen'))
    .addColumn('salt', bytes, notNull)
    .addColumn('sealed_detail', bytes)
    .addPrimaryKeyConstraint('event_subject_role', ['event', 'person', 'role'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('event_subject_person').on('event_subject').column('person').compile(),
];

const protocolState: Step = ({ schema }, { bytes, integer, text, endOfTable }) => [
  schema
    .createTable('state')
    .addColumn('id_hash', bytes, primaryKey)
    .addColumn('kind', text, notNull)
    .addColumn('sealed_value', bytes, notNull)
    .addColumn('version', integer, notNull)
    .addColumn('consumed_at', integer)
    .addColumn('group_hash', bytes)
    .addColumn('expires_at', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('state_expiry').on('state').column('expires_at').compile(),
  // Most entries belong to no group; only what can be revoked together pays for being found together.
  schema
    .createIndex('state_group')
    .on('state')
    .column('group_hash')
    .where(sql.ref('group_hash'), 'is not', null)
    .compile(),
];

const outbox: Step = ({ schema }, { bytes, integer, text, endOfTable }) => [
  schema
    .createTable('outbox')
    .addColumn('id_hash', bytes, primaryKey)
    .addColumn('kind', text, notNull)
    .addColumn('target', text, notNull)
    .addColumn('sealed_payload', bytes, notNull)
    .addColumn('next_at', integer, notNull)
    .addColumn('tries', integer, notNull)
    .addColumn('expires_at', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('outbox_due').on('outbox').columns(['target', 'next_at']).compile(),
];

const locksAndReviews: Step = ({ schema }, { bytes, integer, text, endOfTable }) => [
  schema.alterTable('person').addColumn('locked_at', integer).compile(),
  schema
    .createTable('review')
    .addColumn('id', text, primaryKey)
    .addColumn('kind', text, oneOf('kind', 'account_changed', 'ambiguous'))
    .addColumn('source', text, notNull)
    .addColumn('subject_index', bytes, notNull)
    .addColumn('person', text, (column) => column.references('person.id'))
    .addColumn('sealed_key', bytes)
    .addColumn('sealed_evidence', bytes)
    .addColumn('state', text, oneOf('state', 'open', 'decided'))
    .addColumn('decision', text)
    .addColumn('decider', text)
    .addColumn('opened_at', integer, notNull)
    .addColumn('decided_at', integer)
    .addColumn('delete_after', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  // Whoever tries again and again makes one review, not many.
  schema
    .createIndex('review_open')
    .unique()
    .on('review')
    .columns(['kind', 'source', 'subject_index'])
    .where(sql.ref('state'), '=', sql.lit('open'))
    .compile(),
];

const registrations: Step = ({ schema }, { integer, text, endOfTable }) => [
  schema
    .createTable('revision')
    .addColumn('topic', text, primaryKey)
    .addColumn('value', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('client')
    .addColumn('id', text, primaryKey)
    .addColumn('registration', text)
    .addColumn('revision', integer, notNull)
    .addColumn('updated_at', integer, notNull)
    .addColumn('seeded_from', text)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('client_revision').on('client').column('revision').compile(),
];

/** What stands under which key, found without looking at every row. The first two bytes of a wrapped key are its version. */
const keysInUse: Step = ({ schema }) => [
  schema.createIndex('anchor_key').on('anchor').columns(['index_version', 'value_index']).compile(),
  schema.createIndex('link_key').on('link').columns(['index_version', 'subject_index']).compile(),
  schema.createIndex('person_key').on('person').expression(sql`substr(sealed_key, 1, 2), id`).compile(),
];

const functionsOfDialect: Step = (_database, { functions }) => functions;

const STEPS: readonly Step[] = [
  identities,
  consents,
  journal,
  protocolState,
  outbox,
  locksAndReviews,
  registrations,
  keysInUse,
  functionsOfDialect,
  ownRecords,
  ownHistory,
  clientIssuers,
  faultTrials,
  developerRecords,
  sightings,
];

/** The version of a store that has taken every step known to this program. */
export const SCHEMA_VERSION = STEPS.length;

/** The statements that bring a store of `version` to the newest, or to an earlier one, to be run in one transaction. */
export function statementsSince(
  version: number,
  database: Kysely<Schema>,
  words: DialectWords,
  upTo = SCHEMA_VERSION,
): CompiledQuery[] {
  return STEPS.slice(version, upTo).flatMap((step) => step(database, words));
}

/** Tables whose rows are neither updated nor deleted. */
export const NEVER_CHANGED: readonly (keyof Schema)[] = ['event', 'service_version', 'trail'];

/** Every table, those that refer to others first, as they can be dropped. */
export const TABLES_LAST_FIRST: readonly (keyof Schema)[] = [
  'failed_sign_in',
  'sign_in_duration',
  'sign_in_count',
  'logo',
  'trail',
  'service_version',
  'service_key',
  'service_host',
  'service',
  'agency_invitation',
  'agency_member',
  'agency',
  'api_token',
  'registrar',
  'developer_account',
  'fault_trial',
  'client',
  'revision',
  'published_key',
  'waiting_change',
  'case',
  'alert',
  'device',
  'contact',
  'source_block',
  'review',
  'outbox',
  'state',
  'event_subject',
  'event',
  'consent',
  'pairwise',
  'link',
  'anchor',
  'person',
];
