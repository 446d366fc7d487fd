/**
 * Owns how services are written: a service, what it is found by, its new versions and what it is as a client, in one unit.
 * Every unit takes rows in the same order (revisions of the issuers, offices, the service, clients by id), so none waits in a circle.
 */
import type { Insertable, Selectable } from 'kysely';
import type { DeveloperRecords, Offices, Service, ServiceIndex, Version } from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import type { ServiceHostTable, ServiceKeyTable, ServiceTable, ServiceVersionTable } from '../developer-schema.ts';
import { statement } from '../statement.ts';
import { ifStillSo, mustChange, mustFind, type Unit, write } from '../unit.ts';
import { mustBeFree, publishClients, takeIssuers } from './published-clients.ts';
import { createServiceLists } from './service-lists.ts';
import { writeAlongside } from './trail.ts';

type Row = Insertable<ServiceTable>;
type VersionOf = { service: string; environment: Version['environment'] };

const insert = statement((sql, row: Row) =>
  sql
    .insertInto('service')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const updateIfSame = statement((sql, { id, over, ...row }: Omit<Row, 'created_at'> & { over: number }) =>
  sql.updateTable('service').set(row).where('id', '=', id).where('revision', '=', over),
);

const removeHosts = statement((sql, { service }: { service: string }) =>
  sql.deleteFrom('service_host').where('service', '=', service),
);
const removeKeys = statement((sql, { service }: { service: string }) =>
  sql.deleteFrom('service_key').where('service', '=', service),
);
const insertHost = statement((sql, row: Insertable<ServiceHostTable>) =>
  sql
    .insertInto('service_host')
    .values(row)
    .onConflict((conflict) => conflict.columns(['service', 'host']).doNothing()),
);
const insertKey = statement((sql, row: Insertable<ServiceKeyTable>) =>
  sql
    .insertInto('service_key')
    .values(row)
    .onConflict((conflict) => conflict.columns(['service', 'thumbprint']).doNothing()),
);

const insertVersion = statement((sql, row: Insertable<ServiceVersionTable>) =>
  sql
    .insertInto('service_version')
    .values(row)
    .onConflict((conflict) => conflict.columns(['service', 'environment', 'number']).doNothing()),
);

const selectVersion = statement((sql, { service, environment, number }: VersionOf & { number: number }) =>
  sql
    .selectFrom('service_version')
    .selectAll()
    .where('service', '=', service)
    .where('environment', '=', environment)
    .where('number', '=', number),
);

const selectVersions = statement((sql, { service, environment }: VersionOf) =>
  sql
    .selectFrom('service_version')
    .selectAll()
    .where('service', '=', service)
    .where('environment', '=', environment)
    .orderBy('number', 'desc'),
);

/** Both stay as they are until the unit is over: who is removed meanwhile is removed after it. */
const isAgencyAt = statement((sql, { agency, revision }: { agency: string; revision: number }) =>
  sql.selectFrom('agency').select('id').where('id', '=', agency).where('revision', '=', revision).forShare(),
);
const isRegistrar = statement((sql, { account }: { account: string }) =>
  sql.selectFrom('registrar').select('account').where('account', '=', account).forShare(),
);

export function createServices(surroundings: Surroundings): DeveloperRecords['services'] {
  const { database } = surroundings;
  const { sql } = database;

  return {
    ...createServiceLists(surroundings),

    async save(service, index, { versions = [], clients = [], restsOn, ...alongside }) {
      const saved = await ifStillSo(database, function* () {
        const revisions = yield* takeIssuers(surroundings, service, clients);
        if (restsOn) yield* mustHold(surroundings, service, restsOn);
        if (service.revision === 0) yield* mustBeFree(surroundings, service, clients);
        yield* writeService(surroundings, service, index);
        for (const version of versions) yield* mustChange(insertVersion(sql, versionRow(version)));
        yield* publishClients(surroundings, service, clients, revisions);
        yield* writeAlongside(surroundings, alongside);
      });
      return saved ? 'saved' : 'conflict';
    },

    async version(service, environment, number) {
      const [row] = await database.read(selectVersion(sql, { service, environment, number }));
      return row && versionOf(row);
    },

    async versions(service, environment) {
      return (await database.read(selectVersions(sql, { service, environment }))).map(versionOf);
    },
  };
}

function* mustHold(
  { database: { sql } }: Surroundings,
  { agency }: Service,
  { agencyRevision: revision, registrar: account }: Offices,
): Unit<void> {
  yield* mustFind(isAgencyAt(sql, { agency, revision }));
  if (account !== undefined) yield* mustFind(isRegistrar(sql, { account }));
}

function* writeService({ database: { sql } }: Surroundings, service: Service, index: ServiceIndex): Unit<void> {
  const { id, agency, revision: over, createdAt: created_at } = service;
  const document: Service = { ...service, revision: over + 1 };
  const row = {
    id,
    agency,
    document: JSON.stringify(document),
    search: index.search,
    submitted: Number(service.production.submission?.state === 'open'),
    next_end: index.nextEnd ?? null,
    revision: document.revision,
  };
  // Who has the row writes what stands beside it, and nobody else.
  yield* mustChange(over === 0 ? insert(sql, { ...row, created_at }) : updateIfSame(sql, { ...row, over }));
  if (over > 0) {
    yield* write(removeHosts(sql, { service: id }));
    yield* write(removeKeys(sql, { service: id }));
  }
  for (const { host, skeleton } of index.hosts) yield* write(insertHost(sql, { service: id, host, skeleton }));
  for (const thumbprint of index.thumbprints) yield* write(insertKey(sql, { service: id, thumbprint }));
}

type Document = Pick<Version, 'settings' | 'agency'>;

function versionRow({ service, environment, number, settings, agency, by: author, at }: Version) {
  const document: Document = { settings, agency };
  return { service, environment, number, document: JSON.stringify(document), author, at };
}

function versionOf({ document, author: by, ...row }: Selectable<ServiceVersionTable>): Version {
  return { ...row, by, ...(JSON.parse(document) as Document) };
}
