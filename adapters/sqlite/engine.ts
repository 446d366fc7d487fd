/** Owns whether the embedded store can be used, tried out rather than guessed: a full disk reads well and writes nothing. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Engine, StoreUnavailable } from '../../src/store.ts';
import { statement } from '../sql/statement.ts';
import { write } from '../sql/unit.ts';
import { IN_MEMORY, STORE_FILE } from './file.ts';
import type { GroupedDatabase } from './grouped-database.ts';
import { ENGINE } from './trouble.ts';

/** Bytes, about what a few sign-ins write: when there is no room for them, there is none for citizens either. */
const TRIAL = 65_536;

type Trial = { id_hash: Uint8Array; sealed_value: Uint8Array };

const insert = statement((sql, trial: Trial) =>
  sql.insertInto('state').values({ ...trial, kind: 'Trial', version: 1, expires_at: 0 }),
);
const remove = statement((sql, { id_hash }: Pick<Trial, 'id_hash'>) =>
  sql.deleteFrom('state').where('id_hash', '=', id_hash),
);

/** The store's file as an engine; its ping writes and takes back in one commit. All who ask at once share one. */
export function embeddedEngine(database: GroupedDatabase, directory: string): Engine {
  const sealed_value = new Uint8Array(TRIAL);
  let trial: Promise<void> | undefined;

  async function tryOut(): Promise<void> {
    const id_hash = randomBytes(32);
    try {
      await database.write(function* () {
        yield* write(insert(database.sql, { id_hash, sealed_value }));
        yield* write(remove(database.sql, { id_hash }));
      });
    } catch (cause) {
      throw cause instanceof StoreUnavailable ? cause : new StoreUnavailable(ENGINE, { cause });
    }
  }

  return {
    name: ENGINE,
    address: directory === IN_MEMORY ? IN_MEMORY : join(directory, STORE_FILE),
    ping() {
      trial ??= tryOut().finally(() => {
        trial = undefined;
      });
      return trial;
    },
  };
}
