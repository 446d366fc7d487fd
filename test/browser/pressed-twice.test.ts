/** Hands that press twice: the second press changes nothing, whenever it comes. */
import { expect, test } from '@jest/globals';
import { arrives, Citizen, openStage, presses, proves, provesAtTaxAuthority, sees } from './citizen.ts';

// Between the two clicks an authority takes the time it takes.
const stage = openStage({ honestPasswords: true });

test('A3 a double click on the login button and on a source is harmless', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.open(stage.country.songHong.url);
  await tab.dblclick('.lien-thong-button');
  await sees(tab, 'choose_source');
  await tab.dblclick('button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await provesAtTaxAuthority(tab);
  await sees(tab, 'consent');
  await citizen.leave();
});

test('A3 a double click on the consent is harmless', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent();
  await tab.dblclick('button[value=agree]');
  await arrives(tab);
  await citizen.leave();
});

test('A3 a second press on the consent while the answer is already on its way is harmless', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent();
  // The agency has the code, but its page has not come: the consent is still on the screen.
  const onItsWay = tab.waitForRequest((request) => request.url().startsWith(`${stage.country.songHong.url}/callback`));
  await tab.locator('button[value=agree]').focus();
  await tab.keyboard.press('Enter');
  await onItsWay;
  await tab.keyboard.press('Enter');
  await arrives(tab);
  await citizen.leave();
});

test('A3 a second press on "I do not agree" while the answer is already on its way ends at the agency', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atConsent();
  const onItsWay = tab.waitForRequest((request) => request.url().startsWith(`${stage.country.songHong.url}/callback`));
  await tab.locator('button[value=refuse]').focus();
  await tab.keyboard.press('Enter');
  await onItsWay;
  await tab.keyboard.press('Enter');
  await tab.locator('main[data-code=home], main[data-code=agency_error]').waitFor();
  expect(new URL(tab.url()).origin).toBe(stage.country.songHong.url);
  await citizen.leave();
});

test('A3 a double click at the source is harmless', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=tax-code]');
  await sees(tab, 'tax_sign_in');
  await tab.fill('#tax_code', '8000000011');
  await tab.fill('#password', 'Thue@2026');
  await tab.dblclick('button[value=sign_in]');
  await sees(tab, 'consent');
  expect(await tab.locator('dd').first().innerText()).toBe('Nguyễn Văn An');
  await citizen.leave();
});

test('A3 choosing the source in two tabs of one request: the first answer counts, the other one does no harm', async () => {
  const citizen = await Citizen.at(stage);
  const first = await citizen.atChoice();
  const second = await citizen.open(first.url());
  await presses(second, 'button[value=tax-code]');
  await sees(second, 'tax_sign_in');
  await proves(first);
  await sees(first, 'consent');
  await presses(first, 'button[value=agree]');
  await arrives(first);
  await provesAtTaxAuthority(second);
  await sees(second, 'request_expired');
  await presses(second, 'main a.primary');
  await arrives(second);
  await citizen.leave();
});
