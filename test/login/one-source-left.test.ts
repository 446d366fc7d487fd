/** Owns the tests of a choice that is none: straight to the one source that is left, and back without a trap. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, type TestCountry } from '../country.ts';
import { addressOf } from '../oidc/asking.ts';

let country: TestCountry;
let visitor: Visitor;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'any' },
    { client_id: 'by-tax', sources: ['tax-code'] },
    { client_id: 'by-two', sources: ['tax-code', 'social-insurance'] },
  ]);
});
afterAll(() => country.close());
beforeEach(() => {
  visitor = new Visitor();
});

const isAtTax = () => visitor.page.url.origin === country.taxAuthority.issuer;
const signInAddress = () => visitor.trail.find(({ pathname }) => pathname.startsWith('/sign-in/'))!;

test('the only one a service allows is gone to at once, and signs in', async () => {
  await visitor.open(addressOf(country, 'by-tax'));
  expect(isAtTax()).toBe(true);
  visitor.fill({ tax_code: AN.taxCode, password: AN.password });
  expect((await visitor.press('decision=sign_in')).code).toBe('consent');
});

test('the only one that is strong enough is, too, where the others are greyed', async () => {
  expect((await visitor.open(addressOf(country, 'any', { acr_values: 'loa4' }))).code).toBe('digital_signature');
  expect((await visitor.open(addressOf(country, 'by-two', { acr_values: 'loa2' }))).url.origin).toBe(
    country.socialInsurance.issuer,
  );
});

test('where there is a choice it is shown', async () => {
  expect((await visitor.open(addressOf(country, 'by-two'))).code).toBe('choose_source');
});

test('going back is no trap: the choice is shown then, with why the others are not enough', async () => {
  await visitor.open(addressOf(country, 'by-tax'));
  const back = await visitor.newTab().open(signInAddress());
  expect(back.code).toBe('choose_source');
  expect(back.text('#closed-social-insurance')).not.toBe('');
  expect((await visitor.newTab().open(`${signInAddress().href}/choose`)).code).toBe('choose_source');
  const cancelled = await visitor.press('decision=cancel');
  expect([cancelled.code, cancelled.reason]).toEqual(['choose_source', 'source_cancelled']);
  expect((await visitor.reload()).code).toBe('choose_source');
});
