/** E2, E15: personal API tokens: what they may do, that they end, and that their page shows one once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestCountry } from '../country.ts';
import { callApi, openDeveloperCountry, withToken } from './developer.ts';
import { type Somebody, signInPeople } from './people.ts';

let country: TestCountry;
let somebody: Somebody;
let another: Somebody;
beforeAll(async () => {
  country = await openDeveloperCountry();
  [somebody, another] = (await signInPeople(country, 2)) as [Somebody, Somebody];
});
afterAll(() => country?.close());

const statusWith = async (token: string) =>
  (await callApi(country, 'GET', '/account', undefined, withToken(token))).status;

test('E15 a token made on the page is shown once, used, and ended there', async () => {
  const { visitor } = somebody.developer;
  await somebody.developer.open('/tokens');
  const page = await visitor.fill({ name: 'triển khai', scopes: ['read', 'write'], days: '7' }).press('Tạo mã');
  expect(page.code).toBe('developer_tokens');
  const token = page.text('[data-secret]');
  expect(await statusWith(token)).toBe(200);
  const { tokens } = await somebody.developer.ask('GET', '/tokens');
  const [made] = tokens.filter(({ name }: { name: string }) => name === 'triển khai');
  expect(made).toMatchObject({ scopes: ['read', 'write'] });
  expect(Date.parse(made.ends) - Date.parse(made.created)).toBe(7 * 24 * 60 * 60 * 1000);
  const later = await somebody.developer.open('/tokens');
  expect(later.body).not.toContain(token);
  expect(later.text(`[data-token="${made.id}"]`)).toContain('triển khai');
  await visitor.press(`[data-token="${made.id}"] button`);
  expect(visitor.page.has(`[data-token="${made.id}"]`)).toBe(false);
  expect(await statusWith(token)).toBe(401);
});

test('E15 what is wrong with a wish for a token is told on the page, and none is made', async () => {
  const { visitor } = another.developer;
  await another.developer.open('/tokens');
  const page = await visitor.fill({ name: 'không quyền', scopes: [] }).press('Tạo mã');
  expect([page.status, page.code]).toEqual([422, 'developer_tokens']);
  expect(page.has('[role=alert] [data-field=scopes]')).toBe(true);
  expect(page.$('#field-name').attr('value')).toBe('không quyền');
  expect((await another.developer.ask('GET', '/tokens')).tokens).toEqual([]);
});

test('E2 nobody ends a token of somebody else', async () => {
  const wish = { name: 'của tôi', scopes: ['read'], days: 1 };
  const { id, token } = await somebody.developer.ask('POST', '/tokens', wish);
  expect((await another.developer.call('DELETE', `/tokens/${id}`)).status).toBe(404);
  const page = await another.developer.open('/tokens');
  const form_token = page.$('input[name=form_token]').first().attr('value')!;
  const ended = await another.developer.visitor.post(`${country.hub}/developer/tokens/${id}/end`, { form_token });
  expect(ended.status).toBe(404);
  expect(await statusWith(token)).toBe(200);
});
