/** How an agency's server proves who it is: with what it was registered for, and with nothing less. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCountry, SECRET, type TestCountry } from '../country.ts';
import { parametersOf } from './asking.ts';
import { type Answer, assertionOf, basic, post, proofOf, type Sent, together, withAssertion } from './redeeming.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'with-key' },
    { client_id: 'with-basic', secret: 'basic' },
    { client_id: 'with-post', secret: 'post' },
  ]);
});
afterAll(() => country.close());

/** An authenticated request that needs no citizen. */
const push = (id: string, proof: Sent): Promise<Answer> =>
  post(country, '/par', together({ fields: Object.fromEntries(parametersOf(country, id)) }, proof));
const inForm = (secret: string): Sent => ({ fields: { client_secret: secret } });
const expectRefused = ({ status, body, headers }: Answer) => {
  expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });
  expect(headers.get('cache-control')).toBe('no-store');
};

test.each(['with-key', 'with-basic', 'with-post'])('A2 the registered proof is taken: %s', async (id) => {
  expect((await push(id, await proofOf(country, id))).status).toBe(201);
});

test.each([
  ['another', `${SECRET}x`],
  ['a shorter one', SECRET.slice(0, -1)],
  ['in other letters', SECRET.toUpperCase()],
])('A2 a wrong secret is refused: %s', async (_name, secret) => {
  expectRefused(await push('with-basic', basic('with-basic', secret)));
  expectRefused(await push('with-post', inForm(secret)));
});

test('A2 whoever reads the clients file cannot use what stands there', async () => {
  for (const id of ['with-basic', 'with-post']) {
    const { authentication } = country.service(id).registration;
    if (authentication.method === 'private_key_jwt') throw new Error(`${id} has a secret`);
    const { secret_hash: hash = '' } = authentication;
    expectRefused(await push(id, id === 'with-basic' ? basic(id, hash) : inForm(hash)));
    const key = new TextEncoder().encode(hash);
    expectRefused(await push(id, withAssertion(await assertionOf(country, id, {}, { key, alg: 'HS256' }))));
  }
});

test('A2 no proof is no proof', async () => {
  for (const id of ['with-key', 'with-basic', 'with-post']) {
    expectRefused(await push(id, {}));
    expect((await push(id, basic(id, ''))).status).toBe(400);
    expectRefused(await push(id, { fields: { client_secret: '' } }));
  }
});

test('A2 a client with a key is not known by a secret, nor one with a secret by a key', async () => {
  expectRefused(await push('with-key', basic('with-key')));
  expectRefused(await push('with-key', inForm(SECRET)));
  for (const id of ['with-basic', 'with-post'])
    expectRefused(await push(id, withAssertion(await assertionOf(country, id))));
});

test('A2 two proofs at once are refused, even if both are right', async () => {
  const twice = await push('with-basic', together(basic('with-basic'), inForm(SECRET)));
  expect({ status: twice.status, error: twice.body.error }).toEqual({ status: 400, error: 'invalid_request' });
});

test('A2 a proof of one client does not speak for another', async () => {
  expect((await push('with-post', basic('with-basic'))).status).toBe(400);
  const assertion = await assertionOf(country, 'with-key');
  expect((await push('with-post', withAssertion(assertion))).status).toBe(400);
});

test('A2 a client nobody registered is refused like a wrong secret', async () => {
  const unknown = await push('nobody-here', basic('nobody-here'));
  const wrong = await push('with-basic', basic('with-basic', 'wrong'));
  expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
});
