/** The room of the changes that wait, from outside: whoever is signed in sees and stops their own, and nobody else's. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { atSecond, DAY } from '../oidc/time.ts';
import { journalIn } from '../store-copy.ts';
import { byNationalEid, byTaxCode, callApi, hasLookedForDue, type Proof, signInToPage } from './citizen.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([], { configure: (configuration) => ({ ...configuration, changeInterval: 20 }) });
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const store = () => country.runningHub().store;
const personOf = async ({ taxCode }: { readonly taxCode: string } = AN) =>
  (await store().people.findLink('tax-code', taxCode))!.person;

/** Somebody with a contact who has only the weaker of two ways at hand, and has asked for a block to wait. */
async function waiting(
  account: { readonly taxCode: string; readonly password: string } = AN,
  others: readonly Proof[] = [],
) {
  const visitor = new Visitor();
  await signInToPage(country, visitor, byTaxCode(account));
  for (const proof of others) await signInToPage(country, new Visitor(), proof);
  const person = await personOf(account);
  const contact = {
    id: person,
    kind: 'mail',
    address: 'an@example.vn',
    language: 'vi',
    confirmedAt: Date.now(),
  } as const;
  await store().own.contacts.put(person, contact, { entries: [] });
  await atSecond(6 * 60, async () => {
    const call = { method: 'POST', body: { source: '*', wait: 'yes' } } as const;
    const { status, body } = await callApi(country, visitor, '/ways/block', call);
    expect([status, body.waits.kind]).toEqual([202, 'block']);
    expect(Date.parse(body.waits.due) - Date.parse(body.waits.requested)).toBe(7 * DAY * 1000);
  });
  const [change] = await store().own.waiting.of(person);
  return { visitor, person, change: change! };
}

const stop = async (visitor: Visitor, change: string) => {
  const { status, body } = await callApi(country, visitor, '/changes/stop', { method: 'POST', body: { change } });
  return [status, body.error];
};
const left = async (person: string) => (await store().own.waiting.of(person)).length;
const stops = async () =>
  (await journalIn(country.configuration.dataDirectory)).filter(({ type }) => type === 'change_stopped');

test('D10 what waits is shown with its day, and stopped by whoever is signed in, however long ago and weakly', async () => {
  const { visitor, person, change } = await waiting(AN, [byNationalEid()]);
  await visitor.open(`${country.hub}/citizen/changes`);
  expect(visitor.page.text('[data-change]')).toContain('Chặn một cách đăng nhập');
  expect(visitor.page.text('[data-change]')).toContain('Các cách chưa liên kết');
  await atSecond(25 * 60, async () =>
    expect((await visitor.press(`[data-change="${change.id}"] button`)).code).toBe('citizen_changes'),
  );
  expect(visitor.page.has('[data-change]')).toBe(false);
  expect(await left(person)).toBe(0);
  expect(await stops()).toEqual([{ type: 'change_stopped', change: 'block', by: 'citizen' }]);
  // It is made by nobody any more.
  await atSecond(8 * DAY, () => hasLookedForDue(country, person));
  expect(await store().own.blocks.of(person)).toEqual([]);
});

test('of many who stop one, one does', async () => {
  const { visitor, change } = await waiting();
  const answers = await Promise.all(Array.from({ length: 10 }, () => stop(visitor, change.id)));
  expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
  for (const [status, error] of answers) if (status !== 200) expect(['change_gone', 'not_found']).toContain(error);
  expect(await stops()).toHaveLength(1);
});

test('one that is being carried out can be stopped no more', async () => {
  const { visitor, person, change } = await waiting();
  expect(await store().own.waiting.begin(change.id)).toBe(true);
  expect(await stop(visitor, change.id)).toEqual([409, 'change_gone']);
  expect(await left(person)).toBe(1);
});

test('D9 another person’s change is not found, on the page and by the API', async () => {
  const { person, change } = await waiting();
  const visitor = new Visitor();
  await signInToPage(country, visitor, byTaxCode(HOA), '/citizen/ways');
  expect(await stop(visitor, change.id)).toEqual([404, 'not_found']);
  const form_token = visitor.page.$('input[name=form_token]').first().attr('value')!;
  const page = await visitor.post(`${country.hub}/citizen/changes/stop`, { form_token, change: change.id });
  expect([page.status, page.code]).toEqual([404, 'not_found']);
  expect((await callApi(country, visitor, '/changes')).body).toEqual({ changes: [] });
  expect(await left(person)).toBe(1);
});

test('D10 nothing is stopped from another site, by a form of before, or by a look', async () => {
  const { visitor, person, change } = await waiting();
  const body = { change: change.id };
  const foreign = { method: 'POST', body, headers: { 'sec-fetch-site': 'same-site' } } as const;
  expect((await callApi(country, visitor, '/changes/stop', foreign)).body.error).toBe('cross_site_request');
  const outdated = { method: 'POST', body, formToken: 'x'.repeat(32) } as const;
  expect((await callApi(country, visitor, '/changes/stop', outdated)).body.error).toBe('form_outdated');
  expect((await visitor.open(`${country.hub}/citizen/changes/stop?change=${change.id}`)).status).toBe(404);
  expect(await stop(new Visitor(), change.id)).toEqual([401, 'sign_in_needed']);
  expect(await left(person)).toBe(1);
});
