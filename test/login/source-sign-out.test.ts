/** Where a source offers a sign-out of its own, the hub's page after a sign-out leads there. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  openTestCountry,
  pressButton,
  proveByNationalEid,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
} from '../country.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'portal' }]);
});
afterAll(() => country.close());

async function signedOutAfter(prove: (visitor: Visitor) => Promise<unknown>): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.open((await pressButton(await relyingParty(country, 'portal'), country)).address);
  await prove(visitor);
  if (visitor.page.code === 'consent') await visitor.press('decision=agree');
  await visitor.open(`${country.hub}/session/end?client_id=portal`);
  await visitor.press('logout=yes');
  expect(visitor.page.code).toBe('signed_out');
  return visitor;
}

test('B18 signed out at the hub, the citizen is led to the sign-out that the source offers', async () => {
  const visitor = await signedOutAfter((citizen) => proveByNationalEid(citizen, { level: '2' }));
  const links = visitor.page.$('main a[href*="/sign-out"]');
  expect(links).toHaveLength(1);
  expect(links.text()).toContain('Định danh điện tử');
  expect(links.attr('href')).toContain('client_id=');
  expect((await visitor.open(links.attr('href')!)).code).toBe('eid_signed_out');
});

test('B18 a source that offers none is not named, and one that is down holds nobody up', async () => {
  const visitor = await signedOutAfter((citizen) => proveByTaxCode(citizen));
  expect(visitor.page.has('#sources')).toBe(false);
  const page = visitor.page.url;
  country.taxAuthority.faults.set('hang');
  expect((await visitor.open(page)).code).toBe('signed_out');
  country.taxAuthority.faults.set('none');
});
