/** Owns `npm run identity:trial`: draws a population, plays it, prints the table; fails when anybody became anybody else. */
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { runTrial } from './trial.ts';

const USAGE = `npm run identity:trial -- [--people 100000] [--seed 2026] [--errors 1]
  --people  how many people are drawn
  --seed    another draw of the same country; the same seed gives the same table
  --errors  multiplies the stated rates of errors`;

const DEFAULTS = { people: '100000', seed: '2026', errors: '1' };

const options = { people: { type: 'string' }, seed: { type: 'string' }, errors: { type: 'string' } } as const;
const given = { ...DEFAULTS, ...parseArgs({ options }).values };
const [people, seed, errors] = [given.people, given.seed, given.errors].map(Number) as [number, number, number];

if (!Number.isSafeInteger(people) || people < 1 || !Number.isSafeInteger(seed) || !(errors >= 0)) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const begun = performance.now();
  const result = runTrial({ people, seed, errors });
  console.log(report(result, (performance.now() - begun) / 1000));
  process.exitCode = result.falseMatches.size === 0 ? 0 : 1;
}
