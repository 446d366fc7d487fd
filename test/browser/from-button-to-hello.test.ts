/** The whole path in a real browser: by keyboard alone, without scripts, in both languages, under the strict policy. */
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { AN } from '../country.ts';
import { Citizen, openStage, presses, sees } from './citizen.ts';

const stage = openStage();

/** Farther than any control of a page lies from its beginning. */
const MOST_TABS = 30;

/** Presses Tab until the focus is there, as a citizen without a mouse does, and sees where it is. */
async function tabsTo(tab: Tab, selector: string): Promise<void> {
  const focused = (question: string) =>
    tab.evaluate(`(() => { const here = document.activeElement; return ${question}; })()`);
  for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
    await tab.keyboard.press('Tab');
    if (!(await focused(`here.matches(${JSON.stringify(selector)})`))) continue;
    expect(await focused('getComputedStyle(here).outlineStyle')).not.toBe('none');
    return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

async function chooses(tab: Tab, selector: string): Promise<void> {
  await tabsTo(tab, selector);
  await tab.keyboard.press('Enter');
}

const language = (tab: Tab) => tab.locator('html').getAttribute('lang');

/** From the agency's button to the last page of the hub; every page must speak `lang`. */
async function walksByKeyboard(tab: Tab, lang: 'vi' | 'en'): Promise<void> {
  await chooses(tab, '.lien-thong-button');
  await sees(tab, 'choose_source');
  expect(await language(tab)).toBe(lang);
  await chooses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  expect(await language(tab)).toBe(lang);
  await tabsTo(tab, '#tax_code');
  await tab.keyboard.type(AN.taxCode);
  await tabsTo(tab, '#password');
  await tab.keyboard.type(AN.password);
  await tab.keyboard.press('Enter');
  await sees(tab, 'consent');
  expect(await language(tab)).toBe(lang);
}

test.each([
  ['vi', 'Đồng ý và tiếp tục', 'Xin chào, Nguyễn Văn An'],
  ['en', 'Agree and continue', 'Hello, Nguyễn Văn An'],
] as const)('A1 from the button to hello by keyboard, without scripts: %s', async (lang, agree, hello) => {
  // The browser speaks the other language: what the agency asks for counts.
  const citizen = await Citizen.at(stage, { locale: lang === 'vi' ? 'en-GB' : 'vi-VN' });
  const tab = await citizen.open(`${stage.country.songHong.url}/?lang=${lang}`);
  await walksByKeyboard(tab, lang);
  await tabsTo(tab, 'input[value=nationality]');
  await tab.keyboard.press('Space');
  await tabsTo(tab, 'button[value=agree]');
  expect(await tab.locator(':focus').innerText()).toBe(agree);
  await tab.keyboard.press('Enter');
  await sees(tab, 'hello');
  expect(await tab.locator('h1').innerText()).toBe(hello);
  // Exactly what the citizen saw and ticked.
  expect(await tab.locator('[data-claim=nationalities]').count()).toBe(1);
  expect(await tab.locator('[data-claim=place_of_birth]').count()).toBe(0);
  expect(citizen.complaints).toEqual([]);
  expect(citizen.strangers).toEqual([]);
  await citizen.leave();
});

test('A1 without scripts an answer by form waits for one press of a button', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.open(stage.country.library.url);
  await walksByKeyboard(tab, 'vi');
  await chooses(tab, 'button[value=agree]');
  await sees(tab, 'form_post');
  await chooses(tab, 'main button');
  await sees(tab, 'hello');
  expect(await tab.locator('h1').innerText()).toBe('Xin chào, Nguyễn Văn An');
  expect(citizen.complaints).toEqual([]);
  expect(citizen.strangers).toEqual([]);
  await citizen.leave();
});

test('A1 with scripts it goes by itself, and no page breaks its policy', async () => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: true });
  const tab = await citizen.open(stage.country.library.url);
  await walksByKeyboard(tab, 'vi');
  await chooses(tab, 'button[value=agree]');
  await tab.waitForURL(`${stage.country.library.url}/hello`);
  await sees(tab, 'hello');
  expect(citizen.complaints).toEqual([]);
  expect(citizen.strangers).toEqual([]);
  await citizen.leave();
});

test('A1 where the agency asks for no language the browser does, and the citizen decides', async () => {
  const citizen = await Citizen.at(stage, { locale: 'en-GB' });
  const tab = await citizen.open(`${stage.country.songHong.url}/login?ui_locales=`);
  await sees(tab, 'choose_source');
  expect(await language(tab)).toBe('en');
  await presses(tab, 'nav a[lang=vi]');
  await tab.locator('html[lang=vi]').waitFor();
  await sees(tab, 'choose_source');
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  expect(await language(tab)).toBe('vi');
  await tab.fill('#tax_code', AN.taxCode);
  await tab.fill('#password', AN.password);
  await presses(tab, 'button[value=sign_in]');
  await sees(tab, 'consent');
  expect(await language(tab)).toBe('vi');
  await citizen.leave();
});
