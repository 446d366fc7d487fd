/** What an agency receives: what it is registered for, what it asked, what the citizen left ticked; nothing besides. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { addressOf, type Changes } from './asking.ts';
import { redeem, tokensOf, userinfo } from './redeeming.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'everything' },
    { client_id: 'names-only', scopes: ['openid', 'profile'] },
    { client_id: 'nothing', scopes: ['openid'] },
    { client_id: 'choosy', optional_items: ['gender', 'birthdate', 'tax_code'] },
  ]);
});
afterAll(() => country.close());

const ALL = 'openid profile birth personal_number tax_code email phone verified_claims';
const PLAIN = {
  name: 'Nguyễn Văn An',
  gender: 'male',
  birthdate: '1990-03-14',
  place_of_birth: { locality: 'Hà Nội' },
  nationalities: ['VN'],
  personal_number: '097090000011',
  tax_code: AN.taxCode,
};
/** What every id token has, whoever it is for. */
const PROTOCOL = ['acr', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sub'];

/** The claims a service receives, by id token and by userinfo. */
async function received(id: string, changes: Changes, visitor = new Visitor()) {
  const tokens = await tokensOf(country, id, changes, { visitor });
  const { sub, ...info } = (await userinfo(country, tokens.access)).body;
  expect(sub).toBe(tokens.id.sub);
  const own = Object.entries(tokens.id).filter(([name]) => !PROTOCOL.includes(name));
  return { info, idToken: Object.fromEntries(own), scope: tokens.answer.body.scope as string };
}

/** Goes to the consent page of a request, or wherever else the hub ends. */
async function consentPage(id: string, changes: Changes, visitor = new Visitor()): Promise<Visitor> {
  await visitor.open(addressOf(country, id, changes));
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor);
  return visitor;
}

const codeAt = (visitor: Visitor) => visitor.page.url.searchParams.get('code') ?? '';

test.each<[string, Partial<typeof PLAIN>]>([
  ['openid', {}],
  ['openid profile', { name: PLAIN.name, gender: PLAIN.gender }],
  [
    'openid birth',
    { birthdate: PLAIN.birthdate, place_of_birth: PLAIN.place_of_birth, nationalities: PLAIN.nationalities },
  ],
  ['openid personal_number', { personal_number: PLAIN.personal_number }],
  ['openid tax_code', { tax_code: PLAIN.tax_code }],
  ['openid email phone', {}],
  ['openid profile birth personal_number tax_code email phone', PLAIN],
])('A14 each scope brings its own claims, to userinfo only: %s', async (scope, claims) => {
  expect(await received('everything', { scope })).toEqual({ info: claims, idToken: {}, scope });
});

test('A14 scopes a service is not registered for are ignored', async () => {
  expect(await received('names-only', { scope: ALL })).toEqual({
    info: { name: PLAIN.name, gender: PLAIN.gender },
    idToken: {},
    scope: 'openid profile',
  });
  expect(await received('nothing', { scope: ALL })).toEqual({ info: {}, idToken: {}, scope: 'openid' });
});

test('A14 claims a service is not registered for are ignored, asked by name or as essential too', async () => {
  const asked = { name: null, birthdate: { essential: true }, personal_number: null, tax_code: null };
  const claims = JSON.stringify({ userinfo: asked, id_token: asked });
  const name = { name: PLAIN.name };
  expect(await received('names-only', { claims })).toMatchObject({ info: name, idToken: name });
  expect(await received('nothing', { claims })).toEqual({ info: {}, idToken: {}, scope: 'openid' });
});

test('A14 a claim comes where it was asked for by name, and there only', async () => {
  const claims = JSON.stringify({ userinfo: { birthdate: null }, id_token: { name: { essential: true } } });
  expect(await received('everything', { claims })).toMatchObject({
    info: { birthdate: PLAIN.birthdate },
    idToken: { name: PLAIN.name },
  });
});

test('A14 what has no value is left out, also when it is essential', async () => {
  const claims = JSON.stringify({ userinfo: { email: { essential: true }, phone_number: { essential: true } } });
  expect((await received('everything', { claims, scope: 'openid email phone' })).info).toEqual({});
});

test('A14 claims nobody knows are left out', async () => {
  const asked = { shoe_size: { essential: true }, toString: null, constructor: null, __proto__: null };
  const claims = JSON.stringify({ userinfo: asked, id_token: asked });
  expect(await received('everything', { claims })).toEqual({ info: {}, idToken: {}, scope: 'openid' });
});

