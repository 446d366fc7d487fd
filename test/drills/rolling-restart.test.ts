/** Owns the drill of restarting under load: workers renewed one by one, one ended by hand, and in the end all at once. */
import { expect, test } from '@jest/globals';
import { until } from '../engines/until.ts';
import { codeFor, redemption } from '../oidc/redeeming.ts';
import { CompleteSignIns } from './complete-sign-ins.ts';
import { beginToSend, untilToldToEnd } from './kept-connection.ts';
import { openStage } from './stage.ts';
import { working } from './work.ts';

const WORKERS = 2;
const RENEWALS = 2;
const KEPT = 8;

const stage = openStage({
  workers: WORKERS,
  newcomers: 1_000,
  moreClients: [{ client_id: 'one' }],
  keepsConnections: true,
});

test('C8 rolling restart under load: nothing fails, on fresh connections and kept ones; a stop finishes what is under way', async () => {
  const { country, newcomers } = stage;
  const signIns = new CompleteSignIns(country);
  let next = 0;
  const signIn = () => signIns.signIn('one', { account: newcomers.accounts[next++ % newcomers.accounts.length]! });
  const work = working([signIn, signIn]);
  const { program, url } = country.machines[0]!;
  const keptOpen = () => Promise.all(Array.from({ length: KEPT }, () => untilToldToEnd(`${url}/jwks`)));
  await work.more(3);

  for (let renewal = 0; renewal < RENEWALS; renewal += 1) {
    const before = country.workerPids();
    const [answers] = await Promise.all([keptOpen(), country.reload()]);
    // Some came before: it was no connection that ended at once.
    for (const many of answers) expect(many).toBeGreaterThan(1);
    expect(country.workerPids().filter((pid) => before.includes(pid))).toEqual([]);
    expect(work.failures).toEqual([]);
  }

  const [ended] = country.workerPids();
  country.kill(ended!, 'SIGTERM');
  await until(async () => !country.workerPids().includes(ended!), 20_000);
  await country.serving(WORKERS);
  await work.more(3);
  await work.end();
  expect(work.failures).toEqual([]);
  expect(work.times.length).toBeGreaterThan(20);
  expect(country.balancer.overKept).toBeGreaterThan(100);

  const redeeming = [];
  for (let n = 0; n < 4; n += 1) {
    const { fields = {} } = await redemption(country, 'one', await codeFor(country, 'one'));
    redeeming.push(await beginToSend(`${url}/token`, fields));
  }
  program.send('SIGTERM');
  await until(
    () =>
      fetch(`${url}/jwks`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      ),
    5_000,
  );
  for (const half of redeeming)
    expect(await half.finish()).toMatchObject({ status: 200, body: expect.stringContaining('id_token') });
  expect(await program.ended).toEqual({ code: 0, signal: null });
}, 90_000);
