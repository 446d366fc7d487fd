/** Verified identity (OpenID Connect for Identity Assurance 1.0): asked for in its ways, answered in its shape. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { addressOf } from './asking.ts';
import { tokensOf, userinfo } from './redeeming.ts';
import { atSecond } from './time.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true, strictRequired: false, strictTypes: false });
const schema = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(path.join(import.meta.dirname, 'schemas', name), 'utf8')));
const isAnswer = schema('verified-claims.json');
const isRequest = schema('verified-claims-request.json');

const FRAMEWORK = 'vn_lien_thong';
const NAME = 'Nguyễn Văn An';
const SCOPE = 'openid profile birth personal_number tax_code';

let country: TestCountry;
const visitor = new Visitor();
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'asker' },
    { client_id: 'modest', scopes: ['openid', 'profile', 'verified_claims'], optional_items: ['gender'] },
    { client_id: 'unregistered', scopes: ['openid', 'profile'] },
  ]);
  // Agreed to everything once; what comes below is cut by what each request asks.
  await tokensOf(country, 'asker', { scope: SCOPE }, { visitor });
});
afterAll(() => country.close());

type Wishes = Readonly<Record<string, unknown>>;
const asking = (verification: Wishes, claims: Wishes = { name: null }) => ({
  verification: { trust_framework: null, ...verification },
  claims,
});

/** The `verified_claims` of userinfo, and of the id token, for one request. */
async function answered(changes: { scope?: string; userinfo?: unknown; id_token?: unknown }, id = 'asker') {
  const { scope = 'openid', ...targets } = changes;
  const entries = Object.entries(targets).map(([target, asked]) => [target, { verified_claims: asked }]);
  const claims = Object.fromEntries(entries);
  expect(isRequest(claims)).toBe(true);
  const parameters = entries.length === 0 ? { scope } : { scope, claims: JSON.stringify(claims) };
  const tokens = await tokensOf(country, id, parameters, { visitor });
  const info = (await userinfo(country, tokens.access)).body;
  const told = [info, tokens.id].filter((one) => 'verified_claims' in one);
  for (const one of told) expect([isAnswer(one), isAnswer.errors]).toEqual([true, null]);
  return { info: info.verified_claims, idToken: tokens.id.verified_claims };
}

/** What userinfo answers to one request. */
const toAsker = async (verification: Wishes, claims?: Wishes) =>
  (await answered({ userinfo: asking(verification, claims) })).info;
const plainly = (claims: Wishes) => ({ verification: { trust_framework: FRAMEWORK }, claims });

test('A12 by scope: what the other scopes of the request ask for, with the framework', async () => {
  const { info, idToken } = await answered({ scope: 'openid profile verified_claims' });
  expect(info).toEqual(plainly({ name: NAME, gender: 'male' }));
  expect(idToken).toBeUndefined();
  // The citizen agreed to more, once; it was not asked for now.
  expect((await answered({ scope: 'openid verified_claims' })).info).toBeUndefined();
  expect((await answered({ scope: `${SCOPE} verified_claims email phone` })).info.claims).toEqual({
    name: NAME,
    gender: 'male',
    birthdate: '1990-03-14',
    place_of_birth: { locality: 'Hà Nội' },
    nationalities: ['VN'],
    personal_number: '097090000011',
    tax_code: '8000000011',
  });
});

test('A12 by the claims parameter: where it was asked, and there only', async () => {
  const wish = asking({}, { name: null, birthdate: { essential: true } });
  const told = plainly({ name: NAME, birthdate: '1990-03-14' });
  expect(await answered({ userinfo: wish })).toEqual({ info: told, idToken: undefined });
  expect(await answered({ id_token: wish })).toEqual({ info: undefined, idToken: told });
  const both = await answered({ userinfo: wish, id_token: asking({}, { tax_code: null }) });
  expect(both).toEqual({ info: told, idToken: plainly({ tax_code: '8000000011' }) });
});

test('A12 in list form each request is answered on its own', async () => {
  const wishes = [
    asking({}),
    asking({ trust_framework: { value: 'elsewhere' } }),
    asking({ time: null }, { birthdate: null }),
  ];
  const { info, idToken } = await answered({ userinfo: wishes, id_token: wishes });
  expect(info).toEqual([
    plainly({ name: NAME }),
    { verification: { trust_framework: FRAMEWORK, time: expect.any(String) }, claims: { birthdate: '1990-03-14' } },
  ]);
  expect(idToken).toEqual(info);
  expect((await answered({ userinfo: [asking({})] })).info).toEqual(plainly({ name: NAME }));
});

