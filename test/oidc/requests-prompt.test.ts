/** What an agency may ask of the running session: nothing shown, the source asked again, another account, consent again. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  HOA,
  onlyWeakSources,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  signIn,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { addressOf, answerAfter, type Changes } from './asking.ts';

let country: TestCountry;
let first: client.Configuration;
let visitor: Visitor;
beforeAll(async () => {
  country = await openTestCountry(
    [{ client_id: 'first' }, { client_id: 'second' }, { client_id: 'demanding', minimum_acr: 'loa2' }],
    { configure: onlyWeakSources },
  );
  first = await relyingParty(country, 'first');
});
afterAll(() => country.close());
beforeEach(() => {
  visitor = new Visitor();
});

const none = (id: string, changes: Changes = {}) =>
  answerAfter(country, visitor, addressOf(country, id, { prompt: 'none', ...changes }));
const subjectNow = async () => (await tokensFor(country, first, {}, { visitor })).claims()!.sub;
const asksTheSource = () => visitor.trail.filter(({ origin }) => origin === country.taxAuthority.issuer).length;

test('A7 prompt=none without a session: login_required, and nothing is shown', async () => {
  const answer = await none('first');
  expect(answer).toMatchObject({ error: 'login_required', state: 'the-state', iss: country.hub });
  expect(visitor.trail.map(({ pathname }) => pathname)).toEqual(['/authorize', '/callback']);
});

test('A7 prompt=none without consent: consent_required, and nothing is shown', async () => {
  await signIn(country, await pressButton(first, country), { visitor });
  const before = visitor.trail.length;
  expect(await none('second')).toMatchObject({ error: 'consent_required', state: 'the-state', iss: country.hub });
  expect(visitor.trail.slice(before).map(({ pathname }) => pathname)).toEqual(['/authorize', '/callback']);
});

test('A7 prompt=none with a consent that does not cover the request: consent_required', async () => {
  await signIn(country, await pressButton(first, country, { prompt: 'consent' }), { visitor, account: HOA });
  expect(await none('first', { scope: 'openid profile' })).toMatchObject({ error: 'consent_required' });
  expect(await none('first', { claims: '{"userinfo":{"birthdate":null}}' })).toMatchObject({
    error: 'consent_required',
  });
});

test('A7 prompt=none with session and consent: a code, and nothing is shown', async () => {
  await signIn(country, await pressButton(first, country), { visitor });
  const before = visitor.trail.length;
  const answer = await none('first');
  expect(answer).toEqual({ code: expect.any(String), state: 'the-state', iss: country.hub });
  expect(visitor.trail.slice(before).map(({ pathname }) => pathname)).toEqual(['/authorize', '/callback']);
});

test.each<[string, string, Changes]>([
  ['the service needs more than any source gives', 'demanding', {}],
  ['the request does', 'first', { acr_values: 'loa3 loa4' }],
])('A7 prompt=none when %s: unmet_authentication_requirements', async (_name, id, changes) => {
  await signIn(country, await pressButton(first, country), { visitor });
  expect(await none(id, changes)).toMatchObject({ error: 'unmet_authentication_requirements', iss: country.hub });
});

test('A7 prompt=none for somebody else than who is signed in: login_required', async () => {
  const hoa = await tokensFor(country, first, {}, { visitor: new Visitor(), account: HOA });
  await signIn(country, await pressButton(first, country), { visitor });
  const wanted = JSON.stringify({ id_token: { sub: { value: hoa.claims()!.sub } } });
  expect(await none('first', { claims: wanted })).toMatchObject({ error: 'login_required' });
  expect(await none('first', { id_token_hint: hoa.id_token! })).toMatchObject({ error: 'login_required' });
});

test('A7 prompt=none with the hint of who is signed in: a code', async () => {
  const tokens = await tokensFor(country, first, {}, { visitor });
  expect(await none('first', { id_token_hint: tokens.id_token! })).toHaveProperty('code');
});

test('A8 the hint of somebody else: the source is asked, and whoever else proves themselves is turned away', async () => {
  const hoa = await tokensFor(country, first, {}, { visitor: new Visitor(), account: HOA });
  await signIn(country, await pressButton(first, country), { visitor });
  const claims = JSON.stringify({ id_token: { sub: { value: hoa.claims()!.sub } } });
  for (const wish of [{ id_token_hint: hoa.id_token! }, { claims }]) {
    expect((await visitor.open(addressOf(country, 'first', wish))).code).toBe('choose_source');
    expect((await proveByTaxCode(visitor)).code).toBe('test_callback');
    const { parameters } = country.callback.answers.at(-1)!;
    expect(Object.fromEntries(parameters)).toMatchObject({ error: 'login_required', iss: country.hub });
  }
  const pressed = await pressButton(first, country, { id_token_hint: hoa.id_token! });
  const answer = await signIn(country, pressed, { visitor, account: HOA });
  expect(answer.searchParams.get('code')).toBeTruthy();
});

test('A8 prompt=login asks the source again, although a session runs', async () => {
  const sub = await subjectNow();
  const asked = asksTheSource();
  expect(await subjectNow()).toBe(sub);
  expect(asksTheSource()).toBe(asked);
  const page = await visitor.open(addressOf(country, 'first', { prompt: 'login' }));
  expect(page.code).toBe('choose_source');
  await visitor.press('source=tax-code');
  // Not even the source's own session is enough: it asks for the password.
  expect(visitor.page.has('[name=password]')).toBe(true);
});

test('A8 prompt=login cannot be talked out of by forms of other steps', async () => {
  await subjectNow();
  const { url } = await visitor.open(addressOf(country, 'first', { prompt: 'login' }));
  for (const [step, fields] of [
    ['account', { decision: 'continue' }],
    ['consent', { decision: 'agree' }],
  ] as const) {
    const page = await visitor.post(`${url.pathname}/${step}`, fields);
    expect(page.code).toBe('choose_source');
  }
});

test('A8 prompt=consent shows the consent again, and refusing then is told to the agency', async () => {
  await subjectNow();
  const again = addressOf(country, 'first', { prompt: 'consent' });
  expect((await visitor.open(again)).code).toBe('consent');
  await visitor.press('decision=agree');
  expect(Object.fromEntries(country.callback.answers.at(-1)!.parameters)).toHaveProperty('code');
  expect((await visitor.open(again)).code).toBe('consent');
  await visitor.press('decision=refuse');
  const { parameters } = country.callback.answers.at(-1)!;
  expect(Object.fromEntries(parameters)).toMatchObject({ error: 'access_denied', iss: country.hub });
});

test('A8 prompt=login consent does both, in this order', async () => {
  await subjectNow();
  expect((await visitor.open(addressOf(country, 'first', { prompt: 'consent login' }))).code).toBe('choose_source');
  expect((await proveByTaxCode(visitor)).code).toBe('consent');
  expect((await visitor.press('decision=agree')).code).toBe('test_callback');
  expect(Object.fromEntries(country.callback.answers.at(-1)!.parameters)).toHaveProperty('code');
});

test('A8 prompt=select_account offers to go on as whoever is signed in', async () => {
  const sub = await subjectNow();
  const { address, checks } = await pressButton(first, country, { prompt: 'select_account' });
  const page = await visitor.open(address);
  expect(page.code).toBe('continue_as');
  expect(page.text('button.primary')).toContain('Nguyễn Văn An');
  await visitor.press('decision=continue');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(first, answer, { ...checks, idTokenExpected: true });
  expect(tokens.claims()!.sub).toBe(sub);
});

test('A8 prompt=select_account lets another person in, and ends the session of the first with its tokens', async () => {
  const former = await tokensFor(country, first, {}, { visitor });
  const { address, checks } = await pressButton(first, country, { prompt: 'select_account' });
  await visitor.open(address);
  expect((await visitor.press('decision=other')).code).toBe('choose_source');
  let page = await proveByTaxCode(visitor, HOA);
  if (page.code === 'consent') page = await visitor.press('decision=agree');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(first, answer, { ...checks, idTokenExpected: true });
  expect(tokens.claims()!.sub).not.toBe(former.claims()!.sub);
  await expect(client.fetchUserInfo(first, former.access_token, former.claims()!.sub)).rejects.toThrow();
  // From now on the browser is the second person's.
  expect(await subjectNow()).toBe(tokens.claims()!.sub);
});

test('A8 prompt=select_account without a session is a sign-in like any other', async () => {
  expect((await visitor.open(addressOf(country, 'first', { prompt: 'select_account' }))).code).toBe('choose_source');
  let page = await proveByTaxCode(visitor);
  if (page.code === 'consent') page = await visitor.press('decision=agree');
  expect(page.code).toBe('test_callback');
});
