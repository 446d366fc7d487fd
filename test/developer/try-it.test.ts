/** Trying a service at the console: what is shown is what happened, and it belongs to the browser and the visit that began it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'undici';
import type { Page } from '../../sandbox/visitor.ts';
import type { Log } from '../../src/web/log.ts';
import { byNationalEid, byTaxCode, until } from '../citizen/citizen.ts';
import { HOA, proveByTaxCode, type TestCountry } from '../country.ts';
import { Developer, newDeveloper, openDeveloperCountry } from './developer.ts';
import { join, type LivingService, liveService, ownSignIn, RICH } from './living-service.ts';

const logged: string[] = [];
const log: Log = (code, details) => void logged.push(JSON.stringify([code, details, String(details?.cause)]));

let country: TestCountry;
let developer: Developer;
let service: LivingService;
beforeAll(async () => {
  country = await openDeveloperCountry({ log });
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  service = await liveService(country, developer, RICH);
});
afterAll(() => country?.close());

/** A page's table, by name. */
function table(page: Page, id: string): Readonly<Record<string, string>> {
  const rows = page.$(`tr[data-${id}]`).toArray();
  return Object.fromEntries(
    rows.map((row) => [page.$(row).attr(`data-${id}`)!, page.$(row).find('[data-value]').text()]),
  );
}

/** Chooses what to ask for, and stops before the request goes. */
async function begin(who: Developer, wish: Readonly<Record<string, string>> = {}): Promise<Page> {
  await who.open(`/services/${service.id}/try`);
  return who.visitor.fill(wish).press(`form[action$="/try"] button.primary, form[action$="/try"] button.secondary`);
}

/** Somebody whose browser is at the consent page of the sandbox. */
async function atConsent(who: Developer, wish: Readonly<Record<string, string>> = {}): Promise<Page> {
  await begin(who, wish);
  await who.visitor.follow('a[data-go]');
  return proveByTaxCode(who.visitor);
}

test('shows request, answer, tokens and claims of a real sandbox sign-in, and they are what the service itself receives', async () => {
  const own = new Developer(country);
  await own.signIn();
  const asked = await begin(own, { prompt: 'consent', ui_locales: 'en' });
  const sent = new URL(asked.$('a[data-go]').attr('href')!);
  expect(sent.origin).toBe(service.issuer);
  expect(table(asked, 'request')).toEqual(Object.fromEntries(sent.searchParams));
  expect(Object.fromEntries(sent.searchParams)).toMatchObject({
    client_id: `${service.id}-try`,
    redirect_uri: `${country.hub}/developer/try/callback`,
    prompt: 'consent',
    ui_locales: 'en',
  });

  await own.visitor.follow('a[data-go]');
  await proveByTaxCode(own.visitor);
  const consent = own.visitor.page;
  expect(consent.code).toBe('consent');
  expect(consent.language).toBe('en');
  const shown = await own.visitor.tickAll().press('decision=agree');
  expect(shown.code).toBe('developer_try_it');
  expect(shown.has('[data-signed-in]')).toBe(true);
  expect(shown.url.pathname).toBe(`/developer/services/${service.id}/try`);

  const { finish } = await ownSignIn(country, service);
  const { claims, userinfo } = await finish();
  const seen = table(shown, 'claims');
  // The same agency: the same person has the same `sub`, whoever asks for it.
  expect(seen.sub).toBe(claims.sub);
  expect(seen).toMatchObject({
    iss: service.issuer,
    aud: `${service.id}-try`,
    acr: 'loa1',
    nonce: sent.searchParams.get('nonce'),
  });
  expect(Object.keys(seen).sort()).toEqual(Object.keys(claims).sort());
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  expect(table(shown, 'userinfo')).toEqual(
    Object.fromEntries(Object.entries(userinfo).map(([name, value]) => [name, text(value)])),
  );
  expect(table(shown, 'header')).toMatchObject({ alg: 'ES256' });
  expect(table(shown, 'answer')).toMatchObject({ state: sent.searchParams.get('state'), iss: service.issuer });
  const checks = shown.$('[data-check]').toArray();
  expect(checks.length).toBeGreaterThanOrEqual(10);
  expect(checks.filter((one) => shown.$(one).attr('data-passed') !== 'true')).toEqual([]);
});

test('E15 tokens are shown shortened and the access token is revoked; the result is shown once', async () => {
  const own = new Developer(country);
  await own.signIn();
  await atConsent(own, { prompt: 'consent' });
  const shown = await own.visitor.press('decision=agree');
  const tokens = table(shown, 'tokens');
  expect(tokens.access_token).toMatch(/^.{8}…$/);
  expect(tokens.id_token).toMatch(/^.{24}…$/);
  expect(table(shown, 'answer').code).toMatch(/^.{8}…$/);
  expect(shown.body).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);

  const again = await own.visitor.reload();
  expect(again.code).toBe('developer_try_it');
  expect(again.has('[data-claims], [data-userinfo]')).toBe(false);
  expect(again.has('.notice')).toBe(true);
});

test('an error is shown the same way, with what it means', async () => {
  const own = new Developer(country);
  await own.signIn();
  await begin(own, { prompt: 'none' });
  const refused = await own.visitor.follow('a[data-go]');
  expect(refused.$('[data-error]').attr('data-error')).toBe('login_required');
  expect(refused.text('[data-error]')).toContain('nút đăng nhập');
  expect(table(refused, 'request')).toMatchObject({ prompt: 'none' });
  expect(table(refused, 'answer')).toMatchObject({ error: 'login_required' });

  await begin(own, { claims: '{"userinfo":' });
  expect((await own.visitor.follow('a[data-go]')).$('[data-error]').attr('data-error')).toBe('invalid_request');

  await atConsent(own, { prompt: 'consent' });
  const denied = await own.visitor.press('decision=refuse');
  expect(denied.$('[data-error]').attr('data-error')).toBe('access_denied');
});

