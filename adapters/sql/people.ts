/** Owns how persons are found, by anchor or link, the subject by which each sector knows one, and who is locked. */
import type { JournalEntry } from '../../src/journal/events.ts';
import type { People } from '../../src/store.ts';
import { personsBeside, writeBeside } from './beside.ts';
import { anchorKind, anchorPlace, carryOutAll, linkKind, type Surroundings } from './changes.ts';
import { createErasure } from './erasure.ts';
import { recordAll } from './journal.ts';
import { createLookUp, selectHolder } from './look-up.ts';
import { createOwnLinks } from './own-links.ts';
import { type KnownKeys, RememberedKeys } from './person-keys.ts';
import { openReview } from './reviews.ts';
import { statement } from './statement.ts';
import { meet, selectSubject } from './subjects.ts';
import { changed, ifStillSo, type Query, runLast } from './unit.ts';

const selectLink = statement((sql, { source, indexes }: { source: string; indexes: readonly Uint8Array[] }) =>
  sql.selectFrom('link').select(['person', 'state']).where('source', '=', source).where('subject_index', 'in', indexes),
);

const selectNumbers = statement((sql, { person }: { person: string }) =>
  sql
    .selectFrom('anchor')
    .innerJoin('person', 'person.id', 'anchor.person')
    .select(['person.sealed_key as wrapped', 'anchor.sealed_value as sealed'])
    .where('anchor.person', '=', person)
    .where('anchor.kind', '=', 'personal_number')
    .orderBy('anchor.ordinal'),
);

const selectSubjects = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('pairwise').select(['sector', 'sub']).where('person', '=', person),
);

const selectConfirmed = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('register_confirmed_at as at').where('id', '=', person),
);

const selectLock = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('person').select('locked_at').where('id', '=', id),
);

const lockPerson = statement((sql, { id, locked_at }: { id: string; locked_at: number }) =>
  sql.updateTable('person').set({ locked_at }).where('id', '=', id).where('locked_at', 'is', null),
);

const unlockPerson = statement((sql, { id }: { id: string }) =>
  sql.updateTable('person').set({ locked_at: null }).where('id', '=', id).where('locked_at', 'is not', null),
);

export function createPeople(surroundings: Surroundings): People {
  const { database, vault, clock } = surroundings;
  const { sql } = database;
  const remembered = new RememberedKeys();
  const indexesOf = (kind: string, value: string) => vault.blindIndexes(kind, value).map(({ index }) => index);

  /** One statement and, if it changed anything, its events. */
  const writeWith = (query: Query<unknown>, entries: readonly JournalEntry[]): Promise<boolean> =>
    database.write(function* () {
      const written = (yield* changed(query)) > 0;
      if (written) yield* recordAll(database, entries);
      return written;
    });

  return {
    ...createLookUp(surroundings, remembered),

    async findLink(source, subject) {
      const indexes = indexesOf(linkKind(source), subject);
      const [link] = await database.read(selectLink(sql, { source, indexes }));
      return link && { person: link.person, state: link.state };
    },

    async findHolder(personalNumber) {
      const indexes = indexesOf(anchorKind('personal_number'), personalNumber);
      const [anchor] = await database.read(selectHolder(sql, { indexes }));
      return anchor?.person;
    },

    async numbersOf(person) {
      const anchors = await database.read(selectNumbers(sql, { person }));
      const place = anchorPlace('personal_number');
      return anchors.map(({ wrapped, sealed }) => vault.openFor({ person, wrapped }, place, sealed));
    },

    async commit(changes, entries, doubts = [], beside = {}) {
      const committed = await ifStillSo(database, function* () {
        const keys: KnownKeys = { created: new Map(), remembered };
        yield* carryOutAll(surroundings, changes, personsBeside(beside), keys);
        for (const doubt of doubts) yield* openReview(surroundings, doubt);
        yield* writeBeside(surroundings, beside, keys);
        yield* recordAll(database, entries);
      });
      return committed ? 'committed' : 'conflict';
    },

    async stateOf(person) {
      const [row] = await database.read(selectLock(sql, { id: person }));
      return row && (row.locked_at === null ? 'active' : 'locked');
    },

    lock: (person, entries) => writeWith(lockPerson(sql, { id: person, locked_at: clock() }), entries),
    unlock: (person, entries) => writeWith(unlockPerson(sql, { id: person }), entries),

    ...createOwnLinks(surroundings),
    ...createErasure(surroundings, remembered),

    async subjectFor(person, sector) {
      const [known] = await database.read(selectSubject(sql, { person, sector }));
      if (known) return known.sub;
      return database.write(function* () {
        yield* meet(database, { person, sector });
        const { rows } = yield* runLast(selectSubject(sql, { person, sector }));
        return rows[0]!.sub;
      });
    },

    async subjectsOf(person) {
      const rows = await database.read(selectSubjects(sql, { person }));
      return new Map(rows.map(({ sector, sub }) => [sector, sub]));
    },

    async confirmedAt(person) {
      const [row] = await database.read(selectConfirmed(sql, { person }));
      return row?.at ?? undefined;
    },
  };
}