test('A12 all there is to tell of how it was verified', async () => {
  const record = {
    type: { value: 'electronic_record' },
    check_details: null,
    record: null,
  };
  const { verification } = (await toAsker({ time: null, evidence: [record] })) as {
    verification: { time: string; evidence: { record: { type: string } }[] };
  };
  expect(Math.abs(Date.parse(verification.time) - Date.now())).toBeLessThan(60_000);
  expect(verification.evidence.map((one) => one.record.type)).toEqual(['tax_account', 'population_register']);
});

describe('only what was asked of the verification', () => {
  const evidence = async (wish: Wishes) =>
    (
      (await toAsker({ evidence: [{ type: { value: 'electronic_record' }, ...wish }] })) as {
        verification: { evidence: unknown[] };
      }
    ).verification.evidence;

  test('A12 its parts, one by one', async () => {
    const type = 'electronic_record';
    expect(await evidence({})).toEqual([{ type }, { type }]);
    expect(await evidence({ record: { source: { country_code: null } } })).toEqual([
      { type, record: { type: 'tax_account', source: { country_code: 'VNM' } } },
      { type, record: { type: 'population_register', source: { country_code: 'VNM' } } },
    ]);
    expect(await evidence({ check_details: [{ organization: null }] })).toEqual([
      { type, check_details: [{ check_method: 'auth' }] },
      { type, check_details: [{ check_method: 'data' }] },
    ]);
  });

  test('A12 conditions choose among the evidence', async () => {
    const type = 'electronic_record';
    expect(await evidence({ record: { type: { value: 'tax_account' } } })).toEqual([
      { type, record: { type: 'tax_account' } },
    ]);
    expect(await evidence({ check_details: [{ check_method: { values: ['data', 'vri'] } }] })).toEqual([
      { type, check_details: [{ check_method: 'data' }] },
    ]);
  });
});

describe('conditions', () => {
  test.each<[string, Wishes]>([
    ['this framework', { trust_framework: { value: FRAMEWORK } }],
    ['one of several frameworks', { trust_framework: { values: ['eidas', FRAMEWORK] } }],
    ['as essential', { trust_framework: { value: FRAMEWORK, essential: true } }],
    ['something unknown, without condition', { assurance_level: null, verification_process: { purpose: 'to know' } }],
  ])('A12 met: %s', async (_name, verification) => {
    expect(await toAsker(verification)).toEqual(plainly({ name: NAME }));
  });

  test.each<[string, Wishes]>([
    ['another framework', { trust_framework: { value: 'eidas' } }],
    ['several others', { trust_framework: { values: ['eidas', 'de_aml'] } }],
    ['another framework as essential', { trust_framework: { value: 'eidas', essential: true } }],
    ['a level we do not state', { assurance_level: { value: 'high' } }],
    ['evidence of another type', { evidence: [{ type: { value: 'document' } }] }],
    [
      'a record of another kind',
      { evidence: [{ type: { value: 'electronic_record' }, record: { type: { value: 'bank' } } }] },
    ],
    [
      'a part of the evidence we do not have',
      {
        evidence: [{ type: { value: 'electronic_record' }, record: { created_at: { max_age: 5 } } }],
      },
    ],
    [
      'a check by another',
      {
        evidence: [{ type: { value: 'electronic_record' }, check_details: [{ organization: { value: 'bank' } }] }],
      },
    ],
  ])('A12 not met, so nothing is told and nothing goes wrong: %s', async (_name, verification) => {
    expect(await toAsker(verification)).toBeUndefined();
  });

  test('A12 one of several kinds of evidence is enough', async () => {
    const evidence = [{ type: { value: 'document' } }, { type: { value: 'electronic_record' } }];
    expect(await toAsker({ evidence })).toMatchObject({ claims: { name: NAME } });
  });

  test('A12 the age of the verification', async () => {
    const recent = { time: { max_age: 60 } };
    expect(await toAsker(recent)).toMatchObject({ verification: { time: expect.any(String) } });
    await atSecond(120, async () => {
      expect(await toAsker(recent)).toBeUndefined();
      expect(await toAsker({ time: { max_age: 600 } })).toMatchObject({ claims: { name: NAME } });
    });
  });

  test('A12 of a claim: the one that does not meet them is left out, the others are not', async () => {
    const claims = {
      name: { value: NAME },
      gender: { value: 'female' },
      nationalities: { values: [['VN'], ['FR']] },
      birthdate: { max_age: 18 * 366 * 24 * 60 * 60 },
      tax_code: { values: ['8000000011', '8000000212'] },
    };
    expect(await toAsker({}, claims)).toEqual(plainly({ name: NAME, nationalities: ['VN'], tax_code: '8000000011' }));
    expect(await toAsker({}, { gender: { value: 'female' } })).toBeUndefined();
  });
});

