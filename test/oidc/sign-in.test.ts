/** A stock relying party signs a citizen in. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }, { client_id: 'stock-secret', secret: 'basic' }]);
});
afterAll(() => country.close());

test.each(['stock', 'stock-secret'])('A2 a stock client signs in by discovery: %s', async (id) => {
  const configuration = await relyingParty(country, id);
  const tokens = await tokensFor(country, configuration, { scope: 'openid profile' });
  const claims = tokens.claims()!;
  expect(claims).toMatchObject({ iss: country.hub, aud: id, acr: 'loa1', amr: ['pwd'] });
  const info = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
  expect(info).toMatchObject({ name: 'Nguyễn Văn An', gender: 'male' });
});
