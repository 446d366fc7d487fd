/**
 * Owns how a unit becomes a transaction in as few round trips as it can. Statements of which nothing is awaited are kept
 * back and travel with the next that is, BEGIN in front of the first and COMMIT behind the last; what they must have
 * changed the server itself looks at, because by the time it could be looked at here they are committed.
 */
import type { QueryResult } from 'kysely';
import type { QueryResult as PostgresResult } from 'pg';
import type { Step, Unit } from '../sql/unit.ts';
import type { Connection, Statement } from './connection.ts';
import { thatChanges, thatFinds } from './words.ts';

/** No unit has as many statements; whoever ever writes one does not fill the memory with it. */
const MOST_AT_ONCE = 256;

const statement = (sql: string): Statement => ({ sql, parameters: [] });
/** Said, so that no setting of the server makes it another. */
const BEGIN = statement('begin isolation level read committed');
const COMMIT = statement('commit');
const ROLLBACK = statement('rollback');
const NOTHING: QueryResult<unknown> = { rows: [] };

/** Steps through a unit and commits it. Throws what the unit or its first failing statement throws; then nothing is left. */
export async function runUnit<Result>(connection: Connection, unit: Unit<Result>): Promise<Result> {
  const transaction = new Transaction(connection);
  try {
    let next = unit.next();
    while (!next.done) {
      transaction.add(next.value);
      next = unit.next(await transaction.answer(next.value));
    }
    await transaction.commit();
    return next.value;
  } catch (error) {
    await transaction.rollBack();
    throw error;
  }
}

class Transaction {
  readonly #connection: Connection;
  #waiting: Statement[] = [];
  #isOpen = false;
  #isOver = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  add({ query, wants }: Step): void {
    if (this.#isOver) throw new Error('A unit went on after its last answer.');
    this.#waiting.push({ sql: asWanted(query.sql, wants), parameters: query.parameters });
  }

  /** What a step is answered: by the server only where the unit wants to know. */
  async answer({ wants }: Step): Promise<QueryResult<unknown>> {
    if (wants === 'the last answer') return this.commit();
    if (wants !== 'an answer' && this.#waiting.length < MOST_AT_ONCE) return NOTHING;
    const begin = this.#isOpen ? [] : [BEGIN];
    this.#isOpen = true;
    const answers = await this.#send([...begin, ...this.#waiting]);
    this.#waiting = [];
    return resultOf(answers.at(-1)!);
  }

  /** Sends what was kept back together with the COMMIT, and answers with what the last statement of it came to. */
  async commit(): Promise<QueryResult<unknown>> {
    if (this.#isOver) return NOTHING;
    this.#isOver = true;
    const statements = this.#waiting;
    if (!this.#isOpen && statements.length === 0) return NOTHING;
    // One statement is a transaction by itself.
    if (!this.#isOpen && statements.length === 1) return resultOf((await this.#send(statements))[0]!);
    const begin = this.#isOpen ? [] : [BEGIN];
    this.#isOpen = false;
    const answers = await this.#send([...begin, ...statements, COMMIT]);
    // In a transaction that failed, COMMIT is answered with what it came to and no error.
    if (answers.at(-1)!.command !== 'COMMIT') throw new Error('PostgreSQL rolled a transaction back.');
    return statements.length === 0 ? NOTHING : resultOf(answers.at(-2)!);
  }

  async rollBack(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // One that cannot be rolled back leaves the connection in a state in which it is not lent again.
    await this.#connection.send([ROLLBACK]);
  }

  /** Throws for the first statement that failed: those behind it failed because it did. */
  async #send(statements: readonly Statement[]): Promise<PostgresResult[]> {
    return (await this.#connection.send(statements)).map((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }
}

function asWanted(sql: string, wants: Step['wants']): string {
  if (wants === 'a change') return thatChanges(sql);
  return wants === 'a row' ? thatFinds(sql) : sql;
}

function resultOf({ rows, rowCount }: PostgresResult): QueryResult<unknown> {
  return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
}
