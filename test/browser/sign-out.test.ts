/** Signing out at an agency: the hub's session ends too, a page says so, and the next press asks who is there. */
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { HOA } from '../country.ts';
import { agrees, Citizen, openStage, presses, sees } from './citizen.ts';

const stage = openStage();

/** A request for sign-out as an agency may send it. */
function signOutAddress(parameters: Readonly<Record<string, string>>): string {
  return `${stage.country.hub}/session/end?${new URLSearchParams(parameters)}`;
}

const PORTAL = 'song-hong-portal';
const signedOutAtPortal = () => `${stage.country.songHong.url}/signed-out`;

/** Signs in at the portal and looks over its shoulder: the id token with which it will ask for sign-out. */
async function atHelloWithIdToken(citizen: Citizen): Promise<{ tab: Tab; idToken: string }> {
  const tab = await citizen.atHello();
  const asked = await citizen.context.request.get(`${stage.country.songHong.url}/logout`, { maxRedirects: 0 });
  const idToken = new URL(asked.headers().location!).searchParams.get('id_token_hint')!;
  return { tab, idToken };
}

async function isSignedIn(citizen: Citizen): Promise<boolean> {
  const tab = await citizen.open(`${stage.country.songHong.url}/login?prompt=none`);
  const code = await tab.locator('main').getAttribute('data-code');
  await tab.close();
  return code === 'hello';
}

test('A23 signing out at the agency ends the session at the hub, says so, and the next press asks again', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await presses(tab, 'main a[href="/logout"]');
  await sees(tab, 'signed_out_at_agency');
  expect(await tab.locator('h1').innerText()).toBe('Bạn đã đăng xuất');
  await presses(tab, '.lien-thong-button');
  await sees(tab, 'choose_source');
  expect(citizen.complaints).toEqual([]);
  await citizen.leave();
});

test('A23 with a hint nobody is asked; the address and its state come back as they were', async () => {
  const citizen = await Citizen.at(stage);
  const { tab, idToken } = await atHelloWithIdToken(citizen);
  const address = { id_token_hint: idToken, post_logout_redirect_uri: signedOutAtPortal(), state: 'số 1 & more' };
  await tab.goto(signOutAddress(address));
  await sees(tab, 'signed_out_at_agency');
  expect(new URL(tab.url()).searchParams.get('state')).toBe('số 1 & more');
  expect(await isSignedIn(citizen)).toBe(false);
  await citizen.leave();
});

test('A23 with a hint and no address the hub itself says so, in the language asked for', async () => {
  const citizen = await Citizen.at(stage);
  const { tab, idToken } = await atHelloWithIdToken(citizen);
  await tab.goto(signOutAddress({ id_token_hint: idToken, ui_locales: 'en' }));
  await sees(tab, 'signed_out');
  expect(await tab.locator('html').getAttribute('lang')).toBe('en');
  await presses(tab, 'main a.primary');
  expect(new URL(tab.url()).origin).toBe(stage.country.songHong.url);
  expect(await isSignedIn(citizen)).toBe(false);
  await citizen.leave();
});

test('A23 without a hint the citizen is asked: yes ends the session', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await tab.goto(
    signOutAddress({ client_id: PORTAL, post_logout_redirect_uri: signedOutAtPortal(), state: 's1', ui_locales: 'en' }),
  );
  await sees(tab, 'sign_out');
  expect(await tab.locator('html').getAttribute('lang')).toBe('en');
  await presses(tab, 'button[name=logout][value=yes]');
  await sees(tab, 'signed_out_at_agency');
  expect(new URL(tab.url()).searchParams.get('state')).toBe('s1');
  expect(await isSignedIn(citizen)).toBe(false);
  expect(citizen.complaints).toEqual([]);
  await citizen.leave();
});

test('A23 without a hint, no keeps the session', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await tab.goto(signOutAddress({ client_id: PORTAL, post_logout_redirect_uri: signedOutAtPortal() }));
  await sees(tab, 'sign_out');
  await presses(tab, 'button:not([name])');
  await sees(tab, 'signed_out_at_agency');
  expect(await isSignedIn(citizen)).toBe(true);
  await citizen.leave();
});

test('A23 asked by nobody in particular, the hub says so itself', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await tab.goto(signOutAddress({}));
  await sees(tab, 'sign_out');
  await presses(tab, 'button[name=logout][value=yes]');
  await sees(tab, 'signed_out');
  expect(await isSignedIn(citizen)).toBe(false);
  await citizen.leave();
});

test('A23 asked by an agency that names no address, the page of the hub leads back to it', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await tab.goto(signOutAddress({ client_id: PORTAL, ui_locales: 'en' }));
  await sees(tab, 'sign_out');
  await presses(tab, 'button[name=logout][value=yes]');
  await sees(tab, 'signed_out');
  expect(await tab.locator('html').getAttribute('lang')).toBe('en');
  await presses(tab, 'main a.primary');
  await sees(tab, 'home');
  await citizen.leave();
});

test("A23 somebody else's hint does not sign this citizen out unasked", async () => {
  const before = await Citizen.at(stage);
  const theirs = await before.atConsent(stage.country.songHong, HOA);
  await agrees(theirs);
  const asked = await before.context.request.get(`${stage.country.songHong.url}/logout`, { maxRedirects: 0 });
  await before.leave();

  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await tab.goto(asked.headers().location!);
  await sees(tab, 'sign_out');
  expect(await isSignedIn(citizen)).toBe(true);
  await citizen.leave();
});

test('A23 a hint that is none, or an address nobody registered, is refused and nothing ends', async () => {
  const citizen = await Citizen.at(stage);
  const { tab, idToken } = await atHelloWithIdToken(citizen);
  const forged = `${idToken.slice(0, -8)}AAAAAAAA`;
  const elsewhere = 'http://localhost:9/signed-out';
  for (const wrong of [
    { id_token_hint: 'not-a-token' },
    { id_token_hint: forged, post_logout_redirect_uri: signedOutAtPortal() },
    { id_token_hint: idToken, post_logout_redirect_uri: elsewhere },
    { id_token_hint: idToken, client_id: 'e-library' },
    { client_id: PORTAL, post_logout_redirect_uri: elsewhere },
  ]) {
    await tab.goto(signOutAddress(wrong));
    await sees(tab, 'sign_out_invalid');
    expect(await tab.locator(`a[href^="${elsewhere}"]`).count()).toBe(0);
  }
  expect(await isSignedIn(citizen)).toBe(true);
  await citizen.leave();
});

test('A23 where nobody is signed in any more, the citizen is led on without a question and without scripts', async () => {
  const citizen = await Citizen.at(stage);
  const { tab, idToken } = await atHelloWithIdToken(citizen);
  const address = signOutAddress({
    id_token_hint: idToken,
    post_logout_redirect_uri: signedOutAtPortal(),
    state: 's2',
  });
  await tab.goto(address);
  await sees(tab, 'signed_out_at_agency');
  await tab.goto(address);
  await sees(tab, 'signed_out_at_agency');
  expect(new URL(tab.url()).searchParams.get('state')).toBe('s2');
  await tab.goto(signOutAddress({ client_id: PORTAL }));
  await sees(tab, 'signed_out');
  await tab.goto(signOutAddress({}));
  await sees(tab, 'signed_out');
  expect(citizen.complaints).toEqual([]);
  await citizen.leave();
});
