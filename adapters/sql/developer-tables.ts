/**
 * Owns the steps that made the tables of the developer console. Agencies and services are each one document, with a revision;
 * what they are found by stands beside it and is written with it. Released steps, never changed (migrations.ts).
 */
import { notNull, ofPerson, oneOf, primaryKey } from './columns.ts';
import type { Step } from './migrations.ts';

/** Clients of a second issuer; all there were before are the hub's. */
export const clientIssuers: Step = ({ schema }, { text }) => [
  schema
    .alterTable('client')
    .addColumn('issuer', text, (column) => oneOf('issuer', 'hub', 'sandbox')(column).defaultTo('hub'))
    .compile(),
  schema.createIndex('client_issuer').on('client').columns(['issuer', 'revision']).compile(),
  schema.dropIndex('client_revision').compile(),
];

/** Agencies, their people and their services; and whose service a client is. */
export const developerRecords: Step = ({ schema }, { bytes, integer, text, endOfTable, immutable }) => [
  schema
    .createTable('developer_account')
    .addColumn('account', text, primaryKey)
    .addColumn('person', text, ofPerson)
    .addColumn('sealed_profile', bytes, notNull)
    .addColumn('since', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('developer_account_person').on('developer_account').column('person').compile(),
  schema
    .createTable('registrar')
    .addColumn('account', text, primaryKey)
    .addColumn('since', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('api_token')
    .addColumn('id', text, primaryKey)
    .addColumn('hash', text, (column) => column.notNull().unique())
    .addColumn('account', text, (column) => column.notNull().references('developer_account.account'))
    .addColumn('source', text, notNull)
    .addColumn('name', text, notNull)
    .addColumn('scopes', text, notNull)
    .addColumn('created_at', integer, notNull)
    .addColumn('ends_at', integer, notNull)
    .addColumn('used_at', integer)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('api_token_account').on('api_token').column('account').compile(),
  schema
    .createTable('agency')
    .addColumn('id', text, primaryKey)
    .addColumn('name', text, notNull)
    .addColumn('document', text, notNull)
    .addColumn('search', text, notNull)
    .addColumn('revision', integer, notNull)
    .addColumn('created_at', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema
    .createTable('agency_member')
    .addColumn('agency', text, (column) => column.notNull().references('agency.id'))
    .addColumn('account', text, notNull)
    .addColumn('role', text, oneOf('role', 'reader', 'developer', 'owner'))
    .addPrimaryKeyConstraint('agency_member_account', ['agency', 'account'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('agency_member_of').on('agency_member').column('account').compile(),
  schema
    .createTable('agency_invitation')
    .addColumn('token_hash', text, primaryKey)
    .addColumn('agency', text, (column) => column.notNull().references('agency.id'))
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('agency_invitation_of').on('agency_invitation').column('agency').compile(),
  schema
    .createTable('service')
    .addColumn('id', text, primaryKey)
    .addColumn('agency', text, (column) => column.notNull().references('agency.id'))
    .addColumn('document', text, notNull)
    .addColumn('search', text, notNull)
    .addColumn('submitted', integer, notNull)
    .addColumn('next_end', integer)
    .addColumn('revision', integer, notNull)
    .addColumn('created_at', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('service_agency').on('service').columns(['agency', 'id']).compile(),
  schema.createIndex('service_next_end').on('service').columns(['next_end', 'id']).compile(),
  schema
    .createTable('service_host')
    .addColumn('service', text, (column) => column.notNull().references('service.id'))
    .addColumn('host', text, notNull)
    .addColumn('skeleton', text, notNull)
    .addPrimaryKeyConstraint('service_host_once', ['service', 'host'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('service_host_skeleton').on('service_host').column('skeleton').compile(),
  schema
    .createTable('service_key')
    .addColumn('service', text, (column) => column.notNull().references('service.id'))
    .addColumn('thumbprint', text, notNull)
    .addPrimaryKeyConstraint('service_key_once', ['service', 'thumbprint'])
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('service_key_thumbprint').on('service_key').column('thumbprint').compile(),
  schema
    .createTable('service_version')
    .addColumn('service', text, (column) => column.notNull().references('service.id'))
    .addColumn('environment', text, oneOf('environment', 'sandbox', 'production'))
    .addColumn('number', integer, notNull)
    .addColumn('document', text, notNull)
    .addColumn('author', text, notNull)
    .addColumn('at', integer, notNull)
    .addPrimaryKeyConstraint('service_version_number', ['service', 'environment', 'number'])
    .modifyEnd(endOfTable)
    .compile(),
  ...immutable('service_version'),
  schema
    .createTable('trail')
    .addColumn('id', text, primaryKey)
    .addColumn('at', integer, notNull)
    .addColumn('agency', text, notNull)
    .addColumn('service', text)
    .addColumn('actor', text, notNull)
    .addColumn('through', text, notNull)
    .addColumn('action', text, notNull)
    .addColumn('before', text)
    .addColumn('after', text)
    .modifyEnd(endOfTable)
    .compile(),
  schema.createIndex('trail_agency').on('trail').columns(['agency', 'at', 'id']).compile(),
  schema.createIndex('trail_service').on('trail').columns(['service', 'at', 'id']).compile(),
  ...immutable('trail'),
  schema
    .createTable('logo')
    .addColumn('id', text, primaryKey)
    .addColumn('type', text, oneOf('type', 'image/png', 'image/svg+xml'))
    .addColumn('body', bytes, notNull)
    .addColumn('created_at', integer, notNull)
    .modifyEnd(endOfTable)
    .compile(),
  // In which sectors people are known: no new agency may come under one of them.
  schema.createIndex('pairwise_of').on('pairwise').column('sector').compile(),
  // Nobody else's client is ever taken over for a service; clients of operators are of none.
  schema.alterTable('client').addColumn('service', text).compile(),
];
