/** Signing in by phone over HTTP: the code before the push, each result its own words, and one outcome for one browser. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { REFUSAL_OF_RESULT } from '../../providers/mobile-id/results.ts';
import { waitForPhone } from '../../sandbox/expected/ways.ts';
import { confirmOnPhone } from '../../sandbox/mobile-operator/willing-subscriber.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { type ErrorCode, errorOf } from '../../src/errors.ts';
import { LANGUAGES, type Language } from '../../views/pages.ts';
import { AN_NUMBER, openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';
import { journalIn, knownIn, NOBODY } from '../store-copy.ts';

const AN_PHONE = '+84912000011';
const SCOPE = 'openid profile personal_number';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'stock' },
    { client_id: 'strict', minimum_acr: 'loa3' },
    { client_id: 'modest', scopes: ['openid', 'profile', 'verified_claims'] },
  ]);
});
afterAll(() => country.close());
beforeEach(() => country.reset());

/** A visitor at the page that asks for the numbers, and the request that led there. */
async function atNumbers({ service = 'stock', language = 'vi', parameters = {}, visitor = new Visitor() } = {}) {
  const configuration = await relyingParty(country, service);
  const wishes = { scope: SCOPE, ui_locales: language, ...parameters };
  const pressed = await pressButton(configuration, country, wishes);
  await visitor.open(pressed.address);
  await visitor.press('source=mobile-id');
  expect(visitor.page.code).toBe('mobile_numbers');
  return { visitor, configuration, pressed };
}

async function types(visitor: Visitor, phone: string = AN_PHONE, personalNumber: string = AN_NUMBER): Promise<Page> {
  return visitor.fill({ phone, personal_number: personalNumber }).press('button.primary');
}

/** A visitor whose phone is ringing. */
async function atRinging(start?: Parameters<typeof atNumbers>[0]) {
  const begun = await atNumbers(start);
  await types(begun.visitor);
  await refreshes(begun.visitor);
  return begun;
}

const codeOn = (visitor: Visitor) => visitor.page.text('[data-verification-code]');
const refreshes = async (visitor: Visitor) => visitor.open(`${proofOf(visitor)}/wait`);
/** The address of the pages of the source, in this visitor's sign-in. */
const proofOf = ({ page }: Visitor) => `${country.hub}/sign-in/${page.url.pathname.split('/')[2]}/prove`;
const confirms = (code?: string) => confirmOnPhone(country.mobileOperator.url, AN_PHONE, code);

/** What An's phone shows. */
async function phoneShows(): Promise<string | undefined> {
  return (await new Visitor().open(`${country.mobileOperator.url}/phones/${encodeURIComponent(AN_PHONE)}`)).code;
}

