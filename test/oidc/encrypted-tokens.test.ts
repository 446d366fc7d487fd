/** Owns the tests of encrypted id tokens and userinfo: three stock libraries open them, and nobody but the service can. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  compactDecrypt,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
} from 'jose';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import type { ClientRegistration } from '../../src/clients.ts';
import { parseRegistrations } from '../../src/clients.ts';
import { PYTHON } from '../agency-programs.ts';
import { openTestCountry, type ServiceWish, type TestCountry, tokensFor } from '../country.ts';
import { whereIs } from '../installed.ts';
import { addressOf, answerAfter } from './asking.ts';
import { codeFor, post, redeem, userinfo } from './redeeming.ts';

const ALGORITHMS = ['ECDH-ES', 'RSA-OAEP-256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];
const SCOPE = 'openid profile birth verified_claims';

interface KeyOfService {
  readonly privateKey: CryptoKey;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

async function newKey(alg: string, more: JWK | Record<string, unknown> = {}): Promise<KeyOfService> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const named = { kid: `${alg}-1`, alg, use: 'enc', ...more };
  return {
    privateKey,
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
  };
}

const idOf = (algorithm: Algorithm) => algorithm.toLowerCase();
const keys = new Map<Algorithm, KeyOfService>();
const keySet = (key: JWK) => ({ keys: [{ ...key }] });

let country: TestCountry;
/** What the service that hears of sign-outs was told. */
const heard: string[] = [];
const ear = createServer(async (request, response) => {
  heard.push(new URLSearchParams(await text(request)).get('logout_token') ?? '');
  response.end();
});
let registered: ClientRegistration;
beforeAll(async () => {
  await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve));
  for (const algorithm of ALGORITHMS) keys.set(algorithm, await newKey(algorithm));
  const ended = await newKey('ECDH-ES', { exp: 1_600_000_000 });
  const wishes: ServiceWish[] = [
    ...ALGORITHMS.map((algorithm) => ({
      client_id: idOf(algorithm),
      jwks: keySet(keys.get(algorithm)!.publicJwk),
      id_token_encrypted_response_alg: algorithm,
      userinfo_encrypted_response_alg: algorithm,
      ...(algorithm === 'RSA-OAEP-256' ? { id_token_signed_response_alg: 'PS256' as const } : {}),
    })),
    {
      client_id: 'key-has-ended',
      secret: 'basic',
      jwks: keySet(ended.publicJwk),
      id_token_encrypted_response_alg: 'ECDH-ES',
    },
    {
      // What some write beside their keys: operations, an end to come, a certificate.
      client_id: 'key-with-more',
      secret: 'basic',
      jwks: keySet({
        ...keys.get('ECDH-ES')!.publicJwk,
        ...{ key_ops: ['deriveBits'], ext: false, exp: 4_000_000_000, nbf: 1, x5t: 'none' },
      }),
      id_token_encrypted_response_alg: 'ECDH-ES',
    },
    {
      client_id: 'hears',
      jwks: keySet(keys.get('ECDH-ES')!.publicJwk),
      id_token_encrypted_response_alg: 'ECDH-ES',
      backchannel_logout_uri: `http://localhost:${(ear.address() as AddressInfo).port}/hears`,
    },
    {
      client_id: 'only-userinfo',
      jwks: keySet(keys.get('ECDH-ES')!.publicJwk),
      userinfo_encrypted_response_alg: 'ECDH-ES',
    },
    { client_id: 'plain' },
  ];
  country = await openTestCountry(wishes);
  registered = country.service('plain').registration;
});
afterAll(async () => {
  await country?.close();
  ear.closeAllConnections();
  ear.close();
});

