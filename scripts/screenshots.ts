/**
 * Owns the pictures of the documentation: walks the real path of a sign-in, through the citizen's page and through the
 * developer console, in a fresh country and photographs each page, in both languages, on a phone and on a desk, into
 * `docs/screenshots`. With names of walks only those are taken anew. `npm run screenshots [-- sign-in|citizen|developer …]`
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page as Tab } from 'playwright-core';
import { type Country, startCountry } from '../sandbox/country.ts';
import { openChromium } from '../test/chromium.ts';
import { LANGUAGES, type Language } from '../views/pages.ts';
import { walkThroughConsole } from './screenshots-developer.ts';

const OUTPUT = path.join(import.meta.dirname, '..', 'docs', 'screenshots');
const SCREENS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } } as const;
/** Accounts of the sandbox: at the tax register, and the same person's at the national eID. */
const ACCOUNT = { taxCode: '8000000011', password: 'Thue@2026' };
const EID = { personalNumber: '097090000011', password: 'Dinhdanh@2026' };
const MAIL = 'an.nguyen@example.vn';

/** Pictures weigh on every clone: what is not of the path itself is shown in English on the phone only. */
const OF_THE_PATH = ['agency-button', 'choice', 'consent', 'error-expired', 'agency-hello', 'signed-out'];

type Screen = keyof typeof SCREENS;

/** Rooms of the citizen's page, by what each picture is for. */
const ROOMS_ON_A_DESK = ['overview', 'ways', 'history'];
const ROOMS_IN_ENGLISH = ['overview', 'history'];
/** Likewise of the console. */
const PLACES_ON_A_DESK = ['service', 'settings', 'try', 'sign-ins', 'review', 'reference', 'catalogue'];
const LONG_PLACES = ['try', 'sign-ins', 'review'];
const PLACES_IN_ENGLISH = ['service', 'settings', 'review', 'catalogue'];
/** Milliseconds between two looks for a letter. */
const LOOK_AGAIN = 50;

