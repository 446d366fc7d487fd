/** How long ago the citizen may have proved who they are (`max_age`), and when it really was (`auth_time`). */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { addressOf, answerAfter } from './asking.ts';

let country: TestCountry;
let configuration: client.Configuration;
let visitor: Visitor;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'punctual' }]);
  configuration = await relyingParty(country, 'punctual');
});
afterAll(() => country.close());
beforeEach(() => {
  visitor = new Visitor();
});

const authTimeOf = (tokens: client.TokenEndpointResponseHelpers) => tokens.claims()!.auth_time!;
const tokensNow = (parameters: Record<string, string> = {}) =>
  tokensFor(country, configuration, parameters, { visitor });

interface KeptSession {
  readonly uid: string;
  readonly loginTs: number;
  readonly exp: number;
}

/** The session of this browser as the store has it. */
async function sessionHere(): Promise<KeptSession> {
  const { lt_session: cookie } = await visitor.cookies(country.hub);
  const kept = await country.runningHub().store.state.get('Session', cookie!.split('.')[0]!);
  return kept!.value as unknown as KeptSession;
}

/** Lets time pass for the session of this browser: it began earlier. */
async function letPass(seconds: number): Promise<void> {
  const session = await sessionHere();
  const earlier = { ...session, loginTs: session.loginTs - seconds };
  await country.runningHub().store.state.put('Session', session.uid, earlier, 600);
}

test('A8 auth_time is the time of the proof and stays so while the session runs', async () => {
  const before = Math.floor(Date.now() / 1000);
  const proved = authTimeOf(await tokensNow());
  expect(proved).toBeGreaterThanOrEqual(before);
  expect(proved).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
  await letPass(300);
  expect(authTimeOf(await tokensNow())).toBe(proved - 300);
  expect(authTimeOf(await tokensNow({ max_age: '600' }))).toBe(proved - 300);
});

test('A8 a proof older than max_age is asked for anew, and then told as new', async () => {
  const proved = authTimeOf(await tokensNow());
  await letPass(120);
  const pressed = await pressButton(configuration, country, { max_age: '60' });
  expect((await visitor.open(pressed.address)).code).toBe('choose_source');
  expect((await proveByTaxCode(visitor)).code).toBe('test_callback');
  const answer = country.callback.answers.at(-1)!.address;
  const checks = { ...pressed.checks, maxAge: 60, idTokenExpected: true } as const;
  const tokens = await client.authorizationCodeGrant(configuration, answer, checks);
  expect(authTimeOf(tokens)).toBeGreaterThanOrEqual(proved);
});

test('A8 a proof within max_age is enough', async () => {
  await tokensNow();
  await letPass(50);
  expect(await answerAfter(country, visitor, addressOf(country, 'punctual', { max_age: '60' }))).toHaveProperty('code');
});

test('A8 max_age=0 always asks the source', async () => {
  await tokensNow();
  expect((await visitor.open(addressOf(country, 'punctual', { max_age: '0' }))).code).toBe('choose_source');
  expect((await proveByTaxCode(visitor)).code).toBe('test_callback');
  expect(Object.fromEntries(country.callback.answers.at(-1)!.parameters)).toHaveProperty('code');
});

test.each(['0', '60'])('A8 max_age=%s with prompt=none and an older session: login_required', async (max_age) => {
  await tokensNow();
  await letPass(120);
  const address = addressOf(country, 'punctual', { max_age, prompt: 'none' });
  expect(await answerAfter(country, visitor, address)).toMatchObject({
    error: expect.stringMatching(max_age === '0' ? /login_required|invalid_request/ : /^login_required$/),
    iss: country.hub,
  });
});

test.each([
  'authentication_long_ago',
  'authentication_to_come',
] as const)('A8 a source that was asked anew and answers with another time is not believed: %s', async (forgery) => {
  country.taxAuthority.forge(forgery);
  try {
    await visitor.open(addressOf(country, 'punctual', { prompt: 'login' }));
    const page = await proveByTaxCode(visitor);
    expect(page).toMatchObject({ code: 'choose_source', reason: 'source_answer_invalid' });
  } finally {
    country.taxAuthority.forge(undefined);
  }
});

test('A8 a session ends twelve hours after the proof, however much it is used', async () => {
  await tokensNow();
  await letPass(12 * 60 * 60 - 60);
  expect(await answerAfter(country, visitor, addressOf(country, 'punctual', { prompt: 'none' }))).toHaveProperty(
    'code',
  );
  const { loginTs, exp } = await sessionHere();
  expect(exp).toBeLessThanOrEqual(loginTs + 12 * 60 * 60 + 1);
});
