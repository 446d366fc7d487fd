/**
 * Addresses that an agency gives are fetched through the guarded client or not at all: when settings are saved, when they go
 * live, when a service proves itself with its keys, when it is told that somebody signed out.
 */
import { hash, randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import type { ServiceSettings } from '../../src/developer/settings.ts';
import { reasonOf } from '../../views/texts/developer/problems.ts';
import { proveByTaxCode, type TestCountry } from '../country.ts';
import { AGENCY, type Developer, goodSettings, newDeveloper, openDeveloperCountry } from './developer.ts';
import { type Cast, type Opened, openCast, openService } from './production.ts';

const ID = 'tra-cuu-ho-so';
const CLIENT = `${ID}-sandbox`;
/** Fields whose address the hub itself opens; what browsers open it never does. */
const FETCHED = ['jwks_uri', 'backchannel_logout_uri'] as const;

/** A server on this machine, and everything that reached it. */
interface Listening {
  readonly port: number;
  readonly asked: string[];
  connections: number;
  answer: RequestListener;
  close(): void;
}

async function open(): Promise<Listening> {
  const sockets = new Set<Socket>();
  const own: Listening = {
    port: 0,
    asked: [],
    connections: 0,
    answer: (_, response) => void response.end(),
    close() {},
  };
  const server: Server = createServer((asking, response) => {
    own.asked.push(`${asking.method} ${asking.url}`);
    // Each connection is made anew, so that a name counts each time.
    response.setHeader('connection', 'close');
    own.answer(asking, response);
  });
  server.on('connection', (socket) => {
    own.connections += 1;
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(own, { port: (server.address() as AddressInfo).port, close });
}

/** What names lead to, by now; others lead nowhere. */
const names = new Map<string, readonly string[]>();
const lookup = async (host: string) => {
  const found = names.get(host);
  if (found === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

/** What the hub itself looked up, of names that are not this machine's. */
const lookedUp: string[] = [];
const lookupOfHub = async (host: string) => {
  if (host === 'localhost') return [{ address: '127.0.0.1', family: 4 }];
  lookedUp.push(host);
  return lookup(host);
};

let country: TestCountry;
let developer: Developer;
/** The service's own server, as its address says; and one that nobody may reach. */
let own: Listening;
let forbidden: Listening;
let key: CryptoKey;
let keys: { readonly keys: readonly object[] };
let jwksUri: string;
beforeAll(async () => {
  [own, forbidden] = await Promise.all([open(), open()]);
  country = await openDeveloperCountry({
    configure: (configuration) => ({
      ...configuration,
      outgoing: { ...configuration.outgoing, lookup: lookupOfHub },
      sandbox: {
        ...configuration.sandbox!,
        outgoing: { ...configuration.sandbox!.outgoing, lookup },
        deliveryPauses: [50],
      },
    }),
  });
  const pair = await generateKeyPair('ES256');
  key = pair.privateKey;
  keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'first', use: 'sig', alg: 'ES256' }] };
  jwksUri = `http://localhost:${own.port}/jwks`;
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  const agency = await developer.ask('POST', '/agencies', AGENCY);
  await developer.ask('POST', `/agencies/${agency.id}/services`, { id: ID, name: { vi: 'Tra cứu', en: 'Lookup' } });
}, 60_000);
afterAll(async () => {
  await country?.close();
  own.close();
  forbidden.close();
});
beforeEach(async () => {
  // As if an hour had passed: so often nobody else tries.
  const { state } = country.runningHub().store;
  for (const what of ['drafts', 'publications', 'submissions']) await state.delete('DeveloperHour', `${what} of ${ID}`);
  behave();
  own.asked.length = 0;
  forbidden.connections = 0;
});

/** The service's server is as it should be. */
function behave(): void {
  names.clear();
  names.set('localhost', ['127.0.0.1']);
  own.answer = (_asking, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
}

const settings = (more: Partial<ServiceSettings>) =>
  goodSettings(country.callback.origin, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: jwksUri, ...more });
const save = (more: Partial<ServiceSettings> = {}) =>
  developer.ask('PUT', `/services/${ID}/sandbox/draft`, settings(more));
const publish = () => developer.call('POST', `/services/${ID}/sandbox/publication`);
const told = ({ body }: { body: { problems?: { field: string; code: string }[] } }) =>
  body.problems?.map(({ field, code }) => `${field} ${code}`);

/** Proves the service to the token endpoint with its key; the code is none, so that being known is all it can reach. */
async function prove(): Promise<string> {
  const issuer = country.sandboxIssuer!.url;
  const now = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT({
    iss: CLIENT,
    sub: CLIENT,
    aud: issuer,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'first' })
    .sign(key);
  const answer = await request(`${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'none',
      redirect_uri: country.callback.url,
      code_verifier: 'v'.repeat(43),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString(),
  });
  return ((await answer.body.json()) as { error: string }).error;
}

describe('E4 as an address is written', () => {
  const written: readonly [string, (port: number) => string][] = [
    ['http', (port) => `http://khoa.hanoi.gov.vn:${port}/`],
    ['loopback, shortened', (port) => `https://127.1:${port}/`],
    ['loopback as a number', (port) => `https://2130706433:${port}/`],
    ['in hexadecimal', (port) => `https://0x7f000001:${port}/`],
    ['in octal', (port) => `https://0177.0.0.1:${port}/`],
    ['with a dot behind', (port) => `https://127.0.0.1.:${port}/`],
    ['another loopback', (port) => `https://127.0.0.2:${port}/`],
    ['in full width', (port) => `https://１２７.0.0.1:${port}/`],
    ['nothing at all', (port) => `https://0.0.0.0:${port}/`],
    ['mapped into IPv6', (port) => `https://[::ffff:127.0.0.1]:${port}/`],
    ['compatible IPv6', (port) => `https://[::127.0.0.1]:${port}/`],
    ['through NAT64', (port) => `https://[64:ff9b::7f00:1]:${port}/`],
    ['unspecified IPv6', (port) => `https://[::]:${port}/`],
    ['a private network', () => 'https://10.0.0.1/'],
    ['metadata of a cloud', () => 'https://169.254.169.254/latest/meta-data/'],
    ['local IPv6', () => 'https://[fd00:ec2::254]/'],
    ['a public number', () => 'https://1.1.1.1/'],
    ['below localhost', (port) => `https://khoa.localhost:${port}/`],
    ['a name inside', (port) => `https://khoa.internal:${port}/`],
    ['one word', (port) => `https://intranet:${port}/`],
    ['user and password', (port) => `https://user:word@khoa.hanoi.gov.vn:${port}/`],
    ['this machine as user', (port) => `https://127.0.0.1:${port}@khoa.hanoi.gov.vn/`],
    ['a port of another service', () => 'https://khoa.hanoi.gov.vn:22/'],
    ['a file', () => 'file:///etc/passwd'],
    ['another scheme', (port) => `gopher://127.0.0.1:${port}/`],
    ['a line end', (port) => `https://khoa.hanoi.gov.vn/\r\nHost: 127.0.0.1:${port}`],
    ['the hub itself', () => `${country.hub}/jwks`],
    ['the issuer it is tried at', () => `${country.sandboxIssuer!.url}/jwks`],
  ];

  test.each(
    written.flatMap(([name, address]) => FETCHED.map((field) => [field, name, address] as const)),
  )('E4 %s: %s is refused when it is saved, in either environment, and never goes live', async (field, _name, address) => {
    for (const environment of ['sandbox', 'production']) {
      const body = settings({ [field]: address(forbidden.port) });
      const { problems } = await developer.ask('PUT', `/services/${ID}/${environment}/draft`, body);
      expect(problems).toContainEqual(
        expect.objectContaining({ field, code: expect.stringMatching(/^(address|host)_/) }),
      );
    }
    const answer = await publish();
    expect([answer.status, told(answer)]).toEqual([
      422,
      [expect.stringMatching(new RegExp(`^${field} (address|host)_`))],
    ]);
    expect([own.asked, forbidden.connections]).toEqual([[], 0]);
  });

  test('E4 saving fetches nothing, and what browsers open the hub never does', async () => {
    const there = `http://localhost:${forbidden.port}`;
    const opened = { landing_page: `${there}/`, login_uri: `${there}/login`, redirect_uris: [`${there}/callback`] };
    await save({ ...opened, post_logout_redirect_uris: [`${there}/out`] });
    expect(own.asked).toEqual([]);
    expect((await publish()).status).toBe(200);
    expect(own.asked).toEqual(['GET /jwks']);
    expect(await prove()).toBe('invalid_grant');
    expect(forbidden.connections).toBe(0);
  });
});

/** What a server, or the name of one, does to lead the hub astray; and what the agency is told when it goes live. */
const ATTACKS: readonly [name: string, code: string, attack: () => void, address?: () => string][] = [
  ['a name in a private network', 'jwks_unreachable', () => names.set('localhost', ['10.0.0.1'])],
  ['a name of a cloud’s metadata', 'jwks_unreachable', () => names.set('localhost', ['169.254.169.254'])],
  ['a private address, mapped', 'jwks_unreachable', () => names.set('localhost', ['::ffff:10.0.0.1'])],
  ['a name that also leads inside', 'jwks_unreachable', () => names.set('localhost', ['127.0.0.1', '10.0.0.1'])],
  ['a name with local IPv6', 'jwks_unreachable', () => names.set('localhost', ['fe80::1%lo'])],
  ['a name that leads nowhere', 'jwks_unreachable', () => names.delete('localhost')],
  [
    'a redirect',
    'jwks_redirected',
    () => {
      own.answer = (_, response) =>
        void response.writeHead(307, { location: `http://127.0.0.1:${forbidden.port}/jwks` }).end();
    },
  ],
  [
    'a huge answer',
    'jwks_too_large',
    () => {
      own.answer = (_, response) => void response.end(JSON.stringify({ ...keys, more: 'x'.repeat(70_000) }));
    },
  ],
  [
    'an endless answer',
    'jwks_too_large',
    () => {
      own.answer = (_, response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(4096)));
        };
        response.on('drain', more);
        more();
      };
    },
  ],
  ['a slow answer', 'jwks_too_slow', () => (own.answer = (_, response) => void response.write('{"keys":'))],
  [
    'a compressed answer',
    'jwks_malformed',
    () => {
      own.answer = (_, response) =>
        void response.setHeader('content-encoding', 'gzip').end(gzipSync(JSON.stringify(keys)));
    },
  ],
  ['a page', 'jwks_malformed', () => (own.answer = (_, response) => void response.end('<!doctype html>'))],
  ['another object', 'jwks_malformed', () => (own.answer = (_, response) => void response.end('{"keys":"none"}'))],
  [
    'not found',
    'jwks_unreachable',
    () => (own.answer = (_, response) => void response.writeHead(404).end('{"keys":[]}')),
  ],
  ['a connection that ends', 'jwks_unreachable', () => (own.answer = (_, response) => void response.destroy())],
  ['no key', 'jwks_without_key', () => (own.answer = (_, response) => void response.end('{"keys":[]}'))],
  [
    'a private key',
    'jwks_private',
    () => {
      own.answer = (_, response) => void response.end(JSON.stringify({ keys: [{ ...keys.keys[0], d: 'AAAA' }] }));
    },
  ],
  [
    'a weak key',
    'jwks_weak',
    () => {
      const weak = { kty: 'RSA', n: 'w'.repeat(171), e: 'AQAB' };
      own.answer = (_, response) => void response.end(JSON.stringify({ keys: [...keys.keys, weak] }));
    },
  ],
];

