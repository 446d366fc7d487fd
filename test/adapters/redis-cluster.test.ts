import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openRedisState } from '../../adapters/redis/redis.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { type RedisCluster, startRedisCluster } from '../engines/redis.ts';
import { until } from '../engines/until.ts';
import { stateConformance } from './conformance-state.ts';
import { expectEveryKeyToEnd } from './redis-keys.ts';

const vault = createVault(generateKeys());
const clock = Date.now;

let cluster: RedisCluster;

const onEveryNode = <Result>(work: (node: RedisCluster['nodes'][number]) => Promise<Result>) =>
  Promise.all(cluster.nodes.map(work));

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster?.remove());
beforeEach(() => onEveryNode(({ client }) => client.flushall()));

stateConformance('a Redis cluster', async (now) => {
  const { state, close } = await openRedisState({ url: cluster.url, vault, clock: now });
  return {
    state,
    async close() {
      await onEveryNode(({ client }) => expectEveryKeyToEnd(client));
      await close();
    },
  };
});

describe('a Redis cluster', () => {
  test('C1 keeps entries and their groups on all its servers, and each script to one slot', async () => {
    let trips = 0;
    const opened = await openRedisState({ url: cluster.url, vault, clock, onTrip: () => (trips += 1) });
    const many = Array.from({ length: 60 }, (_, n) => n);
    await Promise.all(many.map((n) => opened.state.put('AccessToken', `t-${n}`, n, 60, `grant-${n % 6}`)));
    const held = await onEveryNode(({ client }) => client.dbsize());
    expect(held.every((keys) => keys > 0)).toBe(true);
    expect(held.reduce((sum, keys) => sum + keys)).toBe(66);
    trips = 0;
    expect((await Promise.all(many.map((n) => opened.state.get('AccessToken', `t-${n}`)))).every(Boolean)).toBe(true);
    expect(trips).toBe(1);
    // Entry and group may be on different servers: the group is told first.
    await opened.state.put('AccessToken', 't-0', 0, 60, 'grant-0');
    expect(trips).toBe(3);
    await Promise.all([0, 1, 2, 3, 4, 5].map((n) => opened.state.deleteGroup(`grant-${n}`, 60)));
    const left = await Promise.all(many.map((n) => opened.state.get('AccessToken', `t-${n}`)));
    expect(left.filter(Boolean)).toEqual([]);
    await onEveryNode(({ client }) => expectEveryKeyToEnd(client));
    await opened.ping();
    await opened.close();
  });

  test('C1 that lost a server says so, and goes on when it is back', async () => {
    const opened = await openRedisState({ url: cluster.url, vault, clock });
    const many = Array.from({ length: 30 }, (_, n) => n);
    const writeAll = () => Promise.allSettled(many.map((n) => opened.state.put('Session', `s-${n}`, n, 60)));
    const [lost] = cluster.nodes;
    await lost!.kill();
    try {
      const outcomes = (await writeAll()).filter(({ status }) => status === 'rejected');
      expect(outcomes.length).toBeGreaterThan(0);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'store_unavailable' } });
      await expect(opened.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    } finally {
      await lost!.start();
    }
    await cluster.whole();
    await until(async () => (await writeAll()).every(({ status }) => status === 'fulfilled'), 8_000);
    await until(async () => (await Promise.allSettled([opened.ping()]))[0].status === 'fulfilled', 8_000);
    const kept = await Promise.all(many.map((n) => opened.state.get('Session', `s-${n}`)));
    expect(kept.map((one) => one?.value)).toEqual(many);
    await opened.close();
  });
});
