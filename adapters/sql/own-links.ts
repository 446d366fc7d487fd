/** Owns a person's links as a list, and how one of them becomes a tombstone without stranding the person. */
import type { Kysely } from 'kysely';
import type { OwnLink, People } from '../../src/store.ts';
import { linkPlace, type Surroundings } from './changes.ts';
import { hold } from './holding.ts';
import { recordAll } from './journal.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';
import { run, write } from './unit.ts';

/** Active links without which nobody can sign in: without a number both accounts are proved together (rule 4). */
const NEEDED = { anchored: 1, unanchored: 2 } as const;

const linksOf = (sql: Kysely<Schema>, person: string) => sql.selectFrom('link').where('link.person', '=', person);

const selectLinks = statement((sql, { person }: { person: string }) =>
  linksOf(sql, person)
    .innerJoin('person', 'person.id', 'link.person')
    .selectAll('link')
    .select('person.sealed_key as wrapped')
    .orderBy('first_at')
    .orderBy('source')
    .orderBy('subject_index'),
);

const selectStanding = statement((sql, { person }: { person: string }) =>
  linksOf(sql, person)
    .select(['subject_index', 'source', 'state'])
    .orderBy('source')
    .orderBy('subject_index')
    // Also from somebody else, to whom a frozen one may just be passing.
    .forNoKeyUpdate(),
);

const selectAnchor = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('anchor').select('ordinal').where('person', '=', person).limit(1),
);

const bury = statement((sql, { source, subject_index }: { source: string; subject_index: Uint8Array }) =>
  sql
    .updateTable('link')
    .set({ state: 'unlinked' })
    .where('source', '=', source)
    .where('subject_index', '=', subject_index),
);

const idOf = (row: { source: string; subject_index: Uint8Array }) =>
  `${Buffer.from(row.subject_index).toString('hex')}.${row.source}`;

export function createOwnLinks({ database, vault }: Surroundings): Pick<People, 'linksOf' | 'unlink'> {
  const { sql } = database;

  return {
    async linksOf(person) {
      const rows = await database.read(selectLinks(sql, { person }));
      return rows.map((row): OwnLink => {
        const { source, state, how, first_at: firstAt, last_at: lastAt, wrapped, sealed_subject } = row;
        const subject = vault.openFor({ person, wrapped }, linkPlace(source), sealed_subject);
        return { id: idOf(row), source, subject, state, how, firstAt, lastAt };
      });
    },

    async unlink(person, link, entries) {
      return database.write(function* () {
        // Of two who unlink at the same time the second sees what the first has left.
        yield* hold(database, person);
        const { rows } = yield* run(selectStanding(sql, { person }));
        const chosen = rows.find((row) => idOf(row) === link);
        if (chosen?.state !== 'active' && chosen?.state !== 'frozen') return 'unknown';
        const anchored = (yield* run(selectAnchor(sql, { person }))).rows.length > 0;
        const remaining = rows.filter((row) => row !== chosen && row.state === 'active').length;
        // Nobody signs in with a frozen one, so nobody loses it.
        const isUsed = chosen.state === 'active';
        if (isUsed && remaining < NEEDED[anchored ? 'anchored' : 'unanchored']) return 'stranding';
        const { source, subject_index } = chosen;
        yield* write(bury(sql, { source, subject_index }));
        yield* recordAll(database, entries);
        return 'unlinked';
      });
    },
  };
}
