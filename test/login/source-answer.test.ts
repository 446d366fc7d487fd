/** Owns the tests of what a source's answer must be before anybody is anybody: each lie, each answer out of its place. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CookieJar } from 'tough-cookie';
import { FORGERIES } from '../../sandbox/authority/forgeries.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, HOA, openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { journalIn, knownIn, NOBODY } from '../store-copy.ts';

const TWIN = 'tax-code-twin';
const kept = keepLog();
let country: TestCountry;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }], {
    log: kept.log,
    // The same authority under a second name: a source that could be mixed up with the first.
    configure: (configuration) => ({
      ...configuration,
      sources: [...configuration.sources, { ...configuration.sources[0]!, id: TWIN }],
    }),
  });
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  kept.lines.length = 0;
});

type Account = Parameters<typeof proveByTaxCode>[1];

const store = () => country.configuration.dataDirectory;

/** A visitor at the hub's choice of sources, sent there by an agency. */
async function atChoice(visitor = new Visitor()): Promise<Visitor> {
  const { address } = await pressButton(await relyingParty(country, 'stock'), country);
  await visitor.open(address);
  return visitor;
}

/** A visitor with the source's answer in hand, not yet brought to the hub. */
async function withAnswer(account: Account = AN) {
  const jar = new CookieJar();
  const stopsBefore = (address: URL) => address.pathname.startsWith('/sources/');
  const visitor = await atChoice(new Visitor({ stopsBefore }, jar));
  const page = await proveByTaxCode(visitor, account);
  const answer = new URL(page.headers.get('location')!);
  const [cookie] = Object.entries(await visitor.cookies(answer)).filter(([name]) => name.startsWith('lt_leg_'));
  return { visitor, answer, jar, cookie: { name: cookie![0], value: cookie![1] } };
}

function changed(address: URL, parameters: Readonly<Record<string, string | null>>): URL {
  const copy = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) copy.searchParams.delete(name);
    else copy.searchParams.set(name, value);
  }
  return copy;
}

/** That nothing came of it but what the journal and the log say. */
async function expectNobody(reason: string): Promise<void> {
  expect(await knownIn(store())).toEqual(NOBODY);
  expect((await journalIn(store())).map(({ type }) => type)).not.toContain('source_answered');
  const entries = kept.entries(reason);
  expect(entries).not.toHaveLength(0);
  expect(entries[0]).toMatchObject({ incident: expect.stringMatching(/^[\w]{4}-[\w]{4}$/) });
}

test('an honest answer is believed, or the tests below say nothing', async () => {
  const { visitor, answer } = await withAnswer();
  expect((await visitor.open(answer)).code).toBe('consent');
  expect(await knownIn(store())).toEqual({ ...NOBODY, person: 1, link: 1, anchor: 1 });
  expect((await journalIn(store())).map(({ type }) => type)).toContain('source_answered');
});

describe('a lie of the source', () => {
  const elsewhere = FORGERIES.filter((forgery) => forgery !== 'response_state');

  test.each(elsewhere)('A18 %s: refused, logged, nobody linked', async (forgery) => {
    country.taxAuthority.forge(forgery);
    const page = await proveByTaxCode(await atChoice());
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_answer_invalid']);
    await expectNobody('source_answer_invalid');
    const refusals = (await journalIn(store())).filter(({ type }) => type === 'sign_in_refused');
    expect(refusals).toMatchObject([{ reason: 'source_answer_invalid', source: 'tax-code', client: 'stock' }]);
    const [logged] = kept.entries('source_answer_invalid');
    expect(logged).toMatchObject({ level: 40, source: 'tax-code', incident: refusals[0]!.incident });
    expect(page.body).toContain(refusals[0]!.incident);
  });

  test('A18 a state the hub never made: refused without a word about anybody’s sign-in', async () => {
    country.taxAuthority.forge('response_state');
    const page = await proveByTaxCode(await atChoice());
    expect([page.status, page.code]).toEqual([502, 'source_answer_invalid']);
    await expectNobody('source_answer_invalid');
  });

  test('after a lie the citizen may try again, and is believed', async () => {
    country.taxAuthority.forge('nonce');
    const visitor = await atChoice();
    await proveByTaxCode(visitor);
    country.taxAuthority.forge(undefined);
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
  });
});

