/** Owns what can be said on the command line. */
import path from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [--quick] [--engines embedded,redis+postgresql] [--persons 1000,1000000] [--workers 1,2]
               [--services 5000] [--rounds 7] [--sign-ins 400] [--at-once 16] [--citizens known|new]
               [--log-level info] [--hub FOLDER,FOLDER] [--steps] [--profile]
  --quick     a small measure in less than a minute: embedded, 1 000 persons, 400 agencies
  --persons   how many persons are in the database; each number is a provider of its own. A million takes minutes to
              fill in the first time and is kept in .bench/ from then on
  --workers   processes of the hub; more than one on Redis and PostgreSQL only
  --citizens  whether those who sign in are in the database already
  --at-once   sign-ins under way at the same time
  --hub       other working copies, whose hubs are measured instead of this one's
  --steps     after the contest: the CPU of each request of a sign-in, by letting all take the same step at a time
  --profile   runs one hub under the profiler instead of the contest, and prints where its time goes`;

const ENGINES = ['embedded', 'redis+postgresql'] as const;
export type Engine = (typeof ENGINES)[number];

export interface Options {
  readonly engines: readonly Engine[];
  readonly persons: readonly number[];
  readonly workers: readonly number[];
  readonly services: number;
  readonly rounds: number;
  readonly signIns: number;
  readonly atOnce: number;
  readonly citizens: 'known' | 'new';
  readonly logLevel: string;
  readonly hubs: readonly string[];
  readonly steps: boolean;
  readonly profile: boolean;
}

const USUAL = { engines: ENGINES.join(), persons: '1000,1000000', workers: '1,2', services: '5000', rounds: '7' };
const QUICK = { engines: 'embedded', persons: '1000', workers: '1', services: '400', rounds: '4', 'sign-ins': '200' };
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Throws an `Error` when something was said that means nothing. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: flag,
      profile: flag,
      steps: flag,
      engines: text,
      persons: text,
      workers: text,
      services: text,
      rounds: text,
      'sign-ins': text,
      'at-once': text,
      citizens: text,
      'log-level': text,
      hub: text,
    },
  });
  const { quick = false, profile = false, steps = false, ...said } = values;
  const given = { 'sign-ins': '400', 'at-once': '16', ...USUAL, ...(quick ? QUICK : {}), ...said };
  const engines = given.engines.split(',') as Engine[];
  if (!engines.every((engine) => ENGINES.includes(engine))) throw new Error(`engines are ${ENGINES.join(', ')}`);
  const citizens = given.citizens ?? 'known';
  if (citizens !== 'known' && citizens !== 'new') throw new Error('citizens are known or new');
  return {
    engines,
    persons: given.persons.split(',').map(whole),
    workers: given.workers.split(',').map(whole),
    services: whole(given.services),
    rounds: whole(given.rounds),
    signIns: whole(given['sign-ins']),
    atOnce: whole(given['at-once']),
    citizens,
    logLevel: given['log-level'] ?? 'info',
    hubs: (given.hub ?? path.join(import.meta.dirname, '..', '..')).split(',').map((folder) => path.resolve(folder)),
    steps,
    profile,
  };
}

function whole(said: string): number {
  const number = Number(said);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${said} is no whole number`);
  return number;
}
