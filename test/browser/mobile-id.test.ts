/** A citizen with a phone at a browser: without scripts the waiting page refreshes itself, with them it stays still. */
import { expect, test } from '@jest/globals';
import { confirmOnPhone } from '../../sandbox/mobile-operator/willing-subscriber.ts';
import { AN_NUMBER } from '../country.ts';
import { agrees, Citizen, openStage, presses, sees } from './citizen.ts';

const stage = openStage();
const AN_PHONE = '+84912000011';

test.each([false, true])('B1 MobileID signs in, with JavaScript: %s', async (javaScriptEnabled) => {
  const citizen = await Citizen.at(stage, { javaScriptEnabled });
  const tab = await citizen.atChoice();
  await presses(tab, 'button[value=mobile-id]');
  await sees(tab, 'mobile_numbers');
  await tab.fill('#phone', '0912 000');
  await tab.fill('#personal_number', AN_NUMBER);
  await presses(tab, 'button.primary');
  // Where the mistake is, there one types on; what was right is kept.
  await tab.locator('#phone[aria-invalid=true]:focus').fill('0912 000 011');
  await presses(tab, 'button.primary');
  await sees(tab, 'mobile_wait');
  const code = await tab.locator('[data-verification-code]').innerText();
  const loaded: string[] = [];
  tab.on('request', (request) => request.isNavigationRequest() && loaded.push(new URL(request.url()).pathname));

  await tab.getByText('Đã gửi yêu cầu').waitFor();
  expect(loaded).toHaveLength(javaScriptEnabled ? 0 : 1);
  await confirmOnPhone(stage.country.mobileOperator.url, AN_PHONE, code);
  await sees(tab, 'consent');
  await agrees(tab);
  expect(citizen.complaints).toEqual([]);
  expect(citizen.strangers).toEqual([]);
  await citizen.leave();
});
