/** Owns the tests that a citizen has a page within five seconds, as the hub is set up, whoever does not answer. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';

const FIVE_SECONDS = 5_000;
let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }]);
});
afterAll(() => country.close());

async function atChoice(): Promise<Visitor> {
  const visitor = new Visitor({ stopsBefore: ({ pathname }) => pathname.startsWith('/sources/') });
  await visitor.open((await pressButton(await relyingParty(country, 'stock'), country)).address);
  return visitor;
}

async function timed(step: Promise<Page>): Promise<[string | undefined, number]> {
  const begun = performance.now();
  const page = await step;
  return [page.reason ?? page.code, performance.now() - begun];
}

test('within five seconds: a register that never answers', async () => {
  const visitor = await atChoice();
  const { headers } = await proveByTaxCode(visitor);
  country.populationRegister.faults.set('hang');
  const [what, milliseconds] = await timed(visitor.open(headers.get('location')!));
  expect(what).toBe('register_unavailable');
  expect(milliseconds).toBeLessThan(FIVE_SECONDS);
});

test('within five seconds: a source that never answers, at the beginning and at the return', async () => {
  const [beginning, returning] = [await atChoice(), await atChoice()];
  const { headers } = await proveByTaxCode(returning);
  // A hub that has not met the source yet.
  await country.restartHub();
  country.taxAuthority.faults.set('hang');
  const results = await Promise.all([
    timed(beginning.press('source=tax-code')),
    timed(returning.open(headers.get('location')!)),
  ]);
  country.taxAuthority.faults.set('none');
  expect(results.map(([what]) => what)).toEqual(['source_unavailable', 'source_unavailable']);
  for (const [, milliseconds] of results) expect(milliseconds).toBeLessThan(FIVE_SECONDS);
});
