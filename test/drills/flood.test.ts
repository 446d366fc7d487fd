/**
 * Owns the drill of a flood: hundreds of clients that never end what they send, and thousands of sign-ins a second that one
 * address begins. Whoever comes from elsewhere signs in meanwhile, and hardly slower.
 */
import { expect, test } from '@jest/globals';
import { until } from '../engines/until.ts';
import { addressOf } from '../oidc/asking.ts';
import { run } from '../start/program.ts';
import { CompleteSignIns } from './complete-sign-ins.ts';
import { openSlowClients } from './slow-clients.ts';
import { openStage } from './stage.ts';
import { medianOf, working } from './work.ts';

const WORKERS = 2;
/** Milliseconds for slow clients to be cut. */
const PATIENCE = 20_000;
const SLOW_CLIENTS = 500;
const FLOOD = { PER_SECOND: '2000', FROM: '203.0.113.7', CONNECTIONS: '50' };
/** As an operator who sets nothing has them. */
const LIMITS = { perAddress: 300, perBrowser: 30, perClient: 6_000 };

const stage = openStage({
  workers: WORKERS,
  newcomers: 1_000,
  moreClients: [{ client_id: 'one' }],
  configure: (usual) => ({ ...usual, limits: LIMITS, trustedProxies: ['127.0.0.1'] }),
});

/** Everything that a hub keeps, by how much it is. */
async function stored(): Promise<readonly unknown[]> {
  const { engines } = stage;
  const tables = ['person', 'link', 'consent', 'event', 'review', 'outbox'];
  const counts = tables.map((table) => `(select count(*)::int from "${table}") as "${table}"`);
  return [await engines.redis.client.dbsize(), ...(await engines.rows(`select ${counts.join()}`))];
}

test('C12 500 slow clients and a flood of sign-ins begun at one address: others sign in, hardly slower', async () => {
  const { country, newcomers } = stage;
  const signIns = new CompleteSignIns(country);
  let next = 0;
  const signIn = () => signIns.signIn('one', { account: newcomers.accounts[next++]! });
  const atOnce = [signIn, signIn];
  const port = new URL(country.machines[0]!.url).port;
  const { pathname, search } = addressOf(country, 'one');

  // The first ones find nothing warm, and are no measure.
  const first = working(atOnce);
  await first.more(10);
  await first.end();
  const quiet = working(atOnce);
  await quiet.more(20);
  await quiet.end();
  const before = await stored();

  const slow = await openSlowClients(Number(port), SLOW_CLIENTS);
  try {
    const flood = run('test/drills/flood-process.ts', { ...FLOOD, PORT: port, ADDRESS: pathname + search });
    await flood.says(/answered \d{4}/);
    // Whoever has only begun is kept by their own browser.
    expect(await stored()).toEqual(before);
    const busy = working(atOnce);
    await busy.more(20);
    expect(slow.open).toBe(SLOW_CLIENTS);
    // Those who never end their headers are ended; they come again.
    await until(async () => slow.cut >= SLOW_CLIENTS / 2, PATIENCE);
    await busy.end();
    flood.send('SIGTERM');
    await flood.ended;

    expect([...quiet.failures, ...busy.failures]).toEqual([]);
    expect(medianOf(busy.times)).toBeLessThan(3 * medianOf(quiet.times));
    expect(Math.max(...busy.times)).toBeLessThan(5 * Math.max(...quiet.times));
    const { answered, statuses, broken, seconds } = JSON.parse(flood.said().output.trim().split('\n').at(-1)!);
    process.stdout.write(
      `C12 ${Math.round(answered / seconds)} starts a second; a sign-in took ${Math.round(medianOf(quiet.times))} ms before and ${Math.round(medianOf(busy.times))} ms meanwhile\n`,
    );
    expect(broken).toBe(0);
    expect(Object.keys(statuses)).toEqual(['303', '429']);
    // Each worker counts by itself, and gives back a minute's share evenly over the minute.
    expect(statuses['303']).toBeLessThanOrEqual(
      WORKERS * (LIMITS.perAddress + (LIMITS.perAddress / 60) * (seconds + 1)),
    );
    expect(answered).toBeGreaterThan(3 * statuses['303']);
  } finally {
    await slow.close();
  }
}, 60_000);
