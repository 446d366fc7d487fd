/** The `sub`: one for each person and agency, the same for ever and wherever it is told, and nothing can be read from it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { ARCHIVE, introspect, tokensOf, userinfo } from './redeeming.ts';
import { change } from './rotating.ts';

const TAX_OFFICE = { id: 'tax-office', name: { vi: 'Cơ quan thuế thử', en: 'Test tax office' } };

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'one' },
    { client_id: 'two' },
    { client_id: 'three' },
    { client_id: 'returns', agency: TAX_OFFICE },
    { client_id: 'refunds', agency: TAX_OFFICE },
    { client_id: 'signed', userinfo_signed_response_alg: 'ES256' },
    ARCHIVE,
  ]);
});
afterAll(() => country.close());

const subOf = async (id: string, who: Parameters<typeof tokensOf>[3] = {}) =>
  (await tokensOf(country, id, {}, who)).id.sub as string;

test('A13 two agencies know one person by different subjects, one agency always by the same', async () => {
  const visitor = new Visitor();
  const [one, two] = [await subOf('one', { visitor }), await subOf('two', { visitor })];
  expect(one).not.toBe(two);
  expect(await subOf('one', { visitor })).toBe(one);
  expect(await subOf('one')).toBe(one);
  expect(await subOf('two')).toBe(two);
  await country.restartHub();
  expect(await subOf('one')).toBe(one);
});

test('A13 two services of one agency know a person by the same subject', async () => {
  expect(await subOf('returns')).toBe(await subOf('refunds'));
});

test('A13 a service with addresses on several hosts knows a person as before', async () => {
  const before = await subOf('three');
  await change(country, 'three', { redirect_uris: [country.callback.url, 'https://elsewhere.example/callback'] });
  expect(await subOf('three')).toBe(before);
});

test('A13 two persons have different subjects everywhere', async () => {
  const ofAn = [await subOf('one'), await subOf('two'), await subOf('returns')];
  const ofHoa = [
    await subOf('one', { account: HOA }),
    await subOf('two', { account: HOA }),
    await subOf('returns', { account: HOA }),
  ];
  expect(new Set([...ofAn, ...ofHoa]).size).toBe(6);
});

test('A13 id token, userinfo and introspection tell the same subject', async () => {
  const { access, id } = await tokensOf(country, 'one');
  expect((await userinfo(country, access)).body.sub).toBe(id.sub);
  expect((await introspect(country, 'archive', access)).body.sub).toBe(id.sub);
  const signed = await tokensOf(country, 'signed');
  const jwt = (await userinfo(country, signed.access)).text;
  expect(JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()).sub).toBe(signed.id.sub);
});

test('A13 an account that attests another form of the same number is the same person', async () => {
  // Đỗ Hữu Phúc has an old tax code and one that is his personal number.
  const accounts = ['8000001015', '097083000101'].map((taxCode) => ({ taxCode, password: AN.password }));
  const subjects = [];
  for (const account of accounts) subjects.push(await subOf('one', { account }));
  expect(new Set(subjects).size).toBe(1);
});

test('A13 a subject is random: 256 bits, in a fresh hub another one', async () => {
  const before = await subOf('one');
  expect(Buffer.from(before, 'base64url')).toHaveLength(32);
  expect(before).toMatch(/^[\w-]{43}$/);
  // The same people, the same keys: what is derived would come out as before.
  await country.reset();
  expect(await subOf('one')).not.toBe(before);
});

test('A13 first sign-ins of one person at once make one person and one subject', async () => {
  for (let times = 0; times < 3; times += 1) {
    await country.reset();
    const visitors = Array.from({ length: 8 }, () => new Visitor());
    const subjects = await Promise.all(visitors.map((visitor) => subOf('one', { visitor })));
    expect(new Set(subjects).size).toBe(1);
    // Were they several persons, agencies they come to later would see several.
    const elsewhere = await Promise.all(visitors.map((visitor) => subOf('two', { visitor })));
    expect(new Set(elsewhere).size).toBe(1);
  }
});

test('A13 first visits of one person to one agency from several browsers at once make one subject', async () => {
  const visitors = Array.from({ length: 8 }, () => new Visitor());
  for (const visitor of visitors) await subOf('one', { visitor });
  const subjects = await Promise.all(visitors.map((visitor) => subOf('three', { visitor })));
  expect(new Set(subjects).size).toBe(1);
});
