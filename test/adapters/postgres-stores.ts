/** Owns empty stores in PostgreSQL for the tests of one file: one server, one database, emptied again and again. */
import { afterAll, beforeAll } from '@jest/globals';
import { openPostgresDatabase, type PostgresStore } from '../../adapters/postgres/store.ts';
import { openEmbeddedStore } from '../../adapters/store.ts';
import type { Store } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { emptying } from '../engines/emptying.ts';
import { type PostgresServer, type ServerOptions, startPostgresql } from '../engines/postgresql.ts';

export interface PostgresStores {
  readonly server: PostgresServer;
  readonly url: string;
  /** An empty store; no two may be open at a time. */
  openEmpty(clock: () => number, vault: Vault, onTrip?: () => void): Promise<PostgresStore>;
  /** The same with protocol state beside it in memory. */
  openWhole(clock: () => number, vault: Vault): Promise<Store>;
}

/** Starts a server before the first test of the file and removes it after the last. */
export function usePostgresStores(options: ServerOptions = {}): PostgresStores {
  let server: PostgresServer;
  let url: string;
  let isMade = false;
  beforeAll(async () => {
    server = await startPostgresql(options);
    url = await server.create('store');
  });
  afterAll(() => server.remove());

  async function openEmpty(clock: () => number, vault: Vault, onTrip?: () => void): Promise<PostgresStore> {
    if (isMade) await server.run(emptying(), 'store');
    isMade = true;
    return openPostgresDatabase({ url, vault, clock, onTrip });
  }

  return {
    get server() {
      return server;
    },
    get url() {
      return url;
    },
    openEmpty,
    async openWhole(clock, vault) {
      const { engine, ...lasting } = await openEmpty(clock, vault);
      const beside = openEmbeddedStore({ directory: ':memory:', vault, clock });
      const close = async () => void (await Promise.all([lasting.close(), beside.close()]));
      return { ...beside, ...lasting, engines: () => [engine], close };
    },
  };
}
