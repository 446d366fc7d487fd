/**
 * Owns one connection while it is lent: statements go out together and are answered together. Each is prepared once under
 * a name, so the server parses and plans it once a connection.
 */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { PoolClient, QueryResult } from 'pg';
import { failureOf } from './trouble.ts';

/** The hub has fewer statements than this; the bound is for lists of varying length inside them. */
const MOST_NAMES = 256;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type Answer = PromiseSettledResult<QueryResult>;

/** The names under which statements are prepared. One for all connections: what is not in it is not prepared by name. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= MOST_NAMES) return known;
    const name = createHash('sha256').update(sql).digest('base64url');
    this.#names.set(sql, name);
    return name;
  }
}

export class Connection {
  readonly #client: PoolClient;
  readonly #names: StatementNames;
  readonly #onTrip: () => void;

  constructor(client: PoolClient, names: StatementNames, onTrip: () => void) {
    this.#client = client;
    this.#names = names;
    this.#onTrip = onTrip;
  }

  /** Sends all statements at once and waits for every answer: one round trip. Never rejects. */
  async send(statements: readonly Statement[]): Promise<Answer[]> {
    this.#onTrip();
    const { stream } = (this.#client as PoolClient & { readonly connection: { readonly stream: Duplex } }).connection;
    stream.cork();
    const answers = statements.map((statement) => this.#query(statement));
    stream.uncork();
    return Promise.allSettled(answers);
  }

  /** Whether no transaction is open, as the server has said last. */
  get isIdle(): boolean {
    return this.#client.getTransactionStatus() === 'I';
  }

  async #query({ sql, parameters }: Statement): Promise<QueryResult> {
    const name = parameters.length > 0 ? this.#names.of(sql) : undefined;
    try {
      return await this.#client.query({ text: sql, values: [...parameters], ...(name === undefined ? {} : { name }) });
    } catch (error) {
      throw failureOf(error);
    }
  }
}
