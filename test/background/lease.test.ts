/** Owns the tests of doing something in one process at a time, and of who asks the population register. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/store.ts';
import { Lease } from '../../src/background/lease.ts';
import { type ChangeFeed, RegisterWatch } from '../../src/background/register-watch.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

const vault = createVault(generateKeys());
const LIFETIME = 30;

let now: number;
let store: EmbeddedStore;
beforeEach(() => {
  now = Date.UTC(2026, 0, 5);
  store = openEmbeddedStore({ directory: ':memory:', vault, clock: () => now });
});
afterEach(() => store.close());

describe('a lease', () => {
  const leases = (count: number) => Array.from({ length: count }, () => new Lease(store.state, 'something', LIFETIME));

  test('is held by one of any number, who goes on holding it', async () => {
    const all = leases(20);
    const held = await Promise.all(all.map((lease) => lease.hold()));
    expect(held.filter(Boolean)).toHaveLength(1);
    now += (LIFETIME - 1) * 1000;
    expect(await Promise.all(all.map((lease) => lease.hold()))).toEqual(held);
    // From the last time on, not from the first.
    now += (LIFETIME - 1) * 1000;
    expect(await Promise.all(all.map((lease) => lease.hold()))).toEqual(held);
  });

  test('passes on when it is given back, and when its holder has died', async () => {
    const [one, two, three] = leases(3) as [Lease, Lease, Lease];
    expect(await one.hold()).toBe(true);
    await two.release();
    expect(await two.hold()).toBe(false);
    await one.release();
    expect(await two.hold()).toBe(true);
    now += LIFETIME * 1000;
    expect(await three.hold()).toBe(true);
    expect(await two.hold()).toBe(false);
  });
});

describe('the register', () => {
  const INTERVAL = 5;

  function watching() {
    let asked = 0;
    let looks = 0;
    const get: typeof store.state.get = (...entry) => {
      looks += 1;
      return store.state.get(...entry);
    };
    const feed: ChangeFeed = {
      changesSince: async (since) => {
        asked += 1;
        return { changes: [], cursor: since };
      },
    };
    const watch = new RegisterWatch({
      feed,
      store: { ...store, state: { ...store.state, get } },
      endSessionsOf: async () => {},
      interval: INTERVAL,
      clock: () => now,
      log: () => {},
    });
    watch.start();
    return { watch, asked: () => asked, looks: () => looks };
  }
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await turn();
  };

  test('is asked by one process at a time, and by the next when that one ends', async () => {
    const [one, two] = [watching(), watching()];
    await until(() => one.asked() > 4 && two.looks() > 4);
    expect(two.asked()).toBe(0);
    await one.watch.close();
    const before = one.asked();
    await until(() => two.asked() > 2);
    expect(one.asked()).toBe(before);
    await two.watch.close();
  });

  test('is asked by another one when the one that asked has died', async () => {
    await new Lease(store.state, 'register-watch', LIFETIME).hold();
    const one = watching();
    await until(() => one.looks() > 4);
    expect(one.asked()).toBe(0);
    now += LIFETIME * 1000;
    await until(() => one.asked() > 0);
    await one.watch.close();
  });
});
