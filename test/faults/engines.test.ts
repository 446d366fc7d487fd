/** Redis and PostgreSQL restarted or unreachable under a running hub: told, seen, over by itself, nothing promised lost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { HOA, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { type PostgresServer, startPostgresql } from '../engines/postgresql.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { halvesIn, QUESTIONS } from '../halves.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';
import { addressOf } from '../oidc/asking.ts';
import { codeFor, redeem, tokensOf, userinfo } from '../oidc/redeeming.ts';
import type { Row } from '../store-copy.ts';
import { metrics, readiness, seriesIn, until, watched } from '../watching/asking.ts';
import { layWire, type Wire } from './wire.ts';

/** Within which everything has to work again once an engine is back. */
const RESUMED = 5_000;
const DATABASE = 'hub';

let redis: RedisServer;
let postgres: PostgresServer;
let wires: { readonly redis: Wire; readonly postgresql: Wire };
let country: TestCountry;
let kept: KeptLog;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgresql()]);
  await postgres.create(DATABASE);
  const [toRedis, toPostgres] = await Promise.all([layWire(redis.port), layWire(postgres.port)]);
  wires = { redis: toRedis, postgresql: toPostgres };
  kept = keepLog();
  country = await openTestCountry([{ client_id: 'stock' }], {
    log: kept.log,
    configure: (usual) => ({
      ...watched(usual),
      databaseUrl: `postgres://hub@127.0.0.1:${toPostgres.port}/${DATABASE}?sslmode=disable`,
      stateUrl: `redis://127.0.0.1:${toRedis.port}/0`,
    }),
  });
}, 60_000);
afterAll(async () => {
  await country?.close();
  await Promise.all([wires?.redis.close(), wires?.postgresql.close()]);
  await Promise.all([redis?.remove(), postgres?.remove()]);
});
beforeEach(() => void kept.lines.splice(0));
afterEach(async () => {
  await Promise.all([wires.redis.mend(), wires.postgresql.mend()]);
  await until(readiness0, ({ ready }) => ready, RESUMED);
});
const readiness0 = () => readiness(country);

/** A new browser's sign-in, as far as it goes. */
async function signsIn(): Promise<Page> {
  const visitor = new Visitor();
  await visitor.open(addressOf(country, 'stock'));
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor, HOA);
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  return visitor.page;
}

async function expectTrouble(engine: string): Promise<void> {
  const page = await signsIn();
  expect([page.status, page.code, page.headers.get('retry-after')]).toEqual([503, 'store_unavailable', '5']);
  expect(await readiness(country)).toMatchObject({ status: 503, ready: false, red: [engine] });
  const text = await metrics(country);
  expect(seriesIn(text, `lien_thong_engine_up{engine="${engine}"}`)).toBe(0);
  expect(seriesIn(text, 'lien_thong_ready')).toBe(0);
  expect(kept.entries('store_unavailable').at(-1)).toMatchObject({ engine });
}

/** From now on: ready, and a whole sign-in, within the time allowed. */
async function expectResumed(): Promise<void> {
  const waited = await until(
    async () => [await readiness(country), (await signsIn()).code] as const,
    ([{ ready }, code]) => ready && code === 'test_callback',
    RESUMED,
  );
  expect(waited).toBeLessThan(RESUMED);
  expect(kept.entries('internal_error')).toEqual([]);
}

async function expectWhole(): Promise<void> {
  const found = new Map<string, readonly Row[]>();
  for (const question of QUESTIONS) found.set(question, await postgres.run(question, DATABASE));
  expect(halvesIn((question) => found.get(question)!)).toEqual([]);
}

describe.each(['redis', 'postgresql'] as const)('%s', (engine) => {
  const number = engine === 'redis' ? 'C4' : 'C5';

  test(`${number} C13 refuses connections: told as trouble, and over within five seconds`, async () => {
    await wires[engine].refuse();
    await expectTrouble(engine);
    await wires[engine].mend();
    await expectResumed();
    await expectWhole();
  });

  test(`${number} C13 takes what it is asked and never answers: nobody waits for ever, and it is over within five seconds`, async () => {
    wires[engine].silence();
    const begun = performance.now();
    await expectTrouble(engine);
    expect(performance.now() - begun).toBeLessThan(15_000);
    await wires[engine].mend();
    await expectResumed();
    await expectWhole();
  });

  test(`${number} C13 an outage writes a line a request and no more`, async () => {
    await wires[engine].refuse();
    const from = kept.lines.length;
    await until(readiness0, ({ ready }) => !ready, RESUMED);
    for (let at = 0; at < 5; at += 1) await signsIn();
    const lines = kept.lines.slice(from).map((line) => JSON.parse(line));
    const requests = lines.filter(({ code }) => code === 'request').length;
    expect(lines.length).toBeLessThanOrEqual(2 * requests + 5);
  });
});

test('C4 Redis restarted, empty: whoever was signed in signs in again, and nothing that was agreed to is asked again', async () => {
  const visitor = new Visitor();
  await codeFor(country, 'stock', {}, { visitor, account: HOA });
  const { access } = await tokensOf(country, 'stock', {}, { account: HOA });
  await redis.restart();
  await expectResumed();
  // Sessions and tokens lived there.
  expect((await userinfo(country, access)).status).toBe(401);
  await visitor.open(addressOf(country, 'stock'));
  expect(visitor.page.code).toBe('choose_source');
  expect((await proveByTaxCode(visitor, HOA)).code).toBe('test_callback');
  await expectWhole();
});

test.each([
  'restart',
  'crash',
] as const)('C5 PostgreSQL ends by %s and comes back: sessions last, and so does what was agreed to', async (how) => {
  const visitor = new Visitor();
  const code = await codeFor(country, 'stock', {}, { visitor, account: HOA });
  await postgres.stop(how);
  await expectTrouble('postgresql');
  await postgres.start();
  await expectResumed();
  expect(
    (await visitor.open(addressOf(country, 'stock', { prompt: 'none' }))).url.searchParams.get('code'),
  ).not.toBeNull();
  expect((await redeem(country, 'stock', code)).status).toBe(200);
  await expectWhole();
});
