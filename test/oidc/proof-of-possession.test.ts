/** DPoP (RFC 9449): a token bound to a key works with a fresh proof of that key, and with nothing else. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { openTestCountry, type TestCountry } from '../country.ts';
import { type Answer, ARCHIVE, codeFor, get, introspect, redeem, userinfo } from './redeeming.ts';
import { slowStore } from './slow-store.ts';
import { atSecond } from './time.ts';

interface Pair {
  readonly key: CryptoKey;
  readonly jwk: JWK;
}

let country: TestCountry;
let mine: Pair;
let another: Pair;
let bound: string;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'bound', secret: 'basic' }, ARCHIVE]);
  [mine, another] = [await newPair(), await newPair()];
  bound = await boundToken();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => country.close());

async function newPair(): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { key: privateKey, jwk: await exportJWK(publicKey) };
}

async function proof(
  path: string,
  claims: Readonly<Record<string, unknown>> = {},
  { key, jwk }: Pair = mine,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const usual = { htm: path === '/token' ? 'POST' : 'GET', htu: country.hub + path, jti: randomUUID() };
  return new SignJWT({ ...usual, iat: Math.floor(Date.now() / 1000), ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })
    .sign(key);
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
const ask = (token: string, dpop: string) => get(country, '/userinfo', { authorization: `DPoP ${token}`, dpop });
const askWith = async (claims: Readonly<Record<string, unknown>> = {}, pair = mine) =>
  ask(bound, await proof('/userinfo', { ath: hashOf(bound), ...claims }, pair));

async function boundToken(): Promise<string> {
  const headers = { dpop: await proof('/token') };
  const { body } = await redeem(country, 'bound', await codeFor(country, 'bound'), { headers });
  expect(body.token_type).toBe('DPoP');
  return body.access_token;
}

test('A10 a bound token works with a proof of its key, which works once', async () => {
  const dpop = await proof('/userinfo', { ath: hashOf(bound) });
  expect((await ask(bound, dpop)).status).toBe(200);
  expect((await ask(bound, dpop)).status).toBe(401);
});

test.each([2, 20])('A10 of %d requests with one proof at once exactly one is answered', async (runners) => {
  slowStore(country);
  for (let times = 0; times < 15; times += 1) {
    const dpop = await proof('/userinfo', { ath: hashOf(bound) });
    const answers = await Promise.all(Array.from({ length: runners }, () => ask(bound, dpop)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(runners - 1).fill(401)]);
  }
});

test('A10 one proof does not redeem two codes', async () => {
  const headers = { dpop: await proof('/token') };
  const [first, second] = [await codeFor(country, 'bound'), await codeFor(country, 'bound')];
  expect((await redeem(country, 'bound', first, { headers })).status).toBe(200);
  expect((await redeem(country, 'bound', second, { headers })).status).toBe(400);
});

test.each([-200, 0, 200, 290])('A10 a proof dated %d s from now is a replay for as long as it is taken', async (at) => {
  const now = Math.floor(Date.now() / 1000);
  const token = await boundToken();
  const dpop = await proof('/userinfo', { ath: hashOf(token), iat: now + at });
  expect((await ask(token, dpop)).status).toBe(200);
  for (const later of [50, 290, 320, 400, 500, 580])
    expect((await atSecond(later, () => ask(token, dpop))).status).toBe(401);
});

describe('a proof that was not made for this', () => {
  test.each<[string, () => Promise<Answer>]>([
    ['for another token', () => askWith({ ath: hashOf('another token') })],
    ['for no token', () => askWith({ ath: undefined })],
    ['for another method', () => askWith({ htm: 'POST' })],
    ['for another address', () => askWith({ htu: `${country.hub}/token` })],
    ['for another host', () => askWith({ htu: 'https://elsewhere.example/userinfo' })],
    ['without jti', () => askWith({ jti: undefined })],
    ['without a time', () => askWith({ iat: undefined })],
    ['too old', () => askWith({ iat: Math.floor(Date.now() / 1000) - 400 })],
    ['too far in the future', () => askWith({ iat: Math.floor(Date.now() / 1000) + 400 })],
    ['of another key', () => askWith({}, another)],
    ['signed by another key', () => askWith({}, { key: another.key, jwk: mine.jwk })],
    ['of another type', async () => ask(bound, await proof('/userinfo', { ath: hashOf(bound) }, mine, { typ: 'jwt' }))],
  ])('A10 refused: %s', async (_name, attempt) => {
    const { status, body } = await attempt();
    expect({ status, error: body.error }).toEqual({ status: 401, error: expect.stringMatching(/^invalid_/) });
  });
});

test('A11 a bound token is no bearer token, by header or form', async () => {
  expect((await userinfo(country, bound)).status).toBe(401);
  const body = new URLSearchParams({ access_token: bound });
  expect((await fetch(`${country.hub}/userinfo`, { method: 'POST', body })).status).toBe(401);
  expect((await userinfo(country, bound, 'DPoP')).status).toBe(400);
});

test('A11 a bearer token does not become a bound one by whoever holds it', async () => {
  const { body } = await redeem(country, 'bound', await codeFor(country, 'bound'));
  const token = body.access_token;
  const { status } = await ask(token, await proof('/userinfo', { ath: hashOf(token) }, another));
  expect(status).toBe(401);
});

test('A11 a resource server is told to which key a token is bound', async () => {
  const { body } = await introspect(country, 'archive', bound);
  expect(body).toMatchObject({
    active: true,
    token_type: 'DPoP',
    cnf: { jkt: await calculateJwkThumbprint(mine.jwk) },
  });
});

test('A10 a code asked for with a key is redeemed with that key only', async () => {
  const asked = { dpop_jkt: await calculateJwkThumbprint(mine.jwk) };
  const wrong = { dpop: await proof('/token', {}, another) };
  expect((await redeem(country, 'bound', await codeFor(country, 'bound', asked), { headers: wrong })).status).toBe(400);
  expect((await redeem(country, 'bound', await codeFor(country, 'bound', asked))).status).toBe(400);
  const right = { dpop: await proof('/token') };
  expect((await redeem(country, 'bound', await codeFor(country, 'bound', asked), { headers: right })).status).toBe(200);
});
