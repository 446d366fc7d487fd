/** Userinfo as a signed JWT, for services that chose so: the same claims, verifiable by anybody with the hub's keys. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { tokensOf, userinfo } from './redeeming.ts';

const ALGORITHMS = ['ES256', 'RS256', 'PS256'] as const;

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'in-json' },
    ...ALGORITHMS.map((alg) => ({
      client_id: `in-${alg.toLowerCase()}`,
      userinfo_signed_response_alg: alg,
      id_token_signed_response_alg: alg,
      agency: { id: 'one-agency', name: { vi: 'Cơ quan thử', en: 'Test agency' } },
    })),
  ]);
});
afterAll(() => country.close());

const SCOPE = 'openid profile birth verified_claims';

test.each(ALGORITHMS)('A12 signed userinfo verifies: %s', async (alg) => {
  const id = `in-${alg.toLowerCase()}`;
  const tokens = await tokensOf(country, id, { scope: SCOPE });
  const { headers, text } = await userinfo(country, tokens.access);
  expect(headers.get('content-type')).toMatch(/^application\/jwt/);
  expect(headers.get('cache-control')).toBe('no-store');
  const keys = createRemoteJWKSet(new URL(`${country.hub}/jwks`));
  const { payload } = await jwtVerify(text, keys, { issuer: country.hub, audience: id, algorithms: [alg] });
  const { iss: _iss, aud: _aud, iat: _iat, exp, sub, ...claims } = payload;
  expect(sub).toBe(tokens.id.sub);
  // No longer than the access token it was had with.
  expect(exp! - Math.floor(Date.now() / 1000)).toBeLessThanOrEqual(600);
  const plain = await tokensOf(country, 'in-json', { scope: SCOPE });
  const { sub: _sub, ...expected } = (await userinfo(country, plain.access)).body;
  expect(claims).toEqual(expected);
});

test.each(ALGORITHMS)('A12 a stock client takes it: %s', async (alg) => {
  const id = `in-${alg.toLowerCase()}`;
  const { key, registration } = country.service(id);
  const metadata = { id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg };
  expect(registration.userinfo_signed_response_alg).toBe(alg);
  const stock = await client.discovery(new URL(country.hub), id, metadata, client.PrivateKeyJwt(key), {
    execute: [client.allowInsecureRequests],
  });
  const tokens = await tokensFor(country, stock, { scope: SCOPE });
  const info = await client.fetchUserInfo(stock, tokens.access_token, tokens.claims()!.sub);
  expect(info).toMatchObject({ name: 'Nguyễn Văn An', verified_claims: { claims: { name: 'Nguyễn Văn An' } } });
});

test('A12 who did not choose so receives JSON', async () => {
  const stock = await relyingParty(country, 'in-json');
  const tokens = await tokensFor(country, stock, { scope: 'openid profile' });
  const { headers } = await userinfo(country, tokens.access_token);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
});
