/** E1: from the first sign-in to a working service, by the API and by the pages. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { proveByTaxCode, type TestCountry } from '../country.ts';
import {
  AGENCY,
  callApi,
  goodSettings,
  newDeveloper,
  openDeveloperCountry,
  wellAnswered,
  withToken,
} from './developer.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openDeveloperCountry();
});
afterAll(() => country?.close());

test('E1 from the first sign-in to a citizen who is signed in takes less than 30 seconds by API', async () => {
  const begun = performance.now();
  const developer = await newDeveloper(country, 'Nguyễn Văn An');
  const { token } = await developer.ask('POST', '/tokens', {
    name: 'script',
    scopes: ['read', 'write', 'secrets'],
    days: 1,
  });
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
    wellAnswered(await callApi(country, method, path, body, withToken(token)), path);

  const agency = await ask('POST', '/agencies', AGENCY);
  const service = await ask('POST', `/agencies/${agency.id}/services`, {
    name: { vi: 'Tra cứu hồ sơ', en: 'Follow a file' },
  });
  const { secret } = await ask('POST', `/services/${service.id}/sandbox/secrets`, {});
  const settings = goodSettings(country.callback.origin);
  expect(await ask('PUT', `/services/${service.id}/sandbox/draft`, settings)).toEqual({ problems: [] });
  const { client_id, issuer } = await ask('POST', `/services/${service.id}/sandbox/publication`);

  const relyingParty = await client.discovery(
    new URL(issuer),
    client_id,
    { id_token_signed_response_alg: 'ES256' },
    client.ClientSecretBasic(secret),
    { execute: [client.allowInsecureRequests] },
  );
  const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const address = client.buildAuthorizationUrl(relyingParty, {
    redirect_uri: country.callback.url,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const citizen = new Visitor();
  await citizen.open(address);
  await proveByTaxCode(citizen);
  await citizen.press('decision=agree');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(relyingParty, answer, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
  });
  const claims = await client.fetchUserInfo(relyingParty, tokens.access_token, tokens.claims()!.sub);
  expect(claims.name).toBe('Nguyễn Văn An');
  // Asked for by the scope, but not registered: it is not released.
  expect(claims.gender).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(30_000);
});
