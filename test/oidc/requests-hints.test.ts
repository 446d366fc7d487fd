/** What a request may say beside its claims: language, source, whom it expects, and things nobody knows. */
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, proveByTaxCode, SECRET, type TestCountry } from '../country.ts';
import { addressOf, ask, destinationOf, parametersOf } from './asking.ts';

/** A personal number as agencies are tempted to send it. */
const HINT = '079188000777';

import { Interactions, readSignInId } from '../../src/oidc/interaction.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

let country: TestCountry;
let visitor: Visitor;
const logged: string[] = [];
beforeAll(async () => {
  const log = (code: string, details: unknown) => void logged.push(`${code} ${JSON.stringify(details)}`);
  country = await openTestCountry([{ client_id: 'hinting', secret: 'basic' }], { log });
});
afterAll(() => country.close());
beforeEach(() => {
  visitor = new Visitor();
});

const isAtSource = (page: { readonly url: URL }) => page.url.origin === country.taxAuthority.issuer;

test.each([
  ['vi', 'vi'],
  ['en', 'en'],
  ['en-GB vi', 'en'],
  ['fr en', 'en'],
  ['fr', 'vi'],
])('A8 ui_locales=%s is answered in %s, at the source too', async (ui_locales, language) => {
  const page = await visitor.open(addressOf(country, 'hinting', { ui_locales }));
  expect(page.language).toBe(language);
  expect((await visitor.press('source=tax-code')).language).toBe(language);
});

test('A8 what the citizen chooses on the page counts more than ui_locales', async () => {
  await visitor.open(addressOf(country, 'hinting', { ui_locales: 'en' }));
  expect((await visitor.follow('Tiếng Việt')).language).toBe('vi');
  expect((await visitor.reload()).language).toBe('vi');
});

test('A8 idp_hint goes straight to the source, once', async () => {
  const page = await visitor.open(addressOf(country, 'hinting', { idp_hint: 'tax-code', prompt: 'consent' }));
  expect(isAtSource(page)).toBe(true);
  const choice = visitor.trail.find(({ pathname }) => pathname.startsWith('/sign-in/'))!;
  // Going back is not a trap that leads to the source again.
  const back = await visitor.newTab().open(choice);
  expect(back).toMatchObject({ code: 'choose_source', status: 200 });
  // The way that was begun still ends well.
  visitor.fill({ tax_code: AN.taxCode, password: AN.password });
  expect((await visitor.press('decision=sign_in')).code).toBe('consent');
});

test('A8 idp_hint asks nobody who is already signed in', async () => {
  const address = addressOf(country, 'hinting', { idp_hint: 'tax-code', prompt: 'consent' });
  await visitor.open(addressOf(country, 'hinting'));
  if ((await proveByTaxCode(visitor)).code === 'consent') await visitor.press('decision=agree');
  expect((await visitor.open(address)).code).toBe('consent');
});

test.each([
  'nobody',
  '__proto__',
  'https://evil.example',
  'tax-code/../..',
])('A8 an idp_hint that names no source is as good as none: %s', async (idp_hint) => {
  const page = await visitor.open(addressOf(country, 'hinting', { idp_hint }));
  expect(page).toMatchObject({ code: 'choose_source', status: 200 });
  expect(page.reason).toBeUndefined();
});

/** The parameters of a request under way, as the hub remembers them: in the browser, sealed. */
async function rememberedOf(page: { readonly url: URL }): Promise<Readonly<Record<string, unknown>>> {
  const vault = createVault(loadKeys(country.configuration.keys));
  const interactions = new Interactions(vault, country.runningHub().store.state, false);
  const cookie = Object.entries(await visitor.cookies(page.url)).map((pair) => pair.join('='));
  const { uid } = readSignInId(page.url.pathname.split('/')[2]!)!;
  const kept = await interactions.read({ headers: { cookie: cookie.join('; ') } } as IncomingMessage, uid);
  return kept!.params;
}

test('A8 login_hint outside PAR is dropped unread: not in the store, on no page, in no address, in no log', async () => {
  const page = await visitor.open(addressOf(country, 'hinting', { login_hint: HINT }));
  expect(page.code).toBe('choose_source');
  expect(page.body).not.toContain(HINT);
  expect(JSON.stringify(await rememberedOf(page))).not.toContain(HINT);
  await visitor.press('source=tax-code');
  const [, ...after] = visitor.trail;
  expect(after.map(String).filter((address) => address.includes(HINT))).toEqual([]);

  // Nor where the request goes wrong, with or without a way back.
  const back = destinationOf(await ask(country, 'hinting', { login_hint: HINT, prompt: 'please' }), country);
  expect(back.href).not.toContain(HINT);
  const local = await ask(country, 'hinting', { login_hint: HINT, redirect_uri: 'https://evil.example' });
  expect(local.status).toBe(400);
  expect(await local.text()).not.toContain(HINT);
  expect(logged.join('\n')).toContain('request');
  expect(logged.join('\n')).not.toContain(HINT);
});

test.each(['same-site', 'cross-site'])('A8 login_hint by POST (%s) is dropped too', async (site) => {
  const answer = await fetch(new URL('/authorize', country.hub), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': site },
    body: parametersOf(country, 'hinting', { login_hint: HINT }),
  });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).not.toContain(HINT);
});

test('A8 login_hint inside PAR is kept with the request, and shown to nobody', async () => {
  const pushed = await fetch(new URL('/par', country.hub), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`hinting:${SECRET}`).toString('base64')}` },
    body: parametersOf(country, 'hinting', { login_hint: HINT }),
  });
  const { request_uri } = (await pushed.json()) as { readonly request_uri: string };
  const address = new URL(`/authorize?${new URLSearchParams({ client_id: 'hinting', request_uri })}`, country.hub);
  const page = await visitor.open(address);
  expect(await rememberedOf(page)).toMatchObject({ login_hint: HINT });
  expect(page.body).not.toContain(HINT);
  await visitor.press('source=tax-code');
  expect(visitor.trail.map(String).filter((each) => each.includes(HINT))).toEqual([]);
  expect(logged.join('\n')).not.toContain(HINT);
});

test('A8 parameters nobody knows are ignored and not kept', async () => {
  const page = await visitor.open(addressOf(country, 'hinting', { surprise: 'yes', resource: 'https://evil.example' }));
  expect(page.code).toBe('choose_source');
  const remembered = await rememberedOf(page);
  expect(remembered).not.toHaveProperty('surprise');
  expect(remembered).not.toHaveProperty('resource');
});
