/** Owns agencies: who they are, and that whoever brings one in is its first owner. */
import { LANGUAGES, type Localised } from '../../../views/pages.ts';
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { isMailAddress } from '../../messaging/mail-address.ts';
import { type AgencyAccess, agencyFor } from '../access.ts';
import { HUB_NAMES } from '../facts.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Agency, Sector } from '../ports.ts';
import { type Objection, Objections } from '../refusals.ts';
import { claimsToBeHub, wordingProblem } from '../rules/wording.ts';
import { trailEntry } from '../trail.ts';
import { idFrom } from '../words.ts';

/** What an agency says of itself. */
interface Saying {
  readonly id?: string;
  readonly name: Localised;
  readonly sector: Sector;
  readonly logo?: string;
  readonly contact: { readonly mail: string; readonly phone?: string };
}

/** Agencies one account may bring in. */
const MOST_AGENCIES = 20;
const RESERVED = new Set(['lien-thong', 'lien-thong-developers']);

export function agencyOperations(operations: Operations, { store }: DeveloperParts): void {
  const { developer } = store;

  /** What is wrong with it, all of it. Names are read by citizens, and in letters of the hub's. */
  async function check({ name, logo, contact }: Saying): Promise<void> {
    const objections: Objection[] = [];
    for (const language of LANGUAGES) {
      const code =
        wordingProblem(name[language]) ?? (claimsToBeHub(name[language], HUB_NAMES) ? 'name_of_hub' : undefined);
      if (code) objections.push({ field: `name.${language}`, code });
    }
    if (logo !== undefined && (await developer.logos.find(logo)) === undefined)
      objections.push({ field: 'logo', code: 'logo_unknown' });
    if (!isMailAddress(contact.mail)) objections.push({ field: 'contact.mail', code: 'mail_malformed' });
    if (objections.length > 0) throw new Objections('settings_invalid', objections);
  }

  operations.define('createAgency', 'write', async (actor, { body }) => {
    const { id, ...said } = body as Saying;
    await check(said);
    if ((await developer.accounts.find(actor.account)) === undefined) throw new Refusal('introduction_needed');
    const own = await developer.agencies.of(actor.account);
    if (own.length >= MOST_AGENCIES) throw new Refusal('limit_reached');
    const agency: Agency = {
      id: id ?? idFrom(said.name.vi),
      revision: 0,
      ...said,
      members: [{ account: actor.account, role: 'owner', since: actor.now }],
      invitations: [],
      createdAt: actor.now,
    };
    if (agency.id.length < 2 || RESERVED.has(agency.id)) throw new Refusal('id_taken');
    const done = { agency: agency.id, action: 'agency.created', after: said };
    const saved = await developer.agencies.save(agency, { trail: [trailEntry(actor, done)] });
    if (saved === 'conflict') throw new Refusal('id_taken');
    return { status: 201, values: shownAgency({ agency, as: 'owner' }) };
  });

  operations.define('getDeveloperAgency', 'read', async (actor, { params }) => ({
    values: shownAgency(await agencyFor(store, actor, params.agency, 'reader')),
  }));

  operations.define('putAgency', 'write', async (actor, { params, body }) => {
    const { id: _id, ...said } = body as Saying;
    const { agency, as } = await agencyFor(store, actor, params.agency, 'owner', false);
    await check(said);
    const { logo: _logo, ...rest } = agency;
    const changed: Agency = { ...rest, ...said };
    const { name, sector, contact, logo } = agency;
    const done = { agency: agency.id, action: 'agency.changed', before: { name, sector, contact, logo }, after: said };
    const saved = await developer.agencies.save(changed, { trail: [trailEntry(actor, done)] });
    if (saved === 'conflict') throw new Refusal('edited_meanwhile');
    return { values: shownAgency({ agency: changed, as }) };
  });
}

/** An agency as its people see it. */
export function shownAgency({ agency, as }: AgencyAccess) {
  const { id, name, sector, logo, contact, members, createdAt } = agency;
  return {
    id,
    name,
    sector,
    ...(logo ? { logo } : {}),
    contact,
    role: as,
    owners: members.filter(({ role }) => role === 'owner').length,
    members: members.length,
    created: moment(createdAt),
  };
}
