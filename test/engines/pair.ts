/** Owns the two engines that a hub in several processes stands on, as one: started, asked, emptied and removed together. */
import { emptying } from './emptying.ts';
import { type PostgresServer, startPostgresql } from './postgresql.ts';
import { type RedisOptions, type RedisServer, startRedis } from './redis.ts';

const DATABASE = 'hub';
/** Who is registered and which keys sign is no state of anybody's sign-in: processes have read or written it once. */
const STAYING: readonly string[] = ['client', 'revision', 'published_key'];
/** What a running hub does for itself meanwhile may be in the way; PostgreSQL then gives up one of the two. */
const DEADLOCK = '40P01';
const MOST_TRIES = 5;
const EMPTY = emptying(STAYING);

export interface EnginePair {
  readonly postgresql: PostgresServer;
  readonly redis: RedisServer;
  /** What a hub is told of them. */
  readonly addresses: { readonly databaseUrl: string; readonly stateUrl: string };
  /** Asks the hub's database. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Leaves what a hub has before the first citizen comes. One that runs on them need not be told. */
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts both, with an empty database for a hub. */
export async function startEnginePair({ redis: options }: { redis?: RedisOptions } = {}): Promise<EnginePair> {
  const started = await Promise.allSettled([startPostgresql(), startRedis(options)]);
  const [postgresql, redis] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined)) as [
    PostgresServer | undefined,
    RedisServer | undefined,
  ];
  const remove = async () => void (await Promise.all([postgresql?.remove(), redis?.remove()]));
  if (!postgresql || !redis) {
    await remove();
    throw started.find((one) => one.status === 'rejected')!.reason;
  }
  const databaseUrl = await postgresql.create(DATABASE);
  const rows = (sql: string) => postgresql.run(sql, DATABASE);
  const emptyDatabase = async (tries = 1): Promise<void> => {
    await rows(EMPTY).catch((error: { code?: string }) => {
      if (error.code !== DEADLOCK || tries === MOST_TRIES) throw error;
      return emptyDatabase(tries + 1);
    });
  };
  return {
    postgresql,
    redis,
    addresses: { databaseUrl, stateUrl: redis.url },
    rows,
    empty: async () => void (await Promise.all([emptyDatabase(), redis.client.flushall()])),
    remove,
  };
}
