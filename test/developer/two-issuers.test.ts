/** The two issuers have nothing in common: whatever a sandbox service sends, it meets no real source and no real person. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import { answerAboutClients } from '../../src/operator/client-commands.ts';
import { AN, proveByTaxCode, type TestCountry } from '../country.ts';
import { CHALLENGE, VERIFIER } from '../oidc/asking.ts';
import { openDeveloperCountry } from './developer.ts';
import { type Cast, codeFrom, type Opened, openCast, openLiveService, redirectOf } from './production.ts';

type Side = 'hub' | 'sandbox';
const other = (side: Side): Side => (side === 'hub' ? 'sandbox' : 'hub');

let country: TestCountry;
let cast: Cast;
let opened: Opened;
beforeAll(async () => {
  country = await openDeveloperCountry();
  cast = await openCast(country);
  opened = await openLiveService(country, cast, { minimum_acr: 'loa1' });
}, 60_000);
afterAll(() => country?.close());

const issuerOf = (side: Side) => (side === 'hub' ? country.hub : country.sandboxIssuer!.url);
const clientOf = (side: Side) => (side === 'hub' ? opened.service : `${opened.service}-sandbox`);
const secretOf = (side: Side) => (side === 'hub' ? opened.secrets.production : opened.secrets.sandbox);
const storeOf = (side: Side) => (side === 'hub' ? country.runningHub().store : country.runningHub().sandbox!.store);
const redirect = () => redirectOf(opened.service);

function authorization(client: string, more: Readonly<Record<string, string>> = {}): URLSearchParams {
  return new URLSearchParams({
    client_id: client,
    redirect_uri: redirect(),
    response_type: 'code',
    scope: 'openid profile',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  });
}

const newVisitor = () => new Visitor({ stopsBefore: ({ hostname }) => hostname.endsWith('.example') });

async function pressed(
  side: Side,
  client = clientOf(side),
  more: Readonly<Record<string, string>> = {},
  visitor = newVisitor(),
) {
  await visitor.open(`${issuerOf(side)}/authorize?${authorization(client, more)}`);
  return visitor;
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the issuer answers with
  readonly body: any;
}

/** What an agency's server is answered. */
async function ask(
  side: Side,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await request(`${issuerOf(side)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text };
}

const basic = (side: Side, id = clientOf(side), secret = secretOf(side)) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const redeemAt = (side: Side, code: string, headers = basic(side)) =>
  ask(
    side,
    '/token',
    { grant_type: 'authorization_code', code, redirect_uri: redirect(), code_verifier: VERIFIER },
    headers,
  );

async function tokensAt(side: Side): Promise<{ readonly access_token: string; readonly id_token: string }> {
  const answer = await redeemAt(side, await codeFrom(await pressed(side)));
  expect(answer.status).toBe(200);
  return answer.body;
}

const userinfoAt = async (side: Side, token: string) =>
  (await request(`${issuerOf(side)}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).statusCode;

const subOf = (idToken: string) => JSON.parse(Buffer.from(idToken.split('.')[1]!, 'base64url').toString()).sub;

describe.each(['hub', 'sandbox'] as const)('E14 what is of the %s', (side) => {
  const there = other(side);

  test(`E14 its client is nobody at the other issuer, with either secret and either id`, async () => {
    const visitor = await pressed(there, clientOf(side));
    expect([visitor.page.status, visitor.page.has('[name=source]')]).toEqual([400, false]);
    const code = await codeFrom(await pressed(there));
    for (const headers of [
      basic(there, clientOf(side), secretOf(side)),
      basic(there, clientOf(there), secretOf(side)),
      basic(there, clientOf(side), secretOf(there)),
    ])
      expect((await redeemAt(there, code, headers)).body.error).toBe('invalid_client');
    for (const path of ['/par', '/introspect', '/revoke'])
      expect(
        (await ask(there, path, { token: 'x', response_type: 'code' }, basic(there, clientOf(side), secretOf(side))))
          .body.error,
      ).toBe('invalid_client');
    expect((await redeemAt(there, code)).status).toBe(200);
  });

  test('E14 its codes and tokens are worth nothing at the other issuer', async () => {
    const code = await codeFrom(await pressed(side));
    expect((await redeemAt(there, code)).body.error).toBe('invalid_grant');
    const tokens = await tokensAt(side);
    expect(await userinfoAt(side, tokens.access_token)).toBe(200);
    expect(await userinfoAt(there, tokens.access_token)).toBe(401);
    expect(await userinfoAt(there, tokens.id_token)).toBe(401);
    // Taken back there, it goes on being good here.
    await ask(there, '/revoke', { token: tokens.access_token }, basic(there));
    expect(await userinfoAt(side, tokens.access_token)).toBe(200);
  });

  test('E14 its id token is no hint at the other issuer, and its pushed request no request', async () => {
    const { id_token } = await tokensAt(side);
    const visitor = await pressed(there, clientOf(there), { id_token_hint: id_token });
    expect(
      new URL(visitor.page.headers.get('location') ?? 'https://x.example?error=page').searchParams.get('error'),
    ).not.toBeNull();
    expect(visitor.page.has('[name=source]')).toBe(false);
    const leaving = await new Visitor().open(`${issuerOf(there)}/session/end?id_token_hint=${id_token}`);
    expect(leaving.status).toBe(400);

    const pushed = await ask(side, '/par', Object.fromEntries(authorization(clientOf(side))), basic(side));
    expect(pushed.status).toBe(201);
    for (const client of [clientOf(side), clientOf(there)]) {
      const asked = new URLSearchParams({ client_id: client, request_uri: pushed.body.request_uri });
      const page = await newVisitor().open(`${issuerOf(there)}/authorize?${asked}`);
      expect(page.has('[name=source]')).toBe(false);
      expect(page.status).toBeGreaterThanOrEqual(300);
    }
  });

  test('E14 who is signed in there is nobody at the other, whatever cookies a browser brings', async () => {
    const visitor = await pressed(side);
    await codeFrom(visitor);
    const cookies = Object.entries(await visitor.cookies(`${issuerOf(side)}/session`));
    expect(cookies.length).toBeGreaterThan(0);
    const brought = newVisitor();
    const sent = cookies.map(([name, value]) => `${name}=${value}; Path=/`);
    await brought.keep(sent, issuerOf(there));
    await pressed(there, clientOf(there), {}, brought);
    expect(brought.page.code).toBe('choose_source');
  });

  test('E14 a client assertion for one issuer is none for the other', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), use: 'sig', alg: 'ES256' };
    const hub = country.runningHub();
    const id = `chung-minh-${randomUUID().slice(0, 8)}`;
    // With a key that would do at both, the audience alone tells the issuers apart.
    const registration = hub.clients.get(opened.service)!;
    const byKey = {
      ...registration,
      client_id: id,
      authentication: { method: 'private_key_jwt' as const },
      jwks: { keys: [jwk] },
    };
    const clients = side === 'hub' ? hub.clients : hub.sandbox!.clients;
    await clients.apply([{ registration: byKey, hash: '' }]);
    const assertion = async (audience: string) =>
      new SignJWT({ iss: id, sub: id, aud: audience, jti: randomUUID(), exp: Math.floor(Date.now() / 1000) + 60 })
        .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
        .setIssuedAt()
        .sign(privateKey);
    const proved = async (audience: string) => {
      const proof = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion(audience),
      };
      const fields = {
        grant_type: 'authorization_code',
        code: 'none',
        redirect_uri: redirect(),
        code_verifier: VERIFIER,
      };
      return (await ask(side, '/token', { ...fields, ...proof })).body.error;
    };
    expect(await proved(issuerOf(side))).toBe('invalid_grant');
    for (const audience of [issuerOf(there), `${issuerOf(there)}/token`])
      expect(await proved(audience)).toBe('invalid_client');
    await clients.remove(id);
  });

  test('E14 a leg to a source that was begun at one issuer is not finished at the other', async () => {
    const mine = new Visitor({ stopsBefore: ({ pathname }) => /\/sources\/[\w-]+\/callback$/.test(pathname) });
    await mine.open(`${issuerOf(side)}/authorize?${authorization(clientOf(side))}`);
    await proveByTaxCode(mine, AN);
    const answer = new URL(mine.page.headers.get('location')!, mine.page.url);
    expect(answer.origin).toBe(issuerOf(side));
    const theirs = new URL(`${answer.pathname}${answer.search}`, issuerOf(there));
    const victim = await pressed(there);
    await victim.press('source=tax-code');
    const sent = Object.entries(await mine.cookies(answer)).map(([name, value]) => `${name}=${value}; Path=/`);
    await victim.keep(sent, issuerOf(there));
    const before = await persons(there);
    const page = await victim.open(theirs);
    expect(page.headers.get('location')).toBeNull();
    expect(['consent', 'continue_as', 'form_post']).not.toContain(page.code);
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(await persons(there)).toBe(before);
  });

  test('E14 no header makes one issuer the other', async () => {
    const { host } = new URL(issuerOf(there));
    const forged = {
      'x-forwarded-host': host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      forwarded: `host=${host};proto=https`,
      'x-original-url': '/developer',
    };
    for (const headers of [forged, { ...forged, host }]) {
      const answer = await request(`${issuerOf(side)}/.well-known/openid-configuration`, { headers });
      const told = (await answer.body.json()) as { issuer: string; token_endpoint: string };
      expect([told.issuer, told.token_endpoint]).toEqual([issuerOf(side), `${issuerOf(side)}/token`]);
      const asked = await request(`${issuerOf(side)}/authorize?${authorization(clientOf(there))}`, { headers });
      expect(asked.statusCode).toBe(400);
      await asked.body.dump();
    }
  });
});

