/** The link of a step in a browser that did not begin it, as when somebody sends it on in a chat: safe, and explained. */
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import { AN } from '../country.ts';
import { agrees, arrives, Citizen, openStage, presses, sees, signInOf } from './citizen.ts';

const stage = openStage();

/** Opens the link elsewhere: the likely cause is named, nothing is shown of anybody, and its action starts afresh. */
async function failsElsewhere(address: string): Promise<void> {
  const other = await Citizen.at(stage);
  const tab = await other.open(address);
  await sees(tab, 'other_browser');
  const page = await tab.locator('body').innerText();
  expect(page).toContain('trình duyệt');
  expect(page).toMatch(/trò chuyện|Zalo|tin nhắn/);
  expect(page).not.toMatch(/Nguyễn Văn An|097090000011|8000000011/);
  await presses(tab, 'main a.primary');
  await sees(tab, 'choose_source');
  expect(tab.url()).not.toContain(new URL(address).pathname.split('/')[2]!);
  await other.leave();
}

/** The citizen proves at the tax authority, but the answer that leads back to the hub is only written down. */
async function answerOfTaxAuthority(citizen: Citizen, tab: Tab): Promise<string> {
  const { request } = citizen.context;
  const form = { decision: 'sign_in', tax_code: AN.taxCode, password: AN.password };
  const next = async (answer: Awaited<ReturnType<typeof request.get>>) => answer.headers().location!;
  const resumed = await next(await request.post(tab.url(), { form, maxRedirects: 0 }));
  return next(await request.get(resumed, { maxRedirects: 0 }));
}

test('A17 the link of the choice', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await failsElsewhere(tab.url());
  await citizen.leave();
});

test('A17 the link of the choice after a notice', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await failsElsewhere(`${tab.url()}/choose`);
  await citizen.leave();
});

test('A17 the answer of the source: refused elsewhere, and still good where it belongs', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  const answer = await answerOfTaxAuthority(citizen, tab);
  expect(answer).toMatch(`${stage.country.hub}/sources/tax-code/callback?`);
  await failsElsewhere(answer);
  await tab.goto(answer);
  await sees(tab, 'consent');
  await agrees(tab);
  await citizen.leave();
});

test('A17 the link of the consent', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent();
  await failsElsewhere(tab.url());
  await sees(tab, 'consent');
  await agrees(tab);
  await citizen.leave();
});

test('A17 the link that resumes the request', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent();
  await failsElsewhere(`${stage.country.hub}/authorize/${signInOf(tab)}?client=song-hong-portal`);
  await agrees(tab);
  await citizen.leave();
});

test('A17 the answer to the agency, opened elsewhere, signs nobody in', async () => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled: false });
  const tab = await citizen.atConsent();
  const callback = tab.waitForRequest((request) => request.url().startsWith(`${stage.country.songHong.url}/callback`));
  await presses(tab, 'button[value=agree]');
  const address = (await callback).url();
  await arrives(tab);
  const other = await Citizen.at(stage);
  const elsewhere = await other.open(address);
  await sees(elsewhere, 'agency_error');
  expect(await elsewhere.locator('main').getAttribute('data-error')).toBe('unknown_request');
  await other.leave();
  await citizen.leave();
});
