/** Owns the tests of the sources that need no code of their own: from the button to what the agency receives. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { SourceSettings } from '../../src/sources.ts';
import {
  AN_INSURED,
  AN_NUMBER,
  openTestCountry,
  pressButton,
  proveByNationalEid,
  proveBySocialInsurance,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
} from '../country.ts';
import { knownIn, NOBODY } from '../store-copy.ts';

const SCOPE = 'openid profile birth personal_number verified_claims';

/** All sources, by a file that knows only the first level of the fifth. */
const halfKnown = (sources: readonly SourceSettings[]): SourceSettings[] =>
  sources.flatMap((source) =>
    source.kind === 'openid' && source.id === 'national-eid'
      ? [{ ...source, claims: { ...source.claims, level: { claim: 'mucDo', values: { '1': 'loa1' as const } } } }]
      : [source],
  );

let country: TestCountry;
let stock: client.Configuration;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }]);
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country.close());
beforeEach(() => country.reset());

type Wishes = Record<string, string>;

/** From an agency's button to the choice. */
async function atChoice(wishes: Wishes = {}, visitor = new Visitor()) {
  const pressed = await pressButton(stock, country, { scope: SCOPE, ...wishes });
  await visitor.open(pressed.address);
  return { visitor, pressed };
}

/** What the agency receives of whoever proves themselves so. */
async function receivedAfter(prove: (visitor: Visitor) => Promise<Page>, wishes: Wishes = {}) {
  const { visitor, pressed } = await atChoice(wishes);
  const page = await prove(visitor);
  expect(page.code).toBe('consent');
  await visitor.tickAll().press('decision=agree');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(stock, answer, { ...pressed.checks, idTokenExpected: true });
  const idToken = tokens.claims()!;
  return { idToken, userInfo: await client.fetchUserInfo(stock, tokens.access_token, idToken.sub) };
}

const PERSON = { name: 'Nguyễn Văn An', birthdate: '1990-03-14', personal_number: AN_NUMBER };
const nobody = async () => expect(await knownIn(country.configuration.dataDirectory)).toEqual(NOBODY);

test('the choice shows all sources, the one that stands for any other last', async () => {
  const { page } = (await atChoice()).visitor;
  const shown = page.$('button[name=source]').toArray();
  const ids = shown.map((button) => page.$(button).attr('value'));
  expect(ids).toEqual(country.configuration.sources.map(({ id }) => id));
  expect(ids).toContain('social-insurance');
  expect(ids.at(-1)).toBe('national-eid');
});

test('B1 social insurance signs in', async () => {
  const { idToken, userInfo } = await receivedAfter(proveBySocialInsurance, { acr_values: 'loa2' });
  expect(idToken).toMatchObject({ acr: 'loa2', amr: ['pwd', 'otp'] });
  expect(userInfo).toMatchObject({ ...PERSON, gender: 'male' });
});

test.each([
  ['1', 'loa1', ['pwd']],
  ['2', 'loa3', ['pwd', 'swk']],
] as const)('B1 a source by configuration alone signs in: its level %s is %s', async (level, acr, amr) => {
  const { idToken, userInfo } = await receivedAfter((visitor) => proveByNationalEid(visitor, { level }));
  expect(idToken).toMatchObject({ acr, amr });
  expect(userInfo).toMatchObject(PERSON);
});

test('B13 one subject by tax code, social insurance and any other source', async () => {
  const ways = [
    proveByTaxCode,
    proveBySocialInsurance,
    (visitor: Visitor) => proveByNationalEid(visitor, { level: '2' }),
  ];
  const subjects = new Set<string>();
  for (const prove of ways) {
    const { visitor, pressed } = await atChoice({ scope: 'openid' });
    if ((await prove(visitor)).code === 'consent') await visitor.press('decision=agree');
    const answer = country.callback.answers.at(-1)!.address;
    const tokens = await client.authorizationCodeGrant(stock, answer, { ...pressed.checks, idTokenExpected: true });
    subjects.add(tokens.claims()!.sub);
  }
  expect(subjects.size).toBe(1);
});

describe('at the insurance agency', () => {
  test('locked is told after the right password only, cancelled as what it is; nobody is known by it', async () => {
    country.registers.change('social-insurance', AN_INSURED.socialInsuranceNumber, { status: 'locked' });
    const { visitor } = await atChoice();
    const kept = await proveBySocialInsurance(visitor, { ...AN_INSURED, password: 'wrong' });
    expect([kept.code, kept.reason]).toEqual(['insurance_sign_in', 'wrong_credentials']);
    const cancelled = await visitor.press('decision=cancel');
    expect([cancelled.code, cancelled.reason]).toEqual(['choose_source', 'source_cancelled']);
    const locked = await proveBySocialInsurance(visitor);
    expect([locked.code, locked.reason]).toEqual(['choose_source', 'source_account_locked']);
    await nobody();
  });

  test('an answer that lies is not believed, and a service that is down is told', async () => {
    const { visitor } = await atChoice();
    country.socialInsurance.forge('nonce');
    expect((await proveBySocialInsurance(visitor)).reason).toBe('source_answer_invalid');
    country.socialInsurance.forge(undefined);
    country.socialInsurance.faults.set('down');
    const { visitor: another } = await atChoice();
    expect((await another.press('source=social-insurance')).status).toBe(503);
    await nobody();
  });

  test('B7 an account without number, name and date is nobody’s yet; one of another’s name is refused', async () => {
    const change = (entry: Record<string, unknown>) =>
      country.registers.change('social-insurance', AN_INSURED.socialInsuranceNumber, entry);
    change({ idNumber: null, birthDate: null, gender: null });
    expect((await proveBySocialInsurance((await atChoice()).visitor)).code).toBe('needs_second_source');
    change({ idNumber: AN_NUMBER, name: 'Trần Thị Hoà' });
    expect((await proveBySocialInsurance((await atChoice()).visitor)).code).toBe('identity_mismatch');
  });
});

describe('levels of its own', () => {
  test('B7 a weak sign-in at a source that could do more is not enough', async () => {
    const { visitor } = await atChoice({ acr_values: 'loa2' });
    expect((await proveByNationalEid(visitor, { level: '1' })).code).toBe('too_weak');
    await visitor.follow('a[href$="/choose"]');
    expect((await proveByNationalEid(visitor, { level: '2' })).code).toBe('consent');
  });

  test('B7 a level the file does not list is refused', async () => {
    const other = await openTestCountry([{ client_id: 'stock' }], {
      configure: (usual) => ({ ...usual, sources: halfKnown(usual.sources) }),
    });
    try {
      const visitor = new Visitor();
      await visitor.open((await pressButton(await relyingParty(other, 'stock'), other)).address);
      const refused = await proveByNationalEid(visitor, { level: '2' });
      expect([refused.code, refused.reason]).toEqual(['choose_source', 'source_answer_invalid']);
      expect((await proveByNationalEid(visitor, { level: '1' })).code).toBe('consent');
    } finally {
      await other.close();
    }
  });
});