describe('E4 as an address answers', () => {
  test.each(ATTACKS)('E4 jwks_uri when it goes live, %s: %s', async (_name, code, attack) => {
    await save();
    attack();
    const before = (await developer.ask('GET', `/services/${ID}`)).sandbox.live;
    const answer = await publish();
    expect([answer.status, told(answer)]).toEqual([422, [`jwks_uri ${code}`]]);
    expect(answer.body.problems[0].reason).toEqual(reasonOf(code));
    expect((await developer.ask('GET', `/services/${ID}`)).sandbox.live).toBe(before);
    expect(forbidden.connections).toBe(0);
    // The page says it beside the field, and why.
    const page = await developer.open(`/services/${ID}/sandbox/settings`);
    expect(page.status).toBe(200);
    const shown = await developer.visitor.press('Lưu và dùng ở thử nghiệm');
    expect(
      shown
        .$('.field [data-problem]')
        .toArray()
        .map((one) => shown.$(one).attr('data-problem')),
    ).toEqual([code]);
    expect(shown.text('.field [data-problem]')).toBe(reasonOf(code).vi);
    expect(forbidden.connections).toBe(0);
  });

  test.each(
    ATTACKS.filter(([name]) => name !== 'a weak key'),
  )('E4 jwks_uri when the service proves itself, %s: nobody is let in', async (_name, _code, attack) => {
    await save();
    expect((await publish()).status).toBe(200);
    attack();
    expect(await prove()).toBe('invalid_client');
    expect(forbidden.connections).toBe(0);
    // With the same settings, and an address that behaves.
    behave();
    expect((await publish()).status).toBe(200);
    expect(await prove()).toBe('invalid_grant');
  });

  test('E4 a name that is rebound between going live and proving is not followed', async () => {
    await save();
    expect((await publish()).status).toBe(200);
    names.set('localhost', ['169.254.169.254']);
    expect(await prove()).toBe('invalid_client');
  });
});

