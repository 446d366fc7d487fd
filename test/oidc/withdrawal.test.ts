/** Owns the tests of a consent that its citizen takes back: at the very next call nothing works that rested on it. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { entry } from '../../src/journal/events.ts';
import { LOGOUT } from '../../src/oidc/back-channel-logout.ts';
import { leaveClient, sessionsOf } from '../../src/oidc/own-sessions.ts';
import { AN, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { askStore } from '../store-copy.ts';
import { addressOf } from './asking.ts';
import { ARCHIVE, codeFor, introspect, redeem, tokensOf, userinfo } from './redeeming.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'land' }, { client_id: 'health' }, ARCHIVE]);
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const scope = { scope: 'openid profile' };
const store = () => country.runningHub().store;
const person = async () => (await store().people.findLink('tax-code', AN.taxCode))!.person;

/** Ends the consent in force with a client, as the citizen's page does; `false` when there is none. */
async function withdraw(client: string): Promise<boolean> {
  const whose = await person();
  const standing = await store().consents.inForce(whose, client, Date.now());
  if (standing === undefined) return false;
  const ended = { type: 'consent_ended', client, reason: 'withdrawn' } as const;
  const told = { entries: [entry(Date.now(), ended, whose)] };
  return store().consents.end(whose, standing.id, Date.now(), 'withdrawn', told);
}

const leave = async (client: string) =>
  leaveClient(store().state, await person(), client, async (whose, left) => {
    const messages = left.map(({ client: target, sid: key }) => ({ kind: LOGOUT, target, key, payload: { whose } }));
    await store().outbox.enqueue(messages, 60);
    return messages.length;
  });

test('D2 userinfo, introspection, a code in flight and prompt=none refuse at once; another agency notices nothing', async () => {
  const visitor = new Visitor();
  const { access } = await tokensOf(country, 'land', scope, { visitor });
  const other = await tokensOf(country, 'health', scope, { visitor });
  const inFlight = await codeFor(country, 'land', scope, { visitor });
  expect((await userinfo(country, access)).status).toBe(200);
  expect((await introspect(country, 'archive', access)).body.active).toBe(true);

  expect(await withdraw('land')).toBe(true);
  expect((await userinfo(country, access)).status).toBe(401);
  expect((await userinfo(country, access)).headers.get('www-authenticate')).toContain('invalid_token');
  expect((await introspect(country, 'archive', access)).body).toEqual({ active: false });
  expect((await redeem(country, 'land', inFlight)).body.error).toBe('invalid_grant');
  await visitor.open(addressOf(country, 'land', { ...scope, prompt: 'none' }));
  expect(visitor.page.url.searchParams.get('error')).toBe('consent_required');

  expect(await leave('land')).toBe(1);
  expect((await userinfo(country, other.access)).status).toBe(200);
  expect((await introspect(country, 'archive', other.access)).body.active).toBe(true);
  await visitor.open(addressOf(country, 'health', { ...scope, prompt: 'none' }));
  expect(visitor.page.url.searchParams.has('code')).toBe(true);
  expect(await withdraw('land')).toBe(false);
});

test('D2 a code given a moment after the withdrawal, on what its sign-in had found before, is worth nothing', async () => {
  await tokensOf(country, 'land', scope);
  const stopsBefore = ({ pathname }: URL) => pathname.startsWith('/authorize/');
  const visitor = new Visitor({ stopsBefore });
  await visitor.open(addressOf(country, 'land', scope));
  const resumes = (await proveByTaxCode(visitor)).headers.get('location')!;
  expect(await withdraw('land')).toBe(true);
  await visitor.open(resumes);
  const code = visitor.page.url.searchParams.get('code')!;
  expect((await redeem(country, 'land', code)).body.error).toBe('invalid_grant');
});

test('D3 a logout is queued once for each session in which the agency had its part', async () => {
  for (let sessions = 0; sessions < 3; sessions += 1) {
    const visitor = new Visitor();
    await tokensOf(country, 'land', scope, { visitor });
    await tokensOf(country, 'land', scope, { visitor });
  }
  await tokensOf(country, 'health', scope);
  await withdraw('land');
  expect(await leave('land')).toBe(3);
  expect(await leave('land')).toBe(0);
  const left = await sessionsOf(store().state, await person());
  expect(left.map(({ authorizations }) => Object.keys(authorizations ?? {}).join()).sort()).toEqual([
    '',
    '',
    '',
    'health',
  ]);
});

test('D4 the next sign-in asks again, and what is agreed to is another consent under the same terms', async () => {
  const visitor = new Visitor();
  const before = await tokensOf(country, 'land', scope, { visitor });
  await withdraw('land');
  await leave('land');
  await visitor.open(addressOf(country, 'land', scope));
  expect(visitor.page.code).toBe('continue_as');
  expect((await visitor.press('decision=continue')).code).toBe('consent');
  await visitor.press('decision=agree');
  expect(visitor.page.url.searchParams.has('code')).toBe(true);
  expect((await userinfo(country, before.access)).status).toBe(401);
  const consents = await store().consents.of(await person());
  expect(consents.map(({ endReason }) => endReason)).toEqual([undefined, 'withdrawn']);
  const terms = {
    agency: { id: 'agency-of-land', name: { vi: 'Cơ quan thử', en: 'Test agency' } },
    service: { vi: 'Dịch vụ thử', en: 'Test service' },
    purpose: { vi: 'Để thử.', en: 'To test.' },
  };
  expect(consents.map((consent) => consent.terms)).toEqual([terms, terms]);
});

test('D4 agreed to once more while the page was open: the consent of before does not come back', async () => {
  const visitor = new Visitor();
  await tokensOf(country, 'land', scope, { visitor });
  await visitor.open(addressOf(country, 'land', { ...scope, prompt: 'consent' }));
  expect(visitor.page.code).toBe('consent');
  await withdraw('land');
  await visitor.press('decision=agree');
  const code = visitor.page.url.searchParams.get('code')!;
  expect((await redeem(country, 'land', code)).status).toBe(200);
  const rows = await askStore(country.configuration.dataDirectory, (sql) =>
    sql("SELECT end_reason FROM consent WHERE client = 'land' ORDER BY from_at"),
  );
  expect(rows).toEqual([{ end_reason: 'withdrawn' }, { end_reason: null }]);
});
