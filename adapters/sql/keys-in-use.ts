/**
 * Owns which versions of keys rows stand under, and how many: always by an index, never by looking at every row. What a
 * key wrapped begins with its version (vault.ts), so no column is needed for it.
 */
import { type RawBuilder, sql as raw } from 'kysely';
import { versionMark, versionOf } from '../../src/vault/vault.ts';
import { statement } from './statement.ts';
import type { Database } from './unit.ts';

export type Indexed = 'anchor' | 'link';
export type Wrapped = 'person' | 'review';

/** The version with which a wrapped key begins, written as the index over it is. */
export const MARK: RawBuilder<Uint8Array> = raw<Uint8Array>`substr(sealed_key, 1, 2)`;

const NO_MARK = new Uint8Array();
const NO_VERSION = -1;

const nextVersion = (table: Indexed) =>
  statement((sql, { above }: { above: number }) =>
    sql
      .selectFrom(table)
      .select('index_version as version')
      .where('index_version', '>', above)
      .orderBy('index_version')
      .limit(1),
  );

const nextMark = (table: Wrapped) =>
  statement((sql, { above }: { above: Uint8Array }) =>
    sql.selectFrom(table).select(MARK.as('mark')).where(MARK, '>', above).orderBy(MARK).limit(1),
  );

const selectIndexed = (table: Indexed) =>
  statement((sql, { version, most }: { version: number; most: number }) =>
    sql
      .selectFrom(
        sql.selectFrom(table).select('index_version').where('index_version', '=', version).limit(most).as('some'),
      )
      .select(({ fn }) => fn.countAll().as('rows')),
  );

const selectWrapped = (table: Wrapped) =>
  statement((sql, { mark, most }: { mark: Uint8Array; most: number }) =>
    sql
      .selectFrom(sql.selectFrom(table).select(MARK.as('mark')).where(MARK, '=', mark).limit(most).as('some'))
      .select(({ fn }) => fn.countAll().as('rows')),
  );

const NEXT = {
  anchor: nextVersion('anchor'),
  link: nextVersion('link'),
  person: nextMark('person'),
  review: nextMark('review'),
} as const;

const COUNTED = {
  anchor: selectIndexed('anchor'),
  link: selectIndexed('link'),
  person: selectWrapped('person'),
  review: selectWrapped('review'),
} as const;

/** The versions that rows of a table stand under, lowest first. */
export async function versionsIn(database: Database, table: Indexed | Wrapped): Promise<number[]> {
  const versions: number[] = [];
  for (;;) {
    const above = versions.at(-1);
    const version = await nextAbove(database, table, above);
    if (version === undefined) return versions;
    versions.push(version);
  }
}

/** How many rows of a table stand under a version; counted no further than `most`. */
export async function countIn(
  database: Database,
  table: Indexed | Wrapped,
  version: number,
  most: number,
): Promise<number> {
  const [counted] = await database.read(
    table === 'anchor' || table === 'link'
      ? COUNTED[table](database.sql, { version, most })
      : COUNTED[table](database.sql, { mark: versionMark(version), most }),
  );
  return Number(counted?.rows ?? 0);
}

async function nextAbove(
  database: Database,
  table: Indexed | Wrapped,
  above: number | undefined,
): Promise<number | undefined> {
  if (table === 'anchor' || table === 'link') {
    const [row] = await database.read(NEXT[table](database.sql, { above: above ?? NO_VERSION }));
    return row?.version;
  }
  const [row] = await database.read(
    NEXT[table](database.sql, { above: above === undefined ? NO_MARK : versionMark(above) }),
  );
  return row && versionOf(row.mark);
}