describe('E4 in production', () => {
  test.each([
    ['a private network', ['10.0.0.1']],
    ['this machine', ['127.0.0.1']],
    ['inside as well', ['1.1.1.1', '169.254.169.254']],
    ['nowhere', undefined],
  ])('E4 keys that lead to %s are refused by the hub itself, and the service is not handed in', async (_where, to) => {
    whole ??= await openCast(country);
    opened ??= await openService(country, whole);
    const [cast, { service }] = [whole, opened];
    const draft = (await cast.author.ask('GET', `/services/${service}`)).production.draft;
    const address = `https://khoa.hanoi.gov.vn:${forbidden.port}/jwks`;
    const saved = { ...draft, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: address };
    lookedUp.length = 0;
    if (to) names.set('khoa.hanoi.gov.vn', to);
    expect(await cast.author.ask('PUT', `/services/${service}/production/draft`, saved)).toEqual({ problems: [] });
    expect(lookedUp).toEqual([]);
    const answer = await cast.author.call('POST', `/services/${service}/production/submission`);
    // On this machine there is a server, but none that speaks TLS under that name.
    expect([answer.status, told(answer)]).toEqual([409, ['jwks_uri jwks_unreachable']]);
    expect(lookedUp).toEqual(['khoa.hanoi.gov.vn']);
    expect(forbidden.asked).toEqual([]);
  });
});

