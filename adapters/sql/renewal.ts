/**
 * Owns bringing rows to the active keys: persons' and reviews' own keys are wrapped again, blind indexes are computed anew
 * from the sealed values. Each row is changed only where it is still as it was read, so whoever writes meanwhile wins.
 */
import { sql as raw } from 'kysely';
import type { Renewal, RowsLeft } from '../../src/store.ts';
import { VaultUnreadable, versionMark } from '../../src/vault/vault.ts';
import { anchorKind, anchorPlace, linkKind, linkPlace, type Surroundings } from './changes.ts';
import { countIn, type Indexed, MARK, versionsIn, type Wrapped } from './keys-in-use.ts';
import { keyHolder } from './reviews.ts';
import type { AnchorTable } from './schema.ts';
import { statement } from './statement.ts';
import { type Query, type Unit, write } from './unit.ts';

const MOST_COUNTED = 100_000;
/** Every blind index comes after it. */
const NO_INDEX: Uint8Array = new Uint8Array();

type Page<At> = { after: At; most: number };
type Renewed = { older: Uint8Array; index: Uint8Array; version: number };

/** All of them, so that the index over open reviews is used, which begins with the kind. */
const KINDS_OF_REVIEWS = [raw.lit('account_changed' as const), raw.lit('ambiguous' as const)];

const selectAnchors = statement((sql, { version, after, most }: Page<Uint8Array> & { version: number }) =>
  sql
    .selectFrom('anchor')
    .innerJoin('person', 'person.id', 'anchor.person')
    .select(['anchor.person', 'kind', 'value_index as older', 'sealed_value as sealed', 'sealed_key as wrapped'])
    .where('index_version', '=', version)
    .where('value_index', '>', after)
    .orderBy('value_index')
    .limit(most),
);

const selectLinks = statement((sql, { version, after, most }: Page<Uint8Array> & { version: number }) =>
  sql
    .selectFrom('link')
    .innerJoin('person', 'person.id', 'link.person')
    .select(['link.person', 'source', 'subject_index as older', 'sealed_subject as sealed', 'sealed_key as wrapped'])
    .where('index_version', '=', version)
    .where('subject_index', '>', after)
    .orderBy('subject_index')
    .limit(most),
);

const selectWrapped = (table: Wrapped) =>
  statement((sql, { mark, after, most }: Page<string> & { mark: Uint8Array }) =>
    sql
      .selectFrom(table)
      .select(['id', 'sealed_key as wrapped'])
      .where(MARK, '=', mark)
      .where('id', '>', after)
      .orderBy('id')
      .limit(most),
  );

const wrapAgain = (table: Wrapped) =>
  statement((sql, { id, older, wrapped }: { id: string; older: Uint8Array; wrapped: Uint8Array }) =>
    sql.updateTable(table).set({ sealed_key: wrapped }).where('id', '=', id).where('sealed_key', '=', older),
  );

/** Two rows of one value cannot be; should they ever, neither is lost. */
const renewAnchor = statement((sql, { kind, older, index, version }: Renewed & { kind: AnchorTable['kind'] }) =>
  sql
    .updateTable('anchor')
    .set({ value_index: index, index_version: version })
    .where('kind', '=', kind)
    .where('value_index', '=', older)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('anchor as other')
            .select('other.person')
            .where('other.kind', '=', kind)
            .where('other.value_index', '=', index),
        ),
      ),
    ),
);

const renewLink = statement((sql, { source, older, index, version }: Renewed & { source: string }) =>
  sql
    .updateTable('link')
    .set({ subject_index: index, index_version: version })
    .where('source', '=', source)
    .where('subject_index', '=', older)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('link as other')
            .select('other.person')
            .where('other.source', '=', source)
            .where('other.subject_index', '=', index),
        ),
      ),
    ),
);

/** Open reviews name the link by its index. Of two that say the same, the one that stands already is enough. */
const renewReviews = statement((sql, { source, older, index }: Omit<Renewed, 'version'> & { source: string }) =>
  sql
    .updateTable('review')
    .set({ subject_index: index })
    .where('state', '=', raw.lit('open'))
    .where('kind', 'in', KINDS_OF_REVIEWS)
    .where('source', '=', source)
    .where('subject_index', '=', older)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('review as other')
            .select('other.id')
            .where('other.state', '=', raw.lit('open'))
            .whereRef('other.kind', '=', 'review.kind')
            .where('other.source', '=', source)
            .where('other.subject_index', '=', index),
        ),
      ),
    ),
);

