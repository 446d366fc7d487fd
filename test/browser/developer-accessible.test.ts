/** What a machine can tell of whether everybody can use every page of the console, and the catalogue of services. */
import { afterEach, expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { LANGUAGES, type Language } from '../../views/pages.ts';
import { AN } from '../country.ts';
import type { Developer } from '../developer/developer.ts';
import { type Cast, openCast, openLiveService, openService } from '../developer/production.ts';
import { Citizen, openStage, sees } from './citizen.ts';
import { AXE, tooWide, violations } from './inspection.ts';

const stage = openStage({ sandboxIssuer: true });
const all: Citizen[] = [];

/** Milliseconds for a test that looks at dozens of pages, on a machine that has other things to do. */
const MANY_PAGES = 120_000;
const NARROW = { width: 320, height: 640 };

afterEach(async () => {
  const people = all.splice(0);
  expect(people.flatMap(({ complaints, strangers }) => [...complaints, ...strangers])).toEqual([]);
  for (const person of people) await person.leave();
});

/** Headings that skip a level, fields without a name, and titles that do not say where one is. */
const structure = `(() => {
  const found = [];
  const headings = [...document.querySelectorAll('main :is(h1, h2, h3, h4, legend)')].filter((one) => one.checkVisibility());
  if (headings.filter((one) => one.matches('h1')).length !== 1) found.push('not one h1');
  let level = 0;
  for (const one of headings.filter((each) => !each.matches('legend'))) {
    const own = Number(one.tagName[1]);
    if (own > level + 1) found.push('after h' + level + ': ' + one.outerHTML);
    level = own;
  }
  for (const field of document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea)'))
    if (field.labels.length === 0 && !field.ariaLabel) found.push('no label: ' + field.outerHTML);
  for (const wrong of document.querySelectorAll('[aria-describedby]'))
    for (const id of wrong.getAttribute('aria-describedby').split(' '))
      if (!document.getElementById(id)) found.push('describes nothing: ' + id);
  for (const link of document.querySelectorAll('main a[href^="#"]'))
    if (!document.querySelector(link.getAttribute('href'))) found.push('leads nowhere: ' + link.outerHTML);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) found.push('twice: ' + id);
  const heading = document.querySelector('h1').innerText.trim();
  if (!document.title.includes(heading)) found.push('title ' + document.title + ' without ' + heading);
  return found;
})()`;

/** What nobody would see where the system chooses the colours. */
const unseen = `[...document.querySelectorAll('.state, .rooms [aria-current], main :is(a, button, input, select, textarea)')]
  .filter((element) => element.checkVisibility()).filter((element) => {
    const { color, backgroundColor, borderTopStyle, textDecorationLine } = getComputedStyle(element);
    if (element.matches('[aria-current]')) return textDecorationLine !== 'underline';
    if (element.matches('button, .primary, .secondary') && !element.matches('.quiet')) return borderTopStyle === 'none';
    return color === backgroundColor && !element.matches('[type=checkbox], [type=radio], [type=file]');
  }).map(({ outerHTML }) => outerHTML)`;

/** Of the reference's operations, all made alike, some: axe would look at each of their thousand lines for half a minute. */
const shorten = `[...document.querySelectorAll('.document article')].slice(10).forEach((one) => one.remove())`;

/** Everything that can be wrong with a page that is open. */
async function flaws(tab: Tab, language: Language, enlarge: (pixels: number) => Promise<unknown>): Promise<string[]> {
  const found = [...(await tooWide(tab)), ...((await tab.evaluate(structure)) as string[])];
  if ((await tab.locator('html').getAttribute('lang')) !== language) found.push('language');
  if ((await tab.evaluate('document.scripts.length')) !== 0) found.push('scripts');
  await enlarge(32);
  found.push(...(await tooWide(tab)).map((what) => `enlarged: ${what}`));
  await enlarge(16);
  await tab.evaluate(shorten);
  found.push(...(await violations(tab)));
  // Colours do not depend on the words; once is enough.
  if (language !== 'vi') return found;
  await tab.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await violations(tab, { runOnly: ['color-contrast'] })).map((what) => `dark: ${what}`));
  await tab.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  found.push(...((await tab.evaluate(unseen)) as string[]).map((what) => `forced colours: ${what}`));
  await tab.emulateMedia({ forcedColors: 'none' });
  return found;
}

