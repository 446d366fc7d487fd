/** The room of sessions and devices, from outside: seen, ended, forgotten, and nobody else's. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { HOA, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { atSecond } from '../oidc/time.ts';
import { journalIn } from '../store-copy.ts';
import { byNationalEid, bySocialInsurance, byTaxCode, callApi, type Proof, signInToPage } from './citizen.ts';

let country: TestCountry;
let stock: client.Configuration;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }]);
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country.close());
beforeEach(() => country.reset());

async function at(proof: Proof = byTaxCode(), visitor = new Visitor()): Promise<Visitor> {
  expect((await signInToPage(country, visitor, proof, '/citizen/sessions')).code).toBe('citizen_sessions');
  return visitor;
}

interface Shown {
  readonly sessions: readonly (Readonly<Record<string, unknown>> & { readonly id: string; readonly isThis: boolean })[];
  readonly devices: readonly (Readonly<Record<string, unknown>> & { readonly id: string; readonly isThis: boolean })[];
}
const shownTo = async (visitor: Visitor): Promise<Shown> => (await callApi(country, visitor, '/sessions')).body;
const comesTo = async (visitor: Visitor) => (await visitor.open(`${country.hub}/citizen/sessions`)).code;
const call = async (visitor: Visitor, path: string, body: object = {}) => {
  const { status, body: answer } = await callApi(country, visitor, path, { method: 'POST', body });
  return [status, answer.error];
};
const events = async (...types: string[]) =>
  (await journalIn(country.configuration.dataDirectory)).filter(({ type }) => types.includes(String(type)));

test('it shows every running session with what was entered in it, and which one this is', async () => {
  const elsewhere = new Visitor();
  await tokensFor(country, stock, {}, { visitor: elsewhere });
  const visitor = await at(bySocialInsurance());
  const { sessions, devices } = await shownTo(visitor);
  expect(sessions).toEqual([
    expect.objectContaining({ isThis: true, level: 'loa2', services: [] }),
    expect.objectContaining({
      isThis: false,
      level: 'loa1',
      source: { vi: 'Mã số thuế', en: 'Tax code' },
      services: [{ agency: { vi: 'Cơ quan thử', en: 'Test agency' }, name: { vi: 'Dịch vụ thử', en: 'Test service' } }],
    }),
  ]);
  const [{ begun, ends }] = sessions as unknown as [{ begun: string; ends: string }];
  expect(Date.parse(ends) - Date.parse(begun)).toBe(12 * 60 * 60 * 1000);
  expect(devices.map(({ isThis }) => isThis).toSorted()).toEqual([false, true]);
  expect(visitor.page.$('[data-session]')).toHaveLength(2);
  // What half opens a session is on no page.
  for (const name of Object.values(await elsewhere.cookies(country.hub)))
    expect(visitor.page.body).not.toContain(name.split('.')[0]!);
});

test('D5 one that is ended is over at once, with its tokens, and the history says from where', async () => {
  const elsewhere = new Visitor();
  const tokens = await tokensFor(country, stock, {}, { visitor: elsewhere });
  await at(byTaxCode(), elsewhere);
  const visitor = await at(byTaxCode());
  const other = (await shownTo(visitor)).sessions.find(({ isThis }) => !isThis)!;
  expect((await visitor.press(`[data-session="${other.id}"] button`)).code).toBe('citizen_sessions');
  expect(visitor.page.$('[data-session]')).toHaveLength(1);
  expect(await comesTo(elsewhere)).toBe('choose_source');
  await expect(client.fetchUserInfo(stock, tokens.access_token, tokens.claims()!.sub)).rejects.toThrow();
  expect(await events('session_ended', 'signed_out')).toEqual([{ type: 'session_ended', clients: 2 }]);
  expect(await call(visitor, '/sessions/end', { session: other.id })).toEqual([404, 'not_found']);
});

test('one’s own, and all of them, end on the page of those who are signed out', async () => {
  const elsewhere = await at();
  const visitor = await at();
  await tokensFor(country, stock, {}, { visitor });
  await visitor.open(`${country.hub}/citizen/sessions`);
  expect((await visitor.press('button[formaction$="/end-all"]')).code).toBe('signed_out');
  expect(visitor.page.text('main')).toContain('Dịch vụ thử');
  expect(visitor.page.text('main')).not.toContain('Trang của tôi');
  expect([await comesTo(visitor), await comesTo(elsewhere)]).toEqual(['choose_source', 'choose_source']);

  const own = await at();
  const { id } = (await shownTo(own)).sessions.find(({ isThis }) => isThis)!;
  expect((await own.press(`[data-session="${id}"] button`)).code).toBe('signed_out');
  expect(await comesTo(own)).toBe('choose_source');
});

test('all others end but the one at hand', async () => {
  const others = await Promise.all([at(), at(bySocialInsurance()), at(byNationalEid())]);
  const visitor = await at();
  expect((await visitor.press('form[action$="/end-others"] button')).code).toBe('citizen_sessions');
  for (const other of others) expect(await comesTo(other)).toBe('choose_source');
  expect(await comesTo(visitor)).toBe('citizen_sessions');
});

test('a forgotten device is a new one at its next sign-in', async () => {
  const visitor = await at();
  const forgotten = await at(byTaxCode());
  const { id } = (await shownTo(forgotten)).devices.find(({ isThis }) => isThis)!;
  await visitor.reload();
  expect((await visitor.press(`[data-device="${id}"] button`)).code).toBe('citizen_sessions');
  expect(visitor.page.has(`[data-device="${id}"]`)).toBe(false);
  expect(await call(visitor, '/devices/forget', { device: id })).toEqual([404, 'not_found']);
  const news = async () => (await events('person_identified')).filter(({ new_device }) => new_device === true).length;
  const before = await news();
  await forgotten.open(`${country.hub}/citizen/sign-in?fresh=yes&back=/citizen/sessions`);
  expect((await byTaxCode()(forgotten)).code).toBe('citizen_sessions');
  expect(await news()).toBe(before + 1);
  expect(await events('device_forgotten')).toHaveLength(1);
});

test('D9 another person’s sessions and devices are not found, on the page and by the API', async () => {
  const theirs = await at(byTaxCode(HOA));
  const { sessions, devices } = await shownTo(theirs);
  const visitor = await at();
  const tries = [
    ['/sessions/end', { session: sessions[0]!.id }],
    ['/devices/forget', { device: devices[0]!.id }],
    ['/sessions/end', { session: 'nothing' }],
    ['/devices/forget', { device: 'nothing' }],
  ] as const;
  for (const [path, fields] of tries) {
    expect(await call(visitor, path, fields)).toEqual([404, 'not_found']);
    await visitor.open(`${country.hub}/citizen/sessions`);
    const form_token = visitor.page.$('input[name=form_token]').first().attr('value')!;
    const page = await visitor.post(`${country.hub}/citizen${path}`, {
      form_token,
      ...(fields as Record<string, string>),
    });
    expect([page.status, page.code]).toEqual([404, 'not_found']);
  }
  expect(await call(visitor, '/sessions/end-others')).toEqual([200, undefined]);
  expect(await comesTo(theirs)).toBe('citizen_sessions');
  expect((await shownTo(theirs)).devices).toEqual(devices);
});

test('D10 a sign-in of a while ago ends nothing', async () => {
  const elsewhere = await at();
  const visitor = await at();
  const own = (await shownTo(visitor)).devices.find(({ isThis }) => isThis)!;
  const other = (await shownTo(visitor)).sessions.find(({ isThis }) => !isThis)!;
  await atSecond(15 * 60 + 2, async () => {
    const tries = [
      ['/sessions/end', { session: other.id }],
      ['/sessions/end-others', {}],
      ['/sessions/end-all', {}],
      ['/devices/forget', { device: own.id }],
    ] as const;
    for (const [path, fields] of tries) expect(await call(visitor, path, fields)).toEqual([401, 'sign_in_needed']);
    expect((await visitor.press('form[action$="/end-others"] button')).code).toBe('citizen_sign_in_again');
    // As weak as before is enough, when it is new.
    await visitor.follow('a.primary');
    expect((await byTaxCode()(visitor)).code).toMatch(/^citizen_/);
    expect(await call(visitor, '/sessions/end', { session: other.id })).toEqual([200, undefined]);
  });
  expect(await comesTo(elsewhere)).toBe('choose_source');
});

test('D10 neither does a form of before, nor another site', async () => {
  const elsewhere = await at();
  const visitor = await at();
  for (const path of ['/sessions/end-others', '/sessions/end-all']) {
    const outdated = await callApi(country, visitor, path, { method: 'POST', body: {}, formToken: 'x'.repeat(32) });
    expect([outdated.status, outdated.body.error]).toEqual([403, 'form_outdated']);
    const headers = { origin: 'https://evil.example' };
    const foreign = await callApi(country, visitor, path, { method: 'POST', body: {}, headers });
    expect([foreign.status, foreign.body.error]).toEqual([403, 'cross_site_request']);
  }
  expect([await comesTo(visitor), await comesTo(elsewhere)]).toEqual(['citizen_sessions', 'citizen_sessions']);
});
