/** Owns taking the two engines for what they are to who steals them: every byte of what they hold and of what they wrote. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Redis } from 'ioredis';
import type { EnginePair } from './pair.ts';

/** Everything Redis holds, and the file of all commands when it keeps one. */
export async function dumpOfRedis({ redis: { client } }: EnginePair): Promise<Buffer> {
  const [, directory] = (await client.config('GET', 'dir')) as string[];
  const parts: Buffer[] = [];
  for (const key of await client.keysBuffer('*')) parts.push(key, ...(await partsOf(client, key)));
  return Buffer.concat([...parts, ...(await filesIn(directory!))]);
}

/** As its parts are: the form in which Redis hands out whole values may be compressed. */
async function partsOf(client: Redis, key: Buffer): Promise<readonly Buffer[]> {
  const type = await client.type(key);
  switch (type) {
    case 'string':
      return [(await client.getBuffer(key))!];
    case 'set':
      return client.smembersBuffer(key);
    case 'zset':
      return client.zrangeBuffer(key, '0', '-1');
    case 'hash':
      return Object.entries(await client.hgetallBuffer(key)).flatMap(([field, value]) => [Buffer.from(field), value]);
    default:
      throw new Error(`a ${type} in Redis, of which nobody knows how it is dumped`);
  }
}

/** Begins a file of PostgreSQL's log before a hub writes; the name of the last one that is nobody's but the server's own. */
export async function beginLog({ rows }: EnginePair): Promise<string> {
  const [row] = await rows('select pg_walfile_name(pg_switch_wal()) as name');
  return String(row!.name);
}

/**
 * Everything PostgreSQL holds for a hub: each value of each table, bytes as they are; the files of its tables and indexes,
 * in which deleted rows stand as well; and its log of all that was written since `beginLog`, when that is told.
 */
export async function dumpOfPostgresql({ postgresql, rows }: EnginePair, begun?: string): Promise<Buffer> {
  await rows('checkpoint');
  const relations = await rows(
    `select relname, relkind, pg_relation_filepath(oid) as file from pg_class
      where relkind in ('r', 'i', 't') and (relnamespace = 'public'::regnamespace
        or oid in (select reltoastrelid from pg_class where relnamespace = 'public'::regnamespace))`,
  );
  const tables = relations.filter(({ relkind, relname }) => relkind === 'r' && !String(relname).startsWith('pg_toast'));
  const parts: Buffer[] = [];
  for (const { relname } of tables)
    for (const row of await rows(`select * from "${relname}"`))
      for (const value of Object.values(row))
        parts.push(value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(`${value}\n`));
  const data = path.join(postgresql.folder, 'data');
  for (const { file } of relations) parts.push(await readFile(path.join(data, String(file))));
  if (begun === undefined) return Buffer.concat(parts);
  // Behind the present file there may be former ones, kept to be written over.
  const [now] = await rows('select pg_walfile_name(pg_current_wal_lsn()) as name');
  const log = await filesIn(path.join(data, 'pg_wal'), (name) => name > begun && name <= String(now!.name));
  return Buffer.concat([...parts, ...log]);
}

/** Every file in a folder, without the zeroes that are kept behind its end. */
async function filesIn(folder: string, wanted = (_name: string) => true): Promise<readonly Buffer[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const contents = files
    .filter((file) => file.isFile() && wanted(file.name))
    .map((file) => readFile(path.join(file.parentPath, file.name)));
  return (await Promise.all(contents)).map((bytes) => {
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0) end -= 1;
    return bytes.subarray(0, end);
  });
}
