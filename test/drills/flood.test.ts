/**
 * Owns the drill of a flood: hundreds of clients that never end what they send, and thousands of sign-ins a second that one
 * address begins. Whoever comes from elsewhere signs in meanwhile, and hardly slower.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { type CountryOfProcesses, openCountryWithWorkers } from '../many-processes.ts';
import { addressOf } from '../oidc/asking.ts';
import { endAll, run } from '../start/program.ts';
import { CompleteSignIns } from './complete-sign-ins.ts';
import { type Newcomers, registerNewcomers } from './newcomers.ts';
import { openSlowClients } from './slow-clients.ts';
import { medianOf, working } from './work.ts';

const STARTING = 90_000;
const SLOW_CLIENTS = 500;
const FLOOD = { PER_SECOND: '2000', FROM: '203.0.113.7', CONNECTIONS: '50' };
/** As an operator who sets nothing has them. */
const LIMITS = { perAddress: 300, perBrowser: 30, perClient: 6_000 };

let engines: EnginePair;
let newcomers: Newcomers;
let country: CountryOfProcesses;
beforeAll(async () => {
  [engines, newcomers] = await Promise.all([startEnginePair(), registerNewcomers(1_000)]);
  country = await openCountryWithWorkers({
    ...engines.addresses,
    workers: 2,
    registers: newcomers.folder,
    moreClients: [{ client_id: 'one' }],
    configure: (usual) => ({
      ...usual,
      limits: LIMITS,
      trustedProxies: ['127.0.0.1'],
      logLevel: process.env.LL ?? 'warn',
    }),
  });
}, STARTING);
afterAll(async () => {
  await country?.close();
  await endAll();
  await Promise.all([engines?.remove(), newcomers?.remove()]);
}, STARTING);

test('C12 500 slow clients and a flood from one address: others sign in', async () => {
  const signIns = new CompleteSignIns(country);
  let next = 0;
  const signIn = () => signIns.signIn('one', { account: newcomers.accounts[next++]! });
  const { url } = country.machines[0]!;
  const { port } = new URL(url);
  const stored = async () => ({
    state: await engines.redis.client.dbsize(),
    events: (await engines.rows('select count(*)::int as n from event'))[0]!.n as number,
  });

  const warm = working([signIn, signIn]);
  await warm.more(10);
  await warm.end();
  const quiet = working([signIn, signIn]);
  await quiet.more(20);
  await quiet.end();
  const before = await stored();

  const slow = await openSlowClients(Number(port), SLOW_CLIENTS);
  process.stderr.write('slow open\n');
  try {
  const { pathname, search } = addressOf(country, 'one');
  const flood = run('test/drills/flood-process.ts', { ...FLOOD, PORT: port, ADDRESS: pathname + search });
  await flood.says(/answered \d{4}/);
  process.stderr.write('flood there\n');
  console.log(before, await stored());
  const busy = working([signIn, signIn]);
  const t = performance.now();
  await busy.more(30);
  await busy.end();
  const el = performance.now() - t;
  console.log({ el, open: slow.open, cut: slow.cut });
  flood.send('SIGTERM');
  await flood.ended;
  console.log(flood.said().output.split('\n').slice(-2), flood.said().complaints, { quiet: medianOf(quiet.times), max: Math.max(...quiet.times), busy: medianOf(busy.times), bmax: Math.max(...busy.times) }, busy.failures);
  } finally {
  await slow.close();
  }
}, 60_000);
