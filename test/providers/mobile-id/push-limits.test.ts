/** One push outstanding and three an hour per phone, whoever asks at once. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmbeddedStore } from '../../../adapters/store.ts';
import { PushLimits } from '../../../providers/mobile-id/push-limits.ts';
import type { Store } from '../../../src/store.ts';
import { generateKeys } from '../../../src/vault/keys.ts';
import { createVault } from '../../../src/vault/vault.ts';

const PHONE = '+84912000011';
const MINUTE = 60_000;
const vault = createVault(generateKeys());

let store: Store;
let now: number;
let limits: PushLimits;

beforeEach(() => {
  now = Date.UTC(2026, 0, 5, 8);
  const clock = () => now;
  store = openEmbeddedStore({ directory: ':memory:', vault, clock });
  limits = new PushLimits({ state: store.state, clock });
});
afterEach(() => store.close());

const refused = { code: 'too_many_requests' };
/** A hundred tries at once: how many were let through. */
async function atOnce(phone = PHONE): Promise<number> {
  const tries = await Promise.allSettled(Array.from({ length: 100 }, () => limits.take(phone)));
  for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject(refused);
  return tries.filter(({ status }) => status === 'fulfilled').length;
}

test('B12 of 100 parallel tries one rings the phone', async () => {
  expect(await atOnce()).toBe(1);
  expect(await atOnce()).toBe(0);
  expect(await atOnce('+84912000052')).toBe(1);
});

test('B12 three an hour, each after the one before has ended', async () => {
  for (let push = 0; push < 3; push += 1) {
    await limits.ended(PHONE, await limits.take(PHONE));
    now += MINUTE;
  }
  expect(await atOnce()).toBe(0);
  now += 56 * MINUTE;
  await expect(limits.take(PHONE)).rejects.toMatchObject(refused);
  now += MINUTE; // an hour after the first
  expect(await atOnce()).toBe(1);
});

test('B12 a push nobody heard of again stops ringing after 150 seconds', async () => {
  await limits.take(PHONE);
  now += 149_000;
  await expect(limits.take(PHONE)).rejects.toMatchObject(refused);
  now += 1_000;
  await limits.take(PHONE);
});

test('B12 the end of an older push does not make room beside a newer one', async () => {
  const older = await limits.take(PHONE);
  now += 150_000;
  await limits.take(PHONE);
  await limits.ended(PHONE, older);
  await limits.neverRang(PHONE, older);
  expect(await atOnce()).toBe(0);
});

test('B12 what never rang counts for nothing', async () => {
  for (let push = 0; push < 10; push += 1) await limits.neverRang(PHONE, await limits.take(PHONE));
  expect(await atOnce()).toBe(1);
});
