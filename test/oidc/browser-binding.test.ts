/** Whose browser a sign-in and a session belong to: cookies of before, of late tabs, of other requests, of strangers. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { readSignInId } from '../../src/oidc/interaction.ts';
import {
  HOA,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  signIn,
  type TestCountry,
} from '../country.ts';
import { addressOf, parametersOf } from './asking.ts';

let country: TestCountry;
let first: client.Configuration;
let visitor: Visitor;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'first' }, { client_id: 'second' }]);
  first = await relyingParty(country, 'first');
});
afterAll(() => country.close());
beforeEach(() => {
  visitor = new Visitor();
});

const signInHere = async (who: Parameters<typeof signIn>[2] = {}) =>
  signIn(country, await pressButton(first, country), { visitor, ...who });

/** The session cookies of this browser, as it would send them now. */
async function sessionCookies(): Promise<string> {
  const cookies = Object.entries(await visitor.cookies(country.hub));
  return cookies.flatMap(([name, value]) => (name.startsWith('lt_session') ? [`${name}=${value}`] : [])).join('; ');
}

/** What a silent request with these cookies is told. */
async function silently(cookie: string, id = 'first'): Promise<Readonly<Record<string, string>>> {
  const address = addressOf(country, id, { prompt: 'none' });
  const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
  return Object.fromEntries(new URL(answer.headers.get('location')!).searchParams);
}

test('a cookie known before the sign-in does not open the session after it (fixation)', async () => {
  // The page that asks whether to sign out begins a session without anybody: a stranger could plant its cookie.
  await visitor.open(new URL('/session/end', country.hub));
  const planted = await sessionCookies();
  expect(planted).toContain('lt_session=');
  await signInHere();
  const own = await sessionCookies();
  expect(own).not.toBe(planted);
  expect(await silently(own)).toHaveProperty('code');
  expect(await silently(planted)).toMatchObject({ error: 'login_required' });
});

test('the cookie of one person does not open the session of the next one in the same browser', async () => {
  await signInHere();
  const former = await sessionCookies();
  await visitor.open(addressOf(country, 'first', { prompt: 'login' }));
  const page = await proveByTaxCode(visitor, HOA);
  if (page.code === 'consent') await visitor.press('decision=agree');
  expect(await silently(await sessionCookies())).toHaveProperty('code');
  expect(await silently(former)).toMatchObject({ error: 'login_required' });
});

test('a late request with the cookie of before leaves the session as it is', async () => {
  await signInHere();
  const before = await sessionCookies();
  // Signing in once more gives the same session a new cookie.
  await visitor.open(addressOf(country, 'first', { prompt: 'login' }));
  await proveByTaxCode(visitor);
  const after = await sessionCookies();
  expect(after).not.toBe(before);
  for (const cookie of [before, `lt_session=${'x'.repeat(21)}.${'y'.repeat(32)}`, 'lt_session=%00; lt_session.sig=x']) {
    await silently(cookie);
    expect(await silently(after)).toHaveProperty('code');
  }
});

test('a session cookie that was changed, or signed by nobody, is none', async () => {
  await signInHere();
  const cookies = await sessionCookies();
  const [session, signature] = cookies.split('; ');
  for (const cookie of [session!, `${session}x; ${signature}`, `${session}; ${signature}x`])
    expect(await silently(cookie)).toMatchObject({ error: 'login_required' });
});

test('every step asked for under another request’s address is refused', async () => {
  await visitor.open(addressOf(country, 'first'));
  const own = visitor.page.url.pathname;
  const stranger = new Visitor();
  await stranger.open(addressOf(country, 'second'));
  const foreign = stranger.page.url.pathname;
  expect(foreign).not.toBe(own);

  const attempts = [
    () => visitor.open(new URL(foreign, country.hub)),
    () => visitor.open(new URL(`${foreign}/choose`, country.hub)),
    ...['source', 'consent', 'account', 'cancel'].map((step) => async () => {
      await visitor.open(new URL(own, country.hub));
      return visitor.post(`${foreign}/${step}`, { source: 'tax-code', decision: 'agree' });
    }),
  ];
  for (const attempt of attempts) {
    const page = await attempt();
    expect(page).toMatchObject({ status: 400, code: 'other_browser' });
    expect(page.has(`a[href="${country.service('second').registration.login_uri}"]`)).toBe(true);
  }
});

