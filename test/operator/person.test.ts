/** Owns the tests of `npm run person`: a lock that holds at once and everywhere, and accounts that are unlinked. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  AN,
  AN_NUMBER,
  HOA,
  openTestCountry,
  proveBySocialInsurance,
  proveByTaxCode,
  type TestCountry,
} from '../country.ts';
import { addressOf, answerAfter } from '../oidc/asking.ts';
import { introspect, tokensOf, userinfo } from '../oidc/redeeming.ts';
import { journalIn } from '../store-copy.ts';
import { runCommand } from './run-command.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }]);
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const person = (...words: string[]) => runCommand(country, 'person', words, `${AN_NUMBER}\n`);
const withoutPage = (visitor: Visitor) => answerAfter(country, visitor, addressOf(country, 'one', { prompt: 'none' }));

async function atChoice(): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.open(addressOf(country, 'one'));
  return visitor;
}

/** An with two accounts; the insurance's first, so that its page and the tax authority's both were seen. */
async function withTwoAccounts(): Promise<void> {
  await tokensOf(country, 'one');
  const visitor = await atChoice();
  expect((await proveBySocialInsurance(visitor)).code).toBe('test_callback');
}

const linkOf = async (source: string): Promise<{ link: string; state: string; account: string; how: string }> =>
  (await person('links')).answer.links.find((link: { source: string }) => link.source === source);

test('B21 who is locked between two sign-ins is out at once, cannot come in, and can after the lock', async () => {
  const visitor = new Visitor();
  const { access } = await tokensOf(country, 'one', {}, { visitor });
  expect(await withoutPage(visitor)).toHaveProperty('code');

  const locked = await person('lock');
  expect(locked).toMatchObject({ code: 0, answer: { state: 'locked', changed: true, sessions_ended: 1 } });
  expect((await userinfo(country, access)).status).toBe(401);
  expect(await withoutPage(visitor)).toMatchObject({ error: 'login_required' });

  const again = await atChoice();
  const page = await proveByTaxCode(again);
  expect([page.code, page.status]).toEqual(['person_locked', 403]);
  await again.press('form[action$="/cancel"] button');
  expect(Object.fromEntries(country.callback.answers.at(-1)!.parameters)).toMatchObject({
    error: 'access_denied',
    error_description: 'not_signed_in',
  });
  // Another citizen is not concerned.
  await tokensOf(country, 'one', {}, { account: HOA });

  expect((await person('show')).answer).toEqual({ state: 'locked', links: 1, active: 1 });
  expect((await person('unlock')).answer).toEqual({ state: 'active', changed: true });
  await tokensOf(country, 'one');
  const told = (await journalIn(country.configuration.dataDirectory)).map(({ type }) => type);
  expect(told).toEqual(expect.arrayContaining(['person_locked', 'person_unlocked']));
});

test('B21 a lock holds for what a session begun in that very moment would still give', async () => {
  const { access } = await tokensOf(country, 'one');
  const { people } = country.runningHub().store;
  const id = (await people.findHolder(AN_NUMBER))!;
  // The lock alone, with the session left as if it had come a moment later.
  await people.lock(id, []);
  expect((await userinfo(country, access)).status).toBe(401);
  expect((await introspect(country, 'one', access)).body).toMatchObject({ active: false });
  await people.unlock(id, []);
  expect((await userinfo(country, access)).status).toBe(200);
});

test('an account is shown by its end only, and the last one is not unlinked', async () => {
  await tokensOf(country, 'one');
  const { answer } = await person('links');
  expect(answer.links).toMatchObject([{ source: 'tax-code', account: '…11', state: 'active', how: 'number' }]);
  expect(JSON.stringify(answer)).not.toContain(AN.taxCode);
  const refused = await person('unlink', answer.links[0].link);
  expect(refused).toMatchObject({ code: 1, complaint: expect.stringContaining('refused') });
  expect((await person('unlink', 'ffffffffff')).complaint).toContain('no such link');
});

test('B20 what was unlinked does not come back by its number, but by double proof', async () => {
  await withTwoAccounts();
  const unlinked = await person('unlink', (await linkOf('tax-code')).link);
  expect(unlinked).toMatchObject({ code: 0, answer: { source: 'tax-code', state: 'unlinked', sessions_ended: 2 } });

  const visitor = await atChoice();
  expect((await proveByTaxCode(visitor)).code).toBe('needs_second_source');
  expect(await linkOf('tax-code')).toMatchObject({ state: 'unlinked' });
  expect((await person('unlink', (await linkOf('tax-code')).link)).complaint).toContain('already');
  // The other one is the last way in by now.
  expect((await person('unlink', (await linkOf('social-insurance')).link)).code).toBe(1);

  await visitor.follow('a[href$="/choose"]');
  expect((await proveBySocialInsurance(visitor)).code).toBe('link');
  expect((await visitor.press('decision=agree')).code).toBe('test_callback');
  expect(await linkOf('tax-code')).toMatchObject({ state: 'active', how: 'double_proof' });
  await tokensOf(country, 'one');
});

test('a number comes by standard input only; unknown ones and wrong words are told', async () => {
  expect((await runCommand(country, 'person', ['show'], '097090999999')).complaint).toContain('Nobody');
  expect((await runCommand(country, 'person', ['show'], 'Nguyễn')).code).toBe(1);
  for (const words of [['show', AN_NUMBER], ['unlink'], ['unlink', 'a', AN_NUMBER], ['erase'], []]) {
    const { code, complaint } = await person(...words);
    expect([code, complaint]).toEqual([1, expect.stringContaining('npm run person')]);
  }
});

test('the channel is for who has the store, and for who finds a hub', async () => {
  const { dataDirectory } = country.configuration;
  expect(statSync(path.join(dataDirectory, 'operator.sock')).mode & 0o777).toBe(0o600);
  expect((await runCommand(country.directory, 'person', ['show'], AN_NUMBER)).complaint).toContain('No hub answers');
});
