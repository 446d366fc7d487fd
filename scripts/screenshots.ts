/**
 * Owns the pictures of the documentation: walks the real path of a sign-in in a fresh country and photographs each page,
 * in both languages, on a phone and on a desk, into `docs/screenshots`. `npm run screenshots`
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page as Tab } from 'playwright-core';
import { type Country, startCountry } from '../sandbox/country.ts';
import { openChromium } from '../test/chromium.ts';
import { LANGUAGES, type Language } from '../views/pages.ts';

const OUTPUT = path.join(import.meta.dirname, '..', 'docs', 'screenshots');
const SCREENS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } } as const;
/** An account of the sandbox's tax register. */
const ACCOUNT = { taxCode: '8000000011', password: 'Thue@2026' };

/** Pictures weigh on every clone: what is not of the path itself is shown in English on the phone only. */
const OF_THE_PATH = ['agency-button', 'choice', 'consent', 'error-expired', 'agency-hello', 'signed-out'];

type Screen = keyof typeof SCREENS;

/** One walk through everything. Long pages that are only read are photographed as far as the screen goes. */
async function walk(country: Country, browser: Browser, language: Language, screen: Screen): Promise<void> {
  const context = await browser.newContext({ locale: language, viewport: SCREENS[screen] });
  // The form-post page would leave before its picture is taken.
  await context.route('**/submit.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  const tab = await context.newPage();
  const { songHong, library, hub } = country;
  const take = async (name: string, code: string, fullPage = true) => {
    await tab.locator(`main[data-code=${code}]`).waitFor();
    if (language === 'vi' || screen === 'phone' || OF_THE_PATH.includes(name))
      await photograph(tab, `${name}-${language}-${screen}.png`, fullPage);
  };
  const press = (selector: string) => tab.locator(selector).press('Enter');
  const type = async (password: string) => {
    await tab.fill('#tax_code', ACCOUNT.taxCode);
    await tab.fill('#password', password);
    await press('button[value=sign_in]');
  };

  await tab.goto(`${songHong.url}/?lang=${language}`);
  await take('agency-button', 'home');
  await press('.lien-thong-button');
  await take('choice', 'choose_source');
  await press('button[value=tax-code]');
  await take('tax-authority', 'tax_sign_in');
  await press('button[value=cancel]');
  await tab.locator('main[data-reason=source_cancelled]').waitFor();
  await take('choice-after-cancelling', 'choose_source');
  await press('button[value=tax-code]');
  await type(ACCOUNT.password);
  await take('consent', 'consent');
  const over = tab.url();
  await press('button[value=agree]');
  await take('agency-hello', 'hello', false);
  await tab.goto(over);
  await take('error-expired', 'request_expired');
  await tab.goto(`${songHong.url}/login?prompt=select_account`);
  await take('continue-as', 'continue_as');

  await tab.goto(`${library.url}/?lang=${language}`);
  await tab.goto(`${library.url}/login?scope=openid`);
  await press('button[value=continue]');
  await take('consent-to-nothing', 'consent');
  await press('button[value=agree]');
  await take('form-post', 'form_post');

  await tab.goto(`${hub}/session/end?client_id=${library.profile.clientId}&ui_locales=${language}`);
  await take('sign-out', 'sign_out');
  await press('button[name=logout][value=yes]');
  await take('signed-out', 'signed_out');
  await tab.goto(hub);
  await take('home', 'home', false);
  await tab.goto(`${hub}/help`);
  await take('help', 'help', false);
  await context.close();
}

async function photograph(tab: Tab, file: string, fullPage: boolean): Promise<void> {
  // Typefaces swap in when they have come; a picture of the moment before shows another page.
  await tab.evaluate('document.fonts.ready.then(() => undefined)');
  // The ring of a focus that a press has left behind is not part of the page.
  await tab.evaluate('document.activeElement?.blur()');
  await tab.screenshot({ path: path.join(OUTPUT, file), fullPage });
}

const directory = await mkdtemp(path.join(tmpdir(), 'lien-thong-screenshots-'));
await rm(OUTPUT, { recursive: true, force: true });
await mkdir(OUTPUT, { recursive: true });
const [country, browser] = await Promise.all([startCountry({ directory, logLevel: 'silent' }), openChromium()]);
try {
  for (const language of LANGUAGES)
    for (const screen of Object.keys(SCREENS) as Screen[]) {
      await walk(country, browser, language, screen);
      await country.reset();
    }
  console.log(`Screenshots are in ${path.relative(process.cwd(), OUTPUT)}.`);
} finally {
  await browser.close();
  await country.close();
  await rm(directory, { recursive: true, force: true });
}