test('A14 what the claims parameter says in ways the standard does not know is neither asked nor given', async () => {
  const asked = { userinfo: { name: null, tax_code: 5 }, elsewhere: { birthdate: null }, nowhere: null };
  const visitor = await consentPage('everything', { claims: JSON.stringify(asked), prompt: 'consent' });
  expect(visitor.page.text('main')).not.toMatch(/14\/03\/1990|8000000011/);
  expect((await received('everything', { claims: JSON.stringify(asked) }, visitor)).info).toEqual({ name: PLAIN.name });
});

test('A14 malformed claims are refused before the citizen is asked anything', async () => {
  const malformed = ['no json', '[]', '"name"', 'null', '{"userinfo":[]}'];
  for (const claims of malformed) {
    const visitor = await consentPage('everything', { claims });
    expect([claims, visitor.page.code]).toEqual([claims, 'test_callback']);
    expect(visitor.page.url.searchParams.get('error')).toBe('invalid_request');
  }
});

describe('optional items', () => {
  const scope = 'openid profile birth tax_code';
  const REQUIRED = { name: PLAIN.name, place_of_birth: PLAIN.place_of_birth, nationalities: PLAIN.nationalities };

  test('A14 left unticked are not released, and not asked again', async () => {
    const visitor = await consentPage('choosy', { scope, prompt: 'consent' });
    await visitor.fill({ item: ['birthdate'] }).press('decision=agree');
    const { body } = await redeem(country, 'choosy', codeAt(visitor));
    const { sub, ...info } = (await userinfo(country, body.access_token)).body;
    expect(info).toEqual({ ...REQUIRED, birthdate: PLAIN.birthdate });
    // The next sign-in, of this session and of another, goes straight through and brings the same.
    for (const browser of [visitor, new Visitor()]) {
      await consentPage('choosy', { scope }, browser);
      const again = await redeem(country, 'choosy', codeAt(browser));
      expect((await userinfo(country, again.body.access_token)).body).toEqual({ sub, ...info });
    }
  });

  test('A14 unticked ones cannot be had by asking for them by name either', async () => {
    const visitor = await consentPage('choosy', { scope, prompt: 'consent' });
    await visitor.press('decision=agree');
    const asked = { gender: { essential: true }, tax_code: null, name: null };
    const verified = { verification: { trust_framework: null }, claims: asked };
    const claims = JSON.stringify({
      userinfo: { ...asked, verified_claims: verified },
      id_token: { ...asked, verified_claims: verified },
    });
    const { info, idToken } = await received('choosy', { claims, scope: 'openid profile verified_claims' }, visitor);
    for (const told of [info, idToken]) {
      expect(told).toMatchObject({ name: PLAIN.name, verified_claims: { claims: { name: PLAIN.name } } });
      expect(JSON.stringify(told)).not.toMatch(/gender|tax_code|male|8000000011/);
    }
  });

  test('A14 ticked against the page, required items stay required and foreign ones mean nothing', async () => {
    const visitor = await consentPage('choosy', { scope: 'openid profile', prompt: 'consent' });
    const { action, method } = { action: visitor.page.$('form').attr('action')!, method: 'agree' };
    const shown = visitor.page.$('input[name=shown]').attr('value')!;
    await visitor.post(action, { decision: method, item: 'personal_number', shown });
    const { body } = await redeem(country, 'choosy', codeAt(visitor));
    const { sub: _, ...info } = (await userinfo(country, body.access_token)).body;
    expect(info).toEqual({ name: PLAIN.name });
  });
});

test('A14 openid alone says that nothing personal is given', async () => {
  const visitor = await consentPage('nothing', { scope: 'openid', prompt: 'consent' });
  expect(visitor.page.code).toBe('consent');
  expect(visitor.page.has('dl dd[id^=value], section#given, h2#given, input[type=checkbox]')).toBe(false);
  expect(visitor.page.text('main')).toContain('chỉ nhận một mã riêng');
  for (const value of [PLAIN.name, PLAIN.personal_number]) expect(visitor.page.body).not.toContain(value);
});

test('A14 the consent page shows the values that are then sent', async () => {
  const visitor = await consentPage('everything', { scope: ALL, prompt: 'consent' });
  const shown = visitor.page.text('main');
  for (const value of ['Nguyễn Văn An', 'Nam', '14/03/1990', 'Hà Nội', 'Việt Nam', '097090000011', AN.taxCode])
    expect(shown).toContain(value);
});
