/**
 * Owns who may do what to which agency and service. Whoever is no member of an agency is told that there is none (404);
 * a member whose role is too small is told so.
 */
import { Refusal } from '../errors.ts';
import type { Store } from '../store.ts';
import type { Actor } from './actor.ts';
import { type Agency, type ListedService, ROLES, type Role, type Service } from './ports.ts';

/** In which capacity somebody acts on an agency: a member in their role, or a registrar of the hub. */
export type Capacity = Role | 'registrar';

export interface AgencyAccess {
  readonly agency: Agency;
  /** Of the actor; a registrar who is a member too acts as a member. */
  readonly as: Capacity;
}

export interface ServiceAccess extends AgencyAccess {
  readonly service: Service;
}

type Records = Pick<Store, 'developer'>;

/** Whether a role is this one or one that may do more. */
export const mayAs = (role: Capacity, least: Role): boolean =>
  role !== 'registrar' && ROLES.indexOf(role) >= ROLES.indexOf(least);

/**
 * The agency, for a member of at least this role; registrars may look at all of them. Throws `Refusal` `not_found`,
 * `role_too_small`.
 */
export async function agencyFor(
  { developer }: Records,
  actor: Actor,
  id: string,
  least: Role,
  registrarsToo = least === 'reader',
): Promise<AgencyAccess> {
  const agency = await developer.agencies.find(id);
  if (agency === undefined) throw new Refusal('not_found');
  return { agency, as: await capacity(developer, actor, agency, least, registrarsToo) };
}

/** The same, of a service's agency. */
export async function serviceFor(
  { developer }: Records,
  actor: Actor,
  id: string,
  least: Role,
  registrarsToo = least === 'reader',
): Promise<ServiceAccess> {
  const found: ListedService | undefined = await developer.services.find(id);
  const agency = found && (await developer.agencies.find(found.service.agency));
  if (found === undefined || agency === undefined) throw new Refusal('not_found');
  return { service: found.service, agency, as: await capacity(developer, actor, agency, least, registrarsToo) };
}

async function capacity(
  developer: Store['developer'],
  actor: Actor,
  agency: Agency,
  least: Role,
  registrarsToo: boolean,
): Promise<Capacity> {
  const own = agency.members.find(({ account }) => account === actor.account)?.role;
  if (own !== undefined && mayAs(own, least)) return own;
  // Who belongs to the agency does nothing about it for the hub.
  if (own !== undefined) throw new Refusal('role_too_small');
  // A registrar decides with a sign-in of their own, never by a token that lies in a script.
  if (actor.visit && (await developer.registrars.is(actor.account))) {
    if (registrarsToo) return 'registrar';
    throw new Refusal('role_too_small');
  }
  throw new Refusal('not_found');
}

/** Throws `Refusal` `not_found` for whoever is no registrar: they need not know that there is anything. */
export async function registrarOnly({ developer }: Records, actor: Actor): Promise<void> {
  if (!actor.visit || !(await developer.registrars.is(actor.account))) throw new Refusal('not_found');
}