test('A12 only what a register verified, never what an account merely holds or nobody knows', async () => {
  const claims = {
    name: null,
    email: null,
    phone_number: null,
    shoe_size: null,
    sub: null,
    toString: null,
    constructor: null,
  };
  expect(await toAsker({}, claims)).toEqual(plainly({ name: NAME }));
  expect(await toAsker({}, { email: null, hasOwnProperty: null })).toBeUndefined();
});

test('A12 only what a service is registered for, and the citizen left ticked', async () => {
  const wish = asking({}, { name: null, gender: null, birthdate: null, tax_code: null });
  const browser = new Visitor();
  await tokensOf(country, 'asker', {}, { visitor: browser });
  await browser.open(addressOf(country, 'modest', { claims: JSON.stringify({ userinfo: { verified_claims: wish } }) }));
  await browser.press('decision=continue');
  // Asked by name inside `verified_claims` it stands on the page like anything else.
  expect(browser.page.text('main')).toContain(NAME);
  expect(browser.page.text('main')).not.toContain('14/03/1990');
  await browser.press('decision=agree');
  expect((await answered({ userinfo: wish }, 'modest')).info).toEqual(plainly({ name: NAME }));
  expect(await answered({ userinfo: wish, id_token: wish, scope: 'openid verified_claims' }, 'unregistered')).toEqual({
    info: undefined,
    idToken: undefined,
  });
});

const WELL = asking({});
const malformed: [string, unknown][] = [
  ['text', 'name'],
  ['a number', 5],
  ['an empty object', {}],
  ['an empty list', []],
  ['without claims', { verification: { trust_framework: null } }],
  ['with no claim', { ...WELL, claims: {} }],
  ['without verification', { claims: { name: null } }],
  ['without a framework', { ...WELL, verification: { time: null } }],
  ['a framework as text', asking({ trust_framework: FRAMEWORK })],
  ['values that are no list', asking({ trust_framework: { values: FRAMEWORK } })],
  ['values that are none', asking({ trust_framework: { values: [] } })],
  ['an age as text', asking({ time: { max_age: '60' } })],
  ['an age below nothing', asking({ time: { max_age: -1 } })],
  ['a purpose too short', asking({}, { name: { purpose: 'no' } })],
  ['a purpose too long', asking({}, { name: { purpose: 'x'.repeat(301) } })],
  ['essential as text', asking({}, { name: { essential: 'yes' } })],
  ['evidence as text', asking({ evidence: 'all' })],
  ['evidence that is none', asking({ evidence: [] })],
  ['evidence without a type', asking({ evidence: [{ record: null }] })],
  ['evidence of several types at once', asking({ evidence: [{ type: { values: ['document', 'vouch'] } }] })],
  ['a claim asked for by a number', asking({}, { name: 1 })],
  ['one of two is wrong', [WELL, { claims: { name: null } }]],
];

test.each(malformed)('A12 malformed and refused: %s', async (_name, asked) => {
  for (const target of ['userinfo', 'id_token']) {
    const claims = { [target]: { verified_claims: asked } };
    expect(isRequest(claims)).toBe(false);
    const answer = await fetch(addressOf(country, 'asker', { claims: JSON.stringify(claims) }), { redirect: 'manual' });
    const destination = new URL(answer.headers.get('location') ?? '', country.hub);
    expect(destination.origin + destination.pathname).toBe(country.callback.url);
    expect(Object.fromEntries(destination.searchParams)).toMatchObject({
      error: 'invalid_request',
      state: 'the-state',
    });
  }
});
