/** Owns a hub as a process of its own, started as in production but for http on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface HubSettings {
  /** Working copy whose hub it is: this one, or another to compare with. */
  readonly program: string;
  readonly files: { readonly keys: string; readonly clients: string; readonly sources: string };
  readonly register: string;
  readonly dataDirectory: string;
  readonly logLevel: string;
  /** What only some stores need: addresses of databases, workers. */
  readonly more?: Readonly<Record<string, string>>;
  /** Where a profile is written when it ends. */
  readonly profileInto?: string;
}

export interface Running {
  readonly issuer: string;
  readonly process: ChildProcess;
}

export interface RunningHub extends Running {
  /** How often it went to its store since it began; `undefined` when it does not tell. */
  trips(): Promise<number | undefined>;
}

const STARTS_WITHIN = 60_000;

/** A port nobody has at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startHub(settings: HubSettings): Promise<RunningHub> {
  const [port, watchPort] = [await freePort(), await freePort()];
  const issuer = `http://localhost:${port}`;
  const profiling = settings.profileInto ? ['--cpu-prof', `--cpu-prof-dir=${settings.profileInto}`] : [];
  const child = spawn(process.execPath, [...profiling, join(settings.program, 'src', 'main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HUB_MODE: 'sandbox',
      HUB_ISSUER: issuer,
      HUB_PORT: String(port),
      HUB_DATA: settings.dataDirectory,
      HUB_KEYS: settings.files.keys,
      HUB_CLIENTS: settings.files.clients,
      HUB_SOURCES: settings.files.sources,
      HUB_REGISTER_URL: settings.register,
      HUB_REGISTER_KEY: 'the-key-of-the-bench',
      HUB_OUTGOING_LOOPBACK: 'true',
      // All of the load comes from one address.
      HUB_LIMIT_ADDRESS: '1000000',
      HUB_LIMIT_BROWSER: '1000000',
      HUB_LIMIT_CLIENT: '1000000',
      HUB_LOG_LEVEL: settings.logLevel,
      HUB_WATCH_PORT: String(watchPort),
      ...settings.more,
    },
  });
  await answers(issuer, child);
  return { issuer, process: child, trips: () => tripsAt(`http://127.0.0.1:${watchPort}/metrics`) };
}

/** The store's calls of all ports, from the hub's own numbers. */
async function tripsAt(metrics: string): Promise<number | undefined> {
  const answer = await fetch(metrics).catch(() => undefined);
  const counts = [...((await answer?.text()) ?? '').matchAll(/^lien_thong_store_seconds_count\S* (\d+)/gm)];
  return counts.length === 0 ? undefined : counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function answers(issuer: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + STARTS_WITHIN; Date.now() < deadline; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}`);
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
  }
  child.kill('SIGKILL');
  throw new Error('the hub does not answer');
}

/** Ends it as its operator would. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(impatience);
}
