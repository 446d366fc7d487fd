/** The consent preview: the real screen, to the letter, of what is being written; and nothing comes of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { Proof } from '../citizen/citizen.ts';
import { byNationalEid, bySocialInsurance, byTaxCode } from '../citizen/citizen.ts';
import { HOA, type TestCountry } from '../country.ts';
import { type Developer, goodSettings, newDeveloper, openDeveloperCountry } from './developer.ts';
import { join, type LivingService, liveService, ownSignIn, RICH } from './living-service.ts';

let country: TestCountry;
let developer: Developer;
let service: LivingService;
beforeAll(async () => {
  country = await openDeveloperCountry();
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  service = await liveService(country, developer, RICH);
});
afterAll(() => country?.close());

/** Everything that is on a consent screen, but for where its buttons lead. */
function screen(page: Page) {
  const main = page.$('main').clone();
  main.find('form').removeAttr('action');
  main.find('input[name=shown]').remove();
  return main.html()!.replace(/\s+/g, ' ').replace(/> </g, '><');
}

async function inLanguage(visitor: Visitor, language: string, path: string): Promise<Page> {
  return visitor.open(new URL(`/language/${language}?${new URLSearchParams({ back: path })}`, country.hub));
}

const HEN = { socialInsuranceNumber: '9700000141', password: 'Baohiem@2026' };
const PANH = { socialInsuranceNumber: '9700000111', password: 'Baohiem@2026' };
const people: readonly (readonly [string, Proof])[] = [
  ['an', byTaxCode()],
  ['hoa', byTaxCode(HOA)],
  ['no-middle-name', bySocialInsurance(HEN)],
  ['year-of-birth', bySocialInsurance(PANH)],
];

test.each(people)('shows of %s what the real screen shows, in both languages', async (person, prove) => {
  for (const language of ['vi', 'en']) {
    const { citizen } = await ownSignIn(country, service, { prompt: 'login consent' }, prove, language);
    expect(citizen.page.code).toBe('consent');
    const path = `/developer/services/${service.id}/preview?person=${person}`;
    const preview = await inLanguage(developer.visitor, language, path);
    expect(preview.code).toBe('consent');
    expect(preview.language).toBe(language);
    expect(screen(preview)).toBe(screen(citizen.page));
    expect(preview.has('aside.preview')).toBe(true);
    expect(citizen.page.has('aside.preview')).toBe(false);
  }
});

test('shows the draft before anybody meets it, and how the phone will read', async () => {
  const settings = goodSettings(country.callback.origin, {
    ...RICH,
    purpose: { vi: 'Mục đích mới.', en: 'Another purpose.' },
    short_name: { vi: 'Hồ sơ mới', en: 'New files' },
  });
  await developer.ask('PUT', `/services/${service.id}/sandbox/draft`, settings);
  const path = `/developer/services/${service.id}/preview?person=an`;
  const preview = await inLanguage(developer.visitor, 'en', path);
  expect(preview.text('main')).toContain('Another purpose.');
  expect(preview.text('[data-phone=vi]')).toBe('Đăng nhập Hồ sơ mới');
  expect(preview.text('[data-phone=en]')).toBe('Sign in to New files');
  const { citizen } = await ownSignIn(country, service, { prompt: 'login consent' }, byTaxCode(), 'en');
  expect(citizen.page.text('main')).not.toContain('Another purpose.');
  await developer.ask('PUT', `/services/${service.id}/sandbox/draft`, goodSettings(country.callback.origin, RICH));
});

test('its buttons lead back to itself and write nothing', async () => {
  const { people: persons } = country.runningHub().store;
  const before = await persons.findHolder('097193000141');
  await developer.open(`/services/${service.id}/preview?person=no-middle-name`);
  for (const decision of ['agree', 'refuse']) {
    const page = await developer.visitor.press(`decision=${decision}`);
    expect([page.url.pathname, page.code]).toEqual([`/developer/services/${service.id}/preview`, 'consent']);
  }
  expect(await persons.findHolder('097193000141')).toEqual(before);
});

test('E2 readers and registrars may look, another agency’s people find nothing', async () => {
  const path = `/services/${service.id}/preview`;
  const stranger = await newDeveloper(country, 'Trần Thị Hòa', byTaxCode(HOA));
  expect((await stranger.open(path)).status).toBe(404);
  const reader = await newDeveloper(country, 'Nguyễn Thị Lan Anh', byNationalEid('097195000061'));
  await join(country, service.agency, await reader.ask('GET', '/account'), 'reader');
  expect((await reader.open(path)).code).toBe('consent');
  const nobody = new Visitor();
  expect((await nobody.open(new URL(`/developer${path}`, country.hub))).code).toBe('choose_source');
});
