/** Owns how services are found: by id, in lists, by the hosts and keys they use, by when a credential ends. */
import type { Kysely } from 'kysely';
import type { DeveloperRecords, ListedService, Service } from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { contains, type Page, pageOf } from './searching.ts';

type Services = DeveloperRecords['services'];
export type ServiceLists = Pick<Services, 'find' | 'list' | 'ending' | 'hostsLike' | 'keysAmong'>;

interface ServicePage extends Page {
  /** None for all, as below. */
  readonly agencies: readonly string[];
  readonly submitted: readonly number[];
}

const listed = (sql: Kysely<Schema>) =>
  sql
    .selectFrom('service')
    .innerJoin('agency', 'agency.id', 'service.agency')
    .select(['service.document', 'agency.name']);

const selectOne = statement((sql, { id }: { id: string }) => listed(sql).where('service.id', '=', id));

/** The agency's words are looked for in the agency as well: it may have been renamed since the service was written. */
const selectPage = statement((sql, { after, patterns, agencies, submitted, most }: ServicePage) => {
  let rows = listed(sql).where('service.id', '>', after);
  if (agencies.length > 0) rows = rows.where('service.agency', 'in', agencies);
  if (submitted.length > 0) rows = rows.where('service.submitted', 'in', submitted);
  for (const pattern of patterns)
    rows = rows.where(({ or, ref }) =>
      or([contains(ref('service.search'), pattern), contains(ref('agency.search'), pattern)]),
    );
  return rows.orderBy('service.id').limit(most);
});

const selectEnding = statement((sql, { before, most }: { before: number; most: number }) =>
  listed(sql).where('service.next_end', '<', before).orderBy('service.next_end').orderBy('service.id').limit(most),
);

const selectHosts = statement((sql, { skeletons }: { skeletons: readonly string[] }) =>
  sql
    .selectFrom('service_host')
    .innerJoin('service', 'service.id', 'service_host.service')
    .select(['service_host.host', 'service_host.service', 'service.agency'])
    .where('service_host.skeleton', 'in', skeletons)
    .orderBy('service_host.host')
    .orderBy('service_host.service'),
);

const selectKeys = statement((sql, { thumbprints }: { thumbprints: readonly string[] }) =>
  sql
    .selectFrom('service_key')
    .select(['thumbprint', 'service'])
    .where('thumbprint', 'in', thumbprints)
    .orderBy('thumbprint')
    .orderBy('service'),
);

export function createServiceLists({ database }: Surroundings): ServiceLists {
  const { sql } = database;

  return {
    async find(id) {
      const [row] = await database.read(selectOne(sql, { id }));
      return row && listedOf(row);
    },

    async list({ agencies, submitted, ...question }) {
      if (agencies?.length === 0) return [];
      const page: ServicePage = {
        ...pageOf(question),
        agencies: agencies ?? [],
        submitted: submitted === undefined ? [] : [Number(submitted)],
      };
      return (await database.read(selectPage(sql, page))).map(listedOf);
    },

    async ending(before, most) {
      return (await database.read(selectEnding(sql, { before, most }))).map(listedOf);
    },

    async hostsLike(skeletons) {
      return skeletons.length === 0 ? [] : database.read(selectHosts(sql, { skeletons }));
    },

    async keysAmong(thumbprints) {
      return thumbprints.length === 0 ? [] : database.read(selectKeys(sql, { thumbprints }));
    },
  };
}

function listedOf({ document, name }: { readonly document: string; readonly name: string }): ListedService {
  return { service: JSON.parse(document) as Service, agency: JSON.parse(name) as ListedService['agency'] };
}
