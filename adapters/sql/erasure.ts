/**
 * Owns erasing a person: every row that is theirs or ties events to them. What is left somewhere names nobody: events never
 * did, and messages that still wait in the outbox are sealed. With the row goes the person's key, and with it whatever copy
 * there may be of what it sealed.
 */
import type { People } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import { holdAlone } from './holding.ts';
import type { RememberedKeys } from './person-keys.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { run, write } from './unit.ts';

type OfPerson = { person: string };

/** What of a person has to be settled first. */
const selectHeld = statement((sql, { person }: OfPerson) =>
  sql
    .selectFrom('person')
    .select('locked_at')
    .select(({ selectFrom }) => [
      selectFrom('link')
        .select(({ fn }) => fn.countAll<number | string>().as('links'))
        .where('link.person', '=', person)
        .where('link.state', '=', 'frozen')
        .as('links'),
      selectFrom('case')
        .select(({ fn }) => fn.countAll<number | string>().as('cases'))
        .where('case.person', '=', person)
        .where('case.state', '<>', 'answered')
        // It is the one that is being answered.
        .where('case.kind', '<>', 'erase')
        .as('cases'),
      selectFrom('review')
        .select(({ fn }) => fn.countAll<number | string>().as('reviews'))
        .where('review.person', '=', person)
        .where('review.state', '=', 'open')
        .as('reviews'),
    ])
    .where('id', '=', person),
);

/** Every table with rows of persons, in whatever order: none of these refers to another. */
const OWN_TABLES = [
  'consent',
  'pairwise',
  'link',
  'anchor',
  'device',
  'contact',
  'source_block',
  'alert',
  'case',
  'waiting_change',
  'event_subject',
  'review',
  'developer_account',
] as const;

const removals = OWN_TABLES.map((table) =>
  statement((sql, { person }: OfPerson) => sql.deleteFrom(table).where('person', '=', person)),
);

/** What is kept of an account of the developer console. What it did there stays in the trail, where no account names anybody. */
const removalsOfAccounts = (['api_token', 'registrar'] as const).map((table) =>
  statement((sql, { person }: OfPerson) =>
    sql
      .deleteFrom(table)
      .where('account', 'in', sql.selectFrom('developer_account').select('account').where('person', '=', person)),
  ),
);

const removePerson = statement((sql, { person }: OfPerson) => sql.deleteFrom('person').where('id', '=', person));

export function createErasure(surroundings: Surroundings, remembered: RememberedKeys): Pick<People, 'erase'> {
  const { database } = surroundings;
  const { sql } = database;

  return {
    async erase(person, told) {
      const outcome = await database.write(function* () {
        // Who writes something of theirs just now is waited for, and finds nobody afterwards.
        yield* holdAlone(database, person);
        const [row] = (yield* run(selectHeld(sql, { person }))).rows;
        // By somebody else, a moment ago: told by them.
        if (!row) return 'erased';
        const { locked_at, links, cases, reviews } = row;
        if (locked_at !== null || [links, cases, reviews].some((count) => Number(count) > 0)) return 'held';
        for (const remove of [...removalsOfAccounts, ...removals]) yield* write(remove(sql, { person }));
        yield* write(removePerson(sql, { person }));
        yield* tell(surroundings, told);
        return 'erased';
      });
      if (outcome === 'erased') remembered.forget(person);
      return outcome;
    },
  };
}
