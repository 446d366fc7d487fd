/** Owns the tests that the journal names exactly the claims that left: those an agency really found in its answers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { journalIn, type Row } from '../store-copy.ts';
import { addressOf, type Changes } from './asking.ts';
import { ARCHIVE, get, introspect, post, proofOf, redeem, together, userinfo } from './redeeming.ts';
import { atSecond } from './time.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'everything' },
    { client_id: 'signed', userinfo_signed_response_alg: 'ES256', secret: 'post' },
    { client_id: 'choosy', optional_items: ['gender', 'birthdate', 'tax_code'] },
    { client_id: 'names-only', scopes: ['openid', 'profile'] },
    ARCHIVE,
  ]);
});
afterAll(() => country.close());

/** What tells of a token, a sign-in or the protocol, not of the person. */
const NOT_ABOUT_THE_PERSON = [
  'acr',
  'amr',
  'aud',
  'auth_time',
  'exp',
  'iat',
  'iss',
  'nonce',
  'sid',
  'sub',
  'vn_auth_level',
];

/** The names an agency can read in an answer; inside `verified_claims` by their place. */
function namesOf(answer: Readonly<Record<string, unknown>>): string[] {
  const names = Object.keys(answer).filter((name) => !NOT_ABOUT_THE_PERSON.includes(name));
  for (const one of [answer.verified_claims ?? []].flat() as { claims: object }[])
    for (const inside of Object.keys(one.claims)) names.push(`verified_claims.${inside}`);
  return [...new Set(names)].sort();
}

const told = async (type: string): Promise<readonly Row[]> =>
  (await journalIn(country.configuration.dataDirectory)).filter((event) => event.type === type);
const sorted = (claims: unknown) => [...((claims ?? []) as string[])].sort();

/** Signs in, leaving those items unticked; the tokens, and what the journal says of them. */
async function tokens(id: string, changes: Changes, without: readonly string[] = []) {
  const visitor = new Visitor();
  await visitor.open(addressOf(country, id, changes));
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor);
  if (visitor.page.code === 'consent') {
    const boxes = visitor.page.$('input[type=checkbox][name=item]').toArray();
    const items = boxes.map((box) => String(visitor.page.$(box).attr('value')));
    visitor.fill(items.length > 0 ? { item: items.filter((item) => !without.includes(item)) } : {});
    await visitor.press('decision=agree');
  }
  expect(visitor.page.code).toBe('test_callback');
  const { body } = await redeem(country, id, visitor.page.url.searchParams.get('code')!);
  const idToken = JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString());
  const issued = (await told('tokens_issued')).at(-1)!;
  return { access: body.access_token as string, idToken, issued };
}

const everyClaim = {
  name: null,
  gender: { essential: true },
  birthdate: null,
  nationalities: null,
  email: null,
  shoe_size: null,
  toString: null,
};
const verified = (...names: string[]) => ({
  verification: { trust_framework: null },
  claims: Object.fromEntries(names.map((name) => [name, null])),
});