/** How one table is gone through: page by page in the order of a place, which rows already brought forward have left. */
interface Walk<Row, At> {
  readonly first: At;
  page(version: number, after: At): Query<Row>;
  place(row: Row): At;
  /** The statements that bring a row forward. Throws `VaultUnreadable`. */
  renewed(row: Row): readonly Query<unknown>[];
}

const WRAPPED = {
  person: { select: selectWrapped('person'), renew: wrapAgain('person'), holder: (id: string) => id },
  review: { select: selectWrapped('review'), renew: wrapAgain('review'), holder: keyHolder },
} as const;

export function createRenewal({ database, vault }: Surroundings): Renewal {
  const { sql } = database;

  const otherVersions = async (table: Indexed | Wrapped) => {
    const active = table === 'anchor' || table === 'link' ? vault.active.index : vault.active.wrapping;
    return (await versionsIn(database, table)).filter((version) => version !== active);
  };

  async function leftIn(...tables: readonly (Indexed | Wrapped)[]): Promise<readonly RowsLeft[]> {
    const left = new Map<number, number>();
    for (const table of tables) {
      for (const version of await otherVersions(table)) {
        const counted = left.get(version) ?? 0;
        left.set(version, counted + (await countIn(database, table, version, MOST_COUNTED - counted)));
      }
    }
    return [...left].map(([version, rows]) => ({ version, rows }));
  }

  /** Commits a batch: each row is made anew outside of the transaction, so that nobody waits for the making. */
  async function commit<Row>(rows: readonly Row[], renewed: Walk<Row, unknown>['renewed']): Promise<number> {
    const made = rows.flatMap((row) => whatOpens(() => [renewed(row)]) ?? []);
    await database.write(function* (): Unit<void> {
      for (const queries of made) for (const query of queries) yield* write(query);
    });
    return made.length;
  }

  /** All of a table that stands under other keys, page after page: what stays as it is is passed by, not met again. */
  async function* walk<Row, At>(table: Indexed | Wrapped, parts: Walk<Row, At>): AsyncGenerator<number> {
    for (const version of await otherVersions(table)) {
      let after = parts.first;
      for (;;) {
        const rows = await database.read(parts.page(version, after));
        const last = rows.at(-1);
        if (last === undefined) break;
        yield await commit(rows, parts.renewed);
        after = parts.place(last);
      }
    }
  }

  const wrapped = (table: Wrapped, most: number) =>
    walk(table, {
      first: '',
      page: (version, after) => WRAPPED[table].select(sql, { mark: versionMark(version), after, most }),
      place: ({ id }) => id,
      renewed({ id, wrapped: older }) {
        const key = { person: WRAPPED[table].holder(id), wrapped: older! };
        return [WRAPPED[table].renew(sql, { id, older: older!, wrapped: vault.wrapAgain(key).wrapped })];
      },
    });

  const anchors = (most: number) =>
    walk('anchor', {
      first: NO_INDEX,
      page: (version, after) => selectAnchors(sql, { version, after, most }),
      place: ({ older }) => older,
      renewed({ person, kind, older, sealed, wrapped: key }) {
        const value = vault.openFor({ person, wrapped: key }, anchorPlace(kind), sealed);
        return [renewAnchor(sql, { kind, older, ...vault.blindIndex(anchorKind(kind), value) })];
      },
    });

  const links = (most: number) =>
    walk('link', {
      first: NO_INDEX,
      page: (version, after) => selectLinks(sql, { version, after, most }),
      place: ({ older }) => older,
      renewed({ person, source, older, sealed, wrapped: key }) {
        const subject = vault.openFor({ person, wrapped: key }, linkPlace(source), sealed);
        const { index, version } = vault.blindIndex(linkKind(source), subject);
        return [renewLink(sql, { source, older, index, version }), renewReviews(sql, { source, older, index })];
      },
    });

  return {
    left: async () => ({ index: await leftIn('anchor', 'link'), wrapping: await leftIn('person', 'review') }),

    async *batches(most) {
      yield* wrapped('person', most);
      yield* wrapped('review', most);
      yield* anchors(most);
      yield* links(most);
    },
  };
}

function whatOpens<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof VaultUnreadable) return undefined;
    throw error;
  }
}
