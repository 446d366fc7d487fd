/** Owns the tests of what watching passes through and tells of ports that stand in a group of their own. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmbeddedStore } from '../../adapters/store.ts';
import { entry } from '../../src/journal/events.ts';
import type { Store } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { watchStore } from '../../src/watching/watched-store.ts';
import { agency, index, NOTHING_ALONGSIDE, service, trailed } from '../adapters/developer-samples.ts';

const vault = createVault(generateKeys());
const CHANGED = { type: 'client_changed', client: 'khai-sinh', change: 'added', fields: [], by: 'command' } as const;

let store: Store;
let calls: string[];
let events: string[];
beforeEach(() => {
  [calls, events] = [[], []];
  store = watchStore(openEmbeddedStore({ directory: ':memory:', vault, clock: () => 1 }), {
    answered: ({ port, operation, outcome }) => calls.push(`${port}.${operation} ${outcome}`),
    happened: ({ type }) => events.push(type),
  });
});
afterEach(() => store.close());

test('what an agency’s change makes durable is seen, and nothing of one that was not written', async () => {
  const { agencies, services } = store.developer;
  const alongside = { trail: [trailed()], entries: [entry(1, CHANGED)] };
  await agencies.save(agency(), NOTHING_ALONGSIDE);
  expect(await services.save(service(), index(), alongside)).toBe('saved');
  expect(await services.save(service(), index(), { trail: [], entries: [entry(1, CHANGED)] })).toBe('conflict');
  expect(events).toEqual(['client_changed']);
  expect(calls).toEqual(['agencies.save ok', 'services.save ok', 'services.save ok']);
});

test('what a port is announced by is passed through', () => {
  expect([store.registrations.topic, store.sandboxRegistrations.topic]).toEqual(['clients', 'clients:sandbox']);
  expect(calls).toEqual([]);
});
