/** Pushed requests (RFC 9126): checked when they are pushed, used by their client, in time and once. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { onlyWeakSources, openTestCountry, proveByTaxCode, SECRET, signIn, type TestCountry } from '../country.ts';
import { type Changes, newBrowser, parametersOf, refusalOf } from './asking.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry(
    [
      { client_id: 'pushing', secret: 'basic', require_pushed_authorization_requests: true },
      { client_id: 'other', secret: 'basic' },
      { client_id: 'keyed' },
    ],
    { configure: onlyWeakSources },
  );
});
afterAll(() => country.close());

/** Pushes a request as a service that shows its secret, and reads the answer. */
async function push(changes: Changes = {}, { id = 'pushing', secret = SECRET } = {}) {
  const answer = await fetch(new URL('/par', country.hub), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: parametersOf(country, id, changes),
  });
  const body = (await answer.json()) as Readonly<Record<string, string>>;
  return { status: answer.status, type: answer.headers.get('content-type'), body };
}

/** The request a browser carries after a push: nothing but whose it is and where it lies. */
const carried = (request_uri: string | undefined, id = 'pushing'): URL =>
  new URL(`/authorize?${new URLSearchParams({ client_id: id, request_uri: request_uri ?? '' })}`, country.hub);

test('A6 a pushed request is answered with its name and its lifetime', async () => {
  const answer = await push();
  expect(answer).toMatchObject({ status: 201, body: { expires_in: 60 } });
  expect(answer.body.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{20,}$/);
});

test.each<[string, Changes, string]>([
  ['an unknown redirect address', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
  ['no redirect address', { redirect_uri: undefined }, 'invalid_request'],
  ['a scope without openid', { scope: 'profile', nonce: undefined }, 'invalid_scope'],
  ['a missing challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['a bad prompt', { prompt: 'none login' }, 'invalid_request'],
  ['broken claims', { claims: '{' }, 'invalid_request'],
  ['broken verified claims', { claims: '{"userinfo":{"verified_claims":{}}}' }, 'invalid_request'],
  ['a bad response mode', { response_mode: 'fragment' }, 'invalid_request'],
  ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
  ['a request elsewhere', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
  ['a level nobody can give', { acr_values: 'loa4' }, 'unmet_authentication_requirements'],
  ['another client than the one that pushes', { client_id: 'other' }, 'invalid_request'],
  ['two scopes', { scope: ['openid', 'openid'] }, 'invalid_request'],
])('A6 an error of a pushed request is told at once, as JSON: %s', async (_name, changes, error) => {
  const { status, type, body } = await push(changes);
  expect({ status, error: body.error }).toEqual({ status: 400, error });
  expect(type).toContain('application/json');
});

test('A6 whoever pushes proves who they are', async () => {
  const wrong = [{ secret: 'wrong' }, { id: 'nobody' }, { id: 'keyed' }];
  for (const who of wrong) expect(await push({}, who)).toMatchObject({ body: { error: 'invalid_client' } });
  const unproven = await fetch(new URL('/par', country.hub), {
    method: 'POST',
    body: parametersOf(country, 'pushing'),
  });
  expect(await unproven.json()).toMatchObject({ error: 'invalid_client' });
  expect(unproven.status).toBe(401);
});

test('A6 a service that must push is refused when it does not', async () => {
  expect(await refusalOf(country, 'pushing')).toMatchObject({
    error: 'invalid_request',
    state: 'the-state',
    iss: country.hub,
  });
});

test('A6 parameters beside a pushed request change nothing of it', async () => {
  const { body } = await push({ state: 'pushed', scope: 'openid' });
  const address = carried(body.request_uri);
  const beside = { state: 'beside', scope: 'openid profile', redirect_uri: 'https://evil.example/', prompt: 'none' };
  for (const [name, value] of Object.entries(beside)) address.searchParams.set(name, value);
  const visitor = newBrowser();
  const page = await visitor.open(address);
  expect(page.code).toBe('choose_source');
  await visitor.press('form[action$="/cancel"] button');
  const { address: arrived } = country.callback.answers.at(-1)!;
  expect(Object.fromEntries(arrived.searchParams)).toMatchObject({ error: 'access_denied', state: 'pushed' });
});

test('A6 another client cannot use a pushed request', async () => {
  const { body } = await push();
  const page = await newBrowser().open(carried(body.request_uri, 'other'));
  expect(page).toMatchObject({ status: 400, code: 'request_invalid' });
  const refusal = await refusalOf(country, 'other', { request_uri: body.request_uri });
  expect(refusal).toMatchObject({ error: 'invalid_request_object', state: 'the-state', iss: country.hub });
});

test('A6 a pushed request works once; its second use is led back to the agency', async () => {
  const { body } = await push();
  const checks = { pkceCodeVerifier: 'unused', expectedState: 'the-state', expectedNonce: 'the-nonce' };
  const visitor = newBrowser();
  const answer = await signIn(country, { address: carried(body.request_uri), checks }, { visitor });
  expect(answer.searchParams.get('code')).toBeTruthy();
  const page = await visitor.open(carried(body.request_uri));
  expect(page).toMatchObject({ status: 400, code: 'request_expired' });
  expect(page.has(`a[href="${country.service('pushing').registration.login_uri}"]`)).toBe(true);
});

test('A6 a pushed request opened in two browsers finishes in one of them only', async () => {
  const { body } = await push();
  const checks = { pkceCodeVerifier: 'unused', expectedState: 'the-state', expectedNonce: 'the-nonce' };
  const browsers = [newBrowser(), newBrowser()];
  const address = carried(body.request_uri);
  for (const browser of browsers) expect((await browser.open(address)).code).toBe('choose_source');
  const results = [];
  for (const visitor of browsers) {
    let page = await proveByTaxCode(visitor);
    if (page.code === 'consent') page = await visitor.press('decision=agree');
    expect(page.code).toBe('test_callback');
    results.push(Object.fromEntries(country.callback.answers.at(-1)!.parameters));
  }
  expect(results[0]).toHaveProperty('code');
  expect(results[1]).toMatchObject({ error: 'invalid_request_uri', state: checks.expectedState, iss: country.hub });
});

test.each([
  ['that never was', `urn:ietf:params:oauth:request_uri:${randomBytes(20).toString('base64url')}`],
  ['without an id', 'urn:ietf:params:oauth:request_uri:'],
  ['that is too long', `urn:ietf:params:oauth:request_uri:${'x'.repeat(5_000)}`],
])('A6 a pushed request %s', async (_name, request_uri) => {
  const page = await newBrowser().open(carried(request_uri));
  expect(page).toMatchObject({ status: 400, code: 'request_expired' });
});

test('A6 a pushed request that is too old', async () => {
  const { body } = await push();
  const id = body.request_uri!.split(':').at(-1)!;
  const { state } = country.runningHub().store;
  const kept = (await state.get('PushedAuthorizationRequest', id))!.value as Readonly<Record<string, number>>;
  await state.put('PushedAuthorizationRequest', id, { ...kept, iat: kept.iat! - 90, exp: kept.exp! - 90 }, 60);
  const page = await newBrowser().open(carried(body.request_uri));
  expect(page).toMatchObject({ status: 400, code: 'request_expired' });
});
