/** A hub that is not told to simulate has nothing of it, and one for real people cannot be told. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HubUnstartable, startHub } from '../../src/hub.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { StockService, wrongsOf } from './trying.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }]);
});
afterAll(() => country.close());

test('E11 a hub without a simulator answers rightly, whatever its store says is armed', async () => {
  const { simulator, store } = country.runningHub();
  expect(simulator).toBeUndefined();
  await store.state.put('FaultArmed', 'stock', { fault: 'wrong_issuer', arming: 'x' }, 600);
  const { idToken, nonce, isSignedIn } = await (await StockService.open(country, 'stock')).signIn();
  expect(await wrongsOf(idToken!, { country, client: 'stock', nonce })).toEqual([]);
  expect(isSignedIn).toBe(true);
  expect(await store.faultTrials.of('stock')).toEqual([]);
});

test('E11 a production hub does not start with a simulator', async () => {
  const start = startHub({ ...country.configuration, mode: 'production', simulator: true, port: 0 }, () => {});
  const problem = await start.then(
    () => undefined,
    (error) => error,
  );
  expect(problem).toBeInstanceOf(HubUnstartable);
  expect(problem.code).toBe('configuration_invalid');
  expect(problem.message).toContain('simulator');
});