let whole: Cast | undefined;
let opened: Opened | undefined;

describe('E4 where a sign-out is told', () => {
  const attacks = ATTACKS.filter(([name]) => /name|mapped|redirect|huge|endless|ends/.test(name));

  test.each(
    attacks,
  )('E4 backchannel_logout_uri, %s: nothing is told where it should not be', async (_name, _code, attack) => {
    await save({ backchannel_logout_uri: `http://localhost:${own.port}/hears` });
    expect((await publish()).status).toBe(200);
    attack();
    const { store } = country.runningHub().sandbox!;
    own.asked.length = 0;
    await signInAndOut();
    // Tried by then, at least once.
    await eventually(async () => (await store.outbox.lengths()).size > 0);
    await pause(150);
    expect(forbidden.connections).toBe(0);
    behave();
    own.answer = (_, response) => void response.writeHead(204).end();
    await eventually(async () => (await store.outbox.lengths()).size === 0);
    expect(own.asked).toContain('POST /hears');
    expect(forbidden.connections).toBe(0);
  });
});

/** A citizen of the sandbox signs in to the service and then out of everything. */
async function signInAndOut(): Promise<void> {
  const issuer = country.sandboxIssuer!.url;
  const citizen = new Visitor();
  const query = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: country.callback.url,
    state: randomUUID(),
    nonce: randomUUID(),
    code_challenge: hash('sha256', 'v'.repeat(43), 'base64url'),
    code_challenge_method: 'S256',
  });
  let page = await citizen.open(`${issuer}/authorize?${query}`);
  if (page.code === 'choose_source') page = await proveByTaxCode(citizen);
  if (page.code === 'consent') page = await citizen.tickAll().press('decision=agree');
  expect(page.code).toBe('test_callback');
  await citizen.open(`${issuer}/session/end`);
  await citizen.press('Đăng xuất');
  expect(citizen.page.code).toBe('signed_out');
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 10_000; !(await condition()); ) {
    if (Date.now() > until) throw new Error('it has not come to pass');
    await pause(20);
  }
}
