/** Owns the attacks on double proof over HTTP: a proof counts once, in its request, its browser, its ten minutes. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import {
  AN,
  openTestCountry,
  pressButton,
  proveBySocialInsurance,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { atSecond } from '../oidc/time.ts';
import { knownIn } from '../store-copy.ts';

/** Cao Thị Thu Hương: an account without a number, and one with it. */
const NUMBERLESS = { taxCode: '8000002315', password: AN.password };
const NUMBERED = { socialInsuranceNumber: '9700000231', password: 'Baohiem@2026' };

let country: TestCountry;
let stock: client.Configuration;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }]);
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const links = async () => (await knownIn(country.configuration.dataDirectory)).link;
const atChoice = async (visitor = new Visitor()) => {
  await visitor.open((await pressButton(stock, country)).address);
  return visitor;
};

/** A browser in which the account without a number was proved, and waits for a second one. */
async function waiting(visitor?: Visitor): Promise<Visitor> {
  const tab = await atChoice(visitor);
  expect((await proveByTaxCode(tab, NUMBERLESS)).code).toBe('needs_second_source');
  return tab;
}

async function second(visitor: Visitor): Promise<Page> {
  if (visitor.page.code === 'needs_second_source') await visitor.follow('a[href$="/choose"]');
  return proveBySocialInsurance(visitor, NUMBERED);
}

/** Unlinks the account without a number, as its owner would. */
async function unlink(): Promise<void> {
  const { people } = country.runningHub().store;
  const { person } = (await people.findLink('tax-code', NUMBERLESS.taxCode))!;
  const { id } = (await people.linksOf(person)).find(({ source }) => source === 'tax-code')!;
  expect(await people.unlink(person, id, [])).toBe('unlinked');
}

test('B19 both proved in one browser and agreed to are linked; replayed, nothing happens any more', async () => {
  const visitor = await waiting();
  const page = await second(visitor);
  expect(page.code).toBe('link');
  expect(await links()).toBe(0);
  const form = page.$('form[action$="/link"]').attr('action')!;
  expect((await visitor.press('decision=agree')).code).toBe('consent');
  expect(await links()).toBe(2);
  await unlink();
  // Before the request is over, and after.
  expect((await visitor.post(form, { decision: 'agree' })).code).toBe('consent');
  await visitor.press('decision=agree');
  const tab = visitor.newTab();
  await tab.open(`${country.hub}/help`);
  expect((await tab.post(form, { decision: 'agree' })).code).toBe('request_expired');
  expect((await proveByTaxCode(await atChoice(), NUMBERLESS)).code).toBe('needs_second_source');
});

test('B19 it does not move to another request of the same browser, nor to another browser', async () => {
  const visitor = await waiting();
  const { pathname } = visitor.page.url;
  expect((await second(await atChoice(visitor.newTab()))).code).toBe('consent');
  const stranger = await atChoice();
  expect((await stranger.open(`${country.hub}${pathname}/choose`)).code).toBe('other_browser');
  expect((await second(await atChoice())).code).toBe('consent');
  expect((await proveByTaxCode(await atChoice(), NUMBERLESS)).code).toBe('needs_second_source');
});

test('B19 it is worth nothing after ten minutes, though the request still runs', async () => {
  const late = await waiting();
  await atSecond(10 * 60 + 1, async () => expect((await second(late)).code).toBe('consent'));
  const inTime = await waiting();
  await atSecond(9 * 60, async () => expect((await second(inTime)).code).toBe('link'));
});

test('B19 the page that asks is worth nothing after ten minutes either', async () => {
  const visitor = await waiting();
  expect((await second(visitor)).code).toBe('link');
  await atSecond(10 * 60 + 1, async () =>
    expect((await visitor.press('decision=agree')).code).toBe('needs_second_source'),
  );
  expect(await links()).toBe(0);
});

test('B19 it does not outlive a linking and unlinking elsewhere', async () => {
  const stale = await waiting();
  const owner = await waiting();
  await second(owner);
  await owner.press('decision=agree');
  await unlink();
  expect((await second(stale)).code).toBe('consent');
  expect((await proveByTaxCode(await atChoice(), NUMBERLESS)).code).toBe('needs_second_source');
});

test('B19 the account of a namesake without a number never reaches the victim', async () => {
  const { sub } = (await tokensFor(country, stock)).claims()!;
  const before = await links();
  // The attacker has an account in the victim's very name and birth date, and a second one that is their own.
  country.registers.change('tax-code', NUMBERLESS.taxCode, { name: 'NGUYEN VAN AN', birthDate: '1990-03-14' });
  const attacker = await waiting();
  expect((await second(attacker)).code).toBe('consent');
  await attacker.press('decision=agree');
  // Only Hương's own account was linked, to nobody but her.
  expect(await links()).toBe(before + 1);
  expect((await proveByTaxCode(await atChoice(), NUMBERLESS)).code).toBe('needs_second_source');
  expect((await tokensFor(country, stock)).claims()!.sub).toBe(sub);
});

test('B19 a proof left behind in a browser does not come to the next citizen who signs in there', async () => {
  country.registers.change('tax-code', NUMBERLESS.taxCode, { name: 'NGUYEN VAN AN', birthDate: '1990-03-14' });
  const left = await waiting();
  const victim = await atChoice(left.newTab());
  const page = await proveBySocialInsurance(victim);
  expect(page.code).toBe('consent');
  await victim.press('decision=agree');
  expect(await links()).toBe(1);
  expect((await proveByTaxCode(await atChoice(), NUMBERLESS)).code).toBe('needs_second_source');
});
