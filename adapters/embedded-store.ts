/** Owns the embedded store: everything the hub remembers in one SQLite file, for one process, with nothing to install. */
import type { Store } from '../src/store.ts';
import type { Vault } from '../src/vault/vault.ts';
import type { Surroundings } from './sql/changes.ts';
import { createLasting } from './sql/lasting.ts';
import { createState } from './sql/state.ts';
import { embeddedEngine } from './sqlite/engine.ts';
import { emptyTables, openFile } from './sqlite/file.ts';
import { GroupedDatabase } from './sqlite/grouped-database.ts';

export interface EmbeddedSettings {
  /** Made when it does not exist; `:memory:` keeps nothing. */
  readonly directory: string;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface EmbeddedStore extends Store {
  /** Forgets everything, the journal too. For sandboxes and tests only. */
  erase(): Promise<void>;
  /** As if the disk were full, until told that it is not. For tests only. */
  pretendFull(full: boolean): void;
}

/**
 * Opens the store and keeps it locked until `close`. Throws `StoreUnusable`, with `code` `store_locked` when another
 * process has it, `store_newer` when a newer program wrote it, else `store_unreadable`.
 */
export function openEmbeddedStore({ directory, vault, clock }: EmbeddedSettings): EmbeddedStore {
  const connection = openFile(directory);
  const database = new GroupedDatabase(connection);
  const surroundings: Surroundings = { database, vault, clock };
  const engines = [embeddedEngine(database, directory)];
  return {
    engines: () => engines,
    ...createLasting(surroundings),
    state: createState(surroundings),
    close: () => database.close(),
    erase: () => database.write(() => emptyTables()),
    pretendFull: (full) => connection.mayGrow(!full),
  };
}
