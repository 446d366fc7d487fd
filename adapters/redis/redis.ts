/** Owns opening protocol state in Redis, or in what speaks its protocol from version 7.0 on. */
import type { Engine, ProtocolState } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { Connection } from './connection.ts';
import { createState } from './state.ts';
import { ENGINE } from './trouble.ts';
import { addressOf, readStateUrl } from './url.ts';

export interface RedisSettings {
  /** See url.ts. */
  readonly url: string;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Called once for every round trip that is waited for, however much travels on it and to how many servers. */
  readonly onTrip?: () => void;
}

export interface RedisState extends Engine {
  readonly state: ProtocolState;
  /** Waits for what was asked and lets go; whatever is asked later is refused. */
  close(): Promise<void>;
}

/**
 * Connects, and from then on reconnects by itself. Throws `TypeError` for an address that is none, `StoreUnavailable`
 * when nobody answers there, and what reading the file of authorities throws.
 */
export async function openRedisState({ url, vault, clock, onTrip }: RedisSettings): Promise<RedisState> {
  const read = readStateUrl(url);
  const connection = await Connection.open(read, onTrip);
  return {
    name: ENGINE,
    address: addressOf(read),
    state: createState({ commands: connection, vault, clock }),
    ping: () => connection.ping(),
    close: () => connection.close(),
  };
}
