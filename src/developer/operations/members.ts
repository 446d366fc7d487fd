/** Owns who belongs to an agency: seen by all of them, changed by its owners, left by whoever wants to. */
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { agencyFor } from '../access.ts';
import { changeAgency, withMembers } from '../agency-changes.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Role } from '../ports.ts';
import { trailEntry } from '../trail.ts';

export function memberOperations(operations: Operations, { store }: Pick<DeveloperParts, 'store'>): void {
  operations.define('listMembers', 'read', async (actor, { params }) => {
    const { agency } = await agencyFor(store, actor, params.agency, 'reader');
    const known = await store.developer.accounts.among(agency.members.map(({ account }) => account));
    const members = agency.members.map(({ account, role, since }) => {
      const { name, mail } = known.get(account) ?? {};
      return { account, ...(name ? { name } : {}), ...(mail ? { mail } : {}), role, since: moment(since) };
    });
    return { values: { members } };
  });

  operations.define('putMember', 'members', async (actor, { params, body }) => {
    const { account } = params as { account: string };
    const { role } = body as { role: Role };
    const values = await changeAgency(store, async () => {
      const { agency } = await agencyFor(store, actor, params.agency, 'owner', false);
      const before = agency.members.find((one) => one.account === account);
      if (before === undefined) throw new Refusal('not_found');
      const members = agency.members.map((one) => (one === before ? { ...one, role } : one));
      const done = {
        agency: agency.id,
        action: 'agency.role_changed',
        before: { account, role: before.role },
        after: { account, role },
      };
      return {
        agency: await withMembers(store, agency, members, actor.now),
        trail: [trailEntry(actor, done)],
        result: { account, role },
      };
    });
    return { values };
  });

  operations.define('removeMember', 'members', async (actor, { params }) => {
    const { account } = params as { account: string };
    const isSelf = account === actor.account;
    await changeAgency(store, async () => {
      const { agency } = await agencyFor(store, actor, params.agency, isSelf ? 'reader' : 'owner', false);
      const before = agency.members.find((one) => one.account === account);
      if (before === undefined) throw new Refusal('not_found');
      const done = {
        agency: agency.id,
        action: isSelf ? 'agency.left' : 'agency.member_removed',
        before: { account, role: before.role },
      };
      const members = agency.members.filter((one) => one !== before);
      return {
        agency: await withMembers(store, agency, members, actor.now),
        trail: [trailEntry(actor, done)],
        result: undefined,
      };
    });
    return { status: 204 };
  });
}
