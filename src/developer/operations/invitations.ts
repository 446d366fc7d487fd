/**
 * Owns invitations to an agency. Each is a link that is good once, within seven days, for whoever has it and is signed in;
 * it is told once, and only its hash is kept.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { moment } from '../../calendar.ts';
import { shortenedAddress } from '../../citizen/shortened.ts';
import { Refusal } from '../../errors.ts';
import { mailMessage } from '../../messaging/carriers.ts';
import { isMailAddress } from '../../messaging/mail-address.ts';
import { DEVELOPER } from '../../own-pages/own-page.ts';
import { agencyFor } from '../access.ts';
import { hashOf } from '../actor.ts';
import { changeAgency, openInvitations } from '../agency-changes.ts';
import { countWithinHour, takeWithinHour } from '../hourly.ts';
import { invitationLetter } from '../notices/invitation-letter.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Agency, Invitation, Role } from '../ports.ts';
import { Objections } from '../refusals.ts';
import { DAY } from '../saving.ts';
import { trailEntry } from '../trail.ts';

/** Below the console; the token of an invitation follows. */
export const INVITATIONS_PATH = '/invitations';

/** Milliseconds. */
const GOOD_FOR = 7 * DAY;
const MOST_MEMBERS = 50;
const MOST_OPEN = 20;
/** In an hour: by one account, of one agency; and letters to one address, whoever has them sent. */
const MOST_BY_ACCOUNT = 30;
const MOST_OF_AGENCY = 30;
const MOST_TO_ADDRESS = 3;

type InvitationParts = Pick<DeveloperParts, 'store' | 'vault' | 'configuration' | 'wake' | 'clock'>;

export function invitationOperations(operations: Operations, parts: InvitationParts): void {
  const { store, vault, configuration, wake } = parts;
  const { developer } = store;

  /** The agency that invites by this token, and as what. Throws `Refusal` `invitation_gone`. */
  async function inviting(token: string, now: number): Promise<{ agency: Agency; invitation: Invitation }> {
    const hash = hashOf(vault, token);
    const agency = await developer.agencies.inviting(hash);
    const invitation = agency && openInvitations(agency, now).find(({ tokenHash }) => tokenHash === hash);
    if (agency === undefined || invitation === undefined) throw new Refusal('invitation_gone');
    return { agency, invitation };
  }

  operations.define('listInvitations', 'read', async (actor, { params }) => {
    const { agency } = await agencyFor(store, actor, params.agency, 'owner');
    return { values: { invitations: openInvitations(agency, actor.now).map(shownInvitation) } };
  });

  operations.define('createInvitation', 'members', async (actor, { params, body }) => {
    const { mail, role } = body as { mail: string; role: Role };
    await agencyFor(store, actor, params.agency, 'owner', false);
    if (!isMailAddress(mail)) throw new Objections('settings_invalid', [{ field: 'mail', code: 'mail_malformed' }]);
    await takeWithinHour(parts, `invitations by ${actor.account}`, MOST_BY_ACCOUNT);
    await takeWithinHour(parts, `invitations of ${params.agency}`, MOST_OF_AGENCY);
    const address = mail.toLowerCase();
    const mailed =
      configuration.mail !== undefined &&
      (await countWithinHour(parts, `letters to ${address}`, MOST_TO_ADDRESS)) === 0;

    const token = randomBytes(32).toString('base64url');
    const link = `${configuration.issuer}${DEVELOPER.path}${INVITATIONS_PATH}/${token}`;
    const invitation: Invitation = {
      id: randomUUID(),
      tokenHash: hashOf(vault, token),
      role,
      to: shortenedAddress('mail', mail),
      by: actor.account,
      expiresAt: actor.now + GOOD_FOR,
    };
    await changeAgency(store, async () => {
      const { agency } = await agencyFor(store, actor, params.agency, 'owner', false);
      const open = openInvitations(agency, actor.now);
      if (open.length >= MOST_OPEN || agency.members.length + open.length >= MOST_MEMBERS)
        throw new Refusal('limit_reached');
      const done = { agency: agency.id, action: 'agency.invited', after: { invitation: invitation.id, role } };
      const letter = invitationLetter({ agency, role, link, ends: invitation.expiresAt }, configuration.hotline);
      return {
        agency: { ...agency, invitations: [...open, invitation] },
        trail: [trailEntry(actor, done)],
        messages: mailed ? [mailMessage(mail, letter)] : [],
        result: undefined,
      };
    });
    if (mailed) wake();
    return { status: 201, values: { ...shownInvitation(invitation), link, mailed } };
  });

  operations.define('deleteInvitation', 'members', async (actor, { params }) => {
    await changeAgency(store, async () => {
      const { agency } = await agencyFor(store, actor, params.agency, 'owner', false);
      const open = openInvitations(agency, actor.now);
      const ending = open.find(({ id }) => id === params.invitation);
      if (ending === undefined) throw new Refusal('not_found');
      const before = { invitation: ending.id, role: ending.role };
      return {
        agency: { ...agency, invitations: open.filter((one) => one !== ending) },
        trail: [trailEntry(actor, { agency: agency.id, action: 'agency.invitation_taken_back', before })],
        result: undefined,
      };
    });
    return { status: 204 };
  });

  operations.define('readInvitation', 'session', async (actor, { body }) => {
    const { agency, invitation } = await inviting(body.token, actor.now);
    const { role, expiresAt } = invitation;
    const member = agency.members.some(({ account }) => account === actor.account);
    return { values: { agency: { id: agency.id, name: agency.name }, role, ends: moment(expiresAt), member } };
  });

  operations.define('acceptInvitation', 'session', async (actor, { body }) => {
    // Before the link is used up: colleagues need to know who has come.
    const isIntroduced = (await developer.accounts.find(actor.account)) !== undefined;
    const values = await changeAgency(store, async () => {
      const { agency, invitation } = await inviting(body.token, actor.now);
      if (!isIntroduced) throw new Refusal('introduction_needed');
      // Whoever tries their own link does not use it up, nor lose a role that is larger.
      if (agency.members.some(({ account }) => account === actor.account)) throw new Refusal('not_possible_now');
      if (agency.members.length >= MOST_MEMBERS) throw new Refusal('limit_reached');
      const { role } = invitation;
      const after = { account: actor.account, role, invitation: invitation.id };
      return {
        agency: {
          ...agency,
          members: [...agency.members, { account: actor.account, role, since: actor.now }],
          invitations: openInvitations(agency, actor.now).filter((one) => one !== invitation),
        },
        trail: [trailEntry(actor, { agency: agency.id, action: 'agency.joined', after })],
        result: { agency: agency.id, role },
      };
    });
    return { values };
  });
}

function shownInvitation({ id, to, role, by, expiresAt }: Invitation) {
  return { id, to, role, by, ends: moment(expiresAt) };
}
