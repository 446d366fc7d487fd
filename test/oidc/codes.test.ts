/** A code: one use, sixty seconds, its own client; and a second use takes away what the first one gave. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { type Answer, ARCHIVE, codeFor, introspect, redeem, userinfo } from './redeeming.ts';
import { atSecond } from './time.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'owner' }, { client_id: 'other' }, ARCHIVE]);
});
afterAll(() => country.close());

const expectRefused = ({ status, body }: Answer) =>
  expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });

async function expectDead(token: string): Promise<void> {
  expect((await userinfo(country, token)).status).toBe(401);
  expect((await introspect(country, 'archive', token)).body).toEqual({ active: false });
}

test('A9 a code works once; its second use is refused and revokes the tokens of the first', async () => {
  const code = await codeFor(country, 'owner');
  const { body } = await redeem(country, 'owner', code);
  expect((await userinfo(country, body.access_token)).status).toBe(200);
  expect((await introspect(country, 'archive', body.access_token)).body).toMatchObject({ active: true });
  expectRefused(await redeem(country, 'owner', code));
  await expectDead(body.access_token);
  expectRefused(await redeem(country, 'owner', code));
});

test('A9 the second use of one code leaves the tokens of another alone', async () => {
  const visitor = new Visitor();
  const [first, second] = [
    await codeFor(country, 'owner', {}, { visitor }),
    await codeFor(country, 'owner', {}, { visitor }),
  ];
  await redeem(country, 'owner', first);
  const { body } = await redeem(country, 'owner', second);
  expectRefused(await redeem(country, 'owner', first));
  expect((await userinfo(country, body.access_token)).status).toBe(200);
});

test('A9 a code works for sixty seconds', async () => {
  const [good, late] = [await codeFor(country, 'owner'), await codeFor(country, 'owner')];
  expect((await atSecond(58, () => redeem(country, 'owner', good))).status).toBe(200);
  expectRefused(await atSecond(60, () => redeem(country, 'owner', late)));
});

test.each([61, 300, 599])('A9 a second use %d seconds later still revokes', async (seconds) => {
  const code = await codeFor(country, 'owner');
  const { body } = await redeem(country, 'owner', code);
  await atSecond(seconds, async () => {
    expect((await userinfo(country, body.access_token)).status).toBe(200);
    expectRefused(await redeem(country, 'owner', code));
    await expectDead(body.access_token);
  });
});

test('A9 a code works for its client only, which can still use it after another one tried', async () => {
  const code = await codeFor(country, 'owner');
  expectRefused(await redeem(country, 'other', code));
  const { body } = await redeem(country, 'owner', code);
  expectRefused(await redeem(country, 'other', code));
  // Nor can a client that learns of a used code take the owner's tokens away.
  expect((await userinfo(country, body.access_token)).status).toBe(200);
});

test.each([
  ['another redirect address', { redirect_uri: 'https://elsewhere.example/callback' }],
  ['another verifier', { code_verifier: 'another-verifier-0123456789-0123456789-0123456789' }],
  ['a code nobody issued', { code: 'a-code-nobody-issued-0123456789-0123456789ab' }],
])('A9 refused: %s', async (_name, fields) => {
  expectRefused(await redeem(country, 'owner', await codeFor(country, 'owner'), { fields }));
});

test('A9 a code dies with the session it was given in', async () => {
  const visitor = new Visitor();
  const code = await codeFor(country, 'owner', {}, { visitor });
  await visitor.open(`${country.hub}/session/end`);
  await visitor.press('button[type=submit]');
  expectRefused(await redeem(country, 'owner', code));
});

test('A9 the answer is not to be stored, and there is nothing to stay signed in with', async () => {
  const code = await codeFor(country, 'owner', { scope: 'openid offline_access', prompt: 'consent' });
  const answer = await redeem(country, 'owner', code);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(Object.keys(answer.body).sort()).toEqual(['access_token', 'expires_in', 'id_token', 'scope', 'token_type']);
  expect(answer.body).toMatchObject({ expires_in: 600, scope: 'openid', token_type: 'Bearer' });
  const fields = { grant_type: 'refresh_token', refresh_token: answer.body.access_token };
  const refused = await redeem(country, 'owner', code, { fields });
  expect(refused.headers.get('cache-control')).toBe('no-store');
  expect(refused.body.error).toMatch(/unsupported_grant_type|unauthorized_client|invalid_request/);
});