const persons = async (side: Side) => {
  const found = await storeOf(side).people.findLink('tax-code', AN.taxCode);
  return found?.person;
};

test('E14 the same citizen is another person at each issuer, under another sub', async () => {
  const subs = [subOf((await tokensAt('hub')).id_token), subOf((await tokensAt('sandbox')).id_token)];
  expect(new Set(subs).size).toBe(2);
  const both = [await persons('hub'), await persons('sandbox')];
  expect(both.every(Boolean)).toBe(true);
  expect(new Set(both).size).toBe(2);
  const [real, madeUp] = both as [string, string];
  // Neither store has ever heard of the other's.
  expect(await storeOf('hub').people.stateOf(madeUp)).toBeUndefined();
  expect(await storeOf('sandbox').people.stateOf(real)).toBeUndefined();
});

test('E14 a hint leads a sandbox service to sources of the sandbox only', async () => {
  const own = new Set(
    country.sandboxIssuer!.configuration.sources.map(
      (source) => new URL((source as { issuer?: string }).issuer ?? issuerOf('sandbox')).origin,
    ),
  );
  const real = country.configuration.sources.flatMap((source) =>
    'issuer' in source ? [new URL(source.issuer).origin] : [],
  );
  for (const { id } of country.configuration.sources) {
    const visitor = await pressed('sandbox', clientOf('sandbox'), { idp_hint: id });
    for (const { origin } of visitor.trail) expect(real).not.toContain(origin);
    for (const { origin } of visitor.trail) expect([issuerOf('sandbox'), ...own]).toContain(origin);
  }
  for (const odd of [country.hub, 'https://evil.example', '../tax-code', 'tax-code@hub']) {
    const visitor = await pressed('sandbox', clientOf('sandbox'), { idp_hint: odd });
    for (const { origin } of visitor.trail) expect(real).not.toContain(origin);
  }
});