/** What a service gets over the wire: its id token and userinfo, as they are. */
async function answersFor(id: string): Promise<{ readonly idToken: string; readonly info: string }> {
  const { body } = await redeem(country, id, await codeFor(country, id, { scope: SCOPE }));
  const { text, headers } = await userinfo(country, body.access_token);
  expect(headers.get('content-type')).toMatch(/^application\/jwt/);
  return { idToken: body.id_token, info: text };
}

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const id = idOf(algorithm);
  const signed = algorithm === 'RSA-OAEP-256' ? 'PS256' : 'ES256';

  test(`E17 id token and userinfo for ${algorithm} open in openid-client`, async () => {
    const { key, registration } = country.service(id);
    const metadata = {
      id_token_signed_response_alg: registration.id_token_signed_response_alg,
      userinfo_signed_response_alg: 'ES256',
    };
    const stock = await client.discovery(new URL(country.hub), id, metadata, client.PrivateKeyJwt(key), {
      execute: [client.allowInsecureRequests],
    });
    client.enableDecryptingResponses(stock, ['A256GCM'], {
      key: keys.get(algorithm)!.privateKey,
      alg: algorithm,
      kid: `${algorithm}-1`,
    });
    const tokens = await tokensFor(country, stock, { scope: SCOPE });
    expect(tokens.id_token!.split('.')).toHaveLength(5);
    const { sub } = tokens.claims()!;
    const info = await client.fetchUserInfo(stock, tokens.access_token, sub);
    expect(info).toMatchObject({ sub, name: 'Nguyễn Văn An', verified_claims: { claims: { name: 'Nguyễn Văn An' } } });
  });

  test.each([
    'authlib',
    'jwcrypto',
  ])(`E17 id token and userinfo for ${algorithm} open in Python's %s`, async (library) => {
    const { idToken, info } = await answersFor(id);
    const open = (answer: string, alg: string) =>
      openInPython({ library, answer, key: keys.get(algorithm)!.privateJwk, algorithm, signed: alg, audience: id });
    const claims = await open(idToken, signed);
    expect(claims).toMatchObject({ iss: country.hub, aud: id, nonce: 'the-nonce' });
    // Signed with the usual algorithm where none is registered.
    expect(await open(info, 'ES256')).toMatchObject({ iss: country.hub, sub: claims.sub, name: 'Nguyễn Văn An' });
  });

  test(`E17 what is encrypted by ${algorithm} says nothing to others, and names how it was encrypted`, async () => {
    const other = await newKey(algorithm);
    const { idToken, info } = await answersFor(id);
    for (const answer of [idToken, info]) {
      const header = decodeProtectedHeader(answer);
      expect(header).toMatchObject({ alg: algorithm, enc: 'A256GCM', cty: 'JWT', kid: `${algorithm}-1` });
      await expect(compactDecrypt(answer, other.privateKey)).rejects.toThrow();
      const parts = answer.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      expect(parts.join()).not.toContain('Nguyễn');
    }
  });
});

/** The claims that a Python library finds in an answer, after it has verified all it can. */
// biome-ignore lint/suspicious/noExplicitAny: claims of every kind
async function openInPython(asked: Readonly<Record<string, unknown>>): Promise<any> {
  const published = await (await fetch(new URL('/jwks', country.hub))).json();
  const script = path.join(import.meta.dirname, 'open-encrypted.py');
  const child = spawn(whereIs(PYTHON), [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ ...asked, keys: published, issuer: country.hub }));
  return json(child.stdout);
}

test('E17 a service may have only userinfo encrypted', async () => {
  const { body } = await redeem(country, 'only-userinfo', await codeFor(country, 'only-userinfo'));
  expect(body.id_token.split('.')).toHaveLength(3);
  expect((await userinfo(country, body.access_token)).text.split('.')).toHaveLength(5);
});

test('E17 a logout token is encrypted as id tokens are', async () => {
  const visitor = new Visitor();
  const { body } = await redeem(country, 'hears', await codeFor(country, 'hears', {}, { visitor }));
  const { privateKey } = keys.get('ECDH-ES')!;
  const inside = async (token: string) => new TextDecoder().decode((await compactDecrypt(token, privateKey)).plaintext);
  const told = once(ear, 'request');
  await visitor.open(new URL(`/session/end?id_token_hint=${await inside(body.id_token)}`, country.hub));
  expect(visitor.page.code).toBe('signed_out');
  const [, response] = await told;
  if (!response.writableFinished) await once(response, 'finish');
  const token = await inside(heard[0]!);
  expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'logout+jwt', alg: 'ES256' });
  expect(decodeJwt(token)).toMatchObject({ iss: country.hub, aud: 'hears' });
});

test('E17 what stands beside a key is in nobody’s way', async () => {
  const { body } = await redeem(country, 'key-with-more', await codeFor(country, 'key-with-more'));
  const { plaintext } = await compactDecrypt(body.id_token, keys.get('ECDH-ES')!.privateKey);
  expect(new TextDecoder().decode(plaintext).split('.')).toHaveLength(3);
});

test('E17 an encrypted id token is no hint to the hub, which cannot open it; what is inside is one', async () => {
  const id = idOf('ECDH-ES');
  const visitor = new Visitor();
  const { body } = await redeem(country, id, await codeFor(country, id, {}, { visitor }));
  const { plaintext } = await compactDecrypt(body.id_token, keys.get('ECDH-ES')!.privateKey);
  const silently = (hint: string) =>
    answerAfter(country, visitor, addressOf(country, id, { prompt: 'none', id_token_hint: hint }));
  expect(await silently(body.id_token)).toMatchObject({ error: 'invalid_request' });
  expect(await silently(new TextDecoder().decode(plaintext))).toHaveProperty('code');
});

