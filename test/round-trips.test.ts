/** How often a sign-in has to wait for Redis and PostgreSQL, seen on the wire: printed, so that it cannot creep up. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../sandbox/visitor.ts';
import { Delivery } from '../src/background/delivery.ts';
import { AN, HOA, openTestCountry, relyingParty, type TestCountry, tokensFor } from './country.ts';
import { type Account, type Newcomers, registerNewcomers } from './drills/newcomers.ts';
import { type PostgresServer, startPostgresql } from './engines/postgresql.ts';
import { type RedisServer, startRedis } from './engines/redis.ts';
import { layWire, type Wire } from './faults/wire.ts';

const MOST = 10;
/** What else the hub does for itself now and then may fall into a sign-in, never into all of them. */
const TIMES = 5;
const NEWCOMERS = 3;
const DATABASE = 'hub';

let engines: { readonly redis: RedisServer; readonly postgresql: PostgresServer };
let wires: { readonly redis: Wire; readonly postgresql: Wire };
let newcomers: Newcomers;
let country: TestCountry;

beforeAll(async () => {
  // A sign-in in a new browser leaves something to be told; whoever carries it does so beside it, nobody waits.
  jest.spyOn(Delivery.prototype, 'wake').mockImplementation(() => {});
  const [redis, postgresql] = await Promise.all([startRedis(), startPostgresql()]);
  engines = { redis, postgresql };
  await postgresql.create(DATABASE);
  const [toRedis, toPostgresql] = await Promise.all([layWire(redis.port), layWire(postgresql.port)]);
  wires = { redis: toRedis, postgresql: toPostgresql };
  const services = Array.from({ length: TIMES + 1 }, (_, number) => ({ client_id: `service-${number}` }));
  newcomers = await registerNewcomers(NEWCOMERS);
  country = await openTestCountry(services, {
    registers: newcomers.folder,
    configure: (usual) => ({
      ...usual,
      databaseUrl: `postgres://hub@127.0.0.1:${toPostgresql.port}/${DATABASE}?sslmode=disable`,
      stateUrl: `redis://127.0.0.1:${toRedis.port}/0`,
      // The hub's own business is to fall into as few sign-ins as can be.
      registerInterval: 600_000,
    }),
  });
}, 60_000);
afterAll(async () => {
  await country?.close();
  await Promise.all([wires?.redis.close(), wires?.postgresql.close()]);
  await Promise.all([engines?.redis.remove(), engines?.postgresql.remove(), newcomers?.remove()]);
});

interface Trips {
  readonly redis: number;
  readonly postgresql: number;
}

/** A whole sign-in in a browser that nobody used before, from the button to userinfo. */
async function trips(account: Account, service: number): Promise<Trips> {
  const party = await relyingParty(country, `service-${service}`);
  const { redis, postgresql } = wires;
  const before = [redis.flights, postgresql.flights] as const;
  const tokens = await tokensFor(country, party, { scope: 'openid profile' }, { visitor: new Visitor(), account });
  await client.fetchUserInfo(party, tokens.access_token, tokens.claims()!.sub);
  return { redis: redis.flights - before[0], postgresql: postgresql.flights - before[1] };
}

/** The fewest trips of several sign-ins: each of another account, or at another service. */
async function fewest(accounts: readonly Account[], services: readonly number[]): Promise<Trips> {
  const all: Trips[] = [];
  for (const account of accounts) for (const service of services) all.push(await trips(account, service));
  return all.reduce((one, other) => (one.redis + one.postgresql <= other.redis + other.postgresql ? one : other));
}

test(`C11 a whole sign-in, from the button to userinfo, waits for its engines ${MOST} times at most`, async () => {
  // Connections, statements and scripts are known afterwards.
  for (let service = 0; service <= TIMES; service += 1) await trips(HOA, service);
  const others = Array.from({ length: TIMES }, (_, number) => number + 1);
  await trips(AN, 0);
  const measured: Readonly<Record<string, Trips>> = {
    'somebody new': await fewest(newcomers.accounts, [0]),
    'at another service, with consent': await fewest([AN], others),
    'again, without': await fewest([AN], others),
  };
  for (const [name, { redis, postgresql }] of Object.entries(measured)) {
    const sum = redis + postgresql;
    process.stdout.write(`C11 ${name}: ${redis} trips to Redis + ${postgresql} to PostgreSQL = ${sum}\n`);
    expect(sum).toBeLessThanOrEqual(MOST);
  }
}, 60_000);
