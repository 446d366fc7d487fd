/** The challenge of a request (RFC 7636): asked for, and what was asked with it proved. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { openTestCountry, relyingParty, signIn, type TestCountry } from '../country.ts';
import { addressOf, CHALLENGE, type Changes, refusalOf, VERIFIER } from './asking.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'strict' }, { client_id: 'lenient', pkce: 'optional_in_sandbox' }]);
});
afterAll(() => country.close());

const NONE = { code_challenge: undefined, code_challenge_method: undefined };

/** Signs in with the request as changed and redeems the code with a verifier, or without. */
async function redeem(id: string, changes: Changes, verifier: string | undefined): Promise<unknown> {
  const configuration = await relyingParty(country, id);
  const checks = { pkceCodeVerifier: VERIFIER, expectedState: 'the-state', expectedNonce: 'the-nonce' };
  const answer = await signIn(country, { address: addressOf(country, id, changes), checks });
  const { pkceCodeVerifier: _, ...others } = checks;
  return client.authorizationCodeGrant(configuration, answer, {
    ...others,
    ...(verifier === undefined ? {} : { pkceCodeVerifier: verifier }),
    idTokenExpected: true,
  });
}

describe.each(['strict', 'lenient'])('%s', (id) => {
  test.each<[string, Changes]>([
    ['plain', { code_challenge: VERIFIER, code_challenge_method: 'plain' }],
    ['no method, which means plain', { code_challenge: VERIFIER, code_challenge_method: undefined }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['the method in other letters', { code_challenge_method: 's256' }],
    ['a method without a challenge', { code_challenge: undefined }],
    ['a challenge too short', { code_challenge: 'short' }],
    ['a challenge with foreign characters', { code_challenge: `${'a'.repeat(42)}!` }],
    ['two challenges', { code_challenge: ['a'.repeat(43), 'b'.repeat(43)] }],
  ])('A4 refused: %s', async (_name, changes) => {
    expect(await refusalOf(country, id, changes)).toMatchObject({ error: 'invalid_request', state: 'the-state' });
  });

  test.each([
    ['no verifier', undefined],
    ['another verifier', 'another-verifier-0123456789-0123456789-0123456789'],
    ['an empty verifier', ''],
    ['the challenge itself', CHALLENGE],
  ])('A4 a challenge that was sent must be proved: %s', async (_name, verifier) => {
    await expect(redeem(id, {}, verifier)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('A4 a challenge that was sent and proved is redeemed', async () => {
    expect(await redeem(id, {}, VERIFIER)).toHaveProperty('id_token');
  });
});

test('A4 a missing challenge is refused', async () => {
  expect(await refusalOf(country, 'strict', NONE)).toEqual({
    error: 'invalid_request',
    error_description: expect.any(String),
    state: 'the-state',
    iss: country.hub,
  });
});

test('A4 a sandbox service registered so may go without', async () => {
  expect(await redeem('lenient', NONE, undefined)).toHaveProperty('id_token');
});

test('A4 a verifier for a request that had no challenge is refused: the challenge was cut out on the way', async () => {
  await expect(redeem('lenient', NONE, VERIFIER)).rejects.toMatchObject({ error: 'invalid_grant' });
});
