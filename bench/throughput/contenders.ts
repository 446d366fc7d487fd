/** Owns bringing those who take part to where they answer: the yardstick, and each hub on a store filled with persons. */
import type { ChildProcess } from 'node:child_process';
import { basename, join } from 'node:path';
import type { Contender } from './contest.ts';
import { fillFile } from './filled-file.ts';
import { end, type RunningHub, startHub } from './hub-process.ts';
import type { Engine, Options } from './options.ts';
import { PostgresqlServer } from './postgresql.ts';
import { startRedis } from './redis.ts';
import type { Stage } from './stage.ts';

const HUB_PAGES = 'choose_source,consent';
const YARDSTICK_PAGES = 'login,consent';

/** A hub that is to take part: of which working copy, on what, with how many persons, in how many processes. */
export interface Wanted {
  readonly program: string;
  readonly engine: Engine;
  readonly persons: number;
  readonly workers: number;
}

/** Several processes only with the fewest persons, and only where they can share a store. */
export function wantedHubs({ engines, persons, workers, hubs }: Options): Wanted[] {
  const all = engines.flatMap((engine) =>
    persons.flatMap((number) =>
      workers.flatMap((several) =>
        hubs.map((program): Wanted => ({ program, engine, persons: number, workers: several })),
      ),
    ),
  );
  return all.filter((one) => one.workers === 1 || (one.persons === persons[0] && one.engine !== 'embedded'));
}

export const readable = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');

function nameOf({ program, engine, persons, workers }: Wanted, { hubs }: Options): string {
  const several = workers > 1 ? `, ${workers} workers` : '';
  const where = hubs.length > 1 ? `, ${basename(program)}` : '';
  return `${engine}, ${readable(persons)} persons${several}${where}`;
}

export interface HubContender extends Contender {
  readonly hub: RunningHub;
}

export class Contenders {
  readonly #stage: Stage;
  readonly #options: Options;
  readonly #told: (line: string) => void;
  readonly #processes: ChildProcess[] = [];
  #postgresql: PostgresqlServer | undefined;

  constructor(stage: Stage, options: Options, told: (line: string) => void) {
    this.#stage = stage;
    this.#options = options;
    this.#told = told;
    // However the bench ends: nothing it started goes on.
    process.once('exit', () => {
      for (const child of this.#processes) child.kill();
      this.#postgresql?.kill();
    });
  }

  async yardstick(): Promise<Contender> {
    const { issuer, process, client } = await this.#stage.yardstick();
    const citizens = { client, services: 1, persons: 1_000_000, citizensFrom: 0 };
    const order = { issuer, ...citizens, ...this.#ordered, pages: YARDSTICK_PAGES };
    return { name: 'yardstick', order, server: process.pid!, engines: [] };
  }

  async hub(wanted: Wanted, profileInto?: string): Promise<HubContender> {
    const { files, addresses } = this.#stage;
    const { logLevel, services, citizens } = this.#options;
    const { persons, program } = wanted;
    const name = nameOf(wanted, this.#options);
    const dataDirectory = join(this.#stage.passing, String(this.#processes.length));
    const begun = performance.now();
    const { more, engines } = await this.#store(wanted, dataDirectory);
    this.#told(`${name}: there after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    const hub = await startHub({
      ...{ program, files, register: addresses.register, dataDirectory, logLevel, more },
      ...(profileInto ? { profileInto } : {}),
    });
    this.#processes.push(hub.process);
    const visitors = { services, persons, citizensFrom: citizens === 'known' ? 0 : persons };
    const order = { issuer: hub.issuer, ...visitors, ...this.#ordered, pages: HUB_PAGES };
    return { name, order, server: hub.process.pid!, engines, trips: hub.trips, hub };
  }

  async close(): Promise<void> {
    // Hubs first: one that loses its database would complain.
    for (const child of this.#processes.toReversed()) await end(child);
    await this.#postgresql?.close();
  }

  get #ordered() {
    return { atOnce: this.#options.atOnce, key: this.#stage.agencyKey };
  }

  /** A store with the persons in it, and what a hub has to be told to find it. */
  async #store({ engine, persons, workers }: Wanted, directory: string) {
    const { kept, population } = this.#stage;
    if (engine === 'embedded') {
      fillFile(directory, kept, persons, population);
      return { more: {}, engines: [] };
    }
    this.#postgresql ??= await PostgresqlServer.start(kept);
    const redis = await startRedis(`${directory}-redis`);
    this.#processes.push(redis.process);
    const databaseUrl = await this.#postgresql.filled(persons, population);
    return {
      more: { DATABASE_URL: databaseUrl, STATE_URL: redis.url, WORKERS: String(workers) },
      engines: [this.#postgresql.pid, redis.process.pid!],
    };
  }
}
