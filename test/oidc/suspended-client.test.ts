/** Owns the tests of a suspended client: what it holds is worth nothing at once, and citizens are told why nobody gets in. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { runCommand } from '../operator/run-command.ts';
import { addressOf, ask, parametersOf } from './asking.ts';
import { ARCHIVE, codeFor, introspect, post, proofOf, redeem, together, tokensOf, userinfo } from './redeeming.ts';

const ID = 'paused';
const SCOPE = 'openid profile';
const NAME = { vi: 'Dịch vụ hay dừng', en: 'A service that pauses' };
let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: ID, service: NAME }, { client_id: 'another' }, ARCHIVE]);
});
afterAll(() => country?.close());

const suspended = new Set<string>();
afterEach(async () => {
  for (const id of suspended) await resume(id);
});

/** As an operator does it, and in no other way. */
async function apply(id: string, changes: object): Promise<void> {
  const file = path.join(country.directory, `${id}.json`);
  await writeFile(file, JSON.stringify([{ ...country.service(id).registration, ...changes }]));
  const { code, complaint } = await runCommand(country, 'clients', ['apply', file]);
  expect({ code, complaint }).toMatchObject({ code: 0 });
}
async function suspend(id = ID): Promise<void> {
  suspended.add(id);
  await apply(id, { suspended: true });
}
async function resume(id = ID): Promise<void> {
  suspended.delete(id);
  await apply(id, {});
}

const expectSuspended = ({ page }: Visitor) =>
  expect({ status: page.status, code: page.code }).toEqual({ status: 403, code: 'client_suspended' });

test('E8 tokens are dead at the next call, and a code is refused', async () => {
  const { access } = await tokensOf(country, ID);
  const { access: others } = await tokensOf(country, 'another');
  const code = await codeFor(country, ID);
  expect((await introspect(country, 'archive', access)).body).toMatchObject({ active: true });
  await suspend();
  const info = await userinfo(country, access);
  expect(info.status).toBe(401);
  expect(info.headers.get('www-authenticate')).toContain('invalid_token');
  expect((await introspect(country, 'archive', access)).body).toEqual({ active: false });
  const redeemed = await redeem(country, ID, code);
  expect({ status: redeemed.status, error: redeemed.body.error }).toEqual({ status: 401, error: 'invalid_client' });
  const pushed = await post(
    country,
    '/par',
    together({ fields: Object.fromEntries(parametersOf(country, ID)) }, await proofOf(country, ID)),
  );
  expect({ status: pushed.status, error: pushed.body.error }).toEqual({ status: 401, error: 'invalid_client' });
  // Nobody else's.
  expect((await userinfo(country, others)).status).toBe(200);
});

test('E8 a suspended resource server is told of no token', async () => {
  const { access } = await tokensOf(country, ID);
  await suspend('archive');
  expect((await introspect(country, 'archive', access)).body).toMatchObject({ error: 'invalid_client' });
});

test.each([
  ['as usual', {}],
  ['silently', { prompt: 'none' }],
  ['by form', { response_mode: 'form_post' }],
  ['wrongly', { scope: 'profile', code_challenge: undefined }],
  ['to elsewhere', { redirect_uri: 'https://elsewhere.example/' }],
])('E8 a sign-in that begins %s is told why on a page, and led to no service', async (_how, changes) => {
  await suspend();
  const answer = await ask(country, ID, changes);
  expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({ status: 403, location: null });
  const page = await answer.text();
  expect(page).toContain('data-code="client_suspended"');
  expect(page).toContain(NAME.vi);
  expect(page).not.toContain(country.callback.origin);
});

test('E8 by POST, and in English', async () => {
  await suspend();
  const visitor = new Visitor();
  await visitor.open(addressOf(country, ID, { ui_locales: 'en' }));
  expectSuspended(visitor);
  expect(visitor.page.body).toContain(NAME.en);
  const answer = await fetch(new URL('/authorize', country.hub), {
    method: 'POST',
    body: parametersOf(country, ID),
    headers: { accept: 'text/html' },
  });
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('data-code="client_suspended"');
});

test('E8 who is on their way is told at their next step, wherever they are', async () => {
  const [choosing, away, agreeing, leaving] = [new Visitor(), new Visitor(), new Visitor(), new Visitor()];
  for (const visitor of [choosing, away, agreeing, leaving])
    await visitor.open(addressOf(country, ID, { scope: SCOPE, prompt: 'consent' }));
  await away.press('source=tax-code');
  away.fill({ tax_code: AN.taxCode, password: AN.password });
  for (const visitor of [agreeing, leaving]) await proveByTaxCode(visitor);
  expect(agreeing.page.code).toBe('consent');
  const answers = country.callback.answers.length;
  await suspend();
  await choosing.press('source=tax-code');
  await away.press('decision=sign_in');
  await agreeing.tickAll().press('decision=agree');
  await leaving.press('decision=refuse');
  for (const visitor of [choosing, away, agreeing, leaving]) {
    expectSuspended(visitor);
    expect(visitor.page.body).not.toContain(country.callback.origin);
  }
  expect(country.callback.answers).toHaveLength(answers);
});

test('E8 who has agreed already gets no code', async () => {
  const visitor = new Visitor({ stopsBefore: ({ pathname }) => pathname.startsWith('/authorize/') });
  await visitor.open(addressOf(country, ID, { scope: SCOPE, prompt: 'consent' }));
  await proveByTaxCode(visitor);
  const answers = country.callback.answers.length;
  const { headers } = await visitor.tickAll().press('decision=agree');
  await suspend();
  await visitor.open(headers.get('location')!);
  expectSuspended(visitor);
  expect(country.callback.answers).toHaveLength(answers);
});

test('E8 a citizen can still sign out, and when the service is back they sign in as before', async () => {
  const visitor = new Visitor();
  const { answer } = await tokensOf(country, ID, {}, { visitor });
  await suspend();
  await visitor.open(new URL(`/session/end?id_token_hint=${answer.body.id_token}`, country.hub));
  expect(visitor.page.code).toBe('signed_out');
  await resume();
  const { access } = await tokensOf(country, ID, {}, { visitor });
  expect((await userinfo(country, access)).status).toBe(200);
});
