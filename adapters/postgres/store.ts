/** Owns the store in PostgreSQL: what must last, for any number of processes at once. Protocol state lives elsewhere. */
import { sql } from 'kysely';
import { type Engine, StoreUnavailable } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { createLasting, type Lasting } from '../sql/lasting.ts';
import { readPostgresAddress } from './address.ts';
import { PostgresDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { ENGINE } from './trouble.ts';
import { queryBuilder } from './words.ts';

export interface PostgresSettings {
  /** See `readPostgresAddress`. */
  readonly url: string;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Connections at most, 10 when not said. */
  readonly connections?: number | undefined;
  /** Called each time this process waits for the server. */
  readonly onTrip?: (() => void) | undefined;
}

export interface PostgresStore extends Lasting {
  readonly engine: Engine;
  /** Waits for what is being written and lets go of the connections. */
  close(): Promise<void>;
}

/** Opens the store, making or bringing forward its tables. Throws `TypeError` for the address, else as `migrate` does. */
export async function openPostgresDatabase(settings: PostgresSettings): Promise<PostgresStore> {
  const { url, vault, clock, connections: most, onTrip } = settings;
  const address = readPostgresAddress(url);
  await migrate(address);
  const database = new PostgresDatabase({ address, most, onTrip });
  return {
    engine: engineOf(database, address.place),
    ...createLasting({ database, vault, clock }),
    close: () => database.close(),
  };
}

/** A server that only repeats what another one writes answers, and is of no use. All who ask at once share one question. */
function engineOf(database: PostgresDatabase, address: string): Engine {
  const question = sql<{ writable: boolean }>`select not pg_is_in_recovery() as writable`.$castTo<{
    writable: boolean;
  }>();
  let asked: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const [row] = await database.read({ compile: () => question.compile(queryBuilder) });
    if (!row?.writable) throw new StoreUnavailable(ENGINE, { cause: new Error('The server cannot be written.') });
  }

  return {
    name: ENGINE,
    address,
    ping() {
      asked ??= ask().finally(() => {
        asked = undefined;
      });
      return asked;
    },
  };
}
