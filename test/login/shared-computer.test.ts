/** Owns the tests of "shared computer": the sign-in works, the browser keeps nothing of it, the next one is asked again. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  openTestCountry,
  type Pressed,
  pressButton,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
} from '../country.ts';
import { askStore } from '../store-copy.ts';

let country: TestCountry;
let stock: client.Configuration;
let second: client.Configuration;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }, { client_id: 'second' }]);
  stock = await relyingParty(country, 'stock');
  second = await relyingParty(country, 'second');
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const SCOPE = { scope: 'openid profile' };
const sessionIn = async (visitor: Visitor) => (await visitor.cookies(country.hub)).lt_session;

/** Through to the agency, with the box ticked or not. */
async function signIn(visitor: Visitor, pressed: Pressed, shared: boolean) {
  await visitor.open(pressed.address);
  expect(visitor.page.code).toBe('choose_source');
  if (shared) visitor.fill({ shared_computer: ['yes'] });
  await visitor.press('source=tax-code');
  visitor.fill({ tax_code: '8000000011', password: 'Thue@2026' });
  let page = await visitor.press('decision=sign_in');
  if (page.code === 'consent') page = await visitor.tickAll().press('decision=agree');
  expect(page.code).toBe('test_callback');
  const answer = country.callback.answers.at(-1)!.address;
  return client.authorizationCodeGrant(stock, answer, { ...pressed.checks, idTokenExpected: true });
}

test('unticked, a session is kept, or the tests below say nothing', async () => {
  const visitor = new Visitor();
  await signIn(visitor, await pressButton(stock, country, SCOPE), false);
  expect(await sessionIn(visitor)).toBeDefined();
  expect((await visitor.open((await pressButton(stock, country, SCOPE)).address)).code).toBe('test_callback');
});

test('the sign-in works, its tokens too, and the next one asks for the source again', async () => {
  const visitor = new Visitor();
  const tokens = await signIn(visitor, await pressButton(stock, country, SCOPE), true);
  const { sub } = tokens.claims()!;
  expect(await client.fetchUserInfo(stock, tokens.access_token, sub)).toMatchObject({ sub, name: 'Nguyễn Văn An' });
  expect(await sessionIn(visitor)).toBeUndefined();
  expect((await visitor.cookies(country.hub))['lt_session.sig']).toBeUndefined();

  expect((await visitor.open((await pressButton(stock, country, SCOPE)).address)).code).toBe('choose_source');
  const silent = await pressButton(stock, country, { ...SCOPE, prompt: 'none' });
  await visitor.open(silent.address);
  expect(country.callback.answers.at(-1)!.parameters.get('error')).toBe('login_required');
  expect((await visitor.open((await pressButton(second, country, SCOPE)).address)).code).toBe('choose_source');
  // The tokens of before are none the worse for it.
  expect(await client.fetchUserInfo(stock, tokens.access_token, sub)).toMatchObject({ sub });
});

test('what is kept for the tokens ends with them', async () => {
  await signIn(new Visitor(), await pressButton(stock, country, SCOPE), true);
  const [row] = await askStore(country.configuration.dataDirectory, (rows) =>
    rows("SELECT expires_at FROM state WHERE kind = 'Session'"),
  );
  const seconds = Number(row!.expires_at) > 1e12 ? Number(row!.expires_at) / 1_000 : Number(row!.expires_at);
  expect(seconds - Date.now() / 1_000).toBeLessThan(680);
  expect(seconds - Date.now() / 1_000).toBeGreaterThan(600);
});

test('a session of before ends in this browser, too', async () => {
  const visitor = new Visitor();
  const before = await signIn(visitor, await pressButton(stock, country, SCOPE), false);
  const cookie = await sessionIn(visitor);
  await signIn(visitor, await pressButton(stock, country, { ...SCOPE, prompt: 'login' }), true);
  expect(await sessionIn(visitor)).toBeUndefined();
  // Nor does the cookie of before open anything, for whoever wrote it down.
  const { address } = await pressButton(stock, country, { ...SCOPE, prompt: 'none' });
  const answer = await fetch(address, { headers: { cookie: `lt_session=${cookie}` }, redirect: 'manual' });
  expect(answer.headers.get('location')).toContain('error=login_required');
  expect(await client.fetchUserInfo(stock, before.access_token, before.claims()!.sub)).toBeDefined();
});

test('the box stays ticked after a try that failed, and can be unticked', async () => {
  const visitor = new Visitor();
  await visitor.open((await pressButton(stock, country, SCOPE)).address);
  visitor.fill({ shared_computer: ['yes'] });
  await visitor.press('source=tax-code');
  let page = await visitor.press('decision=cancel');
  expect(page.has('[name=shared_computer][checked]')).toBe(true);
  visitor.fill({ shared_computer: [] });
  await visitor.press('source=tax-code');
  page = await visitor.press('decision=cancel');
  expect(page.has('[name=shared_computer][checked]')).toBe(false);
  await proveByTaxCode(visitor);
  await visitor.tickAll().press('decision=agree');
  expect(await sessionIn(visitor)).toBeDefined();
});
