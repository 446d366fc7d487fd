/** Owns the Redis that keeps a measured hub's protocol state: a process of its own, empty, gone with the bench. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePort } from './hub-process.ts';

export interface RedisProcess {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts it with what a hub's operator would keep it with: every write in a log that reaches the disk each second. */
export async function startRedis(directory: string): Promise<RedisProcess> {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'yes', appendfsync: 'everysec' };
  const child = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject).once('exit', () => reject(new Error('redis-server ended')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  return { url: `redis://127.0.0.1:${port}/0`, process: child };
}
