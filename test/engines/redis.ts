/**
 * Owns the Redis servers that tests run against: Debian's, on ports and in directories of their own, on the loopback
 * address, alone or as a cluster of three.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { executableIn, type NeededProgram, whereIs } from '../installed.ts';
import { certificateFor } from '../web/outgoing-certificate.ts';
import { RedisProcess } from './redis-process.ts';
import { until } from './until.ts';

const HOST = '127.0.0.1';
/** Milliseconds between two tries to reach a server, and for which a cluster may take to come together. */
const TRY_AGAIN = 20;
const TOGETHER_PATIENCE = 20_000;
const SLOTS = 16_384;

export const REDIS: NeededProgram = {
  name: 'redis-server',
  debian: 'redis-server',
  elsewhere: 'Install Redis, version 7.0 or newer.',
  find: () => executableIn(['/usr/bin', '/usr/local/bin'], 'redis-server'),
};

export interface RedisOptions {
  /** Keeps every write over a restart. */
  readonly persistent?: boolean;
  readonly tls?: boolean;
  readonly password?: string;
  /** Anything else, as on the command line. */
  readonly also?: readonly string[];
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** A connection of the test's own, made anew when it was lost. */
  readonly client: Redis;
  /** Orderly, and without a word. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Takes connections and bytes, and does nothing with them until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it and takes its directory away. */
  remove(): Promise<void>;
}

export interface RedisCluster {
  readonly url: string;
  readonly nodes: readonly RedisServer[];
  /** Resolves when every server takes all of them for well. */
  whole(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a server, empty. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const [port] = await freePorts(1);
  return startAt(port!, options);
}

/** Starts three servers, each with a third of the slots, and waits until they are one cluster. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const ports = await freePorts(6);
  const starting = [0, 1, 2].map((n) =>
    startAt(ports[n]!, {
      also: ['--cluster-enabled', 'yes', '--cluster-port', `${ports[n + 3]}`, '--cluster-node-timeout', '2000'],
    }),
  );
  const started = await Promise.allSettled(starting);
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const remove = async () => {
    await Promise.all(nodes.map((node) => node.remove()));
  };
  try {
    await Promise.all(starting);
    await bringTogether(nodes, ports.slice(3));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `${HOST}:${port}`).join(',')}`,
    nodes,
    whole: () => isWhole(nodes),
    remove,
  };
}

async function startAt(port: number, options: RedisOptions): Promise<RedisServer> {
  const program = whereIs(REDIS);
  const directory = mkdtempSync(path.join(tmpdir(), 'redis-'));
  const { arguments_, url, ca } = configured(port, directory, options);
  let running: RedisProcess;
  const start = async () => {
    running = await RedisProcess.start(program, arguments_, directory);
  };
  try {
    await start();
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  const client = new Redis({
    port,
    host: options.tls ? 'localhost' : HOST,
    lazyConnect: true,
    retryStrategy: () => TRY_AGAIN,
    maxRetriesPerRequest: null,
    // Its question is asked of a connection that may just have gone, and nobody hears what comes of it.
    enableReadyCheck: false,
    disconnectTimeout: TRY_AGAIN,
    ...(ca !== undefined && { tls: { ca } }),
    ...(options.password !== undefined && { password: options.password }),
  });
  client.on('error', () => {});
  return {
    url,
    port,
    client,
    start,
    stop: () => running.signal('SIGTERM'),
    kill: () => running.signal('SIGKILL'),
    async restart() {
      await running.signal('SIGTERM');
      await start();
    },
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    async remove() {
      client.disconnect();
      await running.signal('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function configured(port: number, directory: string, { persistent, tls, password, also = [] }: RedisOptions) {
  const arguments_ = [
    ...['--bind', HOST, '--dir', directory, '--save', '', '--daemonize', 'no', '--databases', '1'],
    ...(persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...also,
  ];
  const user = password === undefined ? '' : `default:${encodeURIComponent(password)}@`;
  if (!tls) return { arguments_: ['--port', `${port}`, ...arguments_], url: `redis://${user}${HOST}:${port}/0` };
  const { key, cert } = certificateFor('localhost');
  const [keyFile, certFile] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
  writeFileSync(keyFile, key);
  writeFileSync(certFile, cert);
  const secured = ['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no'];
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile];
  return {
    arguments_: [...secured, ...files, ...arguments_],
    url: `rediss://${user}localhost:${port}/0?ca=${certFile}`,
    ca: cert,
  };
}

async function bringTogether(nodes: readonly RedisServer[], buses: readonly number[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  await Promise.all(
    nodes.map(async ({ client }, n) => {
      await client.cluster('SET-CONFIG-EPOCH', n + 1);
      await client.cluster('ADDSLOTSRANGE', n * share, Math.min((n + 1) * share, SLOTS) - 1);
    }),
  );
  const [first, ...others] = nodes;
  for (const [n, { port }] of others.entries()) await first!.client.call('CLUSTER', 'MEET', HOST, port, buses[n + 1]!);
  await isWhole(nodes);
}

async function isWhole(nodes: readonly RedisServer[]): Promise<void> {
  const sees = async ({ client }: RedisServer) => {
    const info = String(await client.cluster('INFO'));
    return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`);
  };
  await until(async () => (await Promise.all(nodes.map(sees))).every(Boolean), TOGETHER_PATIENCE);
}

/** Ports that nobody listens on; held together for a moment, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
      return server;
    }),
  );
  const ports = held.map((server) => (server.address() as { port: number }).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
