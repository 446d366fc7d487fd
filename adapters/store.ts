/**
 * Owns of what the store is made, by address: what must last in the embedded file or in PostgreSQL, protocol state in the
 * embedded file or in Redis. Several processes share a store when neither of the two is a file.
 */
import type { Store } from '../src/store.ts';
import { type EmbeddedSettings, openEmbeddedStore } from './embedded-store.ts';
import { readPostgresAddress } from './postgres/address.ts';
import { openPostgresDatabase, type PostgresStore } from './postgres/store.ts';
import { openRedisState, type RedisState } from './redis/redis.ts';
import { addressOf, readStateUrl } from './redis/url.ts';

export { type EmbeddedSettings, type EmbeddedStore, openEmbeddedStore } from './embedded-store.ts';
export { type StoreProblem, StoreUnusable } from './store-unusable.ts';

/** The address of what is in the embedded file. */
export const EMBEDDED = 'sqlite:';

export interface StoreSettings extends EmbeddedSettings {
  /** `postgres://…` (adapters/postgres/address.ts); the embedded file when not said. */
  readonly databaseUrl?: string | undefined;
  /** `redis://…` and its kin (adapters/redis/url.ts); the embedded file when not said. */
  readonly stateUrl?: string | undefined;
  /** Called each time this process waits for a server, with the name of its engine. */
  readonly onTrip?: ((engine: string) => void) | undefined;
}

/** Where the servers of a store are, by the names of their engines and without passwords. Throws as `openStore` does. */
export function serversAt({
  databaseUrl = EMBEDDED,
  stateUrl = EMBEDDED,
}: Pick<StoreSettings, 'databaseUrl' | 'stateUrl'>) {
  return {
    ...(databaseUrl === EMBEDDED ? {} : { postgresql: readPostgresAddress(databaseUrl).place }),
    ...(stateUrl === EMBEDDED ? {} : { redis: addressOf(readStateUrl(stateUrl)) }),
  };
}

/**
 * Opens the store. Throws `TypeError` for an address that is none, without repeating it; `StoreUnusable` for what cannot be
 * opened at all; `StoreUnavailable` when a server does not answer.
 */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const { databaseUrl = EMBEDDED, stateUrl = EMBEDDED, vault, clock, onTrip = () => {} } = settings;
  const isEmbedded = { database: databaseUrl === EMBEDDED, state: stateUrl === EMBEDDED };
  const embedded = isEmbedded.database || isEmbedded.state ? openEmbeddedStore(settings) : undefined;
  const opened: { close(): Promise<void> }[] = embedded ? [embedded] : [];
  try {
    const database = isEmbedded.database
      ? undefined
      : await openPostgresDatabase({ url: databaseUrl, vault, clock, onTrip: () => onTrip('postgresql') });
    if (database) opened.push(database);
    const state = isEmbedded.state
      ? undefined
      : await openRedisState({ url: stateUrl, vault, clock, onTrip: () => onTrip('redis') });
    if (state) opened.push(state);
    return composed(embedded, database, state, opened);
  } catch (error) {
    await Promise.allSettled(opened.map((one) => one.close()));
    throw error;
  }
}

/** What is in a server comes from there, the rest from the file. */
function composed(
  embedded: Store | undefined,
  database: PostgresStore | undefined,
  state: RedisState | undefined,
  opened: readonly { close(): Promise<void> }[],
): Store {
  const { engine, ...lasting } = database ?? { engine: undefined };
  const engines = [...(embedded?.engines() ?? []), ...(engine ? [engine] : []), ...(state ? [state] : [])];
  return {
    // One of the two is there for each part, or both.
    ...(embedded as Store),
    ...lasting,
    ...(state ? { state: state.state } : {}),
    engines: () => engines,
    close: async () => void (await Promise.all(opened.map((one) => one.close()))),
  };
}