test('the cookie of one request under the address of another is refused: both are compared', async () => {
  const cookieOf = async (browser: Visitor) => {
    const cookies = Object.entries(await browser.cookies(browser.page.url));
    return cookies.flatMap(([name, value]) => (name.startsWith('lt_sign_in') ? [`${name}=${value}`] : [])).join('; ');
  };
  await visitor.open(addressOf(country, 'first'));
  const stranger = new Visitor();
  await stranger.open(addressOf(country, 'second'));
  const own = await fetch(visitor.page.url, { headers: { cookie: await cookieOf(visitor), accept: 'text/html' } });
  expect(await own.text()).toContain('data-code="choose_source"');
  const mixed = await fetch(stranger.page.url, { headers: { cookie: await cookieOf(visitor), accept: 'text/html' } });
  expect(await mixed.text()).toContain('data-code="other_browser"');
});

test('the end of a sign-in opened in another browser gives nobody a code', async () => {
  await visitor.open(addressOf(country, 'first'));
  const { uid } = readSignInId(visitor.page.url.pathname.split('/')[2]!)!;
  const before = country.callback.answers.length;
  const page = await new Visitor().open(new URL(`/authorize/${uid}`, country.hub));
  expect(page).toMatchObject({ status: 400, code: 'other_browser' });
  expect(country.callback.answers).toHaveLength(before);
});

test('the end of a sign-in asked for before anything was proved starts over instead of giving a code', async () => {
  await visitor.open(addressOf(country, 'first'));
  const { uid } = readSignInId(visitor.page.url.pathname.split('/')[2]!)!;
  const page = await visitor.open(new URL(`/authorize/${uid}`, country.hub));
  expect(page.code).toBe('choose_source');
  expect(page.url.pathname).not.toContain(uid);
});

test('a page of another site cannot press the buttons of a sign-in', async () => {
  await visitor.open(addressOf(country, 'first'));
  const { url } = visitor.page;
  const foreign: Readonly<Record<string, string>>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: country.hub },
  ];
  const cookie = Object.entries(await visitor.cookies(url))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  for (const headers of foreign) {
    const answer = await fetch(`${url}/cancel`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...headers, cookie },
    });
    expect(answer.status).toBe(403);
    await answer.body?.cancel();
  }
  expect((await visitor.reload()).code).toBe('choose_source');
});

test('a POST from an agency’s page cannot plant an empty session over the one that runs', async () => {
  await signInHere();
  const own = await sessionCookies();
  const answer = await fetch(new URL('/authorize', country.hub), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'cross-site' },
    body: parametersOf(country, 'first', { prompt: 'none' }),
  });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await silently(own)).toHaveProperty('code');
});

test('two agencies in two tabs, begun before either ends: one session, and no agency knows the other’s citizen', async () => {
  const second = await relyingParty(country, 'second');
  const tabs = [
    { tab: visitor, configuration: first, pressed: await pressButton(first, country) },
    { tab: visitor.newTab(), configuration: second, pressed: await pressButton(second, country) },
  ];
  for (const { tab, pressed } of tabs) expect((await tab.open(pressed.address)).code).toBe('choose_source');
  const subs = [];
  for (const { tab, configuration, pressed } of tabs) {
    if ((await proveByTaxCode(tab)).code === 'consent') await tab.press('decision=agree');
    const answer = country.callback.answers.at(-1)!.address;
    const checks = { ...pressed.checks, idTokenExpected: true } as const;
    subs.push((await client.authorizationCodeGrant(configuration, answer, checks)).claims()!.sub);
  }
  expect(new Set(subs).size).toBe(2);
  const cookies = await sessionCookies();
  for (const id of ['first', 'second']) expect(await silently(cookies, id)).toHaveProperty('code');
});

test('cookies are for the hub alone: no script, no other site; a session’s no longer than the browser is open', async () => {
  await signInHere();
  const begun = await fetch(addressOf(country, 'first', { prompt: 'login' }), {
    redirect: 'manual',
    headers: { cookie: await sessionCookies() },
  });
  const set = begun.headers.getSetCookie();
  const names = new Set(set.map((cookie) => cookie.split('=')[0]));
  expect([...names]).toEqual(expect.arrayContaining(['lt_session', 'lt_interaction', 'lt_resume']));
  for (const cookie of set) {
    expect(cookie.toLowerCase()).toContain('httponly');
    expect(cookie.toLowerCase()).toContain('samesite=lax');
    expect(cookie.toLowerCase()).not.toContain('domain=');
    if (cookie.startsWith('lt_session')) expect(cookie.toLowerCase()).not.toMatch(/expires|max-age/);
  }
});
