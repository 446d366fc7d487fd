/** The one port of a hub with several workers: both are seen, one that is killed is missed, and ready it stays. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkersReport } from '../../src/watching/workers-together.ts';
import { relyingParty, tokensFor } from '../country.ts';
import { type PostgresServer, startPostgresql } from '../engines/postgresql.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { type CountryOfProcesses, openCountryWithWorkers } from '../many-processes.ts';
import { endAll } from '../start/program.ts';
import { seriesIn, until } from './asking.ts';

const STARTING = 90_000;

let database: PostgresServer;
let state: RedisServer;
let country: CountryOfProcesses;
let port: number;
beforeAll(async () => {
  [database, state, port] = await Promise.all([startPostgresql(), startRedis(), freePort()]);
  country = await openCountryWithWorkers({
    workers: 2,
    databaseUrl: await database.create('hub'),
    stateUrl: state.url,
    moreClients: [{ client_id: 'one' }],
    environment: { HUB_WATCH_PORT: String(port) },
  });
}, STARTING);
afterAll(async () => {
  await country?.close();
  await endAll();
  await Promise.all([database?.remove(), state?.remove()]);
}, STARTING);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return free;
}

const ask = async (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
const report = async () => (await (await ask('/readyz')).json()) as WorkersReport;

test(
  'C13 both workers are seen, and their numbers are added up',
  async () => {
    await country.serving(2);
    await tokensFor(country, await relyingParty(country, 'one'));
    expect(await report()).toEqual({
      ready: true,
      red: [],
      engines: { postgresql: true, redis: true },
      workers: { ready: 2, running: 2 },
    });
    const text = await (await ask('/metrics')).text();
    expect(seriesIn(text, 'lien_thong_ready')).toBe(2);
    const signedIn = 'lien_thong_sign_ins_total{source="tax-code",sector="agency-of-one",outcome="signed_in"}';
    expect(seriesIn(text, signedIn)).toBe(1);
    expect((await ask('/livez')).status).toBe(200);
  },
  STARTING,
);

test(
  'C13 a worker that is killed is missed until another has come; ready it stays',
  async () => {
    await country.serving(2);
    const before = country.workerPids();
    country.kill(before[0]!, 'SIGKILL');
    expect((await ask('/readyz')).status).toBe(200);
    await until(report, ({ ready, workers }) => ready && workers.ready === 2, 60_000);
    expect(country.workerPids()).not.toContain(before[0]);
  },
  STARTING,
);

test(
  'C13 an engine that is gone is red for all of them, and green when it is back',
  async () => {
    await country.serving(2);
    await state.stop();
    await until(report, ({ ready, red }) => !ready && red.includes('redis'), 5_000);
    await state.start();
    await until(report, ({ ready }) => ready, 5_000);
  },
  STARTING,
);
