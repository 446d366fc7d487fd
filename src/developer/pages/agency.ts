/** Owns the pages about an agency: who it is, its picture, its people, and joining it by an invitation. */
import { Refusal } from '../../errors.ts';
import { INVITATIONS_PATH } from '../operations/invitations.ts';
import type { Fields, Looking, Pages } from '../pages.ts';
import { ROLES, SECTORS } from '../ports.ts';
import { LEAST_OWNERS } from '../readiness.ts';

const AGENCY = '/agencies/:agency';
const INVITATION = `${INVITATIONS_PATH}/:token`;

export function agencyPages({ show, form, upload }: Pages): void {
  show(AGENCY, (looking) => shownAgency(looking));

  form(AGENCY, {
    operation: 'putAgency',
    on: AGENCY,
    read: (fields, params) => ({ params, body: agencyIn(fields) }),
    goOn: ({ values }) => `/agencies/${values.id}`,
  });

  upload(`${AGENCY}/logo`, {
    operation: 'uploadLogo',
    on: AGENCY,
    read: ({ content }) => ({ body: { content } }),
    async goOn({ values: { id: logo } }, { call, params }) {
      const { name, sector, contact } = (await call('getDeveloperAgency', { params })).values;
      await call('putAgency', { params, body: { name, sector, contact, logo } });
      return `/agencies/${params.agency}`;
    },
  });

  form(`${AGENCY}/members/:account`, {
    operation: 'putMember',
    on: AGENCY,
    read: ({ role }, params) => ({ params, body: { role } }),
    goOn: (_outcome, { params }) => `/agencies/${params.agency}`,
  });

  form(`${AGENCY}/members/:account/remove`, {
    operation: 'removeMember',
    on: AGENCY,
    read: (_fields, params) => ({ params }),
    goOn: (_outcome, { actor, params }) => (params.account === actor.account ? '' : `/agencies/${params.agency}`),
  });

  form(`${AGENCY}/invitations`, {
    operation: 'createInvitation',
    on: AGENCY,
    read: ({ mail, role }, params) => ({ params, body: { mail, role } }),
    async goOn({ values: { to, link, mailed, ends } }, looking) {
      return { ...(await shownAgency(looking)), invited: { to, link, mailed, ends } };
    },
  });

  form(`${AGENCY}/invitations/:invitation/remove`, {
    operation: 'deleteInvitation',
    on: AGENCY,
    read: (_fields, params) => ({ params }),
    goOn: (_outcome, { params }) => `/agencies/${params.agency}`,
  });

  show(INVITATION, async ({ call, params: { token = '' } }) => {
    // What was never a link of ours is told like one that is over.
    if (!/^[\w-]{43}$/.test(token)) throw new Refusal('invitation_gone');
    const [{ agency, role, ends, member }, { name }] = await Promise.all([
      call('readInvitation', { body: { token } }).then(({ values }) => values),
      call('getAccount').then(({ values }) => values),
    ]);
    return { page: 'developer/invitation', token, agency, role, ends, member, introduced: name !== undefined };
  });

  form(INVITATION, {
    operation: 'acceptInvitation',
    on: INVITATION,
    read: (_fields, { token }) => ({ body: { token } }),
    goOn: ({ values }) => `/agencies/${values.agency}`,
  });

  form(`${INVITATION}/account`, {
    operation: 'putAccount',
    on: INVITATION,
    read: ({ name, mail, language }) => ({ body: { name, mail, ...(language ? { language } : {}) } }),
    goOn: (_outcome, { params }) => `${INVITATIONS_PATH}/${params.token}`,
  });
}

async function shownAgency({ actor, call, params: { agency: id } }: Looking) {
  const params = { agency: id };
  const [{ members: _count, ...agency }, { members }] = await Promise.all([
    call('getDeveloperAgency', { params }).then(({ values }) => values),
    call('listMembers', { params }).then(({ values }) => values),
  ]);
  const open = agency.role === 'owner' ? (await call('listInvitations', { params })).values : {};
  return {
    page: 'developer/agency' as const,
    agency,
    members,
    self: actor.account,
    ...open,
    leastOwners: LEAST_OWNERS,
    sectors: SECTORS,
    roles: ROLES,
  };
}

/** The picture stays unless its box is ticked. */
function agencyIn({ name_vi, name_en, sector, logo, without_logo, contact_mail, contact_phone }: Fields) {
  return {
    name: { vi: name_vi, en: name_en },
    sector,
    contact: { mail: contact_mail, ...(contact_phone ? { phone: contact_phone } : {}) },
    ...(logo && !without_logo ? { logo } : {}),
  };
}