describe('an answer out of its place', () => {
  test.each([
    ['the code of another sign-in', { code: 'other' }],
    ['a code that never was', { code: 'made-up' }],
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['no issuer', { iss: null }],
    ['two codes', { code: 'twice' }],
  ])('A18 %s', async (_name, { code, ...parameters }: { code?: string; iss?: string | null }) => {
    const [mine, theirs] = [await withAnswer(), await withAnswer(HOA)];
    const address = changed(mine.answer, parameters);
    if (code === 'other') address.searchParams.set('code', theirs.answer.searchParams.get('code')!);
    if (code === 'made-up') address.searchParams.set('code', code);
    if (code === 'twice') address.searchParams.append('code', theirs.answer.searchParams.get('code')!);
    const page = await mine.visitor.open(address);
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_answer_invalid']);
    await expectNobody('source_answer_invalid');
  });

  test('A18 an answer of one source at the callback of another', async () => {
    const { answer, cookie, jar } = await withAnswer();
    answer.pathname = `/sources/${TWIN}/callback`;
    // Even when the cookie, which is bound to the first source's address, is carried over by hand.
    await jar.setCookie(`${cookie.name}=${cookie.value}; Path=/`, answer.href);
    const page = await new Visitor({}, jar).open(answer);
    expect([page.status, page.code]).toEqual([502, 'source_answer_invalid']);
    await expectNobody('source_answer_invalid');
    expect((await journalIn(store())).map(({ type }) => type)).not.toContain('sign_in_refused');
  });

  test.each(['nowhere', '__proto__', 'tax-code%2f..'])('a callback of no source: %s', async (source) => {
    const { visitor, answer } = await withAnswer();
    const page = await visitor.open(new URL(`/sources/${source}/callback${answer.search}`, answer));
    expect([page.status, page.code]).toEqual([404, 'not_found']);
    expect(await knownIn(store())).toEqual(NOBODY);
  });

  test.each([
    ['empty', ''],
    ['short', 'AAAA'],
    ['a control character', '%00'],
    ['long', 'a'.repeat(2_000)],
  ])('a state that is none: %s', async (_name, state) => {
    const { visitor, answer } = await withAnswer();
    const page = await visitor.open(`${answer.origin}${answer.pathname}?code=x&state=${state}`);
    expect([page.status, page.code]).toEqual([502, 'source_answer_invalid']);
  });
});

