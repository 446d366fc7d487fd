/** The citizen's page in a real browser: without scripts, by keyboard, in both languages, on whatever screen. */
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { decodeProtectedHeader } from 'jose';
import type { Download, Page as Tab } from 'playwright-core';
import { Visitor } from '../../sandbox/visitor.ts';
import { RECEIPT_TYPE } from '../../src/citizen/documents/receipts.ts';
import type { Language } from '../../views/pages.ts';
import { byNationalEid, byTaxCode, callApi, signInToPage } from '../citizen/citizen.ts';
import { AN_MAIL, codeIn, giveContact, lettersFor, linkIn, proposeContact } from '../citizen/letters-come.ts';
import { AN_NUMBER } from '../country.ts';
import { Citizen, openStage, presses, sees } from './citizen.ts';
import { AXE, tooWide, violations } from './inspection.ts';

const stage = openStage();
const all: Citizen[] = [];

/** Milliseconds for a test that looks at dozens of pages, on a machine that has other things to do. */
const MANY_PAGES = 90_000;
const NARROW = { width: 320, height: 640 };

afterEach(async () => {
  const citizens = all.splice(0);
  expect(citizens.flatMap(({ complaints, strangers }) => [...complaints, ...strangers])).toEqual([]);
  for (const citizen of citizens) await citizen.leave();
});

async function someone(options: Parameters<typeof Citizen.at>[1] = {}): Promise<Citizen> {
  const citizen = await Citizen.at(stage, options);
  all.push(citizen);
  return citizen;
}

/** From the choice through the app of the national eID, the strongest that An has. */
async function provesStrongly(tab: Tab): Promise<void> {
  await presses(tab, 'button[value=national-eid]');
  await sees(tab, 'eid_sign_in');
  await tab.fill('#personal_number', AN_NUMBER);
  await tab.fill('#password', 'Dinhdanh@2026');
  await presses(tab, 'button[value=sign_in]');
}

/** Goes on by Tab alone, as somebody without a mouse. */
async function tabsTo(tab: Tab, selector: string): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    await tab.keyboard.press('Tab');
    if (await tab.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`nothing like ${selector} can be reached by keyboard`);
}

const follows = (tab: Tab, path: string) => presses(tab, `main a[href^="${path}"]`);
const enters = (tab: Tab, room: string) => presses(tab, `.rooms a[href="${room}"]`);

async function downloads(tab: Tab, link: string): Promise<Download> {
  const [download] = await Promise.all([tab.waitForEvent('download'), follows(tab, link)]);
  return download;
}

const bytesOf = async (download: Download) => readFile(await download.path());

test('D17 see it, stop it, take it with you: without scripts, and a stranger is put out from a letter', async () => {
  const { country } = stage;
  const an = await someone();
  const tab = await an.atChoice();
  await provesStrongly(tab);
  await sees(tab, 'consent');
  await presses(tab, 'button[value=agree]');
  await sees(tab, 'hello');

  await tab.goto(`${country.hub}/citizen`);
  if ((await tab.locator('main').getAttribute('data-code')) === 'continue_as')
    await presses(tab, 'button[value=continue]');
  await sees(tab, 'citizen_overview');
  expect(await tab.locator('[aria-current=page]').innerText()).toBe('Tổng quan');

  // An address, by keyboard alone: from the head of the page to the field, the code, the last button.
  await tabsTo(tab, '.rooms a[href="/citizen/contacts"]');
  await tab.keyboard.press('Enter');
  await sees(tab, 'citizen_contacts');
  await tabsTo(tab, '#address-mail');
  await tab.keyboard.type(AN_MAIL);
  await tabsTo(tab, 'button');
  await tab.keyboard.press('Enter');
  await sees(tab, 'citizen_contact_code');
  await tabsTo(tab, '#code');
  await tab.keyboard.type(codeIn((await lettersFor(country, AN_MAIL))[0]!));
  await tab.keyboard.press('Enter');
  await sees(tab, 'citizen_contacts');
  expect(await tab.locator('[data-contact=mail]').innerText()).toContain(AN_MAIL);

  await enters(tab, '/citizen/agencies');
  await sees(tab, 'citizen_agencies');
  await follows(tab, '/citizen/agencies/');
  await sees(tab, 'citizen_agency');
  const receipt = await downloads(tab, '/citizen/receipts/');
  expect(decodeProtectedHeader(String(await bytesOf(receipt)).trim()).typ).toBe(RECEIPT_TYPE);
  await presses(tab, 'button[name=client]');
  await tab.locator('[data-state=withdrawn]').waitFor();
  await tab.reload();
  await tab.locator('[data-state=withdrawn]').waitFor();

  await enters(tab, '/citizen/rights');
  await sees(tab, 'citizen_rights');
  const archive = unzipSync(new Uint8Array(await bytesOf(await downloads(tab, '/citizen/data'))));
  expect(Object.keys(archive).length).toBeGreaterThan(1);
  await enters(tab, '/citizen/history');
  await sees(tab, 'citizen_history');
  await presses(tab, 'summary');
  await tab.fill('input[name=search]', 'biên nhận');
  await presses(tab, '.filters button');
  await sees(tab, 'citizen_history');
  expect(await tab.locator('[data-event]').count()).toBe(1);

  await lettersFor(country);
  country.messages.reset();
  const stranger = await someone();
  const elsewhere = await stranger.atChoice();
  await provesStrongly(elsewhere);
  await sees(elsewhere, 'consent');
  const [letter] = await lettersFor(country, AN_MAIL);
  const reader = await someone();
  const alarm = await reader.open(linkIn(country, letter!));
  await sees(alarm, 'citizen_not_me');
  await presses(alarm, 'main button');
  expect(await alarm.locator('h1').innerText()).toBe('Đã dừng lại');
  const number = await alarm.locator('[data-case]').innerText();
  expect(number).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);

  await tab.goto(`${country.hub}/citizen`);
  await sees(tab, 'choose_source');
}, 60_000);

