/** Social insurance in a real browser: number and password, the code from the phone pasted, and an agency that says hello. */
import { expect, test } from '@jest/globals';
import { AN_INSURED } from '../country.ts';
import { agrees, Citizen, openStage, presses, sees } from './citizen.ts';

const stage = openStage();

test('B1 social insurance signs in, by keyboard and without scripts', async () => {
  const citizen = await Citizen.at(stage);
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=social-insurance]');
  await sees(tab, 'insurance_sign_in');
  await tab.fill('#insurance_number', AN_INSURED.socialInsuranceNumber);
  await tab.fill('#password', AN_INSURED.password);
  await tab.locator('#password').press('Enter');
  await sees(tab, 'insurance_code');

  const [phone] = await Promise.all([citizen.context.waitForEvent('page'), presses(tab, 'a[data-sandbox-phone]')]);
  await sees(phone, 'insurance_phone');
  const code = await phone.locator('[data-one-time-code]').first().innerText();
  await phone.close();

  await tab.fill('#code', `${code.slice(0, 3)} ${code.slice(3)}`);
  await tab.locator('#code').press('Enter');
  await sees(tab, 'consent');
  await agrees(tab);
  expect(await tab.locator('[data-claim=acr]').innerText()).toBe('loa2');
  expect(citizen.complaints).toEqual([]);
  expect(citizen.strangers).toEqual([]);
  await citizen.leave();
});
