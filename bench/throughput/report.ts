/** Owns how the figures are told: a table, each ratio with its spread, and whether what is to be reached was. */
import { availableParallelism } from 'node:os';
import { type Contender, median, type Round } from './contest.ts';
import type { Step } from './load.ts';

export type Results = ReadonlyMap<Contender, readonly Round[]>;

const COLUMNS: readonly (readonly [title: string, of: (rounds: readonly Round[]) => string])[] = [
  ['per core·s', (rounds) => (1000 / over(rounds, 'serverCpu')).toFixed(0)],
  ['CPU ms', (rounds) => over(rounds, 'serverCpu').toFixed(2)],
  ['engines', (rounds) => over(rounds, 'enginesCpu').toFixed(2)],
  ['load', (rounds) => over(rounds, 'othersCpu').toFixed(2)],
  ['per s', (rounds) => over(rounds, 'perSecond').toFixed(0)],
  ['p50', (rounds) => over(rounds, 'p50').toFixed(0)],
  ['p99', (rounds) => over(rounds, 'p99').toFixed(0)],
  ['trips', (rounds) => (rounds[0]?.trips === undefined ? '–' : median(rounds.map(({ trips }) => trips!)).toFixed(1))],
  ['MB', (rounds) => (Math.max(...rounds.map(({ memory }) => memory)) / 2 ** 20).toFixed(0)],
];

function over(rounds: readonly Round[], figure: Exclude<keyof Round, 'trips'>): number {
  return median(rounds.map((round) => round[figure]));
}

/** By how much less a core signs in than with the other, round by round: its median, least and most. */
export function ratio(of: readonly Round[], to: readonly Round[], figure: 'serverCpu' | 'perSecond' = 'serverCpu') {
  const each = of.map((round, at) =>
    figure === 'serverCpu' ? to[at]!.serverCpu / round.serverCpu : round.perSecond / to[at]!.perSecond,
  );
  return { median: median(each), least: Math.min(...each), most: Math.max(...each) };
}

/** The whole report. The first contender is the yardstick. */
export function report(results: Results): string {
  const [[, yardstick]] = [...results] as [[Contender, readonly Round[]]];
  const titles = ['', 'ratio', 'of rounds', ...COLUMNS.map(([title]) => title)];
  const lines = [...results].map(([{ name }, rounds]) => {
    const { median: middle, least, most } = ratio(rounds, yardstick);
    const spread = `${least.toFixed(2)}–${most.toFixed(2)}`;
    return [name, middle.toFixed(2), spread, ...COLUMNS.map(([, of]) => of(rounds))];
  });
  const widths = titles.map((_, column) => Math.max(...[titles, ...lines].map((line) => line[column]!.length)));
  const table = [titles, ...lines].map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  return [...table, '', EXPLAINED].join('\n');
}

const EXPLAINED = `ratio      sign-ins a core and second, as a share of the yardstick's in the same round; median, least and most
per core·s sign-ins for one second of CPU of the provider's own processes; CPU ms: the same as milliseconds a sign-in
engines    CPU ms of Redis and PostgreSQL; load: CPU ms of load generator and stubs, a sign-in
per s      sign-ins a second by the clock, on ${availableParallelism()} cores shared by all of this; p50, p99: milliseconds of a whole sign-in
trips      times a sign-in went to the store; MB: resident at the end of the round where it was most`;

/** What each request of a sign-in costs the provider. */
export function stepsTable(steps: readonly Step[]): string {
  const lines = steps.map(({ name, cpu }) => `${cpu.toFixed(2).padStart(6)}  ${name}`);
  return [
    ...lines,
    `${steps
      .reduce((sum, { cpu }) => sum + cpu, 0)
      .toFixed(2)
      .padStart(6)}  all`,
  ].join('\n');
}

/** One thing that is to be reached. */
export interface Goal {
  readonly what: string;
  readonly reached: number;
  readonly wanted: number;
  /** Whether to be below is to reach it. */
  readonly atMost?: true;
}

export function goalLine({ what, reached, wanted, atMost }: Goal): string {
  const met = atMost ? reached <= wanted : reached >= wanted;
  return `${met ? 'reached    ' : 'NOT REACHED'}  ${reached.toFixed(2)} (${atMost ? '≤' : '≥'} ${wanted})  ${what}`;
}

/** What the issue asks, of those contenders that were there. */
export function goals(results: Results): Goal[] {
  const rounds = new Map([...results].map(([{ name }, list]) => [name, list]));
  const yardstick = [...results.values()][0]!;
  const found: Goal[] = [];
  const memoryOf = (list: readonly Round[]) => Math.max(...list.map(({ memory }) => memory));
  for (const [name, list] of rounds) {
    if (list === yardstick || name.includes('2 workers')) continue;
    const wanted = name.startsWith('embedded') ? 0.5 : 0.45;
    found.push({ what: `ratio to the yardstick: ${name}`, reached: ratio(list, yardstick).median, wanted });
    const memory = memoryOf(list) / memoryOf(yardstick);
    found.push({ what: `memory to the yardstick's: ${name}`, reached: memory, wanted: 1.3, atMost: true });
  }
  for (const [name, list] of rounds) {
    const alone = rounds.get(name.replace(', 2 workers', ''));
    if (alone !== undefined && name.includes('2 workers')) {
      const more = ratio(list, alone, 'perSecond').median;
      found.push({ what: `sign-ins a second, to one worker's: ${name}`, reached: more, wanted: 1.7 });
    }
    const few = rounds.get(name.replace(/^(.+), [\d ]+ persons/, '$1, 1 000 persons'));
    if (few !== undefined && few !== list) {
      const slower = 1 / ratio(list, few).median;
      found.push({ what: `CPU to that with 1 000 persons: ${name}`, reached: slower, wanted: 1.1, atMost: true });
    }
  }
  return found;
}