test('E17 with no key left nothing is sent in the clear: the client is refused', async () => {
  const id = 'key-has-ended';
  const { status, body } = await redeem(country, id, await codeFor(country, id));
  expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client' });
  expect(body).not.toHaveProperty('id_token');
  expect(body).not.toHaveProperty('access_token');
  const pushed = await post(country, '/par', { fields: { client_id: id } });
  expect(pushed.status).toBe(401);
});

describe('a registration that could not work, or that nobody should have, is refused', () => {
  const objections = (changes: object): readonly string[] => {
    const problems: string[] = [];
    parseRegistrations([{ ...registered, ...changes }], 'sandbox', problems);
    return problems;
  };
  const encrypted = { id_token_encrypted_response_alg: 'RSA-OAEP-256' } as const;
  const fitting = () => keys.get('RSA-OAEP-256')!.publicJwk;

  test('E17 encryption with a fitting key is taken', () => {
    expect(objections({ ...encrypted, jwks: keySet(fitting()) })).toEqual([]);
    const { use: _use, alg: _alg, ...bare } = fitting();
    expect(objections({ ...encrypted, jwks: keySet(bare) })).toEqual([]);
    expect(objections({ ...encrypted, authentication: byAddress, jwks_uri: 'https://agency.example/jwks' })).toEqual(
      [],
    );
  });

  const byAddress = { method: 'private_key_jwt' } as const;
  const weak = 'sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXbos';

  test.each([
    ['without a key', () => ({ ...encrypted })],
    ['with a key for signatures only', () => ({ ...encrypted, jwks: keySet({ ...fitting(), use: 'sig' }) })],
    ['with a key of another kind', () => ({ ...encrypted, jwks: keySet(keys.get('ECDH-ES')!.publicJwk) })],
    ['with a key for another algorithm', () => ({ ...encrypted, jwks: keySet({ ...fitting(), alg: 'RSA1_5' }) })],
    ['with a key for other operations', () => ({ ...encrypted, jwks: keySet({ ...fitting(), key_ops: ['verify'] }) })],
    ['with RSA of 700 bits', () => ({ ...encrypted, jwks: keySet({ ...fitting(), n: weak }) })],
    ['with a key for no algorithm', () => ({ ...encrypted, jwks: keySet({ ...fitting(), alg: 'none' }) })],
    ['with the private key', () => ({ ...encrypted, jwks: keySet(keys.get('RSA-OAEP-256')!.privateJwk) })],
    ['with a point beside its curve', () => beside()],
    ['by no algorithm', () => ({ id_token_encrypted_response_alg: 'none', jwks: keySet(fitting()) })],
    ['by one that is too old', () => ({ userinfo_encrypted_response_alg: 'RSA1_5', jwks: keySet(fitting()) })],
    ['with an end in words', () => ({ jwks: keySet({ ...fitting(), exp: 'tomorrow' } as never) })],
    ['with eleven keys', () => ({ jwks: { keys: Array.from({ length: 11 }, fitting) } })],
    ['with keys by value and by address', () => ({ jwks_uri: 'https://agency.example/jwks' })],
    ['with neither', () => ({ authentication: byAddress })],
    ['with keys that come in the clear', () => ({ authentication: byAddress, jwks_uri: 'http://agency.example/jwks' })],
    ['with a secret and none', () => ({ authentication: { method: 'client_secret_basic' } })],
    ['with three secrets', () => ({ authentication: { method: 'client_secret_basic', secrets: secrets(3) } })],
    ['without signatures', () => ({ id_token_signed_response_alg: 'none' })],
  ])('E17 %s', (_name, changes: () => object) => {
    expect(objections(changes())).not.toEqual([]);
  });

  test('a live service keeps its keys at no address of this machine', () => {
    const live = { environment: 'live', authentication: byAddress };
    for (const jwks_uri of ['http://localhost:1234/jwks', 'https://localhost/jwks'])
      expect(objections({ ...live, jwks_uri }).join()).toContain('jwks_uri');
  });

  const secrets = (count: number) => Array.from({ length: count }, () => ({ hash: 'x'.repeat(43) }));
  const beside = () => {
    const { publicJwk } = keys.get('ECDH-ES')!;
    return { id_token_encrypted_response_alg: 'ECDH-ES', jwks: keySet({ ...publicJwk, y: publicJwk.x! }) };
  };
});
