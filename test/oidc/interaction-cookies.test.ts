/** A sign-in under way is kept by its browser: what does not fit, what is brought again, and one that begins too many. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { addressOf } from './asking.ts';
import { redeem } from './redeeming.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'service' }]);
});
afterAll(() => country.close());

const sealedCookies = async (visitor: Visitor) =>
  Object.entries(await visitor.cookies(visitor.page.url)).filter(([name]) => name.startsWith('lt_sign_in_'));
const headerOf = async (visitor: Visitor, url: string | URL) =>
  Object.entries(await visitor.cookies(url))
    .map((pair) => pair.join('='))
    .join('; ');

/** Agrees, and stops before the hub's last answer: its address, and the cookies it is asked for with. */
async function atTheEnd(): Promise<{ readonly url: URL; readonly cookie: string }> {
  const visitor = new Visitor({ stopsBefore: ({ pathname }) => /^\/authorize\/./.test(pathname) });
  // Asked again each time: an earlier test's consent would lead past the page.
  await visitor.open(addressOf(country, 'service', { prompt: 'consent' }));
  await proveByTaxCode(visitor);
  const cookies = visitor.page.url;
  await visitor.tickAll().press('decision=agree');
  const url = new URL(visitor.page.headers.get('location')!, cookies);
  return { url, cookie: await headerOf(visitor, url) };
}

const end = ({ url, cookie }: { readonly url: URL; readonly cookie: string }) =>
  fetch(url, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
const codeOf = (answer: Response) => new URL(answer.headers.get('location') ?? country.hub).searchParams.get('code');

test('a request too large for a cookie is kept in the store, and ends as any other', async () => {
  const visitor = new Visitor();
  const claims = JSON.stringify({ id_token: { acr: null }, userinfo: { ['x'.repeat(5_000)]: null } });
  await visitor.open(addressOf(country, 'service', { claims }));
  const [[, value]] = (await sealedCookies(visitor)) as [[string, string]];
  expect(value.length).toBeLessThan(200);
  const page = await proveByTaxCode(visitor);
  if (page.code === 'consent') await visitor.tickAll().press('decision=agree');
  expect(visitor.page.code).toBe('test_callback');
  expect((await redeem(country, 'service', visitor.page.url.searchParams.get('code')!)).status).toBe(200);
});

test('a browser that begins again and again keeps the latest, and what it sends stays small', async () => {
  const visitor = new Visitor();
  for (let begun = 0; begun < 40; begun += 1) await visitor.open(addressOf(country, 'service'));
  expect((await sealedCookies(visitor)).length).toBeLessThanOrEqual(16);
  expect((await headerOf(visitor, visitor.page.url)).length).toBeLessThan(12_000);
  const page = await proveByTaxCode(visitor);
  if (page.code === 'consent') await visitor.tickAll().press('decision=agree');
  expect(visitor.page.code).toBe('test_callback');
});

test('an end asked for 20 times at once gives one code, and one session', async () => {
  const last = await atTheEnd();
  const answers = await Promise.all(Array.from({ length: 20 }, () => end(last)));
  expect(answers.filter((answer) => codeOf(answer) !== null)).toHaveLength(1);
  const sessions = answers.filter((answer) =>
    answer.headers.getSetCookie().some((one) => /^lt_session=[^;]/.test(one)),
  );
  expect(sessions).toHaveLength(1);
  expect(codeOf(sessions[0]!)).not.toBeNull();
});

test('a cookie brought again after the end gives no second code', async () => {
  const last = await atTheEnd();
  expect(codeOf(await end(last))).not.toBeNull();
  const again = await end(last);
  expect(codeOf(again)).toBeNull();
  expect(again.headers.getSetCookie().filter((one) => /^lt_session=[^;]/.test(one))).toEqual([]);
});
