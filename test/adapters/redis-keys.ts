/** Owns looking at what Redis holds, key by key, as somebody would who got hold of it. */
import { expect } from '@jest/globals';
import type { Redis } from 'ioredis';

/** Everything in a server: keys and values, as bytes. */
export async function dump(client: Redis): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const key of await client.keys('*')) {
    const isList = (await client.type(key)) === 'zset';
    const members = isList ? await client.zrange(key, '-inf', '+inf', 'BYSCORE') : [];
    parts.push(Buffer.from(`${key} ${members.join(' ')}`), isList ? Buffer.of() : (await client.getBuffer(key))!);
  }
  return Buffer.concat(parts);
}

/** Of every key in a server, that it will be gone one day. */
export async function expectEveryKeyToEnd(client: Redis): Promise<void> {
  const keys = await client.keys('*');
  const left = await Promise.all(keys.map(async (key) => [key, await client.pttl(key)] as const));
  // -1 is for ever; -2 has gone while we looked.
  expect(left.filter(([, milliseconds]) => milliseconds === -1)).toEqual([]);
}
