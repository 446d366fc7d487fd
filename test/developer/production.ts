/** Owns what tests of a service's life start from: an agency with its people, a registrar, a service that may be handed in. */
import { randomUUID } from 'node:crypto';
import { Visitor } from '../../sandbox/visitor.ts';
import { clientIdOf } from '../../src/developer/ports.ts';
import type { ServiceSettings } from '../../src/developer/settings.ts';
import { FAULTS } from '../../src/simulator/faults.ts';
import { byNationalEid } from '../citizen/citizen.ts';
import { AN, proveByTaxCode, type TestCountry } from '../country.ts';
import { CHALLENGE, VERIFIER } from '../oidc/asking.ts';
import { type Answer, basic, get, post, together } from '../oidc/redeeming.ts';
import { type Developer, goodSettings, newDeveloper } from './developer.ts';

/** Where a service of production stands. Nobody ever asks there: browsers of tests stop before it. */
export const ORIGIN = 'https://dich-vu.example';

/** People of the registers, each at `loa3`. */
const NUMBERS = {
  author: '097090000011',
  owner: '097185000021',
  registrar: '097079000031',
  developer: '097192000041',
  stranger: '097192000042',
} as const;
export type Who = keyof typeof NUMBERS;
export type Cast = Readonly<Record<Who, Developer & { readonly account: string }>>;

export const proofOf = (who: Who) => byNationalEid(NUMBERS[who]);

/** Signs everybody in, and makes the registrar one. */
export async function openCast(country: TestCountry): Promise<Cast> {
  const cast: Partial<Record<Who, Developer & { readonly account: string }>> = {};
  for (const who of Object.keys(NUMBERS) as Who[]) {
    const one = await newDeveloper(country, `Họ Tên ${who}`, proofOf(who));
    const { account } = await one.ask('GET', '/account');
    cast[who] = Object.assign(one, { account });
  }
  await country.runningHub().store.developer.registrars.add(cast.registrar!.account);
  return cast as Cast;
}

export interface Opened {
  readonly agency: string;
  readonly service: string;
  /** Of its sandbox client and, where it has one, of production. */
  readonly secrets: { readonly sandbox: string; readonly production: string };
}

/** Writes who belongs to an agency, as if everybody had been invited. */
export async function setMembers(country: TestCountry, agency: string, roles: Readonly<Record<string, string>>) {
  const { agencies } = country.runningHub().store.developer;
  const found = (await agencies.find(agency))!;
  const members = Object.entries(roles).map(([account, role]) => ({ account, role: role as 'owner', since: 1 }));
  await agencies.save({ ...found, members }, { trail: [] });
}

/** As if the service had run through every fault and passed. */
export async function passEveryFault(country: Pick<TestCountry, 'runningHub'>, service: string): Promise<void> {
  const { faultTrials } = country.runningHub().sandbox!.store;
  const [client, now] = [clientIdOf(service, 'sandbox'), Date.now()];
  for (const { id: fault } of FAULTS) {
    await faultTrials.begin({ client, fault, deliveredAt: now });
    await faultTrials.decide({ client, fault, deliveredAt: now, from: ['waiting'], outcome: 'passed', decidedAt: now });
  }
}

