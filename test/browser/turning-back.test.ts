/** A citizen who does not want to, or walks away: each ends where they expect, and the way in stays open. */
import { expect, test } from '@jest/globals';
import { agrees, arrives, Citizen, openStage, presses, proves, sees } from './citizen.ts';

const stage = openStage();

test('A15 refusing at the source leads back to the choice, and on from there', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await presses(tab, 'button[value=cancel]');
  await sees(tab, 'choose_source');
  expect(await tab.locator('main').getAttribute('data-reason')).toBe('source_cancelled');
  expect(await tab.locator('.notice').innerText()).toContain('Mã số thuế');

  await proves(tab);
  await sees(tab, 'consent');
  await agrees(tab);
  await citizen.leave();
});

test('A15 refusing at the source and then at the hub ends at the agency, which knows why', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await presses(tab, 'button[value=cancel]');
  await sees(tab, 'choose_source');
  await presses(tab, 'form[action$="/cancel"] button');
  await sees(tab, 'agency_error');
  expect(await tab.locator('main').getAttribute('data-error')).toBe('access_denied');
  expect(await tab.locator('[data-description]').innerText()).toContain('cancelled');
  await citizen.leave();
});

test('A15 turning back at the choice ends at the agency', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'form[action$="/cancel"] button');
  await sees(tab, 'agency_error');
  expect(await tab.locator('main').getAttribute('data-error')).toBe('access_denied');
  expect(new URL(tab.url()).origin).toBe(stage.country.songHong.url);
  await citizen.leave();
});

test('A15 refusing consent ends at the agency with nothing shared, and the next press begins anew', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent();
  await presses(tab, 'button[value=refuse]');
  await sees(tab, 'agency_error');
  expect(await tab.locator('main').getAttribute('data-error')).toBe('access_denied');
  expect(await tab.locator('main').innerText()).toContain('Không có thông tin nào được gửi đi');
  // No session was left behind by somebody who in the end did not sign in.
  await presses(tab, 'main a');
  await sees(tab, 'choose_source');
  await citizen.leave();
});

test('A15 refusing consent reaches an agency that is answered by form', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent(stage.country.library);
  await presses(tab, 'button[value=refuse]');
  await sees(tab, 'form_post');
  await presses(tab, 'main button');
  await sees(tab, 'agency_error');
  expect(await tab.locator('main').getAttribute('data-error')).toBe('access_denied');
  await citizen.leave();
});

test('A15 closing the tab and opening the page again goes on where it was', async () => {
  const citizen = await Citizen.at(stage);
  const choice = await citizen.atChoice();
  const address = choice.url();
  await choice.close();

  const again = await citizen.open(address);
  await sees(again, 'choose_source');
  await proves(again);
  await sees(again, 'consent');
  await again.close();

  const consent = await citizen.open(address);
  await sees(consent, 'consent');
  await agrees(consent);
  await citizen.leave();
});

test('A15 closing the tab and pressing the button again begins anew; the page left behind does no harm', async () => {
  const citizen = await Citizen.at(stage);
  const left = await citizen.atConsent();
  const address = left.url();
  await left.close();

  const tab = await citizen.atConsent();
  await agrees(tab);
  const old = await citizen.open(address);
  await sees(old, 'consent');
  await presses(old, 'button[value=agree]');
  await arrives(old);
  await citizen.leave();
});
