/** Owns the rows of what was done in the console and by whom, written in one unit with what they tell of. */
import type { Insertable, Selectable } from 'kysely';
import type { Alongside, DeveloperRecords, TrailEntry } from '../../../src/developer/ports.ts';
import type { Json } from '../../../src/store.ts';
import type { Surroundings } from '../changes.ts';
import type { TrailTable } from '../developer-schema.ts';
import { statement } from '../statement.ts';
import { tell } from '../telling.ts';
import { type Unit, write } from '../unit.ts';

interface Page {
  readonly agency: string;
  /** None for the whole agency. */
  readonly services: readonly string[];
  readonly beforeAt: number;
  readonly beforeId: string;
  readonly most: number;
}

const insert = statement((sql, row: Insertable<TrailTable>) => sql.insertInto('trail').values(row));

const selectPage = statement((sql, { agency, services, beforeAt, beforeId, most }: Page) => {
  const rows = sql
    .selectFrom('trail')
    .selectAll()
    .where('agency', '=', agency)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'id'), '<', tuple(beforeAt, beforeId)));
  return (services.length === 0 ? rows : rows.where('service', 'in', services))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(most);
});

/** The part of a unit that writes what goes with a change. */
export function* writeAlongside(surroundings: Surroundings, alongside: Alongside): Unit<void> {
  const { trail, entries = [], messages = [] } = alongside;
  for (const entry of trail) yield* write(insert(surroundings.database.sql, rowOf(entry)));
  yield* tell(surroundings, { entries, messages });
}

export function createTrail({ database }: Surroundings): DeveloperRecords['trail'] {
  return {
    async of({ agency, service, after, most }) {
      const page: Page = {
        agency,
        services: service === undefined ? [] : [service],
        beforeAt: after?.at ?? Number.MAX_SAFE_INTEGER,
        beforeId: after?.id ?? '',
        most,
      };
      return (await database.read(selectPage(database.sql, page))).map(entryOf);
    },
  };
}

function rowOf({ before, after, service, ...entry }: TrailEntry): Insertable<TrailTable> {
  const { id, at, agency, actor, through, action } = entry;
  const kept = (value: Json | undefined) => (value === undefined ? null : JSON.stringify(value));
  const told = { id, at, agency, actor, through, action };
  return { ...told, service: service ?? null, before: kept(before), after: kept(after) };
}

function entryOf({ before, after, service, ...entry }: Selectable<TrailTable>): TrailEntry {
  return {
    ...entry,
    ...(service === null ? {} : { service }),
    ...(before === null ? {} : { before: JSON.parse(before) as Json }),
    ...(after === null ? {} : { after: JSON.parse(after) as Json }),
  };
}
