/** Owns the embedded store filled with so many persons: made once, kept in the bench's folder, copied for each run. */
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { SCHEMA_VERSION } from '../../adapters/sql/migrations.ts';
import { openFile, STORE_FILE } from '../../adapters/sqlite/file.ts';
import { FILLED, POPULATION_VERSION, type Population } from './population.ts';

const AT_A_STROKE = 5_000;

/** Puts a store of so many persons into `directory`, from a copy kept in `kept`. */
export function fillFile(directory: string, kept: string, persons: number, population: Population): void {
  const name = `${persons}-persons-${SCHEMA_VERSION}-${POPULATION_VERSION}.sqlite`;
  const ready = join(kept, name);
  if (!existsSync(ready)) {
    const making = join(kept, 'making');
    rmSync(making, { recursive: true, force: true });
    // The store makes its own tables, so that they are those of this program.
    openFile(making).close();
    fill(join(making, STORE_FILE), persons, population);
    renameSync(join(making, STORE_FILE), ready);
    rmSync(making, { recursive: true });
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  copyFileSync(ready, join(directory, STORE_FILE), constants.COPYFILE_FICLONE);
}

function fill(file: string, persons: number, population: Population): void {
  const database = new DatabaseSync(file);
  // Whatever happens, the file is thrown away and made again; so nothing has to survive anything.
  for (const setting of [
    'journal_mode = DELETE',
    'journal_mode = OFF',
    'synchronous = OFF',
    'cache_size = -1500000',
    'foreign_keys = OFF',
  ])
    database.exec(`PRAGMA ${setting}`);
  const inserts = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  for (let from = 0; from < persons; from += AT_A_STROKE) {
    const rows = population.rows(from, Math.min(persons, from + AT_A_STROKE));
    database.exec('BEGIN');
    for (const table of FILLED) {
      for (const row of rows[table]) {
        const columns = Object.keys(row);
        const insert =
          inserts.get(table) ??
          database.prepare(`insert into "${table}" (${columns.join()}) values (${columns.map(() => '?').join()})`);
        inserts.set(table, insert);
        insert.run(...(Object.values(row) as SQLInputValue[]));
      }
    }
    database.exec('COMMIT');
  }
  database.close();
}
