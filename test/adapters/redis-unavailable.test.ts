import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openRedisState, type RedisState } from '../../adapters/redis/redis.ts';
import { explained } from '../../adapters/redis/trouble.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { until } from '../engines/until.ts';

const vault = createVault(generateKeys());
const clock = Date.now;
const unavailable = { name: 'StoreUnavailable', code: 'store_unavailable' };

let server: RedisServer;
let opened: RedisState;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.remove());
beforeEach(async () => {
  // The test before may have left it starting, and our own client on its way back.
  await until(async () => (await server.client.flushall().catch(() => undefined)) === 'OK', 5_000);
  opened = await openRedisState({ url: server.url, vault, clock });
});
afterEach(() => opened.close());

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const works = async () => {
  const [outcome] = await Promise.allSettled([opened.state.put('Session', 'trial', 1, 60)]);
  return outcome.status === 'fulfilled';
};

const asked = () => [
  opened.state.get('Session', 's'),
  opened.state.put('Session', 's', 1, 60, 'person-1'),
  opened.state.putIfAbsent('Session', 's', 1, 60),
  opened.state.replace('Session', 's', 1, 1, 60),
  opened.state.consume('Session', 's'),
  opened.state.delete('Session', 's'),
  opened.state.inGroup('person-1'),
  opened.state.deleteGroup('person-1', 60),
  opened.ping(),
];

const expectAllUnavailable = async () => {
  for (const outcome of await Promise.allSettled(asked()))
    expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
};

describe('Redis that is not there', () => {
  test('C1 is said not to be available, at once, and is used again as soon as it is back', async () => {
    await opened.state.put('Session', 's', 1, 60);
    await server.kill();
    expect(await took(expectAllUnavailable)).toBeLessThan(1_000);
    expect(await took(expectAllUnavailable)).toBeLessThan(1_000);
    await server.start();
    expect(await took(() => until(works, 5_000))).toBeLessThan(5_000);
    await opened.ping();
  });

  test('C1 does not open', async () => {
    await server.stop();
    try {
      const opening = openRedisState({ url: server.url, vault, clock });
      await expect(opening).rejects.toMatchObject({
        ...unavailable,
        cause: { message: expect.stringContaining('ECONNREFUSED') },
      });
    } finally {
      await server.start();
    }
  });

  test('C1 that does not answer is waited for two seconds, and nothing is asked twice', async () => {
    await opened.state.put('Session', 's', 1, 60);
    await server.client.config('RESETSTAT');
    await server.pause();
    try {
      expect(await took(expectAllUnavailable)).toBeLessThan(3_500);
    } finally {
      await server.resume();
    }
    expect(await took(() => until(works, 5_000))).toBeLessThan(5_000);
    // One for each of the two that asked about a group; whoever comes later does not.
    const calls = /cmdstat_zrange:calls=(\d+)/.exec(await server.client.info('commandstats'))?.[1];
    expect(Number(calls)).toBe(2);
  });

  test('C1 that comes back empty is empty, and learns the scripts anew', async () => {
    await opened.state.put('Session', 's', 1, 60, 'person-1');
    await server.restart();
    await until(works, 5_000);
    expect(await opened.state.get('Session', 's')).toBeUndefined();
    expect(await opened.state.consume('Session', 's')).toBe(false);
    await server.client.script('FLUSH');
    const outcomes = await Promise.all([
      opened.state.putIfAbsent('Replay', 'jti', true, 60),
      opened.state.putIfAbsent('Replay', 'jti', true, 60),
      opened.state.consume('Session', 'trial'),
    ]);
    expect(outcomes.filter(Boolean)).toHaveLength(2);
  });

  test('C1 after it was closed is not available either', async () => {
    const pending = opened.state.put('Session', 's', 1, 60);
    await opened.close();
    await pending;
    await expect(opened.state.get('Session', 's')).rejects.toMatchObject(unavailable);
  });
});

describe('Redis that cannot write', () => {
  const writes = () => [
    opened.state.put('Session', 's', 1, 60, 'person-1'),
    opened.state.putIfAbsent('Session', 's', 1, 60),
    opened.state.consume('Session', 's'),
    opened.ping(),
  ];

  test.each([
    ['full', () => server.client.config('SET', 'maxmemory', '1'), () => server.client.config('SET', 'maxmemory', '0')],
    ['a replica', () => server.client.replicaof('127.0.0.1', '1'), () => server.client.replicaof('NO', 'ONE')],
    [
      'one of too few',
      () => server.client.config('SET', 'min-replicas-to-write', '1'),
      () => server.client.config('SET', 'min-replicas-to-write', '0'),
    ],
  ])('C1 because it is %s is not available, and still read', async (_, begin, end) => {
    await opened.state.put('Session', 's', 1, 60);
    await begin();
    try {
      for (const outcome of await Promise.allSettled(writes()))
        expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
      expect((await opened.state.get('Session', 's'))?.value).toBe(1);
    } finally {
      await end();
    }
    await Promise.all(writes());
  });

  test.each([
    'LOADING',
    'READONLY',
    'OOM',
    'MISCONF',
    'CLUSTERDOWN',
    'MASTERDOWN',
    'NOREPLICAS',
    'BUSY',
    'NOAUTH',
  ])('C1 and answers %s is not available', (code) => {
    const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });
    expect(explained(reply(`${code} there is a reason`))).toMatchObject({ ...unavailable, engine: 'redis' });
    expect(explained(reply(`ERR Error running script: @user_script:3: -${code} so`))).toMatchObject(unavailable);
  });
});

describe('Redis behind a password and TLS', () => {
  let secured: RedisServer;

  beforeAll(async () => {
    secured = await startRedis({ tls: true, password: 'm@t khẩu' });
  });
  afterAll(() => secured?.remove());

  const opening = (url: string) => openRedisState({ url, vault, clock });

  test('C1 is used by who knows the password and the authority', async () => {
    const { state, close, ping, address } = await opening(secured.url);
    await state.put('Session', 's', 1, 60);
    expect((await state.get('Session', 's'))?.value).toBe(1);
    await ping();
    await close();
    expect(address).toBe(`rediss://localhost:${secured.port}`);
  });

  test.each([
    ['another password', (url: string) => url.replace(/:[^:]*@/, ':other@'), /WRONGPASS/],
    ['no password', (url: string) => url.replace(/\/\/.*@/, '//'), /NOAUTH/],
    ['no authority', (url: string) => url.replace(/\?.*/, ''), /self-signed/],
    ['a certificate for another name', (url: string) => url.replace('localhost', '127.0.0.1'), /altnames/],
    ['no TLS', (url: string) => url.replace('rediss', 'redis').replace(/\?.*/, ''), /closed|reset|hang up/i],
  ])('C1 does not open to who has %s', async (_, changed, message) => {
    const problem = await opening(changed(secured.url)).catch((error: unknown) => error);
    expect(problem).toMatchObject({ ...unavailable, cause: { message: expect.stringMatching(message) } });
    expect(`${(problem as Error).message} ${(problem as { cause: Error }).cause.message}`).not.toContain('khẩu');
  });
});
