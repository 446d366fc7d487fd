/** Owns the test that any number of machines are one hub: they share the two engines, and nothing else. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { relyingParty, tokensFor } from '../country.ts';
import { type PostgresServer, startPostgresql } from '../engines/postgresql.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { until } from '../engines/until.ts';
import { type CountryOfProcesses, openCountryWithWorkers } from '../many-processes.ts';
import { addressOf } from '../oidc/asking.ts';
import { runCommand } from '../operator/run-command.ts';

const STARTING = 90_000;

let database: PostgresServer;
let state: RedisServer;
let country: CountryOfProcesses;
beforeAll(async () => {
  [database, state] = await Promise.all([startPostgresql(), startRedis()]);
  country = await openCountryWithWorkers({
    machines: 2,
    databaseUrl: await database.create('hub'),
    stateUrl: state.url,
    moreClients: [{ client_id: 'one' }, { client_id: 'changing' }],
  });
}, STARTING);
afterAll(async () => {
  await country?.close();
  await Promise.all([database?.remove(), state?.remove()]);
}, STARTING);

test('a citizen signs in, each request at another machine than the one before as often as not', async () => {
  const subjects = new Set<unknown>();
  for (let n = 0; n < 3; n += 1) {
    const tokens = await tokensFor(country, await relyingParty(country, 'one'));
    subjects.add(tokens.claims()?.sub);
  }
  expect(subjects.size).toBe(1);
  expect(new Set(country.balancer.answeredBy)).toEqual(new Set([0, 1]));
});

test('C9 what an operator changes at one machine is live at the other within two seconds', async () => {
  const { pathname, search } = addressOf(country, 'changing');
  const status = async (n: number) => {
    const answer = await fetch(`${country.machines[n]!.url}${pathname}${search}`, { redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.status;
  };
  expect([await status(0), await status(1)]).toEqual([303, 303]);
  expect(await runCommand(`${country.directory}/hub-0`, 'clients', ['remove', 'changing'])).toMatchObject({ code: 0 });
  expect(await status(0)).toBe(400);
  await until(async () => (await status(1)) === 400, 2_000);
});