describe('the browser that brings it', () => {
  test('A18 without the cookie of its state, nothing happens and the way back is the agency’s', async () => {
    const { visitor, answer } = await withAnswer();
    const stranger = await new Visitor().open(answer);
    expect([stranger.status, stranger.code]).toEqual([400, 'other_browser']);
    expect(
      stranger
        .$('a[href]')
        .toArray()
        .map((link) => stranger.$(link).attr('href')),
    ).toContain(`${country.callback.origin}/login`);
    await expectNobody('other_browser');
    // The stranger has used nothing up: who began it goes on.
    expect((await visitor.open(answer)).code).toBe('consent');
  });

  test('A18 with the cookie of another state, also under the right name', async () => {
    const [mine, theirs] = [await withAnswer(), await withAnswer(HOA)];
    const page = await mine.visitor.open(theirs.answer);
    expect([page.status, page.code]).toEqual([400, 'other_browser']);
    const renamed = `${theirs.cookie.name}=${mine.cookie.value}; Path=${theirs.answer.pathname}`;
    await mine.jar.setCookie(renamed, theirs.answer.href);
    expect((await mine.visitor.open(theirs.answer)).code).toBe('other_browser');
    await expectNobody('other_browser');
  });

  test('A18 an answer is taken once, also with its cookie put back', async () => {
    const { visitor, answer, cookie, jar } = await withAnswer();
    expect((await visitor.open(answer)).code).toBe('consent');
    const cookies = await visitor.cookies(answer);
    expect(Object.keys(cookies)).not.toContain(cookie.name);
    expect(['other_browser', 'request_expired']).toContain((await visitor.open(answer)).code);
    await jar.setCookie(`${cookie.name}=${cookie.value}; Path=${answer.pathname}`, answer.href);
    expect((await visitor.open(answer)).code).toBe('request_expired');
    expect((await journalIn(store())).filter(({ type }) => type === 'source_answered')).toHaveLength(1);
    // The sign-in itself is unharmed.
    expect((await visitor.open(visitor.trail.find(({ pathname }) => pathname.startsWith('/sign-in/'))!)).code).toBe(
      'consent',
    );
  });

  test('A18 brought twenty times at once it is taken once', async () => {
    const { visitor, answer } = await withAnswer();
    const pages = await Promise.all(Array.from({ length: 20 }, () => visitor.newTab().open(answer)));
    expect(pages.filter(({ code }) => code === 'consent')).toHaveLength(1);
    expect(pages.filter(({ code }) => code === 'request_expired')).toHaveLength(19);
    expect((await journalIn(store())).filter(({ type }) => type === 'source_answered')).toHaveLength(1);
  });

  test('A18 the cookie goes to its own callback only, and to no script', async () => {
    const visitor = await atChoice(
      new Visitor({ stopsBefore: ({ origin }) => origin === country.taxAuthority.issuer }),
    );
    const { headers } = await visitor.press('source=tax-code');
    const set = headers.getSetCookie().find((line) => line.startsWith('lt_leg_'))!;
    expect(set.split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      'Max-Age=900',
      'Path=/sources/tax-code/callback',
      'SameSite=Lax',
    ]);
  });
});

describe('what the tax authority says of an account', () => {
  /** Signs in with an account that the register now holds like this. */
  async function withAccount(change: Readonly<Record<string, unknown>>) {
    const { taxCode } = country.registers.change('tax-code', AN.taxCode, change) as { taxCode: string };
    return proveByTaxCode(await atChoice(), { ...AN, taxCode });
  }

  test('A18 a company is not a person', async () => {
    const page = await proveByTaxCode(await atChoice(), { taxCode: '0100233488', password: AN.password });
    expect([page.status, page.code]).toEqual([403, 'not_a_person']);
    expect(await knownIn(store())).toEqual(NOBODY);
  });

  test.each([
    ['a branch', { taxCode: '8000000011-001' }],
    ['a company with a citizen’s code', { kind: 'company' }],
  ])('A18 %s is not a person', async (_name, change) => {
    const page = await withAccount(change);
    expect([page.status, page.code]).toEqual([403, 'not_a_person']);
    expect(await knownIn(store())).toEqual(NOBODY);
  });

  test.each([
    '8000000012',
    '800000001',
    '80000000110',
    '000090000011',
    '8000000011-000',
    '8000000011-1',
    '80000000AB',
  ])('A18 a code that is none: %s', async (taxCode) => {
    const page = await withAccount({ taxCode });
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_answer_invalid']);
    await expectNobody('source_answer_invalid');
  });

  test('a locked account and a cancelled sign-in are told as what they are', async () => {
    const locked = await withAccount({ status: 'locked' });
    expect([locked.code, locked.reason]).toEqual(['choose_source', 'source_account_locked']);
    const visitor = await atChoice();
    await visitor.press('source=tax-code');
    const cancelled = await visitor.press('decision=cancel');
    expect([cancelled.code, cancelled.reason]).toEqual(['choose_source', 'source_cancelled']);
    expect(await knownIn(store())).toEqual(NOBODY);
  });
});