describe('D1 exactly the names of the claims that were released', () => {
  test.each<[string, string, Changes, readonly string[]]>([
    ['nothing but who', 'everything', {}, []],
    ['a scope', 'everything', { scope: 'openid profile' }, []],
    ['all scopes', 'everything', { scope: 'openid profile birth personal_number tax_code email phone' }, []],
    ['verified, by scope', 'everything', { scope: 'openid profile birth verified_claims' }, []],
    ['more than it is registered for', 'names-only', { scope: 'openid profile birth tax_code verified_claims' }, []],
    ['by name, at userinfo', 'everything', { claims: JSON.stringify({ userinfo: everyClaim }) }, []],
    ['by name, in the id token', 'everything', { claims: JSON.stringify({ id_token: everyClaim }) }, []],
    [
      'both, and a scope',
      'everything',
      {
        scope: 'openid birth',
        claims: JSON.stringify({ id_token: { name: null }, userinfo: { tax_code: null, gender: null } }),
      },
      [],
    ],
    [
      'verified, in both, one of two requests for what there is not',
      'everything',
      {
        claims: JSON.stringify({
          userinfo: { verified_claims: [verified('name', 'birthdate'), verified('tax_code', 'email')] },
          id_token: { verified_claims: verified('name', 'gender') },
        }),
      },
      [],
    ],
    [
      'verified on a condition that is not met',
      'everything',
      {
        claims: JSON.stringify({
          userinfo: {
            verified_claims: { verification: { trust_framework: { value: 'another' } }, claims: { name: null } },
          },
        }),
      },
      [],
    ],
    [
      'what the citizen left out',
      'choosy',
      { prompt: 'consent', scope: 'openid profile birth tax_code verified_claims' },
      ['gender', 'tax_code'],
    ],
    [
      'what they left out, asked by name',
      'choosy',
      { prompt: 'consent', claims: JSON.stringify({ id_token: everyClaim, userinfo: everyClaim }) },
      ['gender', 'birthdate'],
    ],
  ])('%s', async (_what, id, changes, without) => {
    const before = (await told('claims_released')).length;
    const { access, idToken, issued } = await tokens(id, changes, without);
    expect(sorted(issued.claims)).toEqual(namesOf(idToken));
    expect(await told('claims_released')).toHaveLength(before);
    const { body } = await userinfo(country, access);
    await userinfo(country, access);
    const released = (await told('claims_released')).slice(before);
    const names = namesOf(body);
    // Where nothing of the person left, there is nothing to tell.
    expect(released.map(({ claims }) => sorted(claims))).toEqual(names.length > 0 ? [names] : []);
    for (const event of released)
      expect(event).toMatchObject({ client: id, source: 'tax-code', purpose: 'Để thử.', claims: expect.any(Array) });
    for (const word of without) expect(JSON.stringify([issued, released])).not.toContain(`"${word}"`);
  });

  test('a signed answer, a narrower question, and both for one token', async () => {
    const before = (await told('claims_released')).length;
    const { access } = await tokens('signed', { scope: 'openid profile tax_code' });
    const narrow = await get(country, '/userinfo?scope=openid+tax_code', { authorization: `Bearer ${access}` });
    const claimsIn = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());
    expect(namesOf(claimsIn(narrow.text))).toEqual(['tax_code']);
    expect(namesOf(claimsIn((await userinfo(country, access)).text))).toEqual(['gender', 'name', 'tax_code']);
    const released = (await told('claims_released')).slice(before);
    expect(released.map(({ claims }) => sorted(claims))).toEqual([['tax_code'], ['gender', 'name', 'tax_code']]);
  });
});

describe('D1 nothing is told of what did not leave', () => {
  test('a token that is over, revoked, looked at by introspection, or made up', async () => {
    const before = (await told('claims_released')).length;
    const scope = { scope: 'openid profile' };
    const [late, revoked, looked] = [
      await tokens('everything', scope),
      await tokens('everything', scope),
      await tokens('everything', scope),
    ];
    expect((await atSecond(601 + 20, () => userinfo(country, late.access))).status).toBe(401);
    const fields = { token: revoked.access };
    expect((await post(country, '/revoke', together(await proofOf(country, 'everything'), { fields }))).status).toBe(
      200,
    );
    expect((await userinfo(country, revoked.access)).status).toBe(401);
    expect((await introspect(country, 'archive', looked.access)).body.active).toBe(true);
    expect((await userinfo(country, `${looked.access.slice(0, -4)}AAAA`)).status).toBe(401);
    expect((await userinfo(country, looked.access, 'DPoP')).status).toBeGreaterThanOrEqual(400);
    expect(await told('claims_released')).toHaveLength(before);
  });

  test('asked for at once many times, it is told once', async () => {
    const before = (await told('claims_released')).length;
    const { access } = await tokens('everything', { scope: 'openid profile' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => userinfo(country, access)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await told('claims_released')).toHaveLength(before + 1);
  });

  test('it stands in the history of the person whose it was, with the browser of the sign-in', async () => {
    const { access } = await tokens('everything', { scope: 'openid profile' });
    await userinfo(country, access);
    const { people, journal, own } = country.runningHub().store;
    const { person } = (await people.findLink('tax-code', AN.taxCode))!;
    const types = ['claims_released', 'tokens_issued', 'consent_given', 'person_identified'] as const;
    for (const type of types) {
      const [row] = await journal.historyOf({ person, types: [type], most: 1 });
      expect((await own.devices.of(person)).map(({ id }) => id)).toContain(row!.device);
    }
  });
});
