/** Owns the rows of cases: what a person asked for or raised an alarm about, with its clock. What was said is sealed. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Case, CaseStep, Cases, NewCase } from '../../src/citizen/ports.ts';
import type { Json } from '../../src/store.ts';
import type { PersonKey, Place, Vault } from '../../src/vault/vault.ts';
import type { Surroundings } from './changes.ts';
import { holdWithKey } from './holding.ts';
import type { CaseTable, Schema } from './schema.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { ifStillSo, mustChange, Overtaken, run, type Unit, write } from './unit.ts';

/** In the order in which they come first in the index over what waits. */
const WAITING = ['open', 'acknowledged', 'forwarded'] as const;

type Step = { number: string; state: CaseStep['state']; at: number };

const insert = statement((sql, row: Insertable<CaseTable>) => sql.insertInto('case').values(row));

const withKey = (sql: Kysely<Schema>) =>
  sql
    .selectFrom('case')
    .innerJoin('person', 'person.id', 'case.person')
    .selectAll('case')
    .select('person.sealed_key as wrapped');

const selectOf = statement((sql, { person }: { person: string }) =>
  withKey(sql).where('case.person', '=', person).orderBy('opened_at', 'desc').orderBy('number'),
);

const selectByNumber = statement((sql, { number }: { number: string }) => withKey(sql).where('number', '=', number));

const selectWaiting = statement((sql, { states }: { states: readonly (typeof WAITING)[number][] }) =>
  withKey(sql).where('case.state', 'in', states).orderBy('answer_by').orderBy('number'),
);

const countOpen = statement(
  (sql, { person, states }: { person: string; states: readonly (typeof WAITING)[number][] }) =>
    sql
      .selectFrom('case')
      .select(({ fn }) => fn.countAll<number | string>().as('open'))
      .where('person', '=', person)
      .where('state', 'in', states),
);

/** With the person, who is taken before the case is looked at. */
const takeOwner = statement((sql, { number }: { number: string }) =>
  sql
    .selectFrom('case')
    .innerJoin('person', 'person.id', 'case.person')
    .select(['case.person', 'person.sealed_key as wrapped'])
    .where('number', '=', number)
    .forNoKeyUpdate('person'),
);

/** Whoever forwards or answers has acknowledged, too. */
const stepped = (sql: Kysely<Schema>, { number, state, at }: Step) =>
  sql
    .updateTable('case')
    .set((eb) => ({ state, acknowledged_at: eb.fn.coalesce('acknowledged_at', eb.val(at)) }))
    .where('number', '=', number)
    .where('state', '<>', 'answered');

const advance = statement((sql, step: Step) => stepped(sql, step));

const answer = statement((sql, { sealed_answer, ...step }: Step & { sealed_answer: Uint8Array | null }) =>
  stepped(sql, step).set({ sealed_answer, answered_at: step.at }),
);

const reply = statement((sql, { sealed_answer, ...step }: Step & { sealed_answer: Uint8Array }) =>
  stepped(sql, step).set({ sealed_answer }),
);

const removeAnswered = statement((sql, { now }: { now: number }) =>
  sql.deleteFrom('case').where('state', '=', 'answered').where('delete_after', '<=', now),
);

/** The part of a unit that opens a case. */
export function* openCase({ database, vault }: Surroundings, opened: NewCase, key: PersonKey): Unit<void> {
  const { number, person, kind, content } = opened;
  yield* write(
    insert(database.sql, {
      number,
      person,
      kind,
      state: 'open',
      sealed_content: vault.sealFor(key, contentPlace(number), JSON.stringify(content)),
      opened_at: opened.openedAt,
      acknowledge_by: opened.acknowledgeBy,
      answer_by: opened.answerBy,
      delete_after: opened.deleteAfter,
    }),
  );
}

/** The part of a unit that deletes answered cases whose date has come. */
export function* sweepCases({ database }: Surroundings, now: number): Unit<void> {
  yield* write(removeAnswered(database.sql, { now }));
}

export function createCases(surroundings: Surroundings): Cases {
  const { database, vault } = surroundings;
  const { sql } = database;

  return {
    async open(opened, told, most = Number.POSITIVE_INFINITY) {
      return ifStillSo(database, function* () {
        const { person } = opened;
        const key = yield* holdWithKey(database, person);
        const [row] = (yield* run(countOpen(sql, { person, states: WAITING }))).rows;
        if (Number(row?.open) >= most) throw new Overtaken();
        yield* openCase(surroundings, opened, key);
        yield* tell(surroundings, told);
      });
    },

    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map((row) => caseOf(row, vault));
    },

    async find(number) {
      const [row] = await database.read(selectByNumber(sql, { number }));
      return row && caseOf(row, vault);
    },

    async waiting() {
      return (await database.read(selectWaiting(sql, { states: WAITING }))).map((row) => caseOf(row, vault));
    },

    async advance(number, { state, at, answer: words }, told) {
      return ifStillSo(database, function* () {
        const [owner] = (yield* run(takeOwner(sql, { number }))).rows;
        if (!owner) throw new Overtaken();
        const step = { number, state, at };
        const sealed_answer = words === undefined ? null : vault.sealFor(owner, answerPlace(number), words);
        if (state === 'answered') yield* mustChange(answer(sql, { ...step, sealed_answer }));
        else if (sealed_answer === null) yield* mustChange(advance(sql, step));
        else yield* mustChange(reply(sql, { ...step, sealed_answer }));
        yield* tell(surroundings, told);
      });
    },
  };
}

function caseOf(row: Selectable<CaseTable> & { readonly wrapped: Uint8Array }, vault: Vault): Case {
  const { number, person, kind, state, wrapped, sealed_content, sealed_answer } = row;
  const key = { person, wrapped };
  return {
    number,
    person,
    kind: kind as Case['kind'],
    state,
    content: JSON.parse(vault.openFor(key, contentPlace(number), sealed_content)) as Json,
    openedAt: row.opened_at,
    acknowledgeBy: row.acknowledge_by,
    answerBy: row.answer_by,
    deleteAfter: row.delete_after,
    ...(sealed_answer === null ? {} : { answer: vault.openFor(key, answerPlace(number), sealed_answer) }),
    ...(row.acknowledged_at === null ? {} : { acknowledgedAt: row.acknowledged_at }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
  };
}

function contentPlace(number: string): Place {
  return ['case', 'content', number];
}

function answerPlace(number: string): Place {
  return ['case', 'answer', number];
}