/** A life with something in every room. */
async function lifeOfAn(): Promise<{ readonly visitor: Visitor; readonly rooms: readonly string[] }> {
  const { country } = stage;
  const [weak, visitor] = [new Visitor(), new Visitor()];
  await signInToPage(country, weak, byTaxCode());
  await weak.open(`${country.songHong.url}/login`);
  if (weak.page.code === 'continue_as') await weak.press('decision=continue');
  await weak.tickAll().press('decision=agree');
  await signInToPage(country, visitor, byNationalEid());
  await giveContact(country, visitor, AN_MAIL);
  const change = (path: string, body: object, who = visitor) =>
    callApi(country, who, path, { method: 'POST', body }).then((answer) => {
      if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    });
  await change('/ways/block', { source: 'mobile-id', wait: 'yes' }, weak);
  await change('/ways/block', { source: 'digital-signature' });
  await change('/rights/open', { kind: 'restrict', text: 'Xin tạm ngừng.' });
  const { entries } = (await callApi(country, visitor, '/history?group=sign_ins&source=tax-code')).body;
  await change('/history/not-me', { event: entries[0].id });
  const { agencies } = (await callApi(country, visitor, '/agencies')).body;
  const { cases } = (await callApi(country, visitor, '/cases')).body;
  await proposeContact(country, visitor, '0912 000 011');
  const code = visitor.page.url.pathname;
  const rooms = [
    '',
    '/ways',
    '/contacts',
    code.replace('/citizen', ''),
    '/agencies',
    agencies[0].see.replace('/citizen', ''),
    '/history?group=sign_ins',
    `/history/${entries[0].id}`,
    '/sessions',
    '/rights',
    '/rights/correct',
    '/rights/open?kind=restrict',
    '/cases',
    `/cases/${cases[0].number}`,
    '/erase',
    '/changes',
  ];
  return { visitor, rooms };
}

const WORDS_OF_STATE = '.state, .rooms [aria-current]';

/** Words of a state that nobody would see where the system chooses the colours. */
const unseen = `[...document.querySelectorAll('${WORDS_OF_STATE}')].filter((element) => {
  const { color, backgroundColor, textDecorationLine } = getComputedStyle(element);
  const isMarked = !element.matches('[aria-current]') || textDecorationLine === 'underline';
  return !(element.checkVisibility() && element.innerText.trim() && color !== backgroundColor && isMarked);
}).map(({ outerHTML }) => outerHTML)`;

/** Everything that can be wrong with a page that is open, with words of one language. */
async function flaws(tab: Tab, language: Language, enlarge: (pixels: number) => Promise<unknown>): Promise<string[]> {
  const found = [...(await violations(tab)), ...(await tooWide(tab))];
  if ((await tab.locator('html').getAttribute('lang')) !== language) found.push('language');
  if ((await tab.evaluate('document.scripts.length')) !== 0) found.push('scripts');
  await enlarge(32);
  found.push(...(await tooWide(tab)).map((what) => `enlarged: ${what}`));
  await enlarge(16);
  // Colours do not depend on the words; once is enough.
  if (language !== 'vi') return found;
  await tab.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await violations(tab, { runOnly: ['color-contrast'] })).map((what) => `dark: ${what}`));
  await tab.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  found.push(...((await tab.evaluate(unseen)) as string[]).map((what) => `forced colours: ${what}`));
  await tab.emulateMedia({ forcedColors: 'none' });
  return found;
}

test(
  'D17 every room is for everybody: axe, dark, narrow, enlarged, colours of the system, both languages',
  async () => {
    const { hub } = stage.country;
    const { visitor, rooms } = await lifeOfAn();
    const cookies = Object.entries(await visitor.cookies(`${hub}/citizen`)).map(([name, value]) => {
      return { name, value, url: hub };
    });
    const inspect = async (language: Language) => {
      const { context } = await someone({ javaScriptEnabled: true, locale: language, viewport: NARROW });
      await context.addInitScript({ content: AXE });
      await context.addCookies(cookies);
      const tab = await context.newPage();
      const devtools = await context.newCDPSession(tab);
      await devtools.send('Page.enable');
      const enlarge = (standard: number) => devtools.send('Page.setFontSizes', { fontSizes: { standard } });
      const found: Record<string, string[]> = {};
      for (const room of rooms) {
        const answer = await tab.goto(`${hub}/citizen${room}`);
        const wrong = [
          ...(answer!.status() === 200 && tab.url() === `${hub}/citizen${room}`
            ? []
            : [`${answer!.status()} ${tab.url()}`]),
          ...((await tab.locator('.rooms [aria-current]').count()) === 1 ? [] : ['no room is marked']),
          ...(await flaws(tab, language, enlarge)),
        ];
        if (wrong.length > 0) found[room] = wrong;
      }
      return found;
    };
    expect(await Promise.all([inspect('vi'), inspect('en')])).toEqual([{}, {}]);
  },
  MANY_PAGES,
);
