/** Proofs of an agency's server: a client assertion and a DPoP proof count once, and only when made for this hub. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { openTestCountry, SECRET, type TestCountry } from '../country.ts';
import { parametersOf } from './asking.ts';
import { type Answer, assertionOf, post, type Sent, together, withAssertion } from './redeeming.ts';
import { slowStore } from './slow-store.ts';
import { atSecond, DAY } from './time.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'keyed' }, { client_id: 'other' }]);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => country.close());

/** An authenticated request that needs no citizen. */
const push = (proof: Sent): Promise<Answer> =>
  post(country, '/par', together({ fields: Object.fromEntries(parametersOf(country, 'keyed')) }, proof));
const seconds = () => Math.floor(Date.now() / 1000);
const expectRefused = ({ status, body }: Answer) =>
  expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });

test('A10 a client assertion is taken once', async () => {
  const proof = withAssertion(await assertionOf(country, 'keyed'));
  expect((await push(proof)).status).toBe(201);
  expectRefused(await push(proof));
});

test.each([2, 20])('A10 of %d requests with one assertion at once exactly one is answered', async (runners) => {
  slowStore(country);
  for (let times = 0; times < 20; times += 1) {
    const proof = withAssertion(await assertionOf(country, 'keyed'));
    const answers = await Promise.all(Array.from({ length: runners }, () => push(proof)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectRefused(answer);
  }
});

test('A10 one assertion does not serve at two endpoints either', async () => {
  const proof = withAssertion(await assertionOf(country, 'keyed'));
  expect((await push(proof)).status).toBe(201);
  expectRefused(await post(country, '/revoke', together(proof, { fields: { token: 'any' } })));
});

test('A10 another assertion with the same jti is a replay, for this client only', async () => {
  const jti = randomUUID();
  expect((await push(withAssertion(await assertionOf(country, 'keyed', { jti })))).status).toBe(201);
  expectRefused(await push(withAssertion(await assertionOf(country, 'keyed', { jti, exp: seconds() + 90 }))));
  const fields = Object.fromEntries(parametersOf(country, 'other'));
  const others = withAssertion(await assertionOf(country, 'other', { jti }));
  expect((await post(country, '/par', together({ fields }, others))).status).toBe(201);
});

test('A10 an assertion is remembered for as long as it could be taken, clock tolerance included', async () => {
  const proof = withAssertion(await assertionOf(country, 'keyed', { exp: seconds() + 300 }));
  expect((await push(proof)).status).toBe(201);
  for (const later of [100, 299, 308, 312, 330]) expectRefused(await atSecond(later, () => push(proof)));
});

test('A10 a used assertion is still known after a restart', async () => {
  const proof = withAssertion(await assertionOf(country, 'keyed'));
  expect((await push(proof)).status).toBe(201);
  await country.restartHub();
  expectRefused(await push(proof));
});

describe('an assertion that was not made for this', () => {
  test.each<[string, () => Record<string, unknown>]>([
    ['for another audience', () => ({ aud: 'https://elsewhere.example' })],
    ['for the hub by another name', () => ({ aud: country.hub.replace('localhost', '127.0.0.1') })],
    ['for nobody', () => ({ aud: undefined })],
    ['issued by another client', () => ({ iss: 'other' })],
    ['about another client', () => ({ sub: 'other' })],
    ['about nobody', () => ({ sub: undefined })],
    ['without jti', () => ({ jti: undefined })],
    ['without expiry', () => ({ exp: undefined })],
    ['expired', () => ({ exp: seconds() - 30 })],
    ['good for a day', () => ({ exp: seconds() + DAY })],
    ['good for ever', () => ({ exp: 1e300 })],
    ['not yet good', () => ({ nbf: seconds() + 60 })],
    ['made in the future', () => ({ iat: seconds() + 600, exp: seconds() + 660 })],
  ])('A10 refused: %s', async (_name, claims) => {
    const answer = await push(withAssertion(await assertionOf(country, 'keyed', claims())));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.error).toMatch(/^invalid_(client|request)$/);
  });

  test('A10 refused: signed with the key of another client', async () => {
    const { key } = country.service('other');
    expectRefused(await push(withAssertion(await assertionOf(country, 'keyed', {}, { key }))));
  });

  test('A10 refused: signed with a key nobody registered', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const assertion = await assertionOf(country, 'keyed', {}, { key: privateKey, alg: 'RS256' });
    expectRefused(await push(withAssertion(assertion)));
  });

  test('A10 refused: not signed at all', async () => {
    const [, payload] = (await assertionOf(country, 'keyed')).split('.');
    const header = base64url.encode(JSON.stringify({ alg: 'none' }));
    expectRefused(await push(withAssertion(`${header}.${payload}.`)));
  });

  test('A10 refused: the public key used as if it were a shared secret', async () => {
    const { authentication } = country.service('keyed').registration;
    if (authentication.method !== 'private_key_jwt') throw new Error('keyed has a key');
    for (const secret of [JSON.stringify(authentication.jwks?.keys[0]), SECRET]) {
      const key = new TextEncoder().encode(secret);
      expectRefused(await push(withAssertion(await assertionOf(country, 'keyed', {}, { key, alg: 'HS256' }))));
    }
  });

  test('A10 refused: a signature with one bit changed', async () => {
    const assertion = await assertionOf(country, 'keyed');
    const [header, payload, signature = ''] = assertion.split('.');
    const bytes = base64url.decode(signature);
    bytes[10]! ^= 1;
    expectRefused(await push(withAssertion(`${header}.${payload}.${base64url.encode(bytes)}`)));
  });

  test('A10 refused: a key that comes along with the assertion', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const [, payload] = (await assertionOf(country, 'keyed')).split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const jwt = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expectRefused(await push(withAssertion(jwt)));
  });
});
