/** Owns the tests of reviews: what freezes or cannot be told apart waits for somebody, who decides by the rules. */
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
import { addressOf } from '../oidc/asking.ts';
import { tokensOf } from '../oidc/redeeming.ts';
import { bytesOfStore, journalIn } from '../store-copy.ts';
import { runCommand } from './run-command.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }]);
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const reviews = (...words: string[]) => runCommand(country, 'reviews', words);
const store = () => country.configuration.dataDirectory;
const taxEntry = (account: { readonly taxCode: string }) => country.registers.find('tax-code', account.taxCode)!;

async function tryIn(): Promise<{ visitor: Visitor; code: string | undefined }> {
  const visitor = new Visitor();
  await visitor.open(addressOf(country, 'one'));
  return { visitor, code: (await proveByTaxCode(visitor)).code };
}

/** An's tax account gets to attest Hoà, as after a mistake of a clerk; tells how each is known to the agency. */
async function frozen(): Promise<{ an: string; hoa: string; review: string }> {
  const an = (await tokensOf(country, 'one')).id.sub!;
  const hoa = (await tokensOf(country, 'one', {}, { account: HOA })).id.sub!;
  const { name, birthDate, idNumber } = taxEntry(HOA);
  country.registers.change('tax-code', AN.taxCode, { name, birthDate, idNumber });
  expect((await tryIn()).code).toBe('account_changed');
  expect((await tryIn()).code).toBe('account_changed');
  const { answer } = await reviews('list');
  expect(answer.reviews).toMatchObject([{ kind: 'account_changed', source: 'tax-code' }]);
  return { an, hoa, review: answer.reviews[0].review };
}

test('a link that froze waits for a decision; what was attested is sealed and shown to an operator', async () => {
  const { review } = await frozen();
  const { name, idNumber } = taxEntry(HOA);
  const { answer } = await reviews('show', review);
  expect(answer.evidence).toMatchObject({ subject: AN.taxCode, attested: { name, personalNumber: idNumber } });
  const bytes = await bytesOfStore(store());
  for (const text of [name, String(idNumber), AN.taxCode]) expect(bytes.includes(text)).toBe(false);
  expect(bytes.includes('review_opened')).toBe(true);
});

test('given to its new holder, the account is theirs by its number, and never again its former holder’s', async () => {
  const { hoa, review } = await frozen();
  expect((await reviews('decide', review, 'give-to-new-holder')).answer).toMatchObject({
    decision: 'give-to-new-holder',
  });
  expect((await tokensOf(country, 'one')).id.sub).toBe(hoa);
  expect((await reviews('list')).answer.reviews).toEqual([]);
  expect((await reviews('decide', review, 'dismiss')).code).toBe(1);
  const decided = (await journalIn(store())).filter(({ type }) => type === 'review_decided');
  expect(decided).toEqual([{ type: 'review_decided', source: 'tax-code', decision: 'give-to-new-holder' }]);
});

test('given to a new holder, an account that attests no number is nobody’s by that alone', async () => {
  const { review } = await frozen();
  country.registers.change('tax-code', AN.taxCode, { idNumber: null });
  await reviews('decide', review, 'give-to-new-holder');
  expect((await tryIn()).code).toBe('needs_second_source');
});

test('kept for its former holder, the account is theirs once it attests them again, and freezes while it does not', async () => {
  const { an, review } = await frozen();
  await reviews('decide', review, 'keep-former');
  expect((await tryIn()).code).toBe('account_changed');
  const [again] = (await reviews('list')).answer.reviews;
  expect(again.review).not.toBe(review);
  country.registers.restore();
  await reviews('decide', again.review, 'keep-former');
  expect((await tokensOf(country, 'one')).id.sub).toBe(an);
});

test('what its new holder regains by double proof leaves nothing to decide; what is dismissed stays frozen', async () => {
  const { review } = await frozen();
  const { visitor } = await tryIn();
  // Hoà has no account at the insurance agency in this country: An gets theirs back after it was corrected.
  country.registers.restore();
  await visitor.open(addressOf(country, 'one'));
  expect((await proveByTaxCode(visitor)).code).toBe('account_changed');
  await visitor.follow('a[href$="/choose"]');
  expect((await proveBySocialInsurance(visitor)).code).toBe('link');
  await visitor.press('decision=agree');
  expect((await reviews('list')).answer.reviews).toEqual([]);
  expect((await reviews('decide', review, 'keep-former')).code).toBe(1);
});

test('dismissed, a link stays frozen', async () => {
  const { review } = await frozen();
  expect((await reviews('decide', review, 'dismiss')).code).toBe(0);
  expect((await tryIn()).code).toBe('account_changed');
});

test('a number that leads to two people makes one review, in which there is no link to decide about', async () => {
  country.registers.change('population', '097185000021', { formerNumbers: [AN_NUMBER] });
  for (const _try of [1, 2]) expect((await tryIn()).code).toBe('ambiguous');
  const [review, ...others] = (await reviews('list')).answer.reviews;
  expect([review.kind, others]).toEqual(['ambiguous', []]);
  const refused = await reviews('decide', review.review, 'give-to-new-holder');
  expect([refused.code, refused.complaint]).toEqual([1, expect.stringContaining('only dismiss')]);
  expect((await reviews('decide', review.review, 'dismiss')).code).toBe(0);
});