test('E14 the answer is good in the browser and the visit that began it, and nowhere else', async () => {
  const [own, other] = [new Developer(country), new Developer(country)];
  await own.signIn();
  await other.signIn();
  await begin(own, { prompt: 'consent' });
  const stranger = other.visitor;
  // Whoever follows the link of somebody else brings the answer to a browser that never asked.
  await stranger.open(own.visitor.page.$('a[data-go]').attr('href')!);
  await proveByTaxCode(stranger);
  const ended = await stranger.press('decision=agree');
  expect(ended.code).toBe('other_browser');

  // The browser is right, but somebody else sits at it now.
  await begin(own, { prompt: 'consent' });
  const tab = own.visitor.newTab();
  await own.visitor.follow('a[data-go]');
  await tab.open(new URL('/developer/sign-in?fresh=yes', country.hub));
  await byTaxCode(HOA)(tab);
  await proveByTaxCode(own.visitor);
  expect((await own.visitor.press('decision=agree')).code).toBe('other_browser');

  // Without any visit at all nobody is even asked to sign in.
  const bare = await request(new URL('/developer/try/callback?code=x&state=y', country.hub), { method: 'GET' });
  expect(await bare.body.text()).toContain('other_browser');
});

test('E2 a service of another agency is 404, and a reader may try', async () => {
  const stranger = await newDeveloper(country, 'Trần Thị Hòa', byTaxCode(HOA));
  const page = await stranger.open(`/services/${service.id}/try`);
  expect([page.status, page.code]).toEqual([404, 'not_found']);
  const token = (await stranger.open('')).$('input[name=form_token]').attr('value')!;
  expect(country.runningHub().sandbox!.clients.has(service.client)).toBe(true);
  const posted = await stranger.visitor.post(`/developer/services/${service.id}/try`, { form_token: token });
  expect(posted.status).toBe(404);

  const reader = await newDeveloper(country, 'Nguyễn Thị Lan Anh', byNationalEid('097195000061'));
  await join(country, service.agency, await reader.ask('GET', '/account'), 'reader');
  expect((await begin(reader)).has('a[data-go]')).toBe(true);
  // A registrar looks at what is handed in; in the place of a service nobody acts but its own people.
  const registrar = await newDeveloper(country, 'Phạm Minh Tuấn', byNationalEid('097201000051'));
  const { account } = await registrar.ask('GET', '/account');
  await country.runningHub().store.developer.registrars.add(account);
  expect((await registrar.open(`/services/${service.id}/try`)).code).toBe('role_too_small');
});

test('the twin is in no list, takes the service’s level and sources, and goes with it', async () => {
  const sandbox = country.runningHub().sandbox!;
  const maker = await newDeveloper(country, 'Phạm Minh Tú', byNationalEid('097201000052'));
  const strict = await liveService(country, maker, { minimum_acr: 'loa3' });
  expect([...sandbox.clients.values()].map(({ client_id }) => client_id)).not.toContain(`${strict.id}-try`);
  expect(sandbox.clients.has(`${strict.id}-try`)).toBe(false);

  await maker.open(`/services/${strict.id}/try`);
  await maker.visitor.press('form[action$="/try"] button.primary');
  const choice = await maker.visitor.follow('a[data-go]');
  expect(choice.$('button[aria-disabled]').length).toBeGreaterThan(0);
  expect(choice.has('button[name=source][value="mobile-id"]')).toBe(true);
  expect(choice.has('button[name=source][value="tax-code"]')).toBe(false);

  const address = maker.visitor.trail.find(({ href }) => href.startsWith(`${service.issuer}/authorize`))!;
  await maker.ask('POST', `/services/${strict.id}/sandbox/suspend`, { reason: 'A key was lost.' });
  await until(async () => sandbox.clients.get(strict.client)?.suspended === true);
  const page = await maker.open(`/services/${strict.id}/try`);
  expect(page.has('form[action$="/try"]')).toBe(false);
  const gone = await maker.visitor.newTab().open(address);
  expect(gone.status).toBeGreaterThanOrEqual(400);
  expect(gone.code).not.toBe('choose_source');
});

test('a service that has to push its requests is tried so, and signed userinfo is verified', async () => {
  const maker = await newDeveloper(country, 'Lê Thị Thúy', byNationalEid('097192000041'));
  const pushing = await liveService(country, maker, {
    require_pushed_authorization_requests: true,
    userinfo_signed_response_alg: 'ES256',
    id_token_signed_response_alg: 'PS256',
  });
  await maker.open(`/services/${pushing.id}/try`);
  const begun = await maker.visitor.press('form[action$="/try"] button.primary');
  const sent = new URL(begun.$('a[data-go]').attr('href')!);
  expect([...sent.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  expect(table(begun, 'request')).toMatchObject({ response_type: 'code', scope: 'openid profile' });
  await maker.visitor.follow('a[data-go]');
  await proveByTaxCode(maker.visitor);
  const shown = await maker.visitor.press('decision=agree');
  expect(shown.has('[data-signed-in]')).toBe(true);
  expect(table(shown, 'header').alg).toBe('PS256');
  expect(table(shown, 'userinfo').name).toBe('Nguyễn Văn An');

  await maker.open(`/services/${pushing.id}/try`);
  const refused = await maker.visitor.fill({ claims: '{' }).press('form[action$="/try"] button.primary');
  expect(refused.$('[data-error]').attr('data-at')).toBe('pushed');
});

test('nothing of anybody is in the log', () => {
  expect(logged.join('\n')).not.toMatch(/Nguyễn Văn An|097090000011|8000000011|1990-03-14/);
});
