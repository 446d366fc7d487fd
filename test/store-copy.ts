/** Owns looking into a running hub's store: a copy of its files, asked by SQL or read byte by byte. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Row = Readonly<Record<string, unknown>>;

/** The store in `directory` as it is now. Its owner has it locked, so a copy is asked. */
export async function askStore<T>(directory: string, ask: (rows: (sql: string) => readonly Row[]) => T): Promise<T> {
  const copy = await mkdtemp(path.join(tmpdir(), 'store-copy-'));
  try {
    // The channel for operators is no file that could be copied.
    await cp(directory, copy, { recursive: true, filter: (file) => !file.endsWith('.sock') });
    const database = new DatabaseSync(path.join(copy, 'hub.sqlite'));
    try {
      return ask((sql) => database.prepare(sql).all());
    } finally {
      database.close();
    }
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** Every byte of every file in the store's directory: the database, its log, whatever else there may be. */
export async function bytesOfStore(directory: string): Promise<Buffer> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const contents = files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name)));
  return Buffer.concat(await Promise.all(contents));
}

/** How many people, links, anchors and consents the store in `directory` knows. */
export async function knownIn(directory: string): Promise<Record<'person' | 'link' | 'anchor' | 'consent', number>> {
  return askStore(directory, (rows) => {
    const count = (table: string) => Number(rows(`SELECT count(*) AS n FROM ${table}`)[0]!.n);
    return { person: count('person'), link: count('link'), anchor: count('anchor'), consent: count('consent') };
  });
}

/** What a store knows in which nobody ever signed in. */
export const NOBODY = { person: 0, link: 0, anchor: 0, consent: 0 } as const;

/** The journal of the store in `directory`, oldest first: type and content together. */
export async function journalIn(directory: string): Promise<readonly Row[]> {
  return askStore(directory, (rows) =>
    rows('SELECT type, content FROM event ORDER BY rowid').map(({ type, content }) => ({
      type,
      ...JSON.parse(String(content)),
    })),
  );
}