/** The path of a sign-in. Long pages that are only read are photographed as far as the screen goes. */
async function signIn(country: Country, browser: Browser, language: Language, screen: Screen): Promise<void> {
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

/** Through the citizen's page of somebody who gave an address, uses two services and has a change waiting. */
async function citizen(country: Country, browser: Browser, language: Language, screen: Screen): Promise<void> {
  if (language === 'en' && screen === 'desk') return;
  const elsewhere = await browser.newContext({ locale: language, viewport: SCREENS.desk });
  const context = await browser.newContext({ locale: language, viewport: SCREENS[screen] });
  const { songHong, library, hub } = country;
  const weak = await elsewhere.newPage();
  await weak.goto(`${songHong.url}/login`);
  await proves(weak, 'tax-code', { tax_code: ACCOUNT.taxCode, password: ACCOUNT.password });
  await weak.locator('button[value=agree]').press('Enter');
  await weak.locator('main[data-code=hello]').waitFor();
  const tab = await context.newPage();
  await tab.goto(`${library.url}/login`);
  await proves(tab, 'national-eid', { personal_number: EID.personalNumber, password: EID.password });
  await tab.locator('button[value=agree]').press('Enter');
  await tab.locator('main[data-code=hello]').waitFor();
  await tab.goto(`${hub}/citizen`);
  await tab.locator('button[value=continue]').press('Enter');
  await tab.locator('main[data-code=citizen_overview]').waitFor();
  await givesAddress(country, tab);
  await asksToWait(hub, weak);

  const take = async (name: string, room: string) => {
    if (screen === 'desk' && !ROOMS_ON_A_DESK.includes(name)) return;
    if (language === 'en' && !ROOMS_IN_ENGLISH.includes(name)) return;
    await tab.goto(`${hub}/citizen${room}`);
    await photograph(tab, `citizen-${name}-${language}-${screen}.png`, screen === 'phone' && 'two screens');
  };
  await take('overview', '');
  await take('ways', '/ways');
  await take('agency', `/agencies/${songHong.profile.clientId}`);
  await take('history', '/history');
  await take('rights', '/rights');
  await Promise.all([context.close(), elsewhere.close()]);
}

/** From the choice through a source; the fields are those of its page. */
async function proves(tab: Tab, source: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await tab.locator(`button[value=${source}]`).press('Enter');
  await tab.locator('button[value=sign_in]').waitFor();
  for (const [name, value] of Object.entries(fields)) await tab.fill(`#${name}`, value);
  await tab.locator('button[value=sign_in]').press('Enter');
}

async function givesAddress({ hub, messages }: Country, tab: Tab): Promise<void> {
  await tab.goto(`${hub}/citizen/contacts`);
  await tab.fill('#address-mail', MAIL);
  await tab.locator('[aria-labelledby=give-mail] button').press('Enter');
  await tab.locator('#code').waitFor();
  let code: string | undefined;
  while (code === undefined) {
    code = messages.received(MAIL).flatMap(({ text }) => text.match(/\b\d{6}\b/) ?? [])[0];
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
  await tab.fill('#code', code);
  await tab.locator('main button').press('Enter');
  await tab.locator('[data-contact]').waitFor();
}

/** A change by somebody who cannot sign in by the strongest way. */
async function asksToWait(hub: string, tab: Tab): Promise<void> {
  await tab.goto(`${hub}/citizen/ways`);
  await tab.locator('button[value=continue]').press('Enter');
  await tab.locator('[data-source=mobile-id] button[name=source]').press('Enter');
  await tab.locator('button[name=wait]').press('Enter');
  await tab.locator('[data-change]').waitFor();
}

/** Through the console, as the developer of an agency. */
async function developer(country: Country, browser: Browser, language: Language, screen: Screen): Promise<void> {
  if (language === 'en' && screen === 'desk') return;
  const open = () => browser.newContext({ locale: language, viewport: SCREENS[screen] });
  await walkThroughConsole(country, open, async (tab, name) => {
    if (screen === 'desk' && !PLACES_ON_A_DESK.includes(name)) return;
    if (language === 'en' && !PLACES_IN_ENGLISH.includes(name)) return;
    const much = (screen === 'phone' || LONG_PLACES.includes(name)) && 'two screens';
    await photograph(tab, `developer-${name}-${language}-${screen}.png`, much);
  });
}

/** All of the page, what of it is on the screen, or a screen more than that. */
async function photograph(tab: Tab, file: string, much: boolean | 'two screens'): Promise<void> {
  // Typefaces swap in when they have come; a picture of the moment before shows another page.
  await tab.evaluate('document.fonts.ready.then(() => undefined)');
  // The ring of a focus that a press has left behind is not part of the page.
  await tab.evaluate('document.activeElement?.blur()');
  const { width, height } = tab.viewportSize()!;
  const long = Number(await tab.evaluate('document.documentElement.scrollHeight'));
  const clip = { x: 0, y: 0, width, height: Math.min(long, 2 * height) };
  const part = much === 'two screens' ? { clip, fullPage: true } : { fullPage: much };
  await tab.screenshot({ path: path.join(OUTPUT, file), ...part });
}

const WALKS = { 'sign-in': signIn, citizen, developer };
type Walk = keyof typeof WALKS;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(WALKS, name));
if (unknown.length > 0)
  throw new Error(`No such walk: ${unknown.join(', ')}. There are: ${Object.keys(WALKS).join(', ')}.`);
const walks = wanted.length > 0 ? (wanted as Walk[]) : (Object.keys(WALKS) as Walk[]);

const directory = await mkdtemp(path.join(tmpdir(), 'lien-thong-screenshots-'));
// Pictures of pages that are no more go, where all are taken.
if (wanted.length === 0) await rm(OUTPUT, { recursive: true, force: true });
await mkdir(OUTPUT, { recursive: true });
const [country, browser] = await Promise.all([
  startCountry({ directory, logLevel: 'silent', sandboxIssuer: true }),
  openChromium(),
]);
try {
  for (const walk of walks)
    for (const language of LANGUAGES)
      for (const screen of Object.keys(SCREENS) as Screen[]) {
        await WALKS[walk](country, browser, language, screen);
        await country.reset();
      }
  console.log(`Screenshots are in ${path.relative(process.cwd(), OUTPUT)}.`);
} finally {
  await browser.close();
  await country.close();
  await rm(directory, { recursive: true, force: true });
}
