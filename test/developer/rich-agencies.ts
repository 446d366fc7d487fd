/**
 * Owns two agencies about which the console knows something of every kind, so that calls get past the first check and
 * answers have something in them: services in every state, what waits for a decision, credentials, tokens, invitations.
 */
import { exportJWK, generateKeyPair } from 'jose';
import type { TestCountry } from '../country.ts';
import type { Headers } from '../fuzz/wire.ts';
import { type Developer, goodSettings, withToken } from './developer.ts';
import { type Cast, openCast, openLiveService, openService, setMembers } from './production.ts';

/** Somebody, or somebody's script, who asks. */
export interface Caller {
  readonly name: string;
  readonly headers: Headers;
  /** By a session or a token that is good. */
  readonly isKnown: boolean;
  /** It has what a change needs beside a session. */
  readonly mayChange: boolean;
  /** Belongs to the agency, or is a registrar of the hub. */
  readonly isInside: boolean;
}

export interface RichLife {
  readonly callers: readonly Caller[];
  /** What names something of the agency, by the parameter or field that takes it. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Bodies that are right, by operation. */
  readonly bodies: Readonly<Record<string, readonly object[]>>;
  /** What must stand in no answer to a stranger. */
  readonly secrets: readonly string[];
}

/** Ids by which no call may end what the others go on asking with. */
export async function openRichLife(country: TestCountry): Promise<RichLife> {
  const cast = await openCast(country);
  const { author, owner, stranger, developer, registrar } = cast;
  const draft = await openService(country, cast);
  const live = await openLiveService(country, cast);
  const waiting = await openService(country, cast);
  const suspended = await openService(country, cast);
  const retired = await openService(country, cast);
  const opened = [draft, live, waiting, suspended, retired];
  await author.ask('POST', `/services/${waiting.service}/production/submission`);
  await author.ask('POST', `/services/${suspended.service}/sandbox/suspend`, {});
  await author.ask('POST', `/services/${retired.service}/sandbox/retire`, { confirm: retired.service });
  for (const { agency } of opened)
    await setMembers(country, agency, {
      [author.account]: 'owner',
      [owner.account]: 'owner',
      [developer.account]: 'developer',
      // Somebody who is only there to be let go.
      'an-account-of-nobody-a': 'reader',
    });
  const [jwk, ...moreKeys] = await Promise.all(Array.from({ length: 6 }, (_, n) => newJwk(`fuzz-${n}`)));
  const key = await author.ask('POST', `/services/${draft.service}/sandbox/keys`, { jwk });
  const invited = await author.ask('POST', `/agencies/${draft.agency}/invitations`, {
    mail: 'moi@co-quan.example',
    role: 'developer',
  });
  await ownAgency(stranger, 'co-quan-la');
  await ownAgency(owner, 'co-quan-moi');
  const open = await owner.ask('POST', '/agencies/co-quan-moi/invitations', {
    mail: 'ai-do@co-quan.example',
    role: 'reader',
  });
  const own = await author.ask('GET', `/services/${draft.service}`);
  const good = goodSettings(`https://${draft.service}.dich-vu.example`);
  return {
    callers: await callersOf(cast),
    ids: {
      agency: [...opened.map((one) => one.agency), 'co-quan-la', 'co-quan-moi'],
      // The one with credentials and versions most often.
      service: [draft, draft, draft, ...opened].map((one) => one.service),
      confirm: opened.map((one) => one.service),
      credential: [key.id, ...own.sandbox.credentials.map((one: { id: string }) => one.id)],
      token: [(await someToken(author, ['read'])).id],
      account: ['an-account-of-nobody-a', stranger.account, registrar.account],
      invitation: [invited.id],
    },
    bodies: {
      putDraft: [good, { ...good, minimum_acr: 'loa3' }],
      addKey: [jwk, ...moreKeys].map((one) => ({ jwk: one })),
      decide: ['approve', 'ask_for_changes', 'refuse'].flatMap((says) =>
        ['owner', 'registrar'].map((as) => ({
          version: 1,
          as,
          says,
          ...(says === 'approve' ? {} : { reason: 'Chưa rõ.' }),
        })),
      ),
      retire: opened.map((one) => ({ confirm: one.service })),
      readInvitation: [{ token: tokenIn(open) }],
      acceptInvitation: [{ token: tokenIn(open) }],
    },
    secrets: opened.flatMap(({ agency, service, secrets }) => [agency, service, ...Object.values(secrets)]),
  };
}

const ownAgency = (who: Developer, id: string) =>
  who.ask('POST', '/agencies', {
    id,
    name: { vi: `Cơ quan ${id}`, en: `Agency ${id}` },
    sector: 'other',
    contact: { mail: 'la@co-quan.example' },
  });

async function newJwk(kid: string) {
  const { publicKey } = await generateKeyPair('ES256');
  return { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
}

const tokenIn = ({ link }: { readonly link: string }) => link.split('/').at(-1)!;

const someToken = (who: Developer, scopes: readonly string[]) =>
  who.ask('POST', '/tokens', { name: scopes.join(' '), scopes, days: 1 });

async function callersOf({ author, owner, developer, registrar, stranger }: Cast): Promise<readonly Caller[]> {
  const sessions = { author, owner, developer, registrar, stranger };
  const all: Caller[] = [];
  for (const [name, who] of Object.entries(sessions)) {
    const isInside = who !== stranger;
    const { cookie, 'x-form-token': formToken } = await who.proof();
    all.push({ name, headers: { cookie, 'x-form-token': formToken }, isKnown: true, mayChange: true, isInside });
    if (who !== author) continue;
    const other = (await owner.proof())['x-form-token'];
    for (const wrong of [undefined, '', other])
      all.push({
        name: `${name} without the token of a form`,
        headers: { cookie, ...(wrong === undefined ? {} : { 'x-form-token': wrong }) },
        isKnown: true,
        mayChange: false,
        isInside,
      });
    const nobody = { isKnown: false, mayChange: false, isInside: false };
    all.push(
      { name: 'nobody', headers: {}, ...nobody },
      { name: 'a cookie of nobody', headers: { cookie: cookie.replace(/(lt_developer=.{20})./, '$1!') }, ...nobody },
      { name: 'no token', headers: { cookie, authorization: 'Bearer nonsense' }, ...nobody },
      { name: 'no scheme', headers: { cookie, authorization: 'Basic eDp5' }, ...nobody },
    );
    for (const scopes of [['read'], ['write'], ['secrets'], ['members'], ['read', 'write', 'secrets', 'members']]) {
      const { token } = await someToken(who, scopes);
      all.push({ name: scopes.join(' '), headers: withToken(token), isKnown: true, mayChange: true, isInside });
    }
    const ended = await someToken(who, ['read', 'write']);
    await who.ask('DELETE', `/tokens/${ended.id}`);
    all.push({ name: 'an ended token', headers: withToken(ended.token), ...nobody });
  }
  return all;
}
