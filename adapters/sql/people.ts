/** Owns how persons are found, by anchor or link, the subject by which each sector knows one, and who is locked. */
import { randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { JournalEntry } from '../../src/journal/events.ts';
import type { People } from '../../src/store.ts';
import { anchorKind, anchorPlace, carryOut, linkKind, type Surroundings } from './changes.ts';
import { recordAll } from './journal.ts';
import { createOwnLinks } from './own-links.ts';
import { openReview } from './reviews.ts';
import type { PairwiseTable } from './schema.ts';
import { statement } from './statement.ts';
import { changed, Overtaken, type Query, run, write } from './unit.ts';

const SUBJECT_BYTES = 32;

const selectLink = statement((sql, { source, indexes }: { source: string; indexes: readonly Uint8Array[] }) =>
  sql.selectFrom('link').select(['person', 'state']).where('source', '=', source).where('subject_index', 'in', indexes),
);

const selectHolder = statement((sql, { indexes }: { indexes: readonly Uint8Array[] }) =>
  sql.selectFrom('anchor').select('person').where('kind', '=', 'personal_number').where('value_index', 'in', indexes),
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

const selectLock = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('person').select('locked_at').where('id', '=', id),
);

const lockPerson = statement((sql, { id, locked_at }: { id: string; locked_at: number }) =>
  sql.updateTable('person').set({ locked_at }).where('id', '=', id).where('locked_at', 'is', null),
);

const unlockPerson = statement((sql, { id }: { id: string }) =>
  sql.updateTable('person').set({ locked_at: null }).where('id', '=', id).where('locked_at', 'is not', null),
);

const selectSubject = statement((sql, { person, sector }: { person: string; sector: string }) =>
  sql.selectFrom('pairwise').select('sub').where('person', '=', person).where('sector', '=', sector),
);

const insertSubject = statement((sql, row: Insertable<PairwiseTable>) =>
  sql
    .insertInto('pairwise')
    .values(row)
    .onConflict((conflict) => conflict.columns(['person', 'sector']).doNothing()),
);

export function createPeople(surroundings: Surroundings): People {
  const { database, vault, clock } = surroundings;
  const { sql } = database;
  const indexesOf = (kind: string, value: string) => vault.blindIndexes(kind, value).map(({ index }) => index);

  /** One statement and, if it changed anything, its events. */
  const writeWith = (query: Query<unknown>, entries: readonly JournalEntry[]): Promise<boolean> =>
    database.write(function* () {
      const written = (yield* changed(query)) > 0;
      if (written) yield* recordAll(database, entries);
      return written;
    });

  return {
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

    async commit(changes, entries, doubts = []) {
      try {
        await database.write(function* () {
          for (const change of changes) yield* carryOut(surroundings, change);
          for (const doubt of doubts) yield* openReview(surroundings, doubt);
          yield* recordAll(database, entries);
        });
        return 'committed';
      } catch (error) {
        if (error instanceof Overtaken) return 'conflict';
        throw error;
      }
    },

    async stateOf(person) {
      const [row] = await database.read(selectLock(sql, { id: person }));
      return row && (row.locked_at === null ? 'active' : 'locked');
    },

    lock: (person, entries) => writeWith(lockPerson(sql, { id: person, locked_at: clock() }), entries),
    unlock: (person, entries) => writeWith(unlockPerson(sql, { id: person }), entries),

    ...createOwnLinks(surroundings),

    async subjectFor(person, sector) {
      const [known] = await database.read(selectSubject(sql, { person, sector }));
      if (known) return known.sub;
      return database.write(function* () {
        const sub = randomBytes(SUBJECT_BYTES).toString('base64url');
        yield* write(insertSubject(sql, { person, sector, sub }));
        // Ours, or that of whoever asked at the same time.
        const { rows } = yield* run(selectSubject(sql, { person, sector }));
        return rows[0]!.sub;
      });
    },
  };
}
