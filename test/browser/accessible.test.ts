/** What a machine can tell of whether everybody can use every page: axe, narrow screens, enlarged text, both languages. */
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { LANGUAGES, type Language } from '../../views/pages.ts';
import { createRenderer } from '../../views/renderer.ts';
import { AN_INSURED } from '../country.ts';
import { frameIn, PAGES } from '../views/samples.ts';
import { Citizen, openStage, presses, provesAtTaxAuthority, sees } from './citizen.ts';
import { AXE, tooWide, violations } from './inspection.ts';

const stage = openStage();

/** Milliseconds for a test that looks at dozens of pages, on a machine that has other things to do. */
const MANY_PAGES = 90_000;

const NARROW = { width: 320, height: 640 };
/** A screen of 1280 by 800 at 200 % zoom. */
const ZOOMED = { width: 640, height: 400 };

/** Why a hub does not start is read on a terminal. */
const NEVER_SERVED = /^error-(configuration|port|store_(locked|newer|unreadable)|keys)/;

/** A citizen whose browser carries axe into every page, and whose pages do not leave by themselves. */
async function inspector(locale: Language): Promise<Citizen> {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: true, locale, viewport: NARROW });
  await citizen.context.addInitScript({ content: AXE });
  await citizen.context.route(/\/(submit|wait|web-eid)\.js$/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  return citizen;
}

/** Nothing to find: on a narrow screen, in the dark, enlarged. What is found names the page. */
async function expectFlawless(tab: Tab, language: Language, code: string): Promise<void> {
  await sees(tab, code);
  const found = {
    page: `${code} ${await tab.locator('html').getAttribute('lang')}`,
    light: await violations(tab),
    narrow: await tooWide(tab),
    dark: [] as string[],
    zoomed: [] as string[],
  };
  // Colours and widths in the dark and enlarged do not depend on the words; once is enough.
  if (language === 'vi') {
    await tab.emulateMedia({ colorScheme: 'dark' });
    found.dark = await violations(tab, { runOnly: ['color-contrast'] });
    await tab.emulateMedia({ colorScheme: 'light' });
    await tab.setViewportSize(ZOOMED);
    found.zoomed = await tooWide(tab);
    await tab.setViewportSize(NARROW);
  }
  expect(found).toEqual({ page: `${code} ${language}`, light: [], narrow: [], dark: [], zoomed: [] });
}

test.each(LANGUAGES)(
  'A21 axe finds nothing on any page of the path, 320 px wide: %s',
  async (language) => {
    const citizen = await inspector(language);
    const { songHong, library, hub, taxAuthority } = stage.country;
    const flawless = (code: string) => expectFlawless(tab, language, code);

    const tab = await citizen.open(`${songHong.url}/?lang=${language}`);
    await flawless('home');
    await tab.goto(`${songHong.url}/login?scope=openid`);
    await flawless('choose_source');
    await presses(tab, 'button[value=tax-code]');
    await flawless('tax_sign_in');
    await presses(tab, 'button[value=cancel]');
    await tab.locator('main[data-reason=source_cancelled]').waitFor();
    await flawless('choose_source');

    await presses(tab, 'button[value=tax-code]');
    await provesAtTaxAuthority(tab, { taxCode: '8000000011', password: 'wrong' });
    await tab.locator('main[data-reason=wrong_credentials]').waitFor();
    await flawless('tax_sign_in');
    await provesAtTaxAuthority(tab);
    // Nothing but a pseudonym is asked for.
    await flawless('consent');
    await presses(tab, 'button[value=agree]');
    await flawless('hello');

    await tab.goto(`${songHong.url}/login`);
    await tab.locator('.changed').waitFor();
    await flawless('consent');
    await presses(tab, 'button[value=agree]');
    await flawless('hello');
    await tab.goto(`${songHong.url}/login?prompt=select_account`);
    await flawless('continue_as');

    await tab.goto(`${library.url}/?lang=${language}`);
    await tab.goto(`${library.url}/login`);
    await flawless('continue_as');
    await presses(tab, 'button[value=continue]');
    await flawless('consent');
    await presses(tab, 'button[value=agree]');
    await flawless('form_post');

    await tab.goto(`${hub}/session/end?client_id=e-library&ui_locales=${language}`);
    await flawless('sign_out');
    await presses(tab, 'button[name=logout][value=yes]');
    await flawless('signed_out');
    await tab.goto(`${songHong.url}/signed-out`);
    await flawless('signed_out_at_agency');
    await tab.goto(`${songHong.url}/callback?state=unknown`);
    await flawless('agency_error');

    await tab.goto(hub);
    await flawless('home');
    await tab.goto(`${hub}/help`);
    await flawless('help');
    await tab.goto(`${hub}/nowhere`);
    await flawless('not_found');
    await tab.goto(`${taxAuthority.issuer}/sign-in/unknown?lang=${language}`);
    await flawless('tax_error');
    expect(citizen.complaints).toEqual([]);
    await citizen.leave();
  },
  MANY_PAGES,
);

