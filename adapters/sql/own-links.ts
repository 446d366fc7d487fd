/**
 * Owns a person's links as a list, whether somebody who loses some of them could still sign in, and how one becomes a
 * tombstone.
 */
import { type Kysely, sql as raw } from 'kysely';
import type { LinkState } from '../../src/identity/person.ts';
import type { OwnLink, People } from '../../src/store.ts';
import { linkPlace, type Surroundings } from './changes.ts';
import { hold } from './holding.ts';
import { recordAll } from './journal.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';
import { type Database, run, type Unit, write } from './unit.ts';

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

/** In one statement, so that a decision about them waits for the database once. */
const selectWays = statement((sql, { person }: { person: string }) =>
  linksOf(sql, person)
    .select(['subject_index', 'source', 'state'])
    .select(({ selectFrom }) => [
      selectFrom('source_block')
        .select(({ fn }) => fn.countAll<number | string>().as('blocks'))
        .whereRef('source_block.person', '=', 'link.person')
        .whereRef('source_block.source', '=', 'link.source')
        .as('blocks'),
      selectFrom('source_block')
        .select(({ fn }) => fn.countAll<number | string>().as('chosen'))
        .whereRef('source_block.person', '=', 'link.person')
        .whereRef('source_block.source', '=', 'link.source')
        .where('source_block.reason', '=', raw.lit('citizen' as const))
        .as('chosen'),
      selectFrom('anchor')
        .select(({ fn }) => fn.countAll<number | string>().as('anchors'))
        .whereRef('anchor.person', '=', 'link.person')
        .as('anchors'),
    ])
    .orderBy('source')
    .orderBy('subject_index')
    // Also from somebody else, to whom a frozen one may just be passing.
    .forNoKeyUpdate('link'),
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

/** A link of a person, as a way to sign in. */
export interface Way {
  readonly id: string;
  readonly source: string;
  readonly subject_index: Uint8Array;
  readonly state: LinkState;
  /** Closed, by the person or by an alarm; closed by the person themselves. */
  readonly blocked: boolean;
  readonly chosen: boolean;
  /** Whether the person has a number. */
  readonly anchored: boolean;
}

/** The part of a unit that looks at every way a person has, and lets nobody else change one before it is over. */
export function* waysIn({ sql }: Database, person: string): Unit<readonly Way[]> {
  const { rows } = yield* run(selectWays(sql, { person }));
  return rows.map(({ source, subject_index, state, blocks, chosen, anchors }): Way => {
    const closed = { blocked: Number(blocks) > 0, chosen: Number(chosen) > 0 };
    return {
      id: idOf({ source, subject_index }),
      source,
      subject_index,
      state,
      ...closed,
      anchored: Number(anchors) > 0,
    };
  });
}

/** Whether a person who loses these ways could not sign in any more. Nobody signs in with a frozen one, so nobody loses it. */
export function strands(ways: readonly Way[], taken: readonly Way[]): boolean {
  if (!taken.some(({ state }) => state === 'active')) return false;
  const remaining = ways.filter((way) => !taken.includes(way) && way.state === 'active' && !way.blocked);
  return remaining.length < NEEDED[taken[0]!.anchored ? 'anchored' : 'unanchored'];
}

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
        const ways = yield* waysIn(database, person);
        const chosen = ways.find(({ id }) => id === link);
        if (chosen?.state !== 'active' && chosen?.state !== 'frozen') return 'unknown';
        if (strands(ways, [chosen])) return 'stranding';
        const { source, subject_index } = chosen;
        yield* write(bury(sql, { source, subject_index }));
        yield* recordAll(database, entries);
        return 'unlinked';
      });
    },
  };
}
