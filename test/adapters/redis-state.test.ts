import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openRedisState } from '../../adapters/redis/redis.ts';
import type { ProtocolState } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { stateConformance } from './conformance-state.ts';
import { dump, expectEveryKeyToEnd } from './redis-keys.ts';

const keys = generateKeys();
const vault = createVault(keys);
const clock = Date.now;

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.remove());
beforeEach(() => server.client.flushall());

stateConformance('Redis', async (now) => {
  const { state, close } = await openRedisState({ url: server.url, vault, clock: now });
  return {
    state,
    async close() {
      await expectEveryKeyToEnd(server.client);
      await close();
    },
  };
});

async function using(
  run: (state: ProtocolState) => Promise<void>,
  settings: { onTrip?: () => void; vault?: typeof vault } = {},
): Promise<void> {
  const opened = await openRedisState({ url: server.url, vault, clock, ...settings });
  try {
    await run(opened.state);
  } finally {
    await opened.close();
  }
}

/** One of everything that writes. */
async function writeEverything(state: ProtocolState): Promise<void> {
  await state.put('Session', 'secret-session', { name: 'Nguyễn Thị Thuý', number: '001099012345' }, 60, 'person-1');
  await state.putIfAbsent('Replay', 'secret-jti', true, 60);
  await state.put('AccessToken', 'secret-token', 'person-1', 60, 'grant-1');
  const { version } = (await state.get('Session', 'secret-session'))!;
  await state.replace('Session', 'secret-session', version, { name: 'Trần Văn An' }, 600);
  await state.consume('Replay', 'secret-jti');
  await state.deleteGroup('grant-1', 60);
  await state.put('AccessToken', 'secret-late', 'person-1', 60, 'grant-1');
}

describe('what Redis holds', () => {
  test('C1 names nobody and shows no id, no group, no kind and no value', async () => {
    await using(writeEverything);
    const held = await dump(server.client);
    expect(held.length).toBeGreaterThan(500);
    const words = ['secret', 'Nguy', 'Thu', 'An"', '001099012345', 'person', 'grant', 'Session', 'Replay', 'Token'];
    expect(words.filter((word) => held.includes(word))).toEqual([]);
  });

  test('C1 has a lifetime, every key of it, and not much more than was asked for', async () => {
    await using(writeEverything);
    const keys = await server.client.keys('*');
    expect(keys.length).toBeGreaterThan(3);
    const left = await Promise.all(keys.map((key) => server.client.pttl(key)));
    expect(Math.min(...left)).toBeGreaterThan(60_000);
    expect(Math.max(...left)).toBeLessThanOrEqual(660_000);
  });

  test('C1 that is not ours, or was tampered with, is as good as nothing', async () => {
    await using(async (state) => {
      await state.put('Session', 's', 1, 60, 'person-1');
      const [key] = (await server.client.keys('*')).filter((one) => one.endsWith('}'));
      const kept = (await server.client.getBuffer(key!))!;
      const flipped = Buffer.from(kept);
      flipped[kept.length - 1]! ^= 1;
      for (const foreign of ['', 'foreign', '1:x:::::', kept.subarray(0, 90), flipped]) {
        await server.client.set(key!, foreign, 'PX', 60_000);
        expect(await state.get('Session', 's')).toBeUndefined();
        expect(await state.inGroup('person-1')).toEqual([]);
      }
      await server.client.set(key!, 'foreign', 'PX', 60_000);
      expect(await state.consume('Session', 's')).toBe(false);
      expect(await state.replace('Session', 's', 1, 2, 60)).toBe(false);
      expect(await state.delete('Session', 's', 1)).toBe(false);
      expect(await state.putIfAbsent('Session', 's', 3, 60)).toBe(true);
      expect((await state.get('Session', 's'))?.value).toBe(3);
    });
  });

  test('C1 under a state key that is gone is absent, and still not to be used twice', async () => {
    await using((state) => state.put('Session', 's', 1, 60));
    const fresh = createVault({ ...keys, state: [{ version: 2, key: generateKeys().state[0]!.key }] });
    await using(
      async (state) => {
        expect(await state.get('Session', 's')).toBeUndefined();
        expect(await state.putIfAbsent('Session', 's', 2, 60)).toBe(false);
      },
      { vault: fresh },
    );
  });

  test('C1 that was deleted and written anew is not taken for what was read before', async () => {
    await using(async (state) => {
      await state.put('Session', 's', 1, 60);
      const { version } = (await state.get('Session', 's'))!;
      await state.delete('Session', 's');
      await state.put('Session', 's', 2, 60);
      expect(await state.replace('Session', 's', version, 3, 60)).toBe(false);
      expect(await state.delete('Session', 's', version)).toBe(false);
    });
  });
});

