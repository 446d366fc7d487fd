/** Arming: for one client, for half an hour, by any process, and never where real people sign in. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CompactSign, decodeJwt, decodeProtectedHeader, importJWK } from 'jose';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/store.ts';
import { FAULTS, isFault } from '../../src/simulator/faults.ts';
import { faultyToken } from '../../src/simulator/faulty-tokens.ts';
import { freshKey, RotatedKeys } from '../../src/simulator/rotated-keys.ts';
import { ARMED, FaultSimulator } from '../../src/simulator/simulator.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { faultsInEnglish } from '../../views/texts/developer/faults.en.ts';
import { faultsInVietnamese } from '../../views/texts/developer/faults.vi.ts';

const keys = generateKeys();
const vault = createVault(keys);

let now: number;
let store: EmbeddedStore;
beforeEach(() => {
  now = Date.UTC(2026, 0, 5, 8);
  store = openEmbeddedStore({ directory: ':memory:', vault, clock: () => now });
});
afterEach(() => store.close());

/** As another process has one. */
const simulator = () => {
  const clients = { get: () => undefined, all: () => [] } as never;
  return new FaultSimulator({ ...store, clients, signing: keys.signing, clock: () => now });
};

test('E11 a fault is armed for one client, for half an hour, seen by every process', async () => {
  expect(await simulator().arm('land-office', 'expired')).toEqual({ armedUntil: now + 30 * 60_000 });
  expect(await simulator().armed('land-office')).toBe('expired');
  expect(await simulator().armed('library')).toBeUndefined();
  now += ARMED * 1000 - 1000;
  expect(await simulator().armed('land-office')).toBe('expired');
  now += 1000;
  expect(await simulator().armed('land-office')).toBeUndefined();
});

test('E11 another fault takes the place of the one before, and can be taken back', async () => {
  await simulator().disarm('land-office');
  await simulator().arm('land-office', 'expired');
  await simulator().arm('land-office', 'rotated_key');
  expect(await simulator().armed('land-office')).toBe('rotated_key');
  await simulator().disarm('land-office');
  expect(await simulator().armed('land-office')).toBeUndefined();
  await simulator().arm('land-office', 'expired');
  expect(await simulator().armed('land-office')).toBe('expired');
});

test('E11 of a rotated key only the public half is kept, for the client its token went to', async () => {
  const published = new RotatedKeys(store.state);
  const key = await freshKey('ES256');
  await published.publish('land-office', key);
  expect(await new RotatedKeys(store.state).all()).toEqual([key.publicJwk]);
  expect(Object.keys(key.publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  expect(await published.find('land-office', key.publicJwk.kid)).toEqual(key.publicJwk);
  expect(await published.find('library', key.publicJwk.kid)).toBeUndefined();
  now += 60 * 60_000;
  expect(await published.all()).toEqual([]);
});

test.each([
  ['loa1', 'loa0'],
  ['loa2', 'loa1'],
  ['loa4', 'loa3'],
] as const)('E11 where %s is required, %s is too low', async (required, told) => {
  const { kid, alg, ...rest } = keys.signing.find((key) => key.kty === 'EC')!;
  const signer = await importJWK(rest, alg);
  const jwt = await new CompactSign(Buffer.from(JSON.stringify({ sub: 's', acr: 'loa4' })))
    .setProtectedHeader({ alg, kid })
    .sign(signer);
  const publish = () => Promise.reject(new Error('nothing to publish'));
  const faulty = await faultyToken('acr_too_low', { jwt, required }, { signing: keys.signing, publish });
  expect(decodeJwt(faulty)).toEqual({ sub: 's', acr: told });
  expect(decodeProtectedHeader(faulty)).toEqual({ alg, kid });
  // A token of somebody else's is not for the hub to sign.
  const foreign = faultyToken('acr_too_low', { jwt, required }, { signing: generateKeys().signing, publish });
  await expect(foreign).rejects.toThrow(TypeError);
});

test('E11 every fault is explained in both languages', () => {
  for (const { fault } of [faultsInVietnamese, faultsInEnglish]) {
    expect(Object.keys(fault)).toEqual(FAULTS.map(({ id }) => id));
    for (const words of Object.values(fault)) expect(Object.values(words).every((text) => text.length > 5)).toBe(true);
  }
  expect(isFault('expired')).toBe(true);
  expect(isFault('toString')).toBe(false);
});
