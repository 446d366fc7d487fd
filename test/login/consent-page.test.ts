/** A decision counts for the page it was made on, and for nobody else. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, HOA, openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'portal' }]);
});
afterAll(() => country.close());

async function consentInTwoTabs(): Promise<{ first: Visitor; second: Visitor }> {
  const first = new Visitor();
  const pressed = await pressButton(await relyingParty(country, 'portal'), country, { scope: 'openid profile' });
  await first.open(pressed.address);
  const second = first.newTab();
  await second.open(first.page.url);
  await proveByTaxCode(first, AN);
  expect(first.page.text('main')).toContain('Nguyễn Văn An');
  return { first, second };
}

test('A14 agreeing on the page of one citizen does not speak for another who signed in since: it is shown anew', async () => {
  const { first, second } = await consentInTwoTabs();
  await second.open(new URL(`${second.page.url.pathname}/choose`, second.page.url));
  await proveByTaxCode(second, HOA);
  expect(second.page.code).toBe('consent');
  const page = await first.press('decision=agree');
  expect(page.code).toBe('consent');
  expect(page.text('main')).toContain('Trần Thị Hoà');
  expect(country.callback.answers).toHaveLength(0);
  expect((await first.press('decision=agree')).code).toBe('test_callback');
});

test.each(['', 'x', 'A'.repeat(43)])('A14 a decision on no page of ours is not taken: %j', async (shown) => {
  const { first } = await consentInTwoTabs();
  const action = first.page.$('form').attr('action')!;
  const before = country.callback.answers.length;
  expect((await first.post(action, { decision: 'agree', shown })).code).toBe('consent');
  expect(country.callback.answers).toHaveLength(before);
});
