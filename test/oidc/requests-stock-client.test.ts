/** Every way in which a stock relying party may send its request, and every form in which it may want the answer. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  signIn,
  type TestCountry,
  tokensFor,
} from '../country.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'stock' },
    { client_id: 'stock-post', secret: 'post' },
    { client_id: 'stock-pushing', require_pushed_authorization_requests: true },
    { client_id: 'stock-rs256', id_token_signed_response_alg: 'RS256' },
    { client_id: 'stock-ps256', id_token_signed_response_alg: 'PS256' },
  ]);
});
afterAll(() => country.close());

test('A2 a stock client with its secret in the body signs in', async () => {
  const tokens = await tokensFor(country, await relyingParty(country, 'stock-post'));
  expect(tokens.claims()).toMatchObject({ aud: 'stock-post' });
});

test('A2 a stock client receives its answer by form_post', async () => {
  const configuration = await relyingParty(country, 'stock');
  const pressed = await pressButton(configuration, country, { response_mode: 'form_post' });
  const visitor = new Visitor();
  await visitor.open(pressed.address);
  let page = await proveByTaxCode(visitor);
  if (page.code === 'consent') page = await visitor.press('decision=agree');
  expect(page).toMatchObject({ code: 'form_post', status: 200 });
  expect(page.headers.get('cache-control')).toContain('no-store');
  await visitor.press('button.primary');
  const { method, parameters, address } = country.callback.answers.at(-1)!;
  expect({ method, query: address.search }).toEqual({ method: 'POST', query: '' });
  const answer = new Request(country.callback.url, { method: 'POST', body: parameters });
  const tokens = await client.authorizationCodeGrant(configuration, answer, {
    ...pressed.checks,
    idTokenExpected: true,
  });
  expect(tokens.claims()).toMatchObject({ aud: 'stock' });
});

test.each(['stock', 'stock-pushing'])('A2 a stock client pushes its request: %s', async (id) => {
  const configuration = await relyingParty(country, id);
  const { address, checks } = await pressButton(configuration, country);
  const pushed = await client.buildAuthorizationUrlWithPAR(configuration, address.searchParams);
  expect([...pushed.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  const answer = await signIn(country, { address: pushed, checks });
  const tokens = await client.authorizationCodeGrant(configuration, answer, { ...checks, idTokenExpected: true });
  expect(tokens.claims()).toMatchObject({ aud: id });
});

test('A2 a stock client binds its tokens to a key (DPoP), pushed or not', async () => {
  const configuration = await relyingParty(country, 'stock');
  const DPoP = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair());
  for (const push of [false, true]) {
    const { address, checks } = await pressButton(configuration, country);
    const sent = push
      ? await client.buildAuthorizationUrlWithPAR(configuration, address.searchParams, { DPoP })
      : address;
    const answer = await signIn(country, { address: sent, checks });
    const expected = { ...checks, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(configuration, answer, expected, {}, { DPoP });
    expect(tokens.token_type).toBe('dpop');
    const { sub } = tokens.claims()!;
    expect(await client.fetchUserInfo(configuration, tokens.access_token, sub, { DPoP })).toMatchObject({ sub });
    await expect(client.fetchUserInfo(configuration, tokens.access_token, sub)).rejects.toThrow();
  }
});

test('A2 a code asked for with a key is not given to another key', async () => {
  const configuration = await relyingParty(country, 'stock');
  const keyOf = async () => client.getDPoPHandle(configuration, await client.randomDPoPKeyPair());
  const { address, checks } = await pressButton(configuration, country);
  const sent = await client.buildAuthorizationUrlWithPAR(configuration, address.searchParams, { DPoP: await keyOf() });
  const answer = await signIn(country, { address: sent, checks });
  const expected = { ...checks, idTokenExpected: true };
  await expect(
    client.authorizationCodeGrant(configuration, answer, expected, {}, { DPoP: await keyOf() }),
  ).rejects.toMatchObject({ error: 'invalid_grant' });
});

test.each([
  ['stock', 'ES256'],
  ['stock-rs256', 'RS256'],
  ['stock-ps256', 'PS256'],
])('A2 the id token of %s is signed with %s', async (id, algorithm) => {
  const tokens = await tokensFor(country, await relyingParty(country, id));
  expect(decodeProtectedHeader(tokens.id_token!).alg).toBe(algorithm);
});

test('A2 a request by POST from the agency’s page is the same request', async () => {
  const configuration = await relyingParty(country, 'stock');
  const visitor = new Visitor();
  await signIn(country, await pressButton(configuration, country), { visitor });
  // Now the citizen stands on the agency's page and has a session, whose cookie a foreign POST does not carry.
  const { address, checks } = await pressButton(configuration, country);
  const page = await visitor.post(new URL('/authorize', country.hub), Object.fromEntries(address.searchParams));
  expect(page.code).toBe('test_callback');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(configuration, answer, { ...checks, idTokenExpected: true });
  expect(tokens.claims()).toMatchObject({ aud: 'stock' });
});

test('A2 a request by POST from another site comes once more by GET, so that the session cookie comes along', async () => {
  const { address } = await pressButton(await relyingParty(country, 'stock'), country, { login_hint: '012345678901' });
  const answer = await fetch(new URL('/authorize', country.hub), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'cross-site' },
    body: address.searchParams,
  });
  expect(answer.status).toBe(303);
  const again = new URL(answer.headers.get('location')!, country.hub);
  expect(again.pathname).toBe('/authorize');
  address.searchParams.delete('login_hint');
  expect(Object.fromEntries(again.searchParams)).toEqual(Object.fromEntries(address.searchParams));
});
