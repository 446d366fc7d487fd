/** Owns how persons are found, by anchor or link, the subject by which each sector knows one, and who is locked. */
import type { ExpressionBuilder } from 'kysely';
import type { Change } from '../../src/identity/person.ts';
import type { JournalEntry } from '../../src/journal/events.ts';
import type { People, PersonKnown } from '../../src/store.ts';
import { anchorKind, anchorPlace, carryOut, linkKind, type NewKeys, type Surroundings } from './changes.ts';
import { consentOf, inForceAt } from './consents.ts';
import { recordAll } from './journal.ts';
import { createOwnLinks } from './own-links.ts';
import { openReview } from './reviews.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';
import { meet, selectSubject } from './subjects.ts';
import { changed, Overtaken, type Query, runLast } from './unit.ts';

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

/** Whoever an account may be: the person of its link, and the one anchored at the number it attests. */
interface Candidates {
  readonly source: string;
  readonly subjects: readonly Uint8Array[];
  readonly numbers: readonly Uint8Array[];
}

/** A list in SQL is never empty, and no blind index has this value. */
const NO_INDEX = new Uint8Array();

const ofCandidates = (
  { selectFrom }: Pick<ExpressionBuilder<Schema, keyof Schema>, 'selectFrom'>,
  { source, subjects, numbers }: Candidates,
) =>
  selectFrom('link')
    .select('link.person')
    .where('link.source', '=', source)
    .where('link.subject_index', 'in', subjects)
    .union(
      selectFrom('anchor')
        .select('anchor.person')
        .where('anchor.kind', '=', 'personal_number')
        .where('anchor.value_index', 'in', numbers),
    );

const selectCandidates = statement((sql, { sector, ...candidates }: Candidates & { sector: string }) =>
  sql
    .selectFrom('person')
    .leftJoin('pairwise', (join) => join.onRef('pairwise.person', '=', 'person.id').on('pairwise.sector', '=', sector))
    .select(['person.id', 'person.locked_at', 'pairwise.sub'])
    .where((where) => where('person.id', 'in', ofCandidates(where, candidates))),
);

const selectConsents = statement((sql, { client, now, ...candidates }: Candidates & { client: string; now: number }) =>
  inForceAt(sql, now)
    .where('consent.client', '=', client)
    .where((where) => where('consent.person', 'in', ofCandidates(where, candidates))),
);

const selectNumbersByLink = statement(
  (sql, { source, subjects }: { source: string; subjects: readonly Uint8Array[] }) =>
    sql
      .selectFrom('link')
      .innerJoin('person', 'person.id', 'link.person')
      .innerJoin('anchor', 'anchor.person', 'link.person')
      .select(['person.id', 'person.sealed_key as wrapped', 'anchor.sealed_value as sealed'])
      .where('link.source', '=', source)
      .where('link.subject_index', 'in', subjects)
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
    async lookUp({ source, subject, personalNumber, client, sector, now }) {
      const subjects = indexesOf(linkKind(source), subject);
      const numbers =
        personalNumber === undefined ? [NO_INDEX] : indexesOf(anchorKind('personal_number'), personalNumber);
      const candidates = { source, subjects, numbers };
      // Asked at once: across a network they travel together.
      const [links, anchors, own, persons, consents] = await Promise.all([
        database.read(selectLink(sql, { source, indexes: subjects })),
        database.read(selectHolder(sql, { indexes: numbers })),
        database.read(selectNumbersByLink(sql, { source, subjects })),
        database.read(selectCandidates(sql, { ...candidates, sector })),
        database.read(selectConsents(sql, { ...candidates, client, now })),
      ]);
      const place = anchorPlace('personal_number');
      const known = persons.map(({ id, locked_at, sub }): [string, PersonKnown] => {
        const consent = consents.find(({ person }) => person === id);
        return [
          id,
          {
            state: locked_at === null ? 'active' : 'locked',
            ...(consent ? { consent: consentOf(consent) } : {}),
            ...(sub === null ? {} : { sub }),
          },
        ];
      });
      return {
        link: links[0] && { person: links[0].person, state: links[0].state },
        ownNumbers: own.map(({ id, wrapped, sealed }) => vault.openFor({ person: id, wrapped }, place, sealed)),
        holder: anchors[0]?.person,
        persons: new Map(known),
      };
    },

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
          const keys: NewKeys = new Map();
          for (const change of inOneOrder(changes)) yield* carryOut(surroundings, change, keys);
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
        yield* meet(database, { person, sector });
        const { rows } = yield* runLast(selectSubject(sql, { person, sector }));
        return rows[0]!.sub;
      });
    },
  };
}

/** The same accounts proved in another order are written in the same, so that neither of two units waits for the other. */
function inOneOrder(changes: readonly Change[]): readonly Change[] {
  const place = (change: Change) => ('subject' in change ? JSON.stringify([change.source, change.subject]) : '');
  return changes.toSorted((one, other) => (place(one) < place(other) ? -1 : Number(place(one) > place(other))));
}