describe('the phone', () => {
  /** What an agency gets of An, who types the numbers as people write them. */
  async function received(service: string, scope: string) {
    const verified = { verification: { trust_framework: null, evidence: null }, claims: { name: null } };
    const parameters = { scope, claims: JSON.stringify({ userinfo: { verified_claims: verified } }) };
    const { visitor, configuration, pressed } = await atNumbers({ service, parameters });
    await types(visitor, '0912 000 011', '097 090 000 011');
    await Promise.all([confirms(codeOn(visitor)), waitForPhone(visitor)]);
    expect(visitor.page.code).toBe('consent');
    await visitor.tickAll().press('decision=agree');
    const answer = country.callback.answers.at(-1)!.address;
    const checks = { ...pressed.checks, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(configuration, answer, checks);
    const idToken = tokens.claims()!;
    const told = await client.fetchUserInfo(configuration, tokens.access_token, idToken.sub);
    const { verification } = told.verified_claims as { verification: { evidence: { type: string }[] } };
    return { idToken, told, evidence: verification.evidence };
  }

  test('B1 signs in; acr and amr say so, the evidence is the signature', async () => {
    const { idToken, told, evidence } = await received('stock', SCOPE);
    expect(idToken).toMatchObject({ acr: 'loa3', amr: ['hwk', 'pin', 'mca'] });
    expect(told).toMatchObject({ name: 'Nguyễn Văn An', personal_number: AN_NUMBER });
    expect(evidence).toEqual([
      {
        type: 'electronic_signature',
        signature_type: 'mobile_id',
        issuer: expect.stringContaining('CN=Chứng thực MobileID thử nghiệm'),
        serial_number: expect.stringMatching(/^[0-9A-F]+$/),
        created_at: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({ type: 'electronic_record' }),
    ]);
  });

  test('the certificate’s number, which is the same everywhere, is not for agencies without the personal number', async () => {
    const { evidence } = await received('modest', 'openid profile');
    expect(evidence.map(({ type }) => type)).toEqual(['electronic_record']);
  });

  test('B1 is enough where loa3 is needed, and comes back without a consent page once agreed', async () => {
    for (const expected of ['consent', 'test_callback']) {
      const { visitor } = await atNumbers({ service: 'strict', parameters: { acr_values: 'loa3' } });
      await types(visitor);
      await Promise.all([confirms(codeOn(visitor)), waitForPhone(visitor)]);
      expect(visitor.page.code).toBe(expected);
      if (expected === 'consent') await visitor.tickAll().press('decision=agree');
    }
  });

  test('B4 shows its code before it is asked, and shows the same afterwards', async () => {
    const { visitor } = await atNumbers();
    await types(visitor);
    const code = codeOn(visitor);
    expect(code).toMatch(/^\d{4}$/);
    expect(visitor.page.text('.opening')).toContain(code);
    expect(visitor.page.$('meta[http-equiv=refresh]').attr('content')).toBe(
      `2;url=${new URL(proofOf(visitor)).pathname}/wait`,
    );
    expect(await phoneShows()).toBe('mobile_phone_quiet');
    await visitor.reload();
    expect([codeOn(visitor), await phoneShows()]).toEqual([code, 'mobile_phone_quiet']);
    await refreshes(visitor);
    expect([codeOn(visitor), await phoneShows()]).toEqual([code, 'mobile_phone']);
  });

  test('B4 the page in another language is the same page, with the same code', async () => {
    const { visitor } = await atNumbers();
    await types(visitor);
    const code = codeOn(visitor);
    await visitor.follow('English');
    expect([visitor.page.code, visitor.page.language, codeOn(visitor)]).toEqual(['mobile_wait', 'en', code]);
  });
});

describe('each result', () => {
  const results = Object.entries(REFUSAL_OF_RESULT);
  const cases = results.flatMap(([result, code]) => LANGUAGES.map((language) => ({ result, code, language })));

  test.each(cases)('B6 $result has its own words in $language', async ({ result, code, language }) => {
    const entry = country.registers.all('mobile-id').find((one) => one.result === result)!;
    const { visitor } = await atNumbers({ language });
    await types(visitor, entry.phone, entry.idNumber);
    await waitForPhone(visitor);
    expectBackAtChoice(visitor.page, code, language);
  });

  test('B6 they are seven different ones', () => {
    for (const language of LANGUAGES)
      expect(new Set(results.map(([, code]) => errorOf(code).title[language])).size).toBe(7);
  });

  test.each([
    ['down', 'source_unavailable'],
    ['garbage', 'source_unavailable'],
    ['another_number', 'not_a_subscriber'],
    ['another_hash', 'signature_invalid'],
  ] as const)('B7 an operator that is %s: an incident at the choice', async (fault, code) => {
    if (fault === 'down' || fault === 'garbage') country.mobileOperator.faults.set(fault);
    else country.mobileOperator.forge(fault);
    const { visitor } = await atNumbers();
    await types(visitor);
    const phone = code === 'source_unavailable' ? undefined : confirms();
    await Promise.all([phone, waitForPhone(visitor)]);
    expectBackAtChoice(visitor.page, code, 'vi');
    expect(await knownIn(country.configuration.dataDirectory)).toEqual(NOBODY);
  });

  function expectBackAtChoice(page: Page, code: ErrorCode, language: Language): void {
    expect([page.status, page.code, page.reason, page.language]).toEqual([200, 'choose_source', code, language]);
    expect(page.text('.notice h2')).toBe(errorOf(code).title[language].replace('{source}', 'MobileID'));
  }
});

describe('two numbers', () => {
  test('typed wrong are asked again, each with its own words, and kept', async () => {
    const { visitor } = await atNumbers();
    const page = await types(visitor, '0912', '097090000011');
    expect(page.code).toBe('mobile_numbers');
    const [phone, number] = [page.$('#phone'), page.$('#personal_number')];
    expect([phone.attr('value'), number.attr('value')]).toEqual(['0912', '097090000011']);
    expect([phone.attr('aria-invalid'), number.attr('aria-invalid')]).toEqual(['true', undefined]);
    expect(phone.attr('aria-describedby')).toBe('phone_wrong phone_hint');
    expect(page.text('#phone_wrong')).toContain('10 chữ số');
    expect((await types(visitor)).code).toBe('mobile_wait');
  });

  test.each([
    [{}],
    [{ phone: 'x'.repeat(5_000), personal_number: '1' }],
  ])('that are none are asked again', async (fields) => {
    const { visitor } = await atNumbers();
    const page = await visitor.post(proofOf(visitor), fields as Record<string, string>);
    expect([page.status, page.code, page.$('[aria-invalid]').length]).toEqual([200, 'mobile_numbers', 2]);
  });

  test('sent twice ring once, with the first code', async () => {
    const { visitor } = await atNumbers();
    const again = visitor.newTab();
    await again.open(visitor.page.url);
    await types(visitor);
    await types(again);
    expect([again.page.code, codeOn(again)]).toEqual(['mobile_wait', codeOn(visitor)]);
  });
});

describe('one outcome', () => {
  test('B8 given up while waiting: back at the choice, and a late success is nobody’s', async () => {
    const { visitor } = await atRinging();
    const waiting = visitor.newTab();
    const polled = waiting.open(`${proofOf(visitor)}/wait`);
    await wait(200);
    expect((await visitor.press('button.secondary')).code).toBe('choose_source');
    await confirms();
    expect((await polled).code).toBe('choose_source');
    expect((await refreshes(visitor)).code).toBe('choose_source');
    expect(await knownIn(country.configuration.dataDirectory)).toEqual(NOBODY);
  });

  test('B8 refreshing harms nothing: one push, and every tab ends at the same page', async () => {
    const { visitor } = await atRinging();
    const tabs = Array.from({ length: 5 }, () => visitor.newTab());
    const shown = tabs.map((tab) => tab.open(`${proofOf(visitor)}/wait`));
    await confirms();
    await Promise.all(shown);
    await Promise.all(tabs.map(waitForPhone));
    expect(tabs.map(({ page }) => page.code)).toContain('consent');
    // Who lost the race saw the choice for as long as the winner was still being identified, and wrote nothing.
    for (const tab of tabs) expect((await tab.open(proofOf(visitor))).code).toBe('consent');
    expect(await knownIn(country.configuration.dataDirectory)).toMatchObject({ person: 1, link: 1 });
    const answered = (await journalIn(country.configuration.dataDirectory)).filter(
      ({ type }) => type === 'source_answered' || type === 'sign_in_refused',
    );
    expect(answered.map(({ type }) => type)).toEqual(['source_answered']);
  });

  test('B8 a script is told where to go, and nothing while there is nowhere', async () => {
    const { visitor } = await atRinging();
    const cookie = Object.entries(await visitor.cookies(proofOf(visitor)));
    const ask = () =>
      fetch(`${proofOf(visitor)}/wait`, {
        headers: { accept: 'application/json', cookie: cookie.map((pair) => pair.join('=')).join('; ') },
      });
    expect((await ask()).status).toBe(204);
    const [answer] = await Promise.all([ask(), confirms()]);
    // What a script is answered with, its browser keeps, too.
    await visitor.keep(answer.headers.getSetCookie(), proofOf(visitor));
    expect(await answer.json()).toEqual({ to: new URL(proofOf(visitor)).pathname.replace('/prove', '') });
    expect((await visitor.open(proofOf(visitor))).code).toBe('consent');
  });

  test('B12 a phone that rings rings for nobody else', async () => {
    await atRinging();
    const other = await atNumbers();
    await types(other.visitor);
    await refreshes(other.visitor);
    expect(other.visitor.page.code).toBe('too_many_requests');
  });
});

describe('whoever else', () => {
  test('another browser is shown nothing', async () => {
    const { visitor } = await atRinging();
    const stranger = new Visitor();
    for (const address of [proofOf(visitor), `${proofOf(visitor)}/wait`])
      expect((await stranger.open(address)).code).toBe('other_browser');
    const forced = await stranger.post(proofOf(visitor), { phone: AN_PHONE, personal_number: AN_NUMBER });
    expect(forced.body).not.toContain(codeOn(visitor));
    expect(forced.code).not.toBe('mobile_wait');
  });

  test('B14 nothing is begun where another source was chosen since, or none', async () => {
    const { visitor } = await atNumbers();
    const [proof, numbers] = [proofOf(visitor), { phone: AN_PHONE, personal_number: AN_NUMBER }];
    await visitor.press('button.quiet');
    expect((await visitor.post(proof, numbers)).code).toBe('choose_source');
    await visitor.press('source=mobile-id');
    await visitor.open(proof.replace('/prove', '/choose'));
    const elsewhere = visitor.newTab();
    await elsewhere.open(visitor.page.url);
    await elsewhere.press('source=tax-code');
    expect((await visitor.post(proof, numbers)).code).toBe('choose_source');
    expect(await phoneShows()).toBe('mobile_phone_quiet');
  });

  test('B17 a sign-in by tax code stays too weak where the phone is enough', async () => {
    const { address } = await pressButton(await relyingParty(country, 'strict'), country);
    const visitor = new Visitor();
    const page = await visitor.open(address);
    expect(page.has('button[value=tax-code]')).toBe(false);
    await expect(proveByTaxCode(visitor)).rejects.toThrow('nothing called');
  });
});
