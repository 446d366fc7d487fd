/**
 * Owns how a service becomes a client of the two issuers, in the unit that decides it. A client that is not the service's
 * own, because operators registered it or it belongs to another service, is never taken over.
 */
import type { Insertable } from 'kysely';
import {
  clientIdOf,
  ENVIRONMENTS,
  type PublishedClient,
  SANDBOX_SUFFIX,
  type Service,
} from '../../../src/developer/ports.ts';
import type { Surroundings } from '../changes.ts';
import { announceClients, byId, type Issuer, takeRevision } from '../registrations.ts';
import type { ClientTable } from '../schema.ts';
import { statement } from '../statement.ts';
import { mustChange, mustFind, type Unit } from '../unit.ts';

/** In the order in which every unit takes them. */
const ISSUERS: readonly Issuer[] = ['hub', 'sandbox'];

const selectIfFree = statement((sql, { clients, services }: Record<'clients' | 'services', readonly string[]>) =>
  sql
    .selectNoFrom(({ lit }) => lit(1).as('free'))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('client').select('client.id').where('client.id', 'in', clients))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('service').select('service.id').where('service.id', 'in', services))),
    ),
);

const publish = statement((sql, row: Insertable<ClientTable> & { service: string }) => {
  const { issuer, service, registration, revision, updated_at } = row;
  return sql
    .insertInto('client')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ registration, revision, updated_at })
        .where('client.issuer', '=', issuer)
        .where('client.service', '=', service)
        .where('client.seeded_from', 'is', null),
    );
});

/** Revisions that a unit has taken. */
export type Revisions = ReadonlyMap<Issuer, number>;

/**
 * The part of a unit, its first, after which nobody else writes clients of the issuers concerned until it is over: all of
 * them where a service is new, because no id of either may be taken.
 */
export function* takeIssuers(
  { database }: Surroundings,
  service: Service,
  clients: readonly PublishedClient[],
): Unit<Revisions> {
  const revisions = new Map<Issuer, number>();
  for (const issuer of ISSUERS)
    if (service.revision === 0 || clients.some((client) => client.issuer === issuer))
      revisions.set(issuer, yield* takeRevision(database, issuer));
  return revisions;
}

/**
 * The part of a unit that makes sure that a new service's ids are nobody's, as a client or as what another service will be
 * called. Throws `Overtaken` when one is.
 */
export function* mustBeFree(
  { database }: Surroundings,
  { id }: Service,
  clients: readonly PublishedClient[],
): Unit<void> {
  const own = ENVIRONMENTS.map((environment) => clientIdOf(id, environment));
  const taken = [...own, ...clients.map((client) => client.id)];
  // As which this one would be the sandbox's client.
  const base = id.endsWith(SANDBOX_SUFFIX) ? [id.slice(0, -SANDBOX_SUFFIX.length)] : [];
  yield* mustFind(selectIfFree(database.sql, { clients: taken, services: [...own, ...base] }));
}

/** The part of a unit that publishes what a service is as a client from now on. Throws `Overtaken` for another's. */
export function* publishClients(
  { database, clock }: Surroundings,
  service: Service,
  clients: readonly PublishedClient[],
  revisions: Revisions,
): Unit<void> {
  for (const { id, issuer, registration } of clients.toSorted(byId)) {
    const row = {
      id,
      issuer,
      service: service.id,
      registration: registration === undefined ? null : JSON.stringify(registration),
      revision: revisions.get(issuer)!,
      updated_at: clock(),
      seeded_from: null,
    };
    yield* mustChange(publish(database.sql, row));
  }
  for (const issuer of ISSUERS)
    if (clients.some((client) => client.issuer === issuer)) yield* announceClients(database, issuer);
}