describe('a command that Redis refuses', () => {
  const entry = (kind: string, id: string) => `lt:{${vault.hashId(kind, id).toString('base64url')}}`;
  const refused = { name: 'RedisRefused', message: expect.stringContaining('WRONGTYPE') };

  test('C1 rejects, whichever of them it was, and spares its neighbours', async () => {
    await using(async (state) => {
      await server.client.hset(entry('Session', 's'), 'a', 'b');
      const outcomes = await Promise.allSettled([
        state.get('Session', 's'),
        state.put('Session', 's', 1, 60),
        state.putIfAbsent('Session', 's', 1, 60),
        state.replace('Session', 's', 1, 1, 60),
        state.consume('Session', 's'),
        state.delete('Session', 's', 1),
        state.put('Session', 'another', 2, 60),
        state.get('Session', 'another'),
      ]);
      const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : outcome.value));
      for (const reason of reasons.slice(0, 6)) expect(reason).toMatchObject(refused);
      expect(reasons.slice(6)).toEqual([undefined, { value: 2, version: expect.any(Number) }]);
      expect(JSON.stringify(reasons[1], Object.getOwnPropertyNames(reasons[1]))).not.toMatch(/lt:|args|Session/);
    });
  });

  test('C1 for its group writes no entry', async () => {
    const [list, closed] = ['group', 'closed'].map((part) => `${entry('group', 'grant-1')}:${part}`);
    for (const key of [list!, closed!]) {
      await using(async (state) => {
        await server.client.hset(key, 'a', 'b');
        await expect(state.put('AccessToken', 'a', 1, 60, 'grant-1')).rejects.toMatchObject(refused);
        await expect(state.putIfAbsent('AccessToken', 'a', 1, 60, 'grant-1')).rejects.toMatchObject(refused);
        await expect(state.deleteGroup('grant-1', 60)).rejects.toMatchObject(refused);
        await expect(state.inGroup('grant-1')).rejects.toMatchObject(refused);
        expect(await state.get('AccessToken', 'a')).toBeUndefined();
      });
      await server.client.flushall();
    }
  });
});

describe('trips to Redis', () => {
  async function tripsOf(work: (state: ProtocolState) => Promise<unknown>): Promise<number> {
    let trips = 0;
    await using(
      async (state) => {
        await work(state);
      },
      { onTrip: () => (trips += 1) },
    );
    return trips;
  }

  test('C1 are one for all that is asked in one turn, and one for every question of one entry', async () => {
    expect(await tripsOf(async () => {})).toBe(0);
    const all = (state: ProtocolState) =>
      Promise.all([
        state.get('Session', 's'),
        state.consume('AuthorizationCode', 'c'),
        state.putIfAbsent('Replay', 'jti', true, 60),
        state.put('AccessToken', 't', 1, 60, 'grant-1'),
        state.delete('Session', 's'),
      ]);
    expect(await tripsOf(all)).toBe(1);
    expect(await tripsOf((state) => state.put('AccessToken', 't', 1, 60, 'grant-1'))).toBe(1);
    expect(await tripsOf((state) => state.inGroup('grant-1'))).toBe(2);
    expect(await tripsOf((state) => state.deleteGroup('grant-1', 60))).toBe(2);
    expect(await tripsOf((state) => state.deleteGroup('grant-of-nobody', 60))).toBe(1);
    expect(
      await tripsOf(async (state) => {
        await state.get('Session', 's');
        await state.get('Session', 's');
      }),
    ).toBe(2);
  });

  test('C1 are seen on the wire as they are counted', async () => {
    const packets = async () => Number(/total_reads_processed:(\d+)/.exec(await server.client.info('stats'))?.[1]);
    await using(async (state) => {
      await state.put('Session', 's', 1, 60);
      const before = await packets();
      await Promise.all(Array.from({ length: 20 }, (_, n) => state.get('Session', `s-${n}`)));
      // One more is the second question for the count.
      expect((await packets()) - before).toBe(2);
    });
  });
});
