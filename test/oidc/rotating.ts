/** Owns what tests of keys and secrets that follow each other need: changes, proofs, sign-ins without end, an address of keys. */
import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import type { TestCountry } from '../country.ts';
import { runCommand } from '../operator/run-command.ts';
import { addressOf, parametersOf, VERIFIER } from './asking.ts';
import { type Answer, assertionOf, codeFor, post, type Sent, together, withAssertion } from './redeeming.ts';

export interface Key {
  readonly key: CryptoKey;
  readonly jwk: JWK & Record<string, unknown>;
}

export async function newKey(kid: string, more: Record<string, unknown> = {}): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig', ...more } };
}

/** Changes a registration as an operator does, and in no other way. */
export async function change(country: TestCountry, id: string, changes: object): Promise<void> {
  const file = path.join(country.directory, `${id}.json`);
  await writeFile(file, JSON.stringify([{ ...country.service(id).registration, ...changes }]));
  const { code, complaint } = await runCommand(country, 'clients', ['apply', file]);
  expect({ code, complaint }).toMatchObject({ code: 0 });
}

export const signedBy = async (country: TestCountry, id: string, { key, jwk }: Key): Promise<Sent> =>
  withAssertion(await assertionOf(country, id, {}, { key, kid: jwk.kid! }));
/** An authenticated request that needs no citizen. */
export const push = async (country: TestCountry, id: string, proof: Sent | Promise<Sent>): Promise<Answer> =>
  post(country, '/par', together({ fields: Object.fromEntries(parametersOf(country, id)) }, await proof));
export const statusOf = async (answer: Promise<Answer>): Promise<number> => (await answer).status;
export const expectRefused = ({ status, body }: Answer) =>
  expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });

/** Sign-ins at a service, one after the other in several browsers at once, for as long as it is not told to stop. */
export class SignInsWithoutEnd<Proof> {
  readonly failures: unknown[] = [];
  readonly #signIn: (browser: Visitor, proof: Proof) => Promise<void>;
  readonly #running: Promise<unknown>[];
  readonly #done: number[];
  readonly #told = new EventEmitter();
  #proof: () => Proof | Promise<Proof>;
  #stopped = false;

  constructor(
    signIn: (browser: Visitor, proof: Proof) => Promise<void>,
    proof: () => Proof | Promise<Proof>,
    browsers: readonly Visitor[],
  ) {
    this.#signIn = signIn;
    this.#proof = proof;
    this.#done = browsers.map(() => 0);
    this.#running = browsers.map((browser, position) => this.#run(browser, position));
  }

  /** How many there have been, failed ones among them. */
  get count(): number {
    return this.#done.reduce((sum, one) => sum + one, 0);
  }

  /** From now on the service proves itself otherwise; resolves when no sign-in begun before is under way. */
  async use(proof: () => Proof | Promise<Proof>): Promise<void> {
    this.#proof = proof;
    await this.more();
  }

  /** Resolves when each browser has signed in twice more. */
  async more(): Promise<void> {
    const wanted = this.#done.map((count) => count + 2);
    while (this.failures.length === 0 && wanted.some((count, position) => this.#done[position]! < count))
      await once(this.#told, 'signed in');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #run(browser: Visitor, position: number): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#signIn(browser, await this.#proof());
      } catch (failure) {
        this.failures.push(failure);
      }
      this.#done[position]! += 1;
      this.#told.emit('signed in');
    }
  }
}

/** The same, by requests made by hand. */
export class Load extends SignInsWithoutEnd<Sent> {
  constructor(country: TestCountry, id: string, proof: () => Sent | Promise<Sent>, browsers: readonly Visitor[]) {
    super((browser, sent) => signInOnce(country, id, browser, sent), proof, browsers);
  }
}

/** A sign-in of a citizen who is signed in already, up to the tokens. */
async function signInOnce(country: TestCountry, id: string, browser: Visitor, proof: Sent): Promise<void> {
  const page = await browser.open(addressOf(country, id, { prompt: 'none' }));
  const code = page.url.searchParams.get('code');
  if (code === null) throw new Error(`no code but ${page.url.search}`);
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: country.callback.url,
    code_verifier: VERIFIER,
  };
  const { status, text } = await post(country, '/token', together({ fields }, proof));
  if (status !== 200) throw new Error(`${status}: ${text}`);
}

/** Browsers in which a citizen has signed in at a service and agreed. */
export async function browsersAt(country: TestCountry, id: string): Promise<readonly Visitor[]> {
  const browsers = [new Visitor(), new Visitor(), new Visitor()];
  for (const visitor of browsers) await codeFor(country, id, {}, { visitor });
  return browsers;
}

export interface Published {
  readonly address: string;
  serve(keys: { readonly keys: readonly object[] }): void;
  answer(how: (response: ServerResponse) => void): void;
  /** How often it was asked. */
  requests(): number;
  close(): Promise<void>;
}

/** The address at which a service keeps its keys. */
export async function publish(): Promise<Published> {
  let answer: (response: ServerResponse) => void = (response) => response.end();
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    serve: (keys) => {
      // However long the address wishes to be believed.
      const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=31536000' };
      answer = (response) => void response.writeHead(200, headers).end(JSON.stringify(keys));
    },
    answer: (how) => {
      answer = how;
    },
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
