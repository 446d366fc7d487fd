/** What a developer sees of their service: its sign-ins in numbers and causes, its score at the fault simulator, its ready pieces. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { request } from 'undici';
import { FAULTS } from '../../src/simulator/faults.ts';
import { REASONS } from '../../src/simulator/trials.ts';
import { OUTCOMES, STEPS } from '../../src/watching/sightings.ts';
import { byNationalEid, byTaxCode, until } from '../citizen/citizen.ts';
import { HOA, type TestCountry } from '../country.ts';
import { description } from '../description.ts';
import { callApi, type Developer, goodSettings, newDeveloper, openDeveloperCountry, withToken } from './developer.ts';
import { join, type LivingService, liveService, ownSignIn, RICH } from './living-service.ts';

let country: TestCountry;
let developer: Developer;
let service: LivingService;
let stranger: Developer;
let reader: Developer;
let registrar: Developer;
beforeAll(async () => {
  country = await openDeveloperCountry({
    configure: (configuration) => ({
      ...configuration,
      sandbox: { ...configuration.sandbox!, sightingsInterval: 20, simulatorTimes: { patience: 1_000, slowness: 100 } },
    }),
  });
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  service = await liveService(country, developer, RICH);
  stranger = await newDeveloper(country, 'Trần Thị Hòa', byTaxCode(HOA));
  reader = await newDeveloper(country, 'Nguyễn Thị Lan Anh', byNationalEid('097195000061'));
  await join(country, service.agency, await reader.ask('GET', '/account'), 'reader');
  registrar = await newDeveloper(country, 'Phạm Minh Tuấn', byNationalEid('097201000051'));
  await country.runningHub().store.developer.registrars.add((await registrar.ask('GET', '/account')).account);
});
afterAll(() => country?.close());

const seen = (who = developer, query = '') => who.ask('GET', `/services/${service.id}/sandbox/sign-ins${query}`);

test('sign-ins are counted by day, source, level and outcome, and failures say cause, step and incident; nothing personal', async () => {
  const before = await seen();
  const good = await ownSignIn(country, service);
  await good.finish();
  const refusing = await ownSignIn(country, service, { prompt: 'consent' });
  await refusing.citizen.press('decision=refuse');
  const wrong = await ownSignIn(
    country,
    service,
    { redirect_uri: 'https://elsewhere.example/callback' },
    async ({ page }) => page,
  );
  const incident = wrong.citizen.page.$('main').attr('data-incident')!;
  const child = { taxCode: '8000001914', password: 'Thue@2026' };
  await ownSignIn(country, service, {}, byTaxCode(child));
  await until(async () => (await seen()).count >= before.count + 4);

  const now = await seen();
  const count = (list: { name: string; count: number }[], name: string) =>
    list.find((one) => one.name === name)?.count ?? 0;
  for (const outcome of ['signed_in', 'consent_refused', 'request_refused', 'refused'])
    expect(count(now.outcomes, outcome)).toBeGreaterThan(count(before.outcomes, outcome));
  expect(count(now.sources, 'tax-code')).toBeGreaterThan(0);
  expect(count(now.levels, 'loa1')).toBeGreaterThan(0);
  expect(now.days).toHaveLength(30);
  expect(now.days.at(-1).count).toBe(now.count);
  expect(now.p95).toBeGreaterThan(0);
  expect((await seen(developer, '?days=7')).days).toHaveLength(7);
  const failure = now.failures.find((one: { incident: string }) => one.incident === incident);
  expect(failure).toMatchObject({ cause: 'redirect_uri_unknown', step: 'request' });
  expect(failure.words.en).toContain('Compare');
  expect(JSON.stringify(now)).not.toMatch(/Nguyễn|Vũ Gia|0970|80000|1990|elsewhere/);
  // The hub of everybody has seen nothing of it.
  expect((await developer.ask('GET', `/services/${service.id}/production/sign-ins`)).count).toBe(0);

  const page = await developer.open(`/services/${service.id}/sandbox/sign-ins`);
  expect(page.code).toBe('developer_sign_ins');
  expect(page.$('svg.chart').length).toBe(4);
  expect(page.text('[data-total=signed_in] td')).toBe(String(count(now.outcomes, 'signed_in')));
  expect(page.text(`[data-cause=redirect_uri_unknown]`)).toContain(incident);
  expect(page.$('link[href$="/charts.css"]')).toHaveLength(1);
  expect(page.$('[style], style, script')).toHaveLength(0);
});

test('what the console itself tries is in no number', async () => {
  const before = await seen();
  await developer.open(`/services/${service.id}/try`);
  await developer.visitor.press('form[action$="/try"] button.primary');
  const tab = developer.visitor;
  await tab.follow('a[data-go]');
  if (tab.page.code === 'choose_source') await byTaxCode()(tab);
  if (tab.page.code === 'continue_as') await tab.press('decision=continue');
  if (tab.page.code === 'consent') await tab.press('decision=agree');
  expect(tab.page.has('[data-signed-in]')).toBe(true);
  const other = await ownSignIn(country, service);
  await other.finish();
  await until(async () => (await seen()).count > before.count);
  expect((await seen()).count).toBe(before.count + 1);
});

test('E2 readers and registrars see sign-ins, score and pieces; only those who build may have a fault delivered; others find nothing', async () => {
  const paths = ['sandbox/sign-ins', 'simulator', 'sandbox/ready-pieces', 'sandbox/ready-pieces/openid-client'];
  for (const path of paths) {
    for (const who of [developer, reader, registrar])
      expect((await who.call('GET', `/services/${service.id}/${path}`)).status).toBe(200);
    expect((await stranger.call('GET', `/services/${service.id}/${path}`)).status).toBe(404);
    expect((await callApi(country, 'GET', `/services/${service.id}/${path}`)).status).toBe(401);
  }
  for (const page of ['sandbox/sign-ins', 'simulator', 'pieces']) {
    expect((await reader.open(`/services/${service.id}/${page}`)).status).toBe(200);
    expect((await stranger.open(`/services/${service.id}/${page}`)).status).toBe(404);
  }
  const arm = (who: Developer) => who.call('POST', `/services/${service.id}/simulator`, { fault: 'expired' });
  expect((await arm(reader)).body.error).toBe('role_too_small');
  expect((await arm(registrar)).body.error).toBe('role_too_small');
  expect((await arm(stranger)).status).toBe(404);
  expect((await reader.open(`/services/${service.id}/simulator`)).has('form[action$="/simulator"]')).toBe(false);
  const { token } = await developer.ask('POST', '/tokens', { name: 'looks', scopes: ['read'], days: 1 });
  const tried = await callApi(
    country,
    'POST',
    `/services/${service.id}/simulator`,
    { fault: 'expired' },
    withToken(token),
  );
  expect(tried.body.error).toBe('scope_missing');
});

test('E11 a fault is armed for this service’s own next sign-in, shown on its card, and taken back', async () => {
  await (await ownSignIn(country, service)).finish();
  const path = `/services/${service.id}/simulator`;
  const armed = await developer.ask('POST', path, { fault: 'wrong_nonce' });
  expect(armed).toEqual({ fault: 'wrong_nonce', armed_until: expect.any(String) });
  expect((await developer.ask('GET', path)).armed).toBe('wrong_nonce');
  await developer.call('DELETE', path);
  expect((await developer.ask('GET', path)).armed).toBeUndefined();

  await developer.open(path);
  await developer.visitor.press('[data-fault=wrong_nonce] button.secondary');
  expect(developer.visitor.page.$('[data-armed]').attr('data-armed')).toBe('wrong_nonce');
  expect(developer.visitor.page.$('[data-armed] a').attr('href')).toBe(`${country.callback.origin}/login`);
  await expect((await ownSignIn(country, service)).finish()).rejects.toThrow();
  await until(async () => {
    const { results } = await developer.ask('GET', path);
    return results.find((one: { fault: string }) => one.fault === 'wrong_nonce').outcome === 'passed';
  });
  const page = await developer.open(path);
  expect(page.$('[data-fault=wrong_nonce]').attr('data-outcome')).toBe('passed');
  expect(page.$('[data-full]').attr('data-full')).toBe('false');
  expect(page.$('[data-fault]')).toHaveLength(FAULTS.length);
  expect(page.has('[data-armed]')).toBe(false);
  // Nothing is left: the next sign-in is right again.
  await (await ownSignIn(country, service)).finish();
});

test('E11 a service that is not live in the sandbox is answered by nobody', async () => {
  const draft = await developer.ask('POST', `/agencies/${service.agency}/services`, {
    name: { vi: 'Chưa chạy', en: 'Not live' },
  });
  const refused = await developer.call('POST', `/services/${draft.id}/simulator`, { fault: 'expired' });
  expect([refused.status, refused.body.error]).toEqual([409, 'not_possible_now']);
  expect((await developer.ask('GET', `/services/${draft.id}/simulator`)).live).toBe(false);
  const page = await developer.open(`/services/${draft.id}/simulator`);
  expect(page.has('form[action$="/simulator"]')).toBe(false);
});

test('E12 the contract knows every fault, reason, outcome and step', () => {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the document has there
  const schemas = description.components.schemas as Readonly<Record<string, any>>;
  expect(schemas.FaultId.enum).toEqual(FAULTS.map(({ id }) => id));
  expect(schemas.SimulatorCard.properties.results.items.properties.reason.enum).toEqual([...REASONS]);
  expect(schemas.SignInOutcome.enum).toEqual([...OUTCOMES]);
  expect(schemas.SeenSignIns.properties.failures.items.properties.step.enum).toEqual([...STEPS]);
});

test('E10 ready pieces are shown and packed file by file, alike; what does not fit says why', async () => {
  const { pieces, client_id, from } = await developer.ask('GET', `/services/${service.id}/sandbox/ready-pieces`);
  expect([client_id, from]).toEqual([service.client, 'live']);
  const page = await developer.open(`/services/${service.id}/pieces`);
  for (const piece of pieces) {
    const part = page.$(`[data-piece="${piece.id}"]`);
    expect(part.attr('data-fits')).toBe(String(piece.fits));
    const path = `/developer/api/services/${service.id}/sandbox/ready-pieces/${piece.id}`;
    if (!piece.fits) {
      expect(part.text()).toContain(piece.reason.vi);
      continue;
    }
    expect(part.find('a[href^="/developer/api"]').attr('href')).toBe(path);
    for (const { path: file, content } of piece.files) expect(part.find(`[data-file="${file}"]`).text()).toBe(content);
    const packed = await download(path);
    const name = `${service.client}-${piece.id}`;
    expect(packed.headers['content-disposition']).toBe(`attachment; filename="${name}.zip"`);
    const files = Object.entries(unzipSync(packed.body)).map(([file, body]) => [file, strFromU8(body)]);
    expect(Object.fromEntries(files)).toEqual(
      Object.fromEntries(
        piece.files.map((one: { path: string; content: string }) => [`${name}/${one.path}`, one.content]),
      ),
    );
    expect((await download(path)).body).toEqual(packed.body);
    // No secret is among it.
    expect(JSON.stringify(piece)).not.toContain(service.secret);
  }
  expect(pieces.some((one: { fits: boolean }) => one.fits)).toBe(true);
  expect(page.has('a[href="/button"]')).toBe(true);

  const draft = await developer.ask('POST', `/agencies/${service.agency}/services`, {
    name: { vi: 'Bản nháp', en: 'A draft' },
  });
  const nowhere = goodSettings(country.callback.origin, { redirect_uris: [] });
  await developer.ask('PUT', `/services/${draft.id}/sandbox/draft`, nowhere);
  expect((await developer.ask('GET', `/services/${draft.id}/sandbox/ready-pieces`)).pieces).toEqual([]);
  expect((await developer.open(`/services/${draft.id}/pieces`)).status).toBe(200);
  expect((await developer.call('GET', `/services/${draft.id}/sandbox/ready-pieces/openid-client`)).status).toBe(404);
});

async function download(path: string) {
  const cookies = Object.entries(await developer.visitor.cookies(new URL('/developer', country.hub)));
  const cookie = cookies.map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await request(new URL(path, country.hub), { headers: { cookie } });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/zip']);
  return { headers: answer.headers, body: new Uint8Array(await answer.body.arrayBuffer()) };
}

test('every page stands in both languages, with no script and no style of its own', async () => {
  const paths = ['sandbox/sign-ins', 'production/sign-ins', 'simulator', 'pieces', 'try', 'preview'].map(
    (one) => `/services/${service.id}/${one}`,
  );
  for (const path of [...paths, '/test-people']) {
    for (const language of ['vi', 'en']) {
      const back = new URLSearchParams({ back: `/developer${path}` });
      const page = await developer.visitor.open(new URL(`/language/${language}?${back}`, country.hub));
      expect([path, page.status, page.language]).toEqual([path, 200, language]);
      expect(page.$('h1')).toHaveLength(1);
      expect(page.$('[style], style, script')).toHaveLength(0);
      // Programs have such words.
      const said = page.$('body').clone();
      said.find('pre').remove();
      expect([path, /undefined|\[object|NaN|Invalid Date|=>/.exec(said.text())]).toEqual([path, null]);
      const ids = page
        .$('[id]')
        .toArray()
        .map((one) => page.$(one).attr('id')!);
      expect([path, ids.filter((id, at) => ids.indexOf(id) !== at)]).toEqual([path, []]);
      for (const label of page.$('label[for]').toArray()) expect(ids).toContain(page.$(label).attr('for'));
      for (const one of page.$('[aria-labelledby]').toArray())
        expect(ids).toContain(page.$(one).attr('aria-labelledby'));
      const levels = page
        .$('h1, h2, h3')
        .toArray()
        .map((one) => Number(one.tagName[1]));
      if (!path.endsWith('/preview'))
        expect([path, levels.filter((level, at) => level - (levels[at - 1] ?? 0) > 1)]).toEqual([path, []]);
    }
  }
});
