/** Owns the tests of a source or the population register in trouble: a page in time, and nothing half-written. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import type { Fault } from '../../sandbox/faults.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import {
  AN,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  signIn,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { journalIn, knownIn, NOBODY } from '../store-copy.ts';

/** Milliseconds: so that what hangs is waited for, but not as long as a citizen would wait. */
const PATIENCE = 600;
const FAULTS = ['down', 'slow', 'hang', 'garbage'] as const satisfies Fault[];
const SCOPE = 'openid profile birth personal_number tax_code';
const ATTESTED = {
  name: 'NGUYEN VAN AN',
  birthdate: '1990-03-14',
  personal_number: '097090000011',
  tax_code: AN.taxCode,
};

const kept = keepLog();
let country: TestCountry;
let stock: client.Configuration;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }, { client_id: 'second' }], {
    log: kept.log,
    configure: (configuration) => ({
      ...configuration,
      patience: PATIENCE,
      // Nobody listens at port 9, which is for throwing things away.
      sources: [...configuration.sources, { ...configuration.sources[0]!, id: 'gone', issuer: 'http://localhost:9' }],
    }),
  });
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  kept.lines.length = 0;
});

const store = () => country.configuration.dataDirectory;
const refusals = async () => (await journalIn(store())).filter(({ type }) => type === 'sign_in_refused');

async function atChoice(visitor = new Visitor()): Promise<Visitor> {
  await visitor.open((await pressButton(stock, country, { scope: SCOPE })).address);
  return visitor;
}

/** What a step shows, which must be there in little more than the patience it was given. */
async function inTime(step: Promise<Page>): Promise<Page> {
  const begun = performance.now();
  const page = await step;
  expect(performance.now() - begun).toBeLessThan(PATIENCE + 1_500);
  return page;
}

describe('a source', () => {
  test.each(FAULTS)('%s when a sign-in begins: told at the choice, which is tried again', async (fault) => {
    country.taxAuthority.faults.set(fault);
    const visitor = await atChoice();
    const page = await inTime(visitor.press('source=tax-code'));
    expect([page.status, page.code, page.reason]).toEqual([200, 'choose_source', 'source_unavailable']);
    expect(await refusals()).toMatchObject([{ reason: 'source_unavailable', source: 'tax-code' }]);
    expect(kept.entries('source_unavailable')).toHaveLength(1);
    expect(await knownIn(store())).toEqual(NOBODY);
    expect((await journalIn(store())).map(({ type }) => type)).not.toContain('source_chosen');
    country.taxAuthority.faults.set('none');
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
  });

  test('that nobody answers for is told too, and another one can be chosen', async () => {
    const visitor = await atChoice();
    const page = await inTime(visitor.press('source=gone'));
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_unavailable']);
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
  });

  test.each([
    ['down', 'source_unavailable'],
    ['slow', 'source_unavailable'],
    ['hang', 'source_unavailable'],
    ['garbage', 'source_answer_invalid'],
  ] as const)('%s when the citizen comes back from it: %s, and nothing is half-written', async (fault, reason) => {
    const visitor = await atChoice(new Visitor({ stopsBefore: ({ pathname }) => pathname.startsWith('/sources/') }));
    const { headers } = await proveByTaxCode(visitor);
    country.taxAuthority.faults.set(fault);
    const page = await inTime(visitor.open(headers.get('location')!));
    expect([page.code, page.reason]).toEqual(['choose_source', reason]);
    expect(await refusals()).toMatchObject([{ reason, source: 'tax-code' }]);
    expect(await knownIn(store())).toEqual(NOBODY);
    country.taxAuthority.faults.set('none');
    // A used answer stays used; a new one is as good as ever.
    expect((await visitor.newTab().open(headers.get('location')!)).status).toBe(400);
    await visitor.open(page.url);
    const again = await proveByTaxCode(visitor);
    expect((await visitor.open(again.headers.get('location')!)).code).toBe('consent');
  });
});

