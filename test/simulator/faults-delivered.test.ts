/** Every fault as a service meets it: exactly what was announced is wrong, a stock client refuses, and the card says so. */
import { createPublicKey, type webcrypto } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compactVerify, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { FAULTS, type FaultId } from '../../src/simulator/faults.ts';
import { MADE_UP_AUDIENCE, MADE_UP_ISSUER } from '../../src/simulator/faulty-tokens.ts';
import { pressButton, relyingParty, signIn, type TestCountry } from '../country.ts';
import {
  CarelessService,
  decidedCard,
  opened,
  openFaultyCountry,
  publishedKeys,
  SLOWNESS,
  StockService,
  simulatorOf,
  wrongsOf,
} from './trying.ts';

const encryption = await generateKeyPair('ECDH-ES', { crv: 'P-256' });

let country: TestCountry;
beforeAll(async () => {
  const key = { ...(await exportJWK(encryption.publicKey)), kid: 'theirs', use: 'enc', alg: 'ECDH-ES' };
  country = await openFaultyCountry([
    ...['stock', 'scored', 'racing', 'bystander', 'unsure'].map((client_id) => ({ client_id })),
    { client_id: 'careless', secret: 'post' },
    { client_id: 'rsa', id_token_signed_response_alg: 'RS256' },
    {
      client_id: 'encrypted',
      secret: 'basic',
      jwks: { keys: [key] },
      id_token_encrypted_response_alg: 'ECDH-ES',
    },
  ]);
});
afterAll(() => country.close());

/** What is wrong with the token of each; nothing for what has to be taken. */
const ANNOUNCED: Partial<Record<FaultId, readonly string[]>> = {
  wrong_issuer: ['iss'],
  wrong_audience: ['aud'],
  wrong_nonce: ['nonce'],
  expired: ['exp'],
  wrong_signature: ['signature'],
  wrong_algorithm: ['alg'],
  unknown_key: ['kid'],
  acr_too_low: ['acr'],
  rotated_key: [],
  slow_answer: [],
};
const IN_TOKENS = Object.entries(ANNOUNCED) as [FaultId, readonly string[]][];
const isRefused = (fault: FaultId) => FAULTS.find(({ id }) => id === fault)!.expects === 'refusal';

test.each(IN_TOKENS)('E11 %s: only %j is wrong, and a stock client does what it should', async (fault, announced) => {
  const service = await StockService.open(country, 'stock');
  const simulator = simulatorOf(country);
  await simulator.arm('stock', fault);
  const attempt = await service.signIn();
  expect(await wrongsOf(attempt.idToken!, { country, client: 'stock', nonce: attempt.nonce })).toEqual(announced);
  expect(attempt).toMatchObject({ isSignedIn: !isRefused(fault) });
  expect(await simulator.armed('stock')).toBeUndefined();
  // One sign-in, and not the one after it.
  const next = await service.signIn();
  expect(await wrongsOf(next.idToken!, { country, client: 'stock', nonce: next.nonce })).toEqual([]);
  expect(next).toMatchObject({ isSignedIn: true });
});

test.each([
  'wrong_signature',
  'wrong_algorithm',
  'unknown_key',
  'rotated_key',
  'expired',
] as const)('E11 %s is as announced for a client of RS256, too', async (fault) => {
  const service = await StockService.open(country, 'rsa');
  await simulatorOf(country).arm('rsa', fault);
  const { idToken, nonce, isSignedIn } = await service.signIn();
  expect(await wrongsOf(idToken!, { country, client: 'rsa', nonce, alg: 'RS256' })).toEqual(ANNOUNCED[fault]);
  expect(isSignedIn).toBe(!isRefused(fault));
});

test('E11 the made-up issuer and audience are nobody’s', async () => {
  const service = await StockService.open(country, 'stock');
  await simulatorOf(country).arm('stock', 'wrong_issuer');
  expect(decodeJwt((await service.signIn()).idToken!).iss).toBe(MADE_UP_ISSUER);
  await simulatorOf(country).arm('stock', 'wrong_audience');
  expect(decodeJwt((await service.signIn()).idToken!).aud).toBe(MADE_UP_AUDIENCE);
});

