/** Back, refresh, and pages that were left too long: never a dead end, never a stack trace, always a way to start again. */
import { expect, test } from '@jest/globals';
import type { Page as Tab } from 'playwright-core';
import {
  agrees,
  arrives,
  Citizen,
  expire,
  openStage,
  presses,
  proves,
  provesAtTaxAuthority,
  sees,
  signInOf,
} from './citizen.ts';

const stage = openStage();

/** Words and an incident number, nothing of the machinery. */
async function explains(tab: Tab): Promise<void> {
  expect(await tab.content()).not.toMatch(/\bat .+:\d+:\d+|node_modules|Error:/);
  expect(await tab.locator('main .incident').innerText()).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
}

/** An error page that explains and whose one action starts again at the agency. */
async function restarts(tab: Tab, code: string, next: string): Promise<void> {
  await sees(tab, code);
  await explains(tab);
  await presses(tab, 'main a.primary');
  await sees(tab, next);
}

test('A16 every page stands a refresh', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await tab.reload();
  await sees(tab, 'choose_source');
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await tab.reload();
  await provesAtTaxAuthority(tab);
  await sees(tab, 'consent');
  await tab.reload();
  await sees(tab, 'consent');
  await agrees(tab);
  await tab.reload();
  await sees(tab, 'hello');
  await citizen.leave();
});

test('A16 Back within the hub shows the step that is due, and it can be gone on with', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await tab.goBack();
  await sees(tab, 'choose_source');
  await proves(tab);
  await sees(tab, 'consent');
  await tab.goBack();
  await sees(tab, 'tax_error');
  await tab.goBack();
  await sees(tab, 'consent');
  await agrees(tab);
  await citizen.leave();
});

test('A16 Back after the end offers a new start, which is silent while the session lasts', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atHello();
  await tab.goBack();
  await restarts(tab, 'request_expired', 'hello');
  await citizen.leave();
});

test('A16 an answer by form that is refreshed offers a new start; gone back to, it is simply given again', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent(stage.country.library);
  await presses(tab, 'button[value=agree]');
  await sees(tab, 'form_post');
  await tab.reload();
  await restarts(tab, 'request_expired', 'form_post');
  await arrives(tab);
  await tab.goBack();
  await arrives(tab);
  await citizen.leave();
});

test('A16 an expired page says so, whatever is done with it, and starts again', async () => {
  const citizen = await Citizen.at(stage);
  const refreshed = await citizen.atChoice();
  await expire(citizen, signInOf(refreshed));
  await refreshed.reload();
  await restarts(refreshed, 'request_expired', 'choose_source');

  const chosen = await citizen.atChoice();
  await expire(citizen, signInOf(chosen));
  await presses(chosen, 'button[value=tax-code]');
  await restarts(chosen, 'request_expired', 'choose_source');

  const consent = await citizen.atConsent();
  await expire(citizen, signInOf(consent));
  await presses(consent, 'button[value=agree]');
  await restarts(consent, 'request_expired', 'choose_source');
  await citizen.leave();
});

test('A16 a request that expired while the citizen was at the source says so and starts again', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  const uid = signInOf(tab);
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await expire(citizen, uid);
  await provesAtTaxAuthority(tab);
  await restarts(tab, 'request_expired', 'choose_source');
  await citizen.leave();
});

test('A16 a request nobody remembers any more is told so, without a trace', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  // The hub keeps nothing of it: a browser that has forgotten it is as good as another one.
  await citizen.context.clearCookies();
  await tab.reload();
  await sees(tab, 'other_browser');
  await explains(tab);
  await citizen.leave();
});