describe('the population register', () => {
  test.each(FAULTS)('B22 %s for somebody new: asked to return, nothing written', async (fault) => {
    country.populationRegister.faults.set(fault);
    const visitor = await atChoice();
    const page = await inTime(proveByTaxCode(visitor));
    expect([page.status, page.code]).toEqual([503, 'register_unavailable']);
    expect(await knownIn(store())).toEqual(NOBODY);
    expect(await refusals()).toMatchObject([{ reason: 'register_unavailable', source: 'tax-code' }]);
    // Of this sign-in: the hub itself, asking the register for changes, may have met it too.
    expect(kept.entries('register_unavailable').filter(({ client }) => client === 'stock')).toHaveLength(1);
    country.populationRegister.faults.set('none');
    await visitor.open(`${page.url.href}/choose`);
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
  });

  test('the way back from there tells the agency to try later', async () => {
    country.populationRegister.faults.set('down');
    const visitor = await atChoice();
    await proveByTaxCode(visitor);
    const form = visitor.page.$('form[action$="/cancel"]');
    expect(form).toHaveLength(1);
    await visitor.post(form.attr('action')!, {});
    expect(country.callback.answers.at(-1)!.parameters.get('error')).toBe('temporarily_unavailable');
  });

  test.each(
    FAULTS,
  )('B22 %s for somebody linked: signed in with what the source attested and no more', async (fault) => {
    const before = await tokensFor(country, stock, { scope: SCOPE });
    const { sub } = before.claims()!;
    const full = await client.fetchUserInfo(stock, before.access_token, sub);
    expect(full).toMatchObject({ name: 'Nguyễn Văn An', gender: 'male', nationalities: ['VN'] });

    country.populationRegister.faults.set(fault);
    const tokens = await tokensFor(country, stock, { scope: SCOPE });
    expect(tokens.claims()!.sub).toBe(sub);
    expect(await client.fetchUserInfo(stock, tokens.access_token, sub)).toEqual({ sub, ...ATTESTED });
    expect(await knownIn(store())).toEqual({ person: 1, link: 1, anchor: 1, consent: 1 });
  });

  test('B22 down, nothing is said to be confirmed by it', async () => {
    const verified_claims = {
      verification: { trust_framework: null, evidence: [{ type: null, record: null }] },
      claims: { name: null },
    };
    const asked = { scope: SCOPE, claims: JSON.stringify({ userinfo: { verified_claims } }) };
    const evidence = async () => {
      const tokens = await tokensFor(country, stock, asked);
      const info = await client.fetchUserInfo(stock, tokens.access_token, tokens.claims()!.sub);
      return JSON.stringify(info.verified_claims);
    };
    expect(await evidence()).toContain('population_register');
    country.populationRegister.faults.set('down');
    const without = await evidence();
    expect(without).toContain('tax_account');
    expect(without).not.toContain('population_register');
  });

  test('B22 down, an account that now attests another number lets nobody in', async () => {
    await tokensFor(country, stock, { scope: SCOPE });
    country.populationRegister.faults.set('down');
    country.registers.change('tax-code', AN.taxCode, { idNumber: '097185000021', name: 'TRAN THI HOA' });
    expect((await proveByTaxCode(await atChoice())).code).toBe('register_unavailable');
    country.registers.change('tax-code', AN.taxCode, { idNumber: null });
    expect((await proveByTaxCode(await atChoice())).code).toBe('register_unavailable');
    expect(await knownIn(store())).toEqual({ person: 1, link: 1, anchor: 1, consent: 1 });
  });

  test('B22 down, an essential claim that only it has ends in temporarily_unavailable', async () => {
    const claims = JSON.stringify({ userinfo: { gender: { essential: true } } });
    await tokensFor(country, stock, { scope: SCOPE, claims });
    country.populationRegister.faults.set('down');
    const answer = await signIn(country, await pressButton(stock, country, { scope: SCOPE, claims }));
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({
      error: 'temporarily_unavailable',
      error_description: 'register_unavailable',
      iss: country.hub,
    });
    const attested = JSON.stringify({ userinfo: { birthdate: { essential: true } } });
    const again = await signIn(country, await pressButton(stock, country, { scope: SCOPE, claims: attested }));
    expect(again.searchParams.get('error')).toBeNull();
  });

  test('B22 down, agreeing to what is shown is not agreeing to what was not', async () => {
    await tokensFor(country, stock);
    const second = await relyingParty(country, 'second');
    country.populationRegister.faults.set('down');
    const visitor = new Visitor();
    await visitor.open((await pressButton(second, country, { scope: SCOPE })).address);
    const page = await proveByTaxCode(visitor);
    expect(page.code).toBe('consent');
    for (const hidden of ['Nam', 'Hà Nội']) expect(page.text('main')).not.toContain(hidden);
    await visitor.tickAll().press('decision=agree');

    country.populationRegister.faults.set('none');
    const later = new Visitor();
    await later.open((await pressButton(second, country, { scope: SCOPE })).address);
    const asked = await proveByTaxCode(later);
    expect(asked.code).toBe('consent');
    expect(asked.text('main')).toContain('Hà Nội');
  });

  test('that answers with a record nobody can use is as good as silent', async () => {
    country.registers.change('population', '097090000011', { name: '' });
    expect((await proveByTaxCode(await atChoice())).code).toBe('register_unavailable');
    expect(await knownIn(store())).toEqual(NOBODY);
  });
});