test('E11 the wrong algorithm is HS256 with the public key as its secret', async () => {
  const service = await StockService.open(country, 'stock');
  await simulatorOf(country).arm('stock', 'wrong_algorithm');
  const { idToken } = await service.signIn();
  const { alg, kid } = decodeProtectedHeader(idToken!);
  const key = (await publishedKeys(country)).keys.find((one) => one.kid === kid)!;
  const pem = createPublicKey({ key: key as webcrypto.JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  expect(alg).toBe('HS256');
  await expect(compactVerify(idToken!, Buffer.from(pem), { algorithms: ['HS256'] })).resolves.toBeDefined();
});

test.each([
  ['access_denied', 'cancelled'],
  ['temporarily_unavailable', 'source_unavailable'],
] as const)('E11 %s comes instead of a code, with state and iss', async (fault, description) => {
  const service = await StockService.open(country, 'stock');
  await service.signIn();
  await simulatorOf(country).arm('stock', fault);
  const { answer, state, error, idToken } = await service.signIn();
  expect(Object.fromEntries(answer)).toEqual({
    error: fault,
    error_description: description,
    state,
    iss: country.hub,
  });
  expect(error).toBeInstanceOf(client.AuthorizationResponseError);
  expect(idToken).toBeUndefined();
  expect(await service.signIn()).toMatchObject({ isSignedIn: true });
});

test('E11 a rotated key is fetched by a client that knows the former ones, and stays good at sign-out', async () => {
  const before = await publishedKeys(country);
  const service = await StockService.open(country, 'stock');
  service.rememberKeys(before);
  await simulatorOf(country).arm('stock', 'rotated_key');
  const { isSignedIn, idToken } = await service.signIn();
  expect(isSignedIn).toBe(true);
  const { kid } = decodeProtectedHeader(idToken!);
  expect(before.keys.map((key) => key.kid)).not.toContain(kid);
  const published = (await publishedKeys(country)).keys.find((key) => key.kid === kid);
  expect(published).not.toHaveProperty('d');
  const signOut = (who: string) => {
    const parameters = new URLSearchParams({ client_id: who, id_token_hint: idToken! });
    return fetch(`${country.hub}/session/end?${parameters}`, { redirect: 'manual' });
  };
  expect((await signOut('stock')).status).toBe(303);
  // It was one client's.
  expect((await signOut('scored')).status).toBe(400);
});

test('E11 a slow answer is late, and right', async () => {
  const service = await StockService.open(country, 'stock');
  await simulatorOf(country).arm('stock', 'slow_answer');
  const { took, isSignedIn } = await service.signIn();
  expect(isSignedIn).toBe(true);
  expect(took).toBeGreaterThanOrEqual(SLOWNESS - 1);
});

test.each(IN_TOKENS)('E11 %s is inside of what is encrypted', async (fault, announced) => {
  const configuration = await relyingParty(country, 'encrypted');
  client.enableDecryptingResponses(configuration, ['A256GCM'], { key: encryption.privateKey, kid: 'theirs' });
  const service = new StockService(country, configuration, 'encrypted');
  await simulatorOf(country).arm('encrypted', fault);
  const { idToken, nonce, isSignedIn } = await service.signIn();
  expect(decodeProtectedHeader(idToken!)).toMatchObject({
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    cty: 'JWT',
    kid: 'theirs',
    iss: country.hub,
    aud: 'encrypted',
  });
  const inner = await opened(idToken!, encryption.privateKey);
  expect(await wrongsOf(inner, { country, client: 'encrypted', nonce })).toEqual(announced);
  expect(isSignedIn).toBe(!isRefused(fault));
});

test('E11 a good client that has met every fault has a full card', async () => {
  const simulator = simulatorOf(country);
  const service = await StockService.open(country, 'scored');
  expect(await simulator.card('scored')).toMatchObject({
    full: false,
    results: FAULTS.map(({ id, expects }) => ({ fault: id, expects, outcome: 'not_run' })),
  });
  await service.signIn();
  for (const { id } of FAULTS) {
    expect((await simulator.card('scored')).full).toBe(false);
    await simulator.arm('scored', id);
    // Its library fetches keys once a minute at most, so for this one a developer waits that long.
    const later = await StockService.open(country, 'scored');
    later.rememberKeys(await publishedKeys(country));
    await (id === 'rotated_key' ? later : service).signIn();
  }
  const { results, full } = await decidedCard(simulator, 'scored');
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(full).toBe(true);
  expect(results.every(({ at }) => at! <= Date.now())).toBe(true);
});

test('E11 a careless client that has met every fault failed each that it should have refused', async () => {
  const simulator = simulatorOf(country);
  const service = await CarelessService.open(country, 'careless');
  await service.signIn();
  for (const { id } of FAULTS) {
    await simulator.arm('careless', id);
    await service.signIn();
  }
  const { results, full } = await decidedCard(simulator, 'careless');
  expect(full).toBe(false);
  for (const { fault, outcome, reason, expects } of results) {
    const isError = fault === 'access_denied' || fault === 'temporarily_unavailable';
    const failed = { outcome: 'failed', reason: isError ? 'tokens_requested' : 'token_used' };
    expect({ fault, outcome, reason }).toEqual({
      fault,
      ...(expects === 'refusal' ? failed : { outcome: 'passed', reason: undefined }),
    });
  }
});

test('E11 a client of which the hub has seen no good sign-in is neither passed nor failed', async () => {
  const simulator = simulatorOf(country);
  await simulator.arm('unsure', 'expired');
  await (await StockService.open(country, 'unsure')).signIn();
  const { results } = await decidedCard(simulator, 'unsure');
  expect(results.find(({ fault }) => fault === 'expired')).toMatchObject({
    outcome: 'undecided',
    reason: 'no_baseline',
  });
});

test('E11 of several sign-ins at once exactly one meets the fault, and another client’s none', async () => {
  const simulator = simulatorOf(country);
  const under = await Promise.all(
    [...Array.from({ length: 4 }, () => 'racing'), 'bystander'].map(async (id) => {
      const configuration = await relyingParty(country, id);
      const pressed = await pressButton(configuration, country);
      return { id, configuration, pressed };
    }),
  );
  const answers: URL[] = [];
  for (const { pressed } of under) answers.push(await signIn(country, pressed, { visitor: new Visitor() }));
  await simulator.arm('racing', 'wrong_audience');
  const outcomes = await Promise.allSettled(
    under.map(({ configuration, pressed }, i) =>
      client.authorizationCodeGrant(configuration, answers[i]!, { ...pressed.checks, idTokenExpected: true }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(outcomes.at(-1)!.status).toBe('fulfilled');
});

test('E11 of several sign-ins that end at once exactly one is refused', async () => {
  const visitors = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const visitor = new Visitor();
      const configuration = await relyingParty(country, 'racing');
      await signIn(country, await pressButton(configuration, country), { visitor });
      return { visitor, next: await pressButton(configuration, country) };
    }),
  );
  await simulatorOf(country).arm('racing', 'access_denied');
  const pages = await Promise.all(visitors.map(({ visitor, next }) => visitor.open(next.address)));
  expect(pages.map(({ url }) => url.searchParams.get('error')).sort()).toEqual(['access_denied', null, null]);
});