/** A service that is live in the sandbox, with a draft for production that nothing speaks against. */
export async function openService(
  country: TestCountry,
  cast: Cast,
  wish: Partial<ServiceSettings> = {},
): Promise<Opened> {
  const { author } = cast;
  const mark = randomUUID().slice(0, 8);
  const { id: agency } = await author.ask('POST', '/agencies', {
    id: `co-quan-${mark}`,
    name: { vi: `Cơ quan ${mark}`, en: `Agency ${mark}` },
    sector: 'justice',
    contact: { mail: 'cntt@co-quan.example' },
  });
  await setMembers(country, agency, {
    [author.account]: 'owner',
    [cast.owner.account]: 'owner',
    [cast.developer.account]: 'developer',
  });
  const { id: service } = await author.ask('POST', `/agencies/${agency}/services`, {
    id: `dich-vu-${mark}`,
    name: { vi: 'Tra cứu hồ sơ', en: 'Follow a file' },
  });
  const origin = `https://${mark}.dich-vu.example`;
  const at = `/services/${service}`;
  const { secret: sandbox } = await author.ask('POST', `${at}/sandbox/secrets`, {});
  await author.ask('PUT', `${at}/sandbox/draft`, goodSettings(origin, wish));
  await author.ask('POST', `${at}/sandbox/publication`);
  const { secret: production } = await author.ask('POST', `${at}/production/secrets`, {});
  await author.ask('POST', `${at}/production/draft`);
  await passEveryFault(country, service);
  return { agency, service, secrets: { sandbox, production } };
}

/** Agrees to what is handed in, as two people have to. */
export async function agree({ owner, registrar }: Cast, service: string): Promise<void> {
  const { submission, live } = await registrar.ask('GET', `/services/${service}/production/differences`);
  const approval = { version: submission.version, ...(live ? { against: live } : {}), says: 'approve' };
  const decisions = `/services/${service}/production/decisions`;
  await owner.ask('POST', decisions, { ...approval, as: 'owner' });
  await registrar.ask('POST', decisions, { ...approval, as: 'registrar' });
}

/** The same service, live in production. */
export async function openLiveService(
  country: TestCountry,
  cast: Cast,
  wish: Partial<ServiceSettings> = {},
): Promise<Opened> {
  const opened = await openService(country, cast, wish);
  await cast.author.ask('POST', `/services/${opened.service}/production/submission`);
  await agree(cast, opened.service);
  return opened;
}

/** Changes the draft of production; returns what would keep it from going live. */
export async function redraft(who: Developer, service: string, change: (draft: ServiceSettings) => ServiceSettings) {
  const { production } = await who.ask('GET', `/services/${service}`);
  return (await who.ask('PUT', `/services/${service}/production/draft`, change(production.draft))).problems;
}

/** What a new browser is shown that comes from the service. */
export async function pressedFrom(country: TestCountry, service: string, redirect = redirectOf(service)) {
  const visitor = new Visitor({ stopsBefore: ({ hostname }) => hostname.endsWith('.example') });
  const parameters = new URLSearchParams({
    client_id: service,
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'openid profile',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  await visitor.open(new URL(`/authorize?${parameters}`, country.hub));
  return visitor;
}

/** `dich-vu-1a2b3c4d` stands at `1a2b3c4d.dich-vu.example`. */
export const redirectOf = (service: string) => `https://${service.slice(-8)}.dich-vu.example/callback`;

/** Goes on to the code that the service receives. */
export async function codeFrom(visitor: Visitor): Promise<string> {
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor, AN);
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  const code = new URL(visitor.page.headers.get('location') ?? 'https://nowhere.example').searchParams.get('code');
  if (code === null) throw new Error(`no code but ${visitor.page.code ?? visitor.page.status}`);
  return code;
}

export function redeemed(country: TestCountry, service: string, secret: string, code: string): Promise<Answer> {
  const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectOf(service), code_verifier: VERIFIER };
  return post(country, '/token', together({ fields }, basic(service, secret)));
}

/** An access token of somebody who signed in at the service. */
export async function tokenOf(country: TestCountry, service: string, secret: string): Promise<string> {
  const code = await codeFrom(await pressedFrom(country, service));
  const answer = await redeemed(country, service, secret, code);
  if (answer.status !== 200) throw new Error(`no token: ${answer.text}`);
  return answer.body.access_token;
}

export const userinfo = (country: TestCountry, token: string) =>
  get(country, '/userinfo', { authorization: `Bearer ${token}` });

/** Every entry of a service's trail, the newest first. */
export async function trailOf(who: Developer, service: string) {
  const text = (await who.call('GET', `/services/${service}/trail/export`)).body as string;
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
