/** Owns the tests of secrets and keys that follow each other: two at a time, no login fails in between, each ends when it ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareSecrets } from '../../sandbox/secrets.ts';
import { createVault, type Vault } from '../../src/vault/vault.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { basic } from './redeeming.ts';
import { browsersAt, change, expectRefused, Load, newKey, push, signedBy, statusOf } from './rotating.ts';
import { atSecond } from './time.ts';

let country: TestCountry;
let vault: Vault;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'with-secret', secret: 'basic' },
    { client_id: 'with-key' },
    {
      client_id: 'with-key-for-all',
      authentication: { method: 'private_key_jwt' },
      jwks: { keys: [{ ...(await newKey('unused')).jwk }] },
    },
  ]);
  vault = createVault((await prepareSecrets(country.directory)).hubKeys);
});
afterAll(() => country?.close());

const hashed = (secret: string, exp?: number) => ({ hash: vault.hashClientSecret(secret), ...(exp ? { exp } : {}) });
describe('under load', () => {
  test('E7 a secret follows another, and no login fails', async () => {
    const id = 'with-secret';
    const withSecrets = (...secrets: object[]) =>
      change(country, id, { authentication: { method: 'client_secret_basic', secrets } });
    await withSecrets(hashed('the-old-secret'));
    const load = new Load(country, id, () => basic(id, 'the-old-secret'), await browsersAt(country, id));
    await load.more();
    await withSecrets(hashed('the-old-secret'), hashed('the-new-secret'));
    await load.more();
    await load.use(() => basic(id, 'the-new-secret'));
    await withSecrets(hashed('the-new-secret'));
    await load.more();
    await load.stop();
    expect(load.failures).toEqual([]);
    expectRefused(await push(country, id, basic(id, 'the-old-secret')));
  });

  test.each([
    [
      'the key it proves itself with',
      'with-key',
      (keys: object[]) => ({ authentication: { method: 'private_key_jwt', jwks: { keys } } }),
    ],
    ['the keys it has for all', 'with-key-for-all', (keys: object[]) => ({ jwks: { keys } })],
  ])('E7 a key follows another, and no login fails: %s', async (_name, id, having) => {
    const [old, young] = [await newKey('old'), await newKey('young')];
    await change(country, id, having([old.jwk]));
    const load = new Load(country, id, () => signedBy(country, id, old), await browsersAt(country, id));
    await load.more();
    await change(country, id, having([old.jwk, young.jwk]));
    await load.more();
    await load.use(() => signedBy(country, id, young));
    await change(country, id, having([young.jwk]));
    await load.more();
    await load.stop();
    expect(load.failures).toEqual([]);
    expectRefused(await push(country, id, signedBy(country, id, old)));
  });
});

describe('ends', () => {
  const HOUR = 3_600;
  const inAnHour = () => Math.floor(Date.now() / 1000) + HOUR;

  test('E7 a secret is taken until its end and not a second longer, the other one for ever', async () => {
    const id = 'with-secret';
    const secrets = [hashed('ends', inAnHour()), hashed('stays')];
    await change(country, id, { authentication: { method: 'client_secret_basic', secrets } });
    for (const secret of ['ends', 'stays']) expect(await statusOf(push(country, id, basic(id, secret)))).toBe(201);
    await atSecond(HOUR - 5, async () => expect(await statusOf(push(country, id, basic(id, 'ends')))).toBe(201));
    await atSecond(HOUR + 1, async () => {
      expectRefused(await push(country, id, basic(id, 'ends')));
      expect(await statusOf(push(country, id, basic(id, 'stays')))).toBe(201);
    });
    for (const wrong of [secrets[0]!.hash, secrets[1]!.hash, 'endsstays', ''])
      expect(await statusOf(push(country, id, basic(id, wrong)))).toBeGreaterThanOrEqual(400);
  });

  test('E7 a key is taken until its end and not a second longer, the other one for ever', async () => {
    const id = 'with-key';
    const [ends, stays] = [await newKey('ends', { exp: inAnHour() }), await newKey('stays')];
    await change(country, id, { authentication: { method: 'private_key_jwt', jwks: { keys: [ends.jwk, stays.jwk] } } });
    for (const key of [ends, stays]) expect(await statusOf(push(country, id, signedBy(country, id, key)))).toBe(201);
    await atSecond(HOUR - 5, async () =>
      expect(await statusOf(push(country, id, signedBy(country, id, ends)))).toBe(201),
    );
    await atSecond(HOUR + 1, async () => {
      expectRefused(await push(country, id, signedBy(country, id, ends)));
      expect(await statusOf(push(country, id, signedBy(country, id, stays)))).toBe(201);
    });
  });

  test('E7 a service whose only key has ended is refused, and no worse', async () => {
    const ended = await newKey('ended', { exp: 1_600_000_000 });
    await change(country, 'with-key', { authentication: { method: 'private_key_jwt', jwks: { keys: [ended.jwk] } } });
    expectRefused(await push(country, 'with-key', signedBy(country, 'with-key', ended)));
  });
});
