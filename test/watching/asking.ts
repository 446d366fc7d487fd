/** Owns what tests read at a hub's watch port, and waiting until it says something else. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from '../../src/config.ts';
import type { TestCountry } from '../country.ts';

/** A hub of these is watched at any free port. */
export const watched = (configuration: Configuration): Configuration => ({
  ...configuration,
  watch: { host: '127.0.0.1', port: 0 },
});

export interface Ready {
  readonly status: number;
  readonly ready: boolean;
  readonly red: readonly string[];
  readonly engines: Readonly<Record<string, boolean>>;
}

const portOf = (country: TestCountry) => country.runningHub().watching.url!;

export async function readiness(country: TestCountry): Promise<Ready> {
  const response = await fetch(`${portOf(country)}/readyz`);
  return { status: response.status, ...((await response.json()) as Omit<Ready, 'status'>) };
}

export async function metrics(country: TestCountry): Promise<string> {
  return (await fetch(`${portOf(country)}/metrics`)).text();
}

/** The value of one series, named as in the text format; `undefined` when it is not there. */
export function seriesIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** Asks until the answer is as wanted, and returns the milliseconds that took; throws with the last one after so many. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
  milliseconds: number,
): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const answer = await ask();
    const waited = performance.now() - begun;
    if (isWanted(answer)) return waited;
    if (waited > milliseconds) throw new Error(`still so after ${milliseconds} ms: ${JSON.stringify(answer)}`);
    await pause(20);
  }
}
