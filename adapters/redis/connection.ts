/**
 * Owns the way to Redis and back: what is asked for in one turn of the event loop leaves together and is waited for
 * together, on one connection or, in a cluster, on one to each server at once. Every command has an answer of its own,
 * so none of their errors is lost among the others.
 */
import { once } from 'node:events';
import { Cluster, type Redis } from 'ioredis';
import { StoreUnavailable } from '../../src/store.ts';
import { type Client, connect, createClient } from './client.ts';
import { type ScriptName, TRIAL } from './scripts.ts';
import { ENGINE, explained } from './trouble.ts';
import type { StateUrl } from './url.ts';

/** What the protocol state is made with. */
export interface Commands {
  /** Whether one script may reach all keys, rather than only those of one slot. */
  readonly together: boolean;
  get(key: string): Promise<Buffer | null>;
  delete(key: string): Promise<number>;
  run(script: ScriptName, keys: readonly string[], values: readonly (string | number | Buffer)[]): Promise<unknown>;
}

/** Calls that wait for an answer at most; more than two seconds of them help nobody. */
const MOST_UNDER_WAY = 20_000;

const CONNECTED: ReadonlySet<string> = new Set(['connecting', 'connect', 'ready']);

type Script = (...values: readonly (string | number | Buffer)[]) => Promise<unknown>;

export class Connection implements Commands {
  readonly together: boolean;
  readonly #client: Client;
  readonly #onTrip: (() => void) | undefined;
  #leaving: (() => void)[] = [];
  #underWay = 0;
  #closed = false;
  /** Resolved when nothing is under way any more. */
  #idle: PromiseWithResolvers<void> | undefined;

  private constructor(client: Client, onTrip: (() => void) | undefined) {
    this.#client = client;
    this.#onTrip = onTrip;
    this.together = !(client instanceof Cluster);
  }

  /** Connects. Throws `StoreUnavailable` when there is nothing to connect to, with what the server or network said. */
  static async open(url: StateUrl, onTrip?: () => void): Promise<Connection> {
    const client = createClient(url);
    try {
      await connect(client);
    } catch (error) {
      throw new StoreUnavailable(ENGINE, { cause: new Error((error as Error).message) });
    }
    return new Connection(client, onTrip);
  }

  get(key: string): Promise<Buffer | null> {
    return this.#ask((client) => client.getBuffer(key));
  }

  delete(key: string): Promise<number> {
    return this.#ask((client) => client.del(key));
  }

  run(script: ScriptName, keys: readonly string[], values: readonly (string | number | Buffer)[]): Promise<unknown> {
    return this.#ask((client) => {
      const scripts = client as unknown as Record<ScriptName, Script>;
      return scripts[script](keys.length, ...keys, ...values);
    });
  }

  /** Resolves when every server of it would write now. Throws `StoreUnavailable`. */
  async ping(): Promise<void> {
    try {
      if (this.#client instanceof Cluster) await pingCluster(this.#client);
      else await this.#client.eval(TRIAL, 0);
    } catch (error) {
      const trouble = explained(error);
      throw trouble instanceof StoreUnavailable ? trouble : new StoreUnavailable(ENGINE, { cause: trouble });
    }
  }

  /** Waits for what was asked and lets go; whatever is asked later is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#underWay > 0) {
      this.#idle = Promise.withResolvers<void>();
      await this.#idle.promise;
    }
    // What is between two tries to come back has nothing to let go of, and never says that it ended.
    const connected = CONNECTED.has(this.#client.status);
    const ended = connected ? once(this.#client, 'end') : undefined;
    this.#client.disconnect();
    await ended;
  }

  async #ask<Reply>(send: (client: Client) => Promise<Reply>): Promise<Reply> {
    if (this.#closed) throw new StoreUnavailable(ENGINE, { cause: new Error('The store is closed.') });
    if (this.#underWay >= MOST_UNDER_WAY)
      throw new StoreUnavailable(ENGINE, { cause: new Error('Too much is under way.') });
    this.#underWay += 1;
    try {
      return await this.#atDeparture(send);
    } catch (error) {
      throw explained(error);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#idle?.resolve();
    }
  }

  /** Sends when this turn of the event loop is over, with all that was asked in it. */
  #atDeparture<Reply>(send: (client: Client) => Promise<Reply>): Promise<Reply> {
    if (this.#leaving.length === 0) setImmediate(() => this.#depart());
    return new Promise((resolve, reject) => {
      this.#leaving.push(() => {
        try {
          resolve(send(this.#client));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #depart(): void {
    const leaving = this.#leaving;
    this.#leaving = [];
    this.#onTrip?.();
    const streams = this.#servers().map(({ stream }) => stream as Redis['stream'] | undefined);
    for (const stream of streams) stream?.cork();
    for (const leave of leaving) leave();
    for (const stream of streams) stream?.uncork();
  }

  #servers(): readonly Redis[] {
    const client = this.#client;
    return client instanceof Cluster ? client.nodes('master') : [client];
  }
}

/** Servers notice after a while only that one of them is gone; who is connected to all of them knows at once. */
async function pingCluster(cluster: Cluster): Promise<void> {
  const nodes = cluster.nodes('master');
  const connected = new Set(nodes.map(({ options }) => `${options.host}:${options.port}`));
  const owners = new Set(cluster.slots.map(([owner]) => owner));
  if (owners.size === 0 || ![...owners].every((owner) => owner !== undefined && connected.has(owner)))
    throw new Error('The cluster is not whole.');
  const answers = await Promise.all(nodes.flatMap((node) => [node.cluster('INFO'), node.eval(TRIAL, 0)]));
  if (answers.some((answer) => /cluster_state:fail/.test(String(answer)))) throw new Error('The cluster is down.');
}
