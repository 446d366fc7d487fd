/**
 * Owns `npm run identity:trial`: draws a population, plays it through the pure rules, and a smaller one through a whole
 * sandbox over HTTP; prints both tables. Fails when anybody became anybody else, or the hub did otherwise than its rules.
 */
import '../../src/oidc/runtime-notice.ts';
import { parseArgs } from 'node:util';
import { runOverHttp } from './over-http.ts';
import { httpReport, report } from './report.ts';
import { runTrial } from './trial.ts';

const USAGE = `npm run identity:trial -- [--people 100000] [--http 1000] [--seed 2026] [--errors 1]
  --people  how many people are drawn for the pure rules; 0 leaves them out
  --http    how many people are drawn to sign in over HTTP; 0 leaves them out
  --seed    another draw of the same country; the same seed gives the same tables
  --errors  multiplies the stated rates of errors`;

const DEFAULTS = { people: '100000', http: '1000', seed: '2026', errors: '1' };
const text = { type: 'string' } as const;

function readArguments(): Record<keyof typeof DEFAULTS, number> | undefined {
  try {
    const { values } = parseArgs({ options: { people: text, http: text, seed: text, errors: text } });
    const numbers = Object.entries({ ...DEFAULTS, ...values }).map(([name, value]) => [name, Number(value)] as const);
    const given = Object.fromEntries(numbers) as Record<keyof typeof DEFAULTS, number>;
    const whole = [given.people, given.http, given.seed].every((number) => Number.isSafeInteger(number) && number >= 0);
    return whole && given.errors >= 0 ? given : undefined;
  } catch {
    return undefined;
  }
}

/** Runs and tells how long it took, in seconds. */
async function timed<Value>(run: () => Value | Promise<Value>): Promise<[Value, number]> {
  const begun = performance.now();
  const value = await run();
  return [value, (performance.now() - begun) / 1000];
}

const given = readArguments();
if (given === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const { people, http, seed, errors } = given;
  let failed = false;
  if (people > 0) {
    const [result, seconds] = await timed(() => runTrial({ people, seed, errors }));
    console.log(report(result, seconds));
    failed ||= result.falseMatches.size > 0;
  }
  if (http > 0) {
    const progress = (signIns: number) => console.error(`… ${signIns} sign-ins over HTTP`);
    const [result, seconds] = await timed(() => runOverHttp({ people: http, seed, errors }, progress));
    console.log(`\n${httpReport(result, seconds)}`);
    failed ||= result.overHttp.falseMatches.size > 0 || result.disagreements.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
}
