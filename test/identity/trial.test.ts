/** A small run of the trial (`npm run identity:trial` runs the large one), and that it would notice. */
import { expect, test } from '@jest/globals';
import { runOverHttp } from '../../bench/identity-trial/over-http.ts';
import { report } from '../../bench/identity-trial/report.ts';
import type { Rules } from '../../bench/identity-trial/small-hub.ts';
import { runTrial } from '../../bench/identity-trial/trial.ts';
import { proveTogether } from '../../src/identity/double-proof.ts';
import { identify } from '../../src/identity/identify.ts';

const SMALL = { people: 3000, seed: 2026 };

test('B24 the trial: 0 false matches', () => {
  const { falseMatches, outcomes } = runTrial(SMALL);
  expect(falseMatches.size).toBe(0);
  // Not by refusing everybody.
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'alone').length).toBeGreaterThan(0.8 * outcomes.size);
  expect(kinds).toContain('together');
});

test('B24 the trial: 0 false matches also with ten times the errors', () => {
  expect(runTrial({ ...SMALL, errors: 10 }).falseMatches.size).toBe(0);
});

test('B24 the trial over HTTP: 0 false matches, and every account fares as by the pure rules', async () => {
  const { overHttp, disagreements } = await runOverHttp({ people: 15, seed: 2026, errors: 10 });
  expect(disagreements).toEqual([]);
  expect(overHttp.falseMatches.size).toBe(0);
  const kinds = [...overHttp.outcomes.values()].map(({ kind }) => kind);
  expect(kinds).toContain('alone');
  expect(kinds).toContain('together');
  expect(kinds).toContain('refused');
}, 120_000);

test('B24 the trial over HTTP notices a hub that does otherwise than its rules', async () => {
  const { disagreements } = await runOverHttp({ people: 8, seed: 7, errors: 10, rules: withoutNameCheck });
  expect(disagreements.length).toBeGreaterThan(0);
}, 120_000);

test('B24 the same seed draws the same country and prints the same table', () => {
  const few = { people: 300, seed: 7 };
  expect(report(runTrial(few), 1)).toBe(report(runTrial(few), 1));
  expect(report(runTrial(few), 1)).not.toBe(report(runTrial({ ...few, seed: 8 }), 1));
});

/** Believes the number alone: whatever name and birth date the account bears, it hears what the register says. */
const withoutNameCheck: Rules = {
  proveTogether,
  identify(facts) {
    const said = [...facts.answers.values()].find((answer) => answer.kind === 'found');
    if (said === undefined) return identify(facts);
    const { name, birthDate } = said.record;
    const attributes = { ...facts.assertion.attributes, name, birthDate };
    return identify({ ...facts, assertion: { ...facts.assertion, attributes } });
  },
};

/** Believes the account alone: who it was last time, it is again. */
const withoutRegister: Rules = {
  proveTogether,
  identify(facts) {
    const { link } = facts;
    return link === undefined
      ? identify(facts)
      : { outcome: 'identified', person: link.person, record: null, changes: [] };
  },
};

const careless: [string, Rules][] = [
  ['the name check', withoutNameCheck],
  ['asking the register again', withoutRegister],
];

test.each(careless)('B24 the trial notices rules without %s', (_case, rules) => {
  const result = runTrial({ ...SMALL, rules });
  expect(result.falseMatches.size).toBeGreaterThan(0);
  expect(report(result, 1)).toContain('somebody became somebody else');
});
