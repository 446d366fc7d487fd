/** What discovery tells: everything a client can use here, nothing else, and the same whatever Host a request names. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { openTestCountry, type TestCountry } from '../country.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'asserting' }]);
});
afterAll(() => country.close());

const PATH = '/.well-known/openid-configuration';

/** Sends lines to the hub's port as they are, which no HTTP client would. */
async function raw(...lines: readonly string[]): Promise<{ readonly status: number; readonly body: string }> {
  const socket = connect(Number(new URL(country.hub).port), '127.0.0.1');
  socket.write(lines.join('\r\n'));
  const answer = await text(socket);
  const [head = '', ...body] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: body.join('\r\n\r\n') };
}

const discovered = async (path = PATH) =>
  (await (await fetch(new URL(path, country.hub))).json()) as Readonly<Record<string, unknown>>;

test('discovery tells what works here, and only that', async () => {
  const at = (path: string) => `${country.hub}${path}`;
  const signing = ['ES256', 'RS256', 'PS256'];
  const claims = [
    ['sub', 'acr', 'amr', 'auth_time', 'vn_auth_level', 'sid', 'iss'],
    ['name', 'gender', 'birthdate', 'place_of_birth', 'nationalities', 'personal_number', 'tax_code'],
    ['email', 'email_verified', 'phone_number', 'phone_number_verified', 'verified_claims'],
  ].flat();
  const document = await discovered();
  expect(document).toEqual({
    issuer: country.hub,
    authorization_endpoint: at('/authorize'),
    pushed_authorization_request_endpoint: at('/par'),
    token_endpoint: at('/token'),
    userinfo_endpoint: at('/userinfo'),
    introspection_endpoint: at('/introspect'),
    revocation_endpoint: at('/revoke'),
    end_session_endpoint: at('/session/end'),
    jwks_uri: at('/jwks'),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['pairwise'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    request_uri_parameter_supported: false,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    claims_parameter_supported: true,
    acr_values_supported: ['loa1', 'loa2', 'loa3', 'loa4'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    scopes_supported: [
      'openid',
      'profile',
      'birth',
      'personal_number',
      'tax_code',
      'email',
      'phone',
      'verified_claims',
    ],
    claims_supported: expect.arrayContaining(claims),
    claim_types_supported: ['normal'],
    ui_locales_supported: ['vi', 'en'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    token_endpoint_auth_signing_alg_values_supported: signing,
    id_token_signing_alg_values_supported: [...signing].sort(),
    userinfo_signing_alg_values_supported: [...signing].sort(),
    dpop_signing_alg_values_supported: signing,
    id_token_encryption_alg_values_supported: ['ECDH-ES', 'RSA-OAEP-256'],
    id_token_encryption_enc_values_supported: ['A256GCM'],
    userinfo_encryption_alg_values_supported: ['ECDH-ES', 'RSA-OAEP-256'],
    userinfo_encryption_enc_values_supported: ['A256GCM'],
    verified_claims_supported: true,
    trust_frameworks_supported: ['vn_lien_thong'],
    evidence_supported: ['electronic_record', 'electronic_signature'],
    electronic_records_supported: ['tax_account', 'population_register'],
    claims_in_verified_claims_supported: expect.arrayContaining(['name', 'birthdate', 'personal_number']),
  });
  expect([...(document.claims_supported as string[])].sort()).toEqual([...claims].sort());
});

test('both well-known addresses tell the same', async () => {
  expect(await discovered('/.well-known/oauth-authorization-server')).toEqual(await discovered());
});

test('every endpoint that is told answers, and every key is a public one with a name', async () => {
  const document = await discovered();
  for (const [name, address] of Object.entries(document)) {
    if (!/_(endpoint|uri)$/.test(name)) continue;
    const answer = await fetch(String(address), { method: 'GET', redirect: 'manual' });
    await answer.body?.cancel();
    expect([name, answer.status]).not.toEqual([name, 500]);
  }
  const { keys } = (await (await fetch(String(document.jwks_uri))).json()) as { keys: Record<string, unknown>[] };
  expect(keys.map(({ kty }) => kty).sort()).toEqual(['EC', 'RSA']);
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), use: 'sig' });
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
  }
});

const FORGED: Readonly<Record<string, readonly string[]>> = {
  Host: ['Host: evil.example'],
  'Host with a path': ['Host: evil.example/path'],
  'no Host at all': [],
  'X-Forwarded-Host': ['Host: localhost', 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https'],
  Forwarded: ['Host: localhost', 'Forwarded: host=evil.example;proto=https'],
  'X-Forwarded-Prefix': ['Host: localhost', 'X-Forwarded-Prefix: /evil', 'X-Forwarded-Port: 1'],
  'X-Original-URL': ['Host: localhost', 'X-Original-URL: http://evil.example/', 'X-Rewrite-URL: /evil'],
};

test.each(Object.entries(FORGED))('A22 discovery is unchanged with a forged %s', async (_name, headers) => {
  const version = headers.length === 0 ? 'HTTP/1.0' : 'HTTP/1.1';
  const { status, body } = await raw(`GET ${PATH} ${version}`, ...headers, 'Connection: close', '', '');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual(await discovered());
});

test.each([
  'http://evil.example',
  'https://evil.example:8443',
  'HTTP://evil.example',
  'http://user@evil.example',
])('A22 discovery is unchanged with the whole address %s in the request line', async (origin) => {
  const { status, body } = await raw(
    `GET ${origin}${PATH} HTTP/1.1`,
    'Host: evil.example',
    'Connection: close',
    '',
    '',
  );
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual(await discovered());
});

test.each([
  'http://evil.example',
  'http://evil.example?x',
  '*',
  '//evil.example',
])('A22 a strange request line is a page that is not there: %s', async (target) => {
  const { status, body } = await raw(`GET ${target} HTTP/1.1`, 'Host: evil.example', 'Connection: close', '', '');
  expect([200, 404]).toContain(status);
  expect(body).not.toMatch(/"(https?:)?\/\/evil/);
});

/** A client assertion of the test service for an audience. */
async function assertionFor(audience: string): Promise<URLSearchParams> {
  const { id, key } = country.service('asserting');
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key);
  return new URLSearchParams({
    grant_type: 'authorization_code',
    code: 'no-such-code',
    redirect_uri: country.callback.url,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
}

async function errorWith(audience: string, origin: string, headers: readonly string[]): Promise<unknown> {
  const form = (await assertionFor(audience)).toString();
  const { body } = await raw(
    `POST ${origin}/token HTTP/1.1`,
    ...headers,
    'Connection: close',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${form.length}`,
    '',
    form,
  );
  return JSON.parse(body).error;
}

test('A22 a client assertion for this hub authenticates, whatever Host the request names', async () => {
  // The code is wrong: that it is looked at tells that the client was believed.
  expect(await errorWith(country.hub, '', ['Host: localhost'])).toBe('invalid_grant');
  expect(await errorWith(`${country.hub}/token`, '', ['Host: evil.example'])).toBe('invalid_grant');
});

test.each<[string, string, readonly string[]]>([
  ['Host', '', ['Host: evil.example']],
  ['X-Forwarded-Host', '', ['Host: localhost', 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: http']],
  ['the request line', 'http://evil.example', ['Host: evil.example']],
])('A22 a client assertion for another server does not authenticate, with %s forged', async (_name, origin, headers) => {
  for (const audience of ['http://evil.example/token', 'http://evil.example'])
    expect(await errorWith(audience, origin, headers)).toBe('invalid_client');
});
