/** Owns the tests of keys that a service keeps at an address: found when they change, never believed for long, and no way in. */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { openTestCountry, type TestCountry } from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { codeFor, redeem } from './redeeming.ts';
import {
  browsersAt,
  change,
  expectRefused,
  Load,
  newKey,
  type Published,
  publish,
  push,
  signedBy,
  statusOf,
} from './rotating.ts';
import { atSecond } from './time.ts';

const log = keepLog();
const id = 'by-address';
let country: TestCountry;
let published: Published;
beforeAll(async () => {
  published = await publish();
  const byAddress = { authentication: { method: 'private_key_jwt' } as const, jwks_uri: published.address };
  country = await openTestCountry(
    [
      { client_id: id, ...byAddress },
      {
        client_id: 'encrypted-by-address',
        secret: 'basic',
        jwks_uri: published.address,
        id_token_encrypted_response_alg: 'ECDH-ES',
      },
      { client_id: 'private-network', ...byAddress, jwks_uri: 'https://192.168.1.1/jwks' },
    ],
    { log: log.log },
  );
});
afterAll(async () => {
  await country?.close();
  await published.close();
});

let version = 0;
beforeEach(async () => {
  published.serve({ keys: [] });
  // Something of the registration changes, so that what the hub remembers of its keys is forgotten.
  version += 1;
  await change(country, id, { version });
});

test('E7 a key at an address follows another, and no login fails', async () => {
  const [old, young] = [await newKey('old'), await newKey('young')];
  published.serve({ keys: [old.jwk] });
  const load = new Load(country, id, () => signedBy(country, id, old), await browsersAt(country, id));
  await load.more();
  const before = published.requests();
  published.serve({ keys: [old.jwk, young.jwk] });
  // Used at once: the hub asks again when a key comes that it does not know, each browser's request at most once.
  await load.use(() => signedBy(country, id, young));
  expect(published.requests() - before).toBeGreaterThan(0);
  expect(published.requests() - before).toBeLessThanOrEqual(3);
  published.serve({ keys: [young.jwk] });
  await load.more();
  await load.stop();
  expect(load.failures).toEqual([]);
  // A key that has left the address is taken for a minute, used or not.
  await atSecond(80, async () => expectRefused(await push(country, id, signedBy(country, id, old))));
});

test('E7 an end that an address gives a key is kept, too', async () => {
  const [ends, stays] = [await newKey('ends', { exp: Math.floor(Date.now() / 1000) + 30 }), await newKey('stays')];
  published.serve({ keys: [ends.jwk, stays.jwk] });
  expect(await statusOf(push(country, id, signedBy(country, id, ends)))).toBe(201);
  await atSecond(31, async () => {
    expectRefused(await push(country, id, signedBy(country, id, ends)));
    expect(await statusOf(push(country, id, signedBy(country, id, stays)))).toBe(201);
  });
});

test('E7 what the address has, and nothing weak or private among it', async () => {
  const [good, leaked] = [await newKey('good'), await newKey('leaked', { d: 'published' })];
  published.serve({ keys: [good.jwk, leaked.jwk, { kty: 'unknown' }, { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }] });
  expect(await statusOf(push(country, id, signedBy(country, id, good)))).toBe(201);
  expectRefused(await push(country, id, signedBy(country, id, leaked)));
});

test('E7 a stranger cannot make the hub ask an address again and again', async () => {
  published.serve({ keys: [(await newKey('good')).jwk] });
  const stranger = await newKey('stranger');
  const before = published.requests();
  for (let times = 0; times < 20; times += 1) expectRefused(await push(country, id, signedBy(country, id, stranger)));
  // Once for the keys, and a few times for one that might have come since.
  expect(published.requests() - before).toBe(1 + 5);
});

const answers: readonly [string, string, (response: ServerResponse) => void][] = [
  ['too much', 'too_large', (response) => response.end(`{"keys":[],"more":"${'x'.repeat(70_000)}"}`)],
  ['to go elsewhere', 'redirect_refused', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['nothing', 'unreachable', (response) => response.destroy()],
  ['no keys', 'not_a_key_set', (response) => response.end('<html>')],
  ['no set of keys', 'not_a_key_set', (response) => response.end('{"keys":"none"}')],
  ['that there is nothing', 'not_a_key_set', (response) => response.writeHead(404).end('{"keys":[]}')],
];
test.each(answers)('E7 an address that answers %s refuses its service, and no worse', async (_name, code, answer) => {
  const key = await newKey('good');
  published.answer(answer);
  expectRefused(await push(country, id, signedBy(country, id, key)));
  expect(log.entries('client_keys_unavailable').at(-1)).toMatchObject({ client: id, error: code });
  expect(log.entries('internal_error')).toEqual([]);
  published.serve({ keys: [key.jwk] });
  await atSecond(5, async () => expect(await statusOf(push(country, id, signedBy(country, id, key)))).toBe(201));
});

test('E4 an address in a private network is not called', async () => {
  const elsewhere = 'private-network';
  expectRefused(await push(country, elsewhere, signedBy(country, elsewhere, await newKey('any'))));
  expect(log.entries('client_keys_unavailable').at(-1)).toMatchObject({
    client: elsewhere,
    error: 'address_not_public',
  });
});

test('E17 who cannot be encrypted for is refused with the tokens, and no worse', async () => {
  const encrypted = 'encrypted-by-address';
  published.answer((response) => response.writeHead(503).end());
  const { status, body } = await redeem(country, encrypted, await codeFor(country, encrypted));
  expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client' });
  const { publicKey } = await generateKeyPair('ECDH-ES');
  published.serve({ keys: [{ ...(await exportJWK(publicKey)), use: 'enc' }] });
  await atSecond(5, async () => {
    const { body: later } = await redeem(country, encrypted, await codeFor(country, encrypted));
    expect(later.id_token.split('.')).toHaveLength(5);
  });
});
