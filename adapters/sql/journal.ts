/** Owns the rows of the journal: the event itself, which names nobody, and apart from it whom it concerned. */
import { randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { EventSubject, JournalEntry } from '../../src/journal/events.ts';
import type { Journal } from '../../src/store.ts';
import { createHistory } from './history.ts';
import type { EventSubjectTable, EventTable } from './schema.ts';
import { statement } from './statement.ts';
import { type Database, run, type Unit, write } from './unit.ts';

const SALT_BYTES = 16;

/** Told twice, by a form pressed twice say, an event is the same event. */
const insertEvent = statement((sql, row: Insertable<EventTable>) =>
  sql
    .insertInto('event')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing()),
);
const insertSubject = statement((sql, row: Insertable<EventSubjectTable>) =>
  sql
    .insertInto('event_subject')
    .values(row)
    .onConflict((conflict) => conflict.columns(['event', 'person', 'role']).doNothing()),
);

/** Stays there until the unit is over. */
const takePerson = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('id').where('id', '=', person).forNoKeyUpdate(),
);

export function createJournal(database: Database): Journal {
  return {
    ...createHistory(database),

    async record(entries) {
      if (entries.length > 0) await database.write(() => recordAll(database, entries));
    },
  };
}

/** The part of a unit that writes entries beside what caused them. */
export function* recordAll({ sql }: Database, entries: readonly JournalEntry[]): Unit<void> {
  for (const { id, at, event, subjects } of entries) {
    const { type, ...content } = event;
    yield* write(insertEvent(sql, { id, at, type, content: JSON.stringify(content) }));
    for (const { person, role, device = null } of subjects) {
      yield* write(insertSubject(sql, { event: id, person, role, salt: randomBytes(SALT_BYTES), at, device }));
    }
  }
}

/** The same for what comes to its end long after its cause: whom it concerned may have been erased meanwhile. */
export function* recordOfWhoIsThere(database: Database, entries: readonly JournalEntry[]): Unit<void> {
  for (const entry of entries) {
    const subjects: EventSubject[] = [];
    for (const subject of entry.subjects) {
      const { rows } = yield* run(takePerson(database.sql, { person: subject.person }));
      if (rows.length > 0) subjects.push(subject);
    }
    yield* recordAll(database, [{ ...entry, subjects }]);
  }
}
