/**
 * Owns what every operation of the console has in common. Each is written once, under the name `openapi.yaml` has for it;
 * the API calls it, and so do the forms of the pages: the same checks, the same refusals, the same trail.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { Refusal } from '../errors.ts';
import type { Json } from '../store.ts';
import type { Actor } from './actor.ts';
import { type Brought, type ContractOperation, developerContract } from './contract.ts';
import type { TokenScope } from './ports.ts';
import { Objections } from './refusals.ts';

/** What an operation comes to: what the API answers with, and what a page shows or goes on with. */
export interface Outcome<Values = Json> {
  /** 200 unless told. */
  readonly status?: number;
  readonly values?: Values;
  /** Instead of JSON: something to be kept as a file; one that is long comes in pieces. */
  readonly file?: {
    readonly type: string;
    readonly name: string;
    readonly body: Uint8Array | string | AsyncIterable<string>;
  };
}

/** Who may call it: everybody, whoever is signed in, or a token with this scope (a session has them all). */
export type Admitted = 'anybody' | 'session' | TokenScope;

/** Path parameters, query and body: of the form the contract has for them. */
// biome-ignore lint/suspicious/noExplicitAny: the contract says what is in them, operation by operation
export type Input = { readonly params: any; readonly query: any; readonly body: any };

type Run<Who> = (actor: Who, input: Input) => Promise<Outcome<unknown>>;

interface Defined {
  readonly admitted: Admitted;
  readonly run: Run<Actor | undefined>;
}

export class Operations {
  readonly #contract = developerContract();
  readonly #defined = new Map<string, Defined>();

  /** Defines what an operation of the contract does. Throws when the contract has none of that name. */
  define(id: string, admitted: 'anybody', run: Run<Actor | undefined>): void;
  define(id: string, admitted: Exclude<Admitted, 'anybody'>, run: Run<Actor>): void;
  define(id: string, admitted: Admitted, run: (actor: never, input: Input) => Promise<Outcome<unknown>>): void {
    if (!this.#contract.has(id)) throw new Error(`openapi.yaml has no operation ${id}`);
    this.#defined.set(id, { admitted, run: run as Run<Actor | undefined> });
  }

  /** Of the contract, those that are defined. */
  all(): readonly ContractOperation[] {
    return [...this.#contract.values()].filter(({ id }) => this.#defined.has(id));
  }

  /**
   * Carries an operation out. Throws `Refusal`: `sign_in_needed`, `scope_missing`, `request_invalid` as `Objections` with
   * where, and what the operation itself refuses.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as its contract says
  async call(id: string, actor: Actor | undefined, brought: Partial<Brought> = {}): Promise<Outcome<any>> {
    const operation = this.#contract.get(id);
    const defined = this.#defined.get(id);
    if (operation === undefined || defined === undefined) throw new Error(`there is no operation ${id}`);
    const { admitted, run } = defined;
    if (admitted !== 'anybody') admit(actor, admitted);
    const accepted = operation.accept({ params: {}, query: {}, body: undefined, ...brought });
    if (!accepted.ok)
      throw new Objections(
        'request_invalid',
        accepted.at.map(({ field, rule }) => ({ field, code: `request_${rule}` })),
      );
    return run(actor, accepted.input as Input);
  }

  /** Answers a request to the API. */
  handler(operation: ContractOperation, who: (request: Request) => Promise<Actor | undefined>): RequestHandler {
    return async (request: Request, response: Response) => {
      const { params, query, body } = request;
      const outcome = await this.call(operation.id, await who(request), { params, query, body });
      const { status = 200, values, file } = outcome;
      if (file) {
        const disposition = `attachment; filename="${file.name}"`;
        response.status(status).set({ 'content-type': file.type, 'content-disposition': disposition });
        if (typeof file.body === 'string' || file.body instanceof Uint8Array) return void response.end(file.body);
        // Cut off where it fails, so that nobody takes a part for the whole.
        return pipeline(Readable.from(file.body), response);
      }
      // As JSON has it: what is undefined is not there.
      const told = values === undefined ? undefined : JSON.parse(JSON.stringify(values));
      const objections = operation.objections(status, told);
      // Nothing leaves that the contract does not describe: it may be what nobody should see.
      if (objections.length > 0)
        throw new Error(`${operation.id} ${status} is not as described: ${objections.join('; ')}`);
      if (told === undefined) response.status(status).end();
      else response.status(status).json(told);
    };
  }
}

function admit(actor: Actor | undefined, admitted: Exclude<Admitted, 'anybody'>): asserts actor is Actor {
  if (actor === undefined) throw new Refusal('sign_in_needed');
  if (actor.scopes === 'all') return;
  if (admitted === 'session') throw new Refusal('session_needed');
  if (!actor.scopes.has(admitted)) throw new Refusal('scope_missing');
}
