/** Owns the rows of ways to sign in that are closed for a person, by themselves or by an alarm: one row for each reason. */
import type { Insertable, Selectable } from 'kysely';
import { ANY_NEW_SOURCE, type Block, type BlockReason, type Blocks } from '../../src/citizen/ports.ts';
import { openCase } from './cases.ts';
import type { Surroundings } from './changes.ts';
import { hold, holdWithKey } from './holding.ts';
import { strands, waysIn } from './own-links.ts';
import type { SourceBlockTable } from './schema.ts';
import { statement } from './statement.ts';
import { tell } from './telling.ts';
import { ifStillSo, mustChange, Overtaken, write } from './unit.ts';

type Closed = { person: string; source: string; reason: BlockReason };
type Alarm = Omit<Insertable<SourceBlockTable>, 'reason' | 'case_number'> & { case_number: string };

const selectOf = statement((sql, { person }: { person: string }) =>
  sql
    .selectFrom('source_block')
    .selectAll()
    .where('person', '=', person)
    .orderBy('at')
    .orderBy('source')
    .orderBy('reason'),
);

const insert = statement((sql, row: Insertable<SourceBlockTable>) =>
  sql
    .insertInto('source_block')
    .values(row)
    .onConflict((conflict) => conflict.columns(['person', 'source', 'reason']).doNothing()),
);

const remove = statement((sql, { person, source, reason }: Closed) =>
  sql.deleteFrom('source_block').where('person', '=', person).where('source', '=', source).where('reason', '=', reason),
);

/** Nobody gets in there until it is settled; nothing where it is closed for an alarm already. */
export const closeBecauseOfAlarm = (sql: Surroundings['database']['sql'], row: Alarm) =>
  insert(sql, { ...row, reason: 'not_me' });

/** Whatever somebody else made with it for later stays closed when its owner has it back. */
export const endTokensMadeBy = statement((sql, { person, source }: { person: string; source: string }) =>
  sql
    .deleteFrom('api_token')
    .where('source', '=', source)
    .where('account', 'in', sql.selectFrom('developer_account').select('account').where('person', '=', person)),
);

export function createBlocks(surroundings: Surroundings): Blocks {
  const { database } = surroundings;
  const { sql } = database;

  const open = (closed: Closed, told: Parameters<Blocks['unblock']>[2]) =>
    ifStillSo(database, function* () {
      yield* hold(database, closed.person);
      yield* mustChange(remove(sql, closed));
      yield* tell(surroundings, told);
    });

  return {
    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map(blockOf);
    },

    async block(person, source, told) {
      const at = surroundings.clock();
      try {
        return await database.write(function* () {
          // Of two who close ways at the same time the second sees what the first has left.
          yield* hold(database, person);
          if (source !== ANY_NEW_SOURCE) {
            const ways = yield* waysIn(database, person);
            const taken = ways.filter((way) => way.source === source);
            if (taken.some(({ chosen }) => chosen)) return 'unchanged';
            if (strands(ways, taken)) return 'stranding';
          }
          yield* mustChange(insert(sql, { person, source, reason: 'citizen', at, case_number: null }));
          yield* tell(surroundings, told);
          return 'blocked';
        });
      } catch (error) {
        if (error instanceof Overtaken) return 'unchanged';
        throw error;
      }
    },

    unblock: (person, source, told) => open({ person, source, reason: 'citizen' }, told),

    async suspend(person, source, opened, told) {
      const at = surroundings.clock();
      return ifStillSo(database, function* () {
        const key = yield* holdWithKey(database, person);
        yield* mustChange(closeBecauseOfAlarm(sql, { person, source, at, case_number: opened.number }));
        yield* write(endTokensMadeBy(sql, { person, source }));
        yield* openCase(surroundings, opened, key);
        yield* tell(surroundings, told);
      });
    },

    restore: (person, source, told) => open({ person, source, reason: 'not_me' }, told),
  };
}

/** A row as the rest of the hub knows it. */
export function blockOf({ source, reason, at, case_number }: Selectable<SourceBlockTable>): Block {
  return { source, reason, at, ...(case_number === null ? {} : { case: case_number }) };
}