test.each(LANGUAGES)('A21 axe finds nothing on the pages of the other sandbox authorities: %s', async (language) => {
  const citizen = await inspector(language);
  const flawless = (code: string) => expectFlawless(tab, language, code);
  const tab = await citizen.open(`${stage.country.songHong.url}/?lang=${language}`);
  await tab.goto(`${stage.country.songHong.url}/login`);
  await presses(tab, 'button[value=social-insurance]');
  await flawless('insurance_sign_in');
  await tab.fill('#insurance_number', AN_INSURED.socialInsuranceNumber);
  await tab.fill('#password', AN_INSURED.password);
  await presses(tab, 'button[value=sign_in]');
  await flawless('insurance_code');
  const phone = new URL((await tab.getAttribute('a[data-sandbox-phone]', 'href'))!, tab.url());
  await presses(tab, 'button[value=resend]');
  await tab.locator('main[data-reason=code_resent]').waitFor();
  await flawless('insurance_code');
  await presses(tab, 'button[value=cancel]');
  await presses(tab, 'button[value=national-eid]');
  await flawless('eid_sign_in');
  await tab.goto(phone.href);
  await flawless('insurance_phone');
  expect(citizen.complaints).toEqual([]);
  await citizen.leave();
});

test.each(LANGUAGES)(
  'A21 axe finds nothing on any error page nor on pages still to come: %s',
  async (language) => {
    const citizen = await inspector(language);
    const renderer = createRenderer();
    const served = PAGES.keys().filter((name) => !NEVER_SERVED.test(name));
    const tab = await citizen.open(`${stage.country.hub}/help`);
    const found: Record<string, string[]> = {};
    let oneError = false;
    for (const name of served) {
      // Into the document of a hub's page, and so under its policy and with its style, without the way there.
      await tab.setContent(renderer.render(PAGES.get(name)!, frameIn(language)));
      // Error pages differ in their words only, and a word can be too long, but not more or less accessible.
      const isAnotherError = name.startsWith('error-') && oneError;
      oneError ||= name.startsWith('error-');
      const problems = [...(isAnotherError ? [] : await violations(tab)), ...(await tooWide(tab))];
      if (problems.length > 0) found[name] = problems;
    }
    expect(found).toEqual({});
    expect(await tab.evaluate('document.styleSheets.length')).toBe(1);
    expect(citizen.complaints).toEqual([]);
    await citizen.leave();
  },
  MANY_PAGES,
);

test('A21 text twice as large still fits a narrow screen', async () => {
  const citizen = await inspector('vi');
  const tab = await citizen.open(stage.country.hub);
  const devtools = await citizen.context.newCDPSession(tab);
  await devtools.send('Page.enable');
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  const fits = async (code: string) => {
    await sees(tab, code);
    expect({ code, tooWide: await tooWide(tab) }).toEqual({ code, tooWide: [] });
  };
  await fits('home');
  await tab.goto(`${stage.country.hub}/help`);
  await fits('help');
  await tab.goto(`${stage.country.songHong.url}/login`);
  await fits('choose_source');
  await presses(tab, 'button[value=tax-code]');
  await provesAtTaxAuthority(tab);
  await fits('consent');
  await tab.goto(`${stage.country.hub}/nowhere`);
  await fits('not_found');
  await citizen.leave();
});
