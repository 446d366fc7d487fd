/**
 * Owns changing who belongs to an agency. What is decided rests on the record as it was read: when somebody else wrote
 * meanwhile, everything is looked at and decided anew, rights included. So of two owners who leave at once one stays.
 */
import { Refusal } from '../errors.ts';
import type { Message, Store } from '../store.ts';
import type { Agency, Member, TrailEntry } from './ports.ts';
import { LEAST_OWNERS } from './readiness.ts';
import { Objections } from './refusals.ts';

/** Of one change; each loss means that somebody else's went through. */
const MOST_TRIES = 20;
/** Services looked at in one go; a store gives no more of them. */
const AT_ONCE = 100;

export interface AgencyChange<Result> {
  readonly agency: Agency;
  readonly trail: readonly TrailEntry[];
  readonly messages?: readonly Message[];
  readonly result: Result;
}

/** Decides and writes until it is written. Throws what `decide` throws, and `Refusal` `edited_meanwhile`. */
export async function changeAgency<Result>(
  { developer }: Pick<Store, 'developer'>,
  decide: () => Promise<AgencyChange<Result>>,
): Promise<Result> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { agency, trail, messages, result } = await decide();
    const saved = await developer.agencies.save(agency, { trail, ...(messages ? { messages } : {}) });
    if (saved === 'saved') return result;
  }
  throw new Refusal('edited_meanwhile');
}

/**
 * The agency with other members. What somebody invited to as an owner is taken back when they are none any more: they
 * could have invited themselves. Throws `Refusal` `last_owner`, with `two_owners_needed` where that is why.
 */
export async function withMembers(
  records: Pick<Store, 'developer'>,
  agency: Agency,
  members: readonly Member[],
  now: number,
): Promise<Agency> {
  const ownersOf = (all: readonly Member[]) => all.filter(({ role }) => role === 'owner');
  const owners = ownersOf(members);
  if (owners.length < ownersOf(agency.members).length) {
    if (owners.length === 0) throw new Refusal('last_owner');
    if (owners.length < LEAST_OWNERS && (await hasProduction(records, agency.id)))
      throw new Objections('last_owner', [{ field: '', code: 'two_owners_needed' }]);
  }
  const invitations = openInvitations(agency, now).filter(({ by }) => owners.some(({ account }) => account === by));
  return { ...agency, members, invitations };
}

/** Those that can still be used. */
export const openInvitations = ({ invitations }: Pick<Agency, 'invitations'>, now: number) =>
  invitations.filter(({ expiresAt }) => expiresAt > now);

/** Whether any of its services is met by real people, or could be again at once. */
async function hasProduction({ developer }: Pick<Store, 'developer'>, agency: string): Promise<boolean> {
  let after: string | undefined;
  do {
    const listed = await developer.services.list({
      agencies: [agency],
      most: AT_ONCE,
      ...(after === undefined ? {} : { after }),
    });
    if (listed.some(({ service: { production } }) => ['live', 'suspended'].includes(production.state))) return true;
    after = listed.length < AT_ONCE ? undefined : listed.at(-1)!.service.id;
  } while (after !== undefined);
  return false;
}
