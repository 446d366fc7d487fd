/** A hub that starts before its engine: it waits, says for what, begins when it comes, and does not wait for ever. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { HubUnstartable } from '../../src/hub.ts';
import { openTestCountry, type TestCountry } from '../country.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { keepLog } from '../kept-log.ts';
import { readiness, until, watched } from '../watching/asking.ts';
import { layWire, type Wire } from './wire.ts';

const PASSWORD = 'a-password-nobody-may-read';

let redis: RedisServer;
let wire: Wire;
let country: TestCountry | undefined;
beforeAll(async () => {
  redis = await startRedis({ password: PASSWORD });
});
afterAll(() => redis?.remove());
beforeEach(async () => {
  wire = await layWire(redis.port);
});
afterEach(async () => {
  await country?.close();
  country = undefined;
  await wire.close();
});

function start(startPatience: number, log = keepLog()) {
  const stateUrl = `redis://default:${PASSWORD}@127.0.0.1:${wire.port}/0`;
  return openTestCountry([], { log: log.log, configure: (usual) => ({ ...watched(usual), stateUrl, startPatience }) });
}

test('C4 waits for Redis, says so, and begins when it has come', async () => {
  await wire.refuse();
  const log = keepLog();
  const starting = start(20_000, log);
  await until(
    async () => log.entries('store_unavailable').length,
    (lines) => lines > 0,
    10_000,
  );
  expect(log.entries('store_unavailable')[0]).toMatchObject({ engine: 'redis', ms: expect.any(Number) });
  await wire.mend();
  country = await starting;
  expect((await readiness(country)).ready).toBe(true);
  expect(log.lines.join('')).not.toContain(PASSWORD);
});

test('C4 gives up after the time that was set, and names the engine and its address without the password', async () => {
  await wire.refuse();
  const error = await start(600).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(HubUnstartable);
  expect(error.code).toBe('store_unavailable');
  expect(error.problems).toHaveLength(1);
  expect(error.problems[0]).toContain(`redis at redis://127.0.0.1:${wire.port}`);
  expect(error.problems[0]).not.toContain(PASSWORD);
});
