/**
 * Owns how a person's history is read and how it ends. It is read backwards along one index that has its order, so a page
 * costs a page however long the history is; only what the page leaves out on the way is looked at besides.
 */
import type { Kysely } from 'kysely';
import type { Event } from '../../src/journal/events.ts';
import type { HistoryQuestion, HistoryRow, Journal } from '../../src/store.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';
import { changedLast, type Database, write } from './unit.ts';

/** Rows deleted in one transaction, so that nobody waits long for it. */
const FORGOTTEN_AT_ONCE = 5_000;

/** As the column is where nobody has said when it was (own-tables.ts). */
const UNDATED = 0;

/** What clients and sources are called, and all that may stand in a pattern. */
const NAME = /^[a-z0-9-]+$/;

interface Page {
  readonly person: string;
  /** None for any. */
  readonly types: readonly string[];
  /** Patterns of which the content has to fit one; none for any content. */
  readonly clients: readonly string[];
  readonly sources: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly beforeAt: number;
  readonly beforeId: string;
  readonly most: number;
}

const eventsOf = (sql: Kysely<Schema>, person: string) =>
  sql
    .selectFrom('event_subject')
    .innerJoin('event', 'event.id', 'event_subject.event')
    .select(['event.id', 'event_subject.at', 'event.type', 'event.content', 'event_subject.device'])
    .where('event_subject.person', '=', person);

const selectPage = statement((sql, { person, types, clients, sources, from, until, ...page }: Page) => {
  let rows = eventsOf(sql, person)
    .where('event_subject.at', '>=', from)
    .where('event_subject.at', '<', until)
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('event_subject.at', 'event_subject.event'), '<', tuple(page.beforeAt, page.beforeId)),
    );
  if (types.length > 0) rows = rows.where('event.type', 'in', types);
  for (const patterns of [clients, sources]) {
    if (patterns.length === 0) continue;
    rows = rows.where((eb) => eb.or(patterns.map((pattern) => eb('event.content', 'like', pattern))));
  }
  return rows.orderBy('event_subject.at', 'desc').orderBy('event_subject.event', 'desc').limit(page.most);
});

const selectOne = statement((sql, { person, event }: { person: string; event: string }) =>
  eventsOf(sql, person).where('event_subject.event', '=', event),
);

/**
 * A program from before persons had a history writes no moment beside the person, and may go on for a while in other
 * processes. Without it such rows would be taken for the oldest of all.
 */
const dateUndated = statement((sql, { undated }: { undated: number }) =>
  sql
    .updateTable('event_subject')
    .set(({ selectFrom }) => ({
      at: selectFrom('event')
        .select('event.at')
        .whereRef('event.id', '=', 'event_subject.event')
        .$asScalar()
        .$notNull(),
    }))
    .where('event_subject.at', '=', undated),
);

const untie = statement((sql, { at, most }: { at: number; most: number }) =>
  sql
    .deleteFrom('event_subject')
    .where(
      'event',
      'in',
      sql.selectFrom('event_subject').select('event').where('at', '<', at).orderBy('at').limit(most),
    ),
);

/** Devices that nobody signed in with since, and that no history or alert names. */
const removeDevices = statement((sql, { at, most }: { at: number; most: number }) =>
  sql.deleteFrom('device').where(
    'id',
    'in',
    sql
      .selectFrom('device as unused')
      .select('unused.id')
      .where('unused.last_at', '<', at)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('event_subject')
              .select('event_subject.event')
              .whereRef('event_subject.person', '=', 'unused.person')
              .whereRef('event_subject.device', '=', 'unused.id'),
          ),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('alert')
              .select('alert.id')
              .whereRef('alert.person', '=', 'unused.person')
              .whereRef('alert.device', '=', 'unused.id'),
          ),
        ),
      )
      .limit(most),
  ),
);

export function createHistory(database: Database): Pick<Journal, 'historyOf' | 'find' | 'forgetBefore'> {
  const { sql } = database;

  return {
    async historyOf(question) {
      const page = pageOf(question);
      return page === undefined ? [] : (await database.read(selectPage(sql, page))).map(rowOf);
    },

    async find(person, event) {
      const [row] = await database.read(selectOne(sql, { person, event }));
      return row && rowOf(row);
    },

    async forgetBefore(at) {
      await database.write(() => write(dateUndated(sql, { undated: UNDATED })));
      for (const remove of [untie, removeDevices]) {
        let removed: number;
        do removed = await database.write(() => changedLast(remove(sql, { at, most: FORGOTTEN_AT_ONCE })));
        while (removed >= FORGOTTEN_AT_ONCE);
      }
    },
  };
}

/** `undefined` where nothing can fit. */
function pageOf({ person, types, clients, sources, from, until, after, most }: HistoryQuestion): Page | undefined {
  const patterns = { clients: patternsOf('client', clients), sources: patternsOf('source', sources) };
  const isEmpty =
    types?.length === 0 ||
    (clients !== undefined && patterns.clients.length === 0) ||
    (sources !== undefined && patterns.sources.length === 0);
  if (isEmpty) return undefined;
  return {
    person,
    types: types ?? [],
    ...patterns,
    from: from ?? 0,
    until: until ?? Number.MAX_SAFE_INTEGER,
    beforeAt: after?.at ?? Number.MAX_SAFE_INTEGER,
    beforeId: after?.id ?? '',
    most,
  };
}

/** How the content of an event says that it was this one. In a text of the content the quotation marks are escaped. */
function patternsOf(name: 'client' | 'source', ids: readonly string[] = []): readonly string[] {
  return ids.filter((id) => NAME.test(id)).map((id) => `%"${name}":"${id}"%`);
}

function rowOf(row: { id: string; at: number; type: string; content: string; device: string | null }): HistoryRow {
  const { id, at, type, content, device } = row;
  const event = { type, ...JSON.parse(content) } as Event;
  return { id, at, event, ...(device === null ? {} : { device }) };
}
