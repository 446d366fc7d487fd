/** Owns two citizens about whom the hub knows something of every kind, so that answers have something in them. */
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, HOA, relyingParty, type ServiceWish, type TestCountry, tokensFor } from '../country.ts';
import { byNationalEid, bySocialInsurance, byTaxCode, signInToPage } from './citizen.ts';
import { asBearer, asPage, type OwnApi } from './described.ts';
import { AN_MAIL, giveContact } from './letters-come.ts';
import { isOwnCallback, ownToken } from './own-token.ts';

export const HOA_NUMBER = '097185000021';
const HOA_MAIL = 'hoa.tran@example.vn';

export const SERVICES: readonly ServiceWish[] = [
  { client_id: 'tax-returns', optional_items: ['gender'] },
  { client_id: 'library-cards' },
  { client_id: 'land-register', basis: 'law' },
  { client_id: 'only-hers', service: { vi: 'Chỉ của Hoà', en: 'Only hers' } },
];

type Headers = Readonly<Record<string, string>>;

export interface Life {
  readonly visitor: Visitor;
  /** By the cookie of their page, and by a token on the same session. */
  readonly page: Headers;
  readonly bearer: Headers;
  /** What names something of theirs, by the parameter or field that takes it. */
  readonly ids: Readonly<Record<string, string>>;
  /** What must stand in nobody else's answers. */
  readonly secrets: readonly string[];
}

/** A browser whose sign-ins at the page can be stopped before the page has them. */
function stoppable(language: string) {
  const stop = { is: false };
  return { stop, visitor: new Visitor({ language, stopsBefore: (address) => stop.is && isOwnCallback(address) }) };
}

async function atPage(country: TestCountry, { visitor, stop }: ReturnType<typeof stoppable>) {
  const page = await asPage(country, visitor);
  stop.is = true;
  const bearer = asBearer(await ownToken(country, visitor.newTab()));
  stop.is = false;
  return { visitor, page, bearer };
}

/**
 * An: four ways linked, one of them suspended; consents in force, withdrawn and by law; a contact and another one proposed; a
 * change that waits; cases of three kinds; one session more.
 */
export async function lifeOfAn(country: TestCountry, api: OwnApi): Promise<Life> {
  const [weak, insured] = [new Visitor(), new Visitor()];
  await signInToPage(country, weak, byTaxCode());
  await signInToPage(country, insured, bySocialInsurance());
  const browser = stoppable('en');
  const { visitor } = browser;
  await signInToPage(country, visitor, byNationalEid());
  for (const id of ['tax-returns', 'library-cards', 'land-register'])
    await tokensFor(
      country,
      await relyingParty(country, id),
      { scope: 'openid profile birth' },
      { visitor, account: AN },
    );
  await giveContact(country, visitor, AN_MAIL);
  const life = await atPage(country, browser);
  const { page } = life;
  const waits = await api.ask('blockWay', await asPage(country, weak), { body: { source: 'mobile-id', wait: 'yes' } });
  if (waits.status !== 202) throw new Error(waits.text);
  await api.ask('withdrawConsent', page, { body: { client: 'library-cards' } });
  const rows = await api.ask('getHistory', page, { query: 'group=sign_ins&source=social-insurance' });
  await api.ask('denyEvent', page, { body: { event: rows.body.entries.at(-1).id } });
  await api.ask('openCase', page, {
    body: { kind: 'restrict', client: 'tax-returns', text: 'Đừng gọi <b>tôi</b> nữa & cảm ơn.' },
  });
  await api.ask('correct', page, { body: { attribute: 'name', should_be: 'Nguyễn Văn Ân', text: 'Thiếu dấu.' } });
  await signInToPage(country, new Visitor(), byTaxCode());
  return { ...life, ids: await idsOf(api, page, '0912 000 011'), secrets: [] };
}

/** Hoà: of all that has an id, one. Everything of hers that is known to nobody else is a secret. */
export async function lifeOfHoa(country: TestCountry, api: OwnApi): Promise<Life> {
  const weak = new Visitor();
  await signInToPage(country, weak, byTaxCode(HOA));
  const browser = stoppable('vi');
  const { visitor } = browser;
  await signInToPage(country, visitor, byNationalEid(HOA_NUMBER));
  await tokensFor(
    country,
    await relyingParty(country, 'only-hers'),
    { scope: 'openid profile' },
    { visitor, account: HOA },
  );
  await giveContact(country, visitor, HOA_MAIL);
  const life = await atPage(country, browser);
  const waits = await api.ask('erase', life.page);
  if (waits.status !== 202) throw new Error(waits.text);
  await api.ask('openCase', life.page, { body: { kind: 'object', text: 'Một điều rất riêng.' } });
  const ids = await idsOf(api, life.page, 'hoa.moi@example.vn');
  const { link, session, device, change, contact, consent, event, proposal, number } = ids;
  const named = [link, session, device, change, contact, consent, event, proposal, number] as string[];
  const words = [
    'Hoà',
    'THI HOA',
    HOA_NUMBER,
    HOA.taxCode,
    HOA_MAIL,
    'hoa.moi@',
    'only-hers',
    'Only hers',
    'rất riêng',
  ];
  return { ...life, ids, secrets: [...words, ...named] };
}

/** The first of each, and a new proposal of an address. */
async function idsOf(api: OwnApi, page: Headers, proposed: string): Promise<Readonly<Record<string, string>>> {
  const kind = proposed.includes('@') ? 'mail' : 'phone';
  const { proposal } = (await api.ask('proposeContact', page, { body: { kind, address: proposed } })).body;
  const [ways, sessions, changes, contacts, agencies, history, cases] = await Promise.all(
    ['getWays', 'getSessions', 'getChanges', 'getContacts', 'getAgencies', 'getHistory', 'getCases'].map(
      async (id) => (await api.ask(id, page)).body,
    ),
  );
  const { client, consent } = agencies.agencies[0];
  const link = ways.ways.flatMap((way: { links: { id: string }[] }) => way.links)[0].id;
  return {
    proposal,
    link,
    session: sessions.sessions.at(-1).id,
    device: sessions.devices.at(-1).id,
    change: changes.changes[0].id,
    contact: contacts.contacts[0].id,
    client,
    consent: consent.id,
    event: history.entries[0].id,
    number: cases.cases[0].number,
  };
}