test('E14 settings that name a source of production are told that there is none', async () => {
  const { sandbox } = await cast.author.ask('GET', `/services/${opened.service}`);
  for (const sources of [['source-of-production'], [country.hub], ['tax-code', 'vneid']]) {
    const { problems } = await cast.author.ask('PUT', `/services/${opened.service}/sandbox/draft`, {
      ...sandbox.draft,
      sources,
    });
    expect(problems).toContainEqual(expect.objectContaining({ code: 'source_unknown' }));
    expect((await cast.author.call('POST', `/services/${opened.service}/sandbox/publication`)).status).toBe(422);
  }
  await cast.author.ask('PUT', `/services/${opened.service}/sandbox/draft`, sandbox.draft);
});

test('E14 what is signed out of at one issuer is told by no other', async () => {
  const signedIn = await pressed('hub');
  await codeFrom(signedIn);
  const { access_token } = await tokensAt('sandbox');
  await signedIn.open(`${issuerOf('hub')}/session/end`);
  await signedIn.press('Đăng xuất');
  expect(await userinfoAt('sandbox', access_token)).toBe(200);
});

describe('E14 operators', () => {
  test('E14 neither a command nor the file of clients takes the place of a service of the console', async () => {
    const hub = country.runningHub();
    const { clients } = hub;
    const before = clients.get(opened.service)!;
    expect([clients.isOfConsole(opened.service), clients.isOfConsole('e-library')]).toEqual([true, false]);
    const parts = { clients, mode: 'sandbox' as const };
    const changed = JSON.parse(JSON.stringify({ ...before, redirect_uris: ['https://evil.example/'] }));
    const applied = await answerAboutClients({ command: 'clients.apply', clients: [changed] }, parts);
    expect(applied).toEqual({
      ok: false,
      problem: 'clients_invalid',
      details: [`${opened.service}: is a service of the developer console`],
    });
    const removed = await answerAboutClients({ command: 'clients.remove', client: opened.service }, parts);
    expect(removed).toMatchObject({ ok: false, problem: 'clients_invalid' });
    // And not by going round the command, either.
    await expect(clients.apply([{ registration: changed, hash: '' }])).rejects.toThrow('others keep changing');
    expect(clients.get(opened.service)).toEqual(before);
  });
});
