/** Owns how the client of Redis is set up: how long it is patient, how soon it comes back, and that it repeats nothing. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';
import { scripts } from './scripts.ts';
import type { StateUrl } from './url.ts';

export type Client = Redis | Cluster;

/** Milliseconds, here and below. Together with one try to come back they stay under five seconds. */
const CONNECT_PATIENCE = 3_000;
const COMMAND_PATIENCE = 2_000;
/** A connection that answers nothing to what it was asked is given up, so that nothing piles up behind it. */
const SILENCE = 2_500;
/** A cluster's servers are asked one after the other for the rest of them. */
const OPENING_PATIENCE = 10_000;
/** The client waits for it also when the connection was lost before, and the process with it. */
const FAREWELL = 500;
const LONGEST_PAUSE = 1_000;
const FIRST_PAUSE = 50;

/** What is the same for one server and for each of a cluster. */
type Options = Pick<
  CommonRedisOptions,
  | 'autoResendUnfulfilledCommands'
  | 'commandTimeout'
  | 'connectTimeout'
  | 'maxLoadingRetryTime'
  | 'maxRetriesPerRequest'
  | 'password'
  | 'socketTimeout'
  | 'username'
> & { disconnectTimeout: number; tls?: ConnectionOptions };

const pause = (tries: number) => Math.min(FIRST_PAUSE * tries, LONGEST_PAUSE);

/** A client that is not connected yet. Throws what reading the file of authorities throws. */
export function createClient(url: StateUrl): Client {
  const options: Options = {
    connectTimeout: CONNECT_PATIENCE,
    commandTimeout: COMMAND_PATIENCE,
    socketTimeout: SILENCE,
    disconnectTimeout: FAREWELL,
    maxLoadingRetryTime: LONGEST_PAUSE,
    // Whoever got no answer does not know whether it happened. To ask again is for those who can tell what that means.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    ...(url.username !== undefined && { username: url.username }),
    ...(url.password !== undefined && { password: url.password }),
    ...(url.tls && { tls: url.ca === undefined ? {} : { ca: readFileSync(url.ca) } }),
  };
  const client = url.cluster ? createCluster(url, options) : createSingle(url, options);
  // Each failure is told to whoever asked for something; without a listener the client prints it.
  client.on('error', () => {});
  return client;
}

function createSingle({ nodes: [node] }: StateUrl, options: Options): Redis {
  return new Redis({
    ...options,
    ...node!,
    scripts,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: pause,
  });
}

function createCluster({ nodes }: StateUrl, redisOptions: Options): Cluster {
  const cluster = new Cluster([...nodes], {
    redisOptions,
    scripts,
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: COMMAND_PATIENCE,
    slotsRefreshInterval: 2_000,
    maxRedirections: 5,
    // It would ask whichever server comes first, connected or not. Each command is told soon enough.
    enableReadyCheck: false,
    // These would repeat what may have happened already.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Names stay names: a certificate is for a name, not for what it resolves to.
    dnsLookup: (host, callback) => callback(null, host),
  });
  // By itself the client connects to a server when it is first needed, and refuses whoever comes second meanwhile.
  cluster.on('+node', (node: Redis) => node.connect().catch(() => {}));
  return cluster;
}

/**
 * Connects to the server, or to each that the cluster names. Rejects with what the network or a server said, or when that
 * has taken too long.
 */
export async function connect(client: Client): Promise<void> {
  let said: unknown;
  client.once('error', (error: unknown) => {
    said = error;
  });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('Nobody answered in time.')), OPENING_PATIENCE);
  try {
    await Promise.race([client.connect().then(() => everyServer(client)), late.promise]);
  } catch (error) {
    client.disconnect();
    throw said ?? error;
  } finally {
    clearTimeout(timer);
  }
}

async function everyServer(client: Client): Promise<void> {
  if (client instanceof Redis) return;
  const connecting = client.nodes('master').filter(({ status }) => status !== 'ready' && status !== 'end');
  await Promise.all(connecting.map((node) => Promise.race([once(node, 'ready'), once(node, 'end')])));
}