/** An agency with something on every page: who looks at it, at which paths of the hub. */
async function fullConsole(cast: Cast): Promise<readonly (readonly [Developer, readonly string[]])[]> {
  const { author, owner, registrar, stranger } = cast;
  const live = await openLiveService(stage.country, cast);
  const waiting = await openService(stage.country, cast, {
    life_situations: ['birth', 'family'],
    minimum_acr: 'loa3',
    verified_claims: true,
  });
  await author.ask('POST', `/services/${waiting.service}/production/submission`);
  const { id: draft } = await author.ask('POST', `/agencies/${live.agency}/services`, {
    name: { vi: 'Một dịch vụ có tên dài hơn màn hình điện thoại nhỏ', en: 'A service with a name that is quite long' },
  });
  await author.ask('POST', `/services/${live.service}/production/suspend`, { reason: 'Lộ mã bí mật' });
  await author.ask('POST', '/tokens', { name: 'script', scopes: ['read', 'members'], days: 30 });
  const { link } = await author.ask('POST', `/agencies/${live.agency}/invitations`, {
    mail: 'moi@co-quan.example',
    role: 'reader',
  });
  const at = `/developer/services/${live.service}`;
  const rooms = [
    '/developer',
    `/developer/agencies/${live.agency}`,
    `/developer/agencies/${live.agency}/trail`,
    '/developer/services',
    '/developer/services?search=khong-co-gi',
    at,
    `${at}/sandbox/settings?saved=yes`,
    `${at}/sandbox/credentials`,
    `${at}/sandbox/sign-ins`,
    `${at}/production/sign-ins`,
    `${at}/preview`,
    `${at}/try`,
    `${at}/simulator`,
    `${at}/pieces`,
    `${at}/pieces?environment=production`,
    `${at}/production`,
    `${at}/trail`,
    `/developer/services/${draft}`,
    `/developer/services/${draft}/sandbox/settings?saved=yes`,
    `/developer/services/${draft}/production/settings`,
    `/developer/services/${draft}/production`,
    '/developer/test-people',
    '/developer/tokens',
    '/developer/reference',
    '/services',
  ];
  const reviewing = `/developer/services/${waiting.service}/production`;
  return [
    [author, rooms],
    [owner, [reviewing]],
    [registrar, ['/developer/submissions', reviewing, '/developer/services?all=yes']],
    [stranger, [new URL(link).pathname]],
  ];
}

test.each(LANGUAGES)(
  'E1 the console is for everybody: axe, order, names, dark, narrow, enlarged, colours of the system: %s',
  async (language) => {
    const { hub } = stage.country;
    const found: Record<string, string[]> = {};
    for (const [developer, rooms] of await fullConsole(await openCast(stage.country))) {
      const person = await Citizen.at(stage, { javaScriptEnabled: true, locale: language, viewport: NARROW });
      all.push(person);
      const { context } = person;
      await context.addInitScript({ content: AXE });
      const cookies = Object.entries(await developer.visitor.cookies(`${hub}/developer`));
      await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: hub })));
      const tab = await context.newPage();
      const devtools = await context.newCDPSession(tab);
      await devtools.send('Page.enable');
      const enlarge = (standard: number) => devtools.send('Page.setFontSizes', { fontSizes: { standard } });
      for (const room of rooms) {
        const answer = await tab.goto(`${hub}${room}`);
        const isHere = answer!.status() === 200 && tab.url() === `${hub}${room}`;
        const marked = await tab.locator('.rooms [aria-current]').count();
        const wrong = [
          ...(isHere ? [] : [`${answer!.status()} ${tab.url()}`]),
          ...(marked === 1 || room === '/services' || room.endsWith('/preview') ? [] : ['no room is marked']),
          ...(await flaws(tab, language, enlarge)),
        ];
        if (wrong.length > 0) found[room] = wrong;
      }
    }
    expect(found).toEqual({});
  },
  MANY_PAGES,
);

/** Goes on by Tab alone, as somebody without a mouse. */
async function tabsTo(tab: Tab, selector: string): Promise<void> {
  for (let steps = 0; steps < 80; steps += 1) {
    await tab.keyboard.press('Tab');
    if (await tab.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`nothing like ${selector} can be reached by keyboard`);
}

test(
  'E1 by keyboard alone: in order, every control is reached, what is wrong leads to its field',
  async () => {
    const person = await Citizen.at(stage, { viewport: NARROW });
    all.push(person);
    const tab = await person.context.newPage();
    const types = async (selector: string, words: string) => {
      await tabsTo(tab, selector);
      await tab.keyboard.type(words);
    };
    await tab.goto(`${stage.country.hub}/developer`);
    await tabsTo(tab, 'button[value=tax-code]');
    await tab.keyboard.press('Enter');
    await sees(tab, 'tax_sign_in');
    await types('#tax_code', AN.taxCode);
    await types('#password', AN.password);
    await tab.keyboard.press('Enter');
    await sees(tab, 'developer_overview');
    await types('#field-name', 'Nguyen Van An');
    await types('#field-mail', 'an@co-quan.example');
    await tab.keyboard.press('Enter');
    await tab.locator('#field-name-vi').waitFor();
    await types('#field-name-vi', 'So Tu phap Mau');
    await types('#field-name-en', 'Sample Justice');
    await types('#field-contact-mail', 'cntt@co-quan.example');
    await tab.keyboard.press('Enter');
    await sees(tab, 'developer_agency');
    await tabsTo(tab, 'main .actions a.primary');
    await tab.keyboard.press('Enter');
    await sees(tab, 'developer_services');
    await types('form.fields #field-name-vi', 'Tra cuu');
    await types('form.fields #field-name-en', 'Lookup');
    await tab.keyboard.press('Enter');
    await sees(tab, 'developer_settings');

    // The first button of the form saves: Enter in a field brings nothing into the world by accident.
    await types('#field-purpose_vi', 'Cho ban xem ho so.');
    await types('#field-landing_page', 'x');
    await tab.keyboard.press('Enter');
    await tab.locator('[role=alert]').waitFor();
    await tabsTo(tab, '[role=alert] a[href="#field-landing_page"]');
    await tab.keyboard.press('Enter');
    await tab.keyboard.press('Tab');
    expect(await tab.evaluate('document.activeElement.id')).toMatch(/^field-(landing_page|login_uri)$/);
    expect(await tab.locator('#field-landing_page').getAttribute('aria-invalid')).toBe('true');
    await tabsTo(tab, 'button[formaction$="/publication"]');
    const ring = await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(ring).not.toBe('none');
  },
  MANY_PAGES,
);
