/** The sandbox's expectations, played over the decision alone: no browser, no source, no store. */
import { describe, expect, test } from '@jest/globals';
import { askPopulation, attest, type Country, entryOf, readCountry, readExpectations, type Step } from './country.ts';
import { SmallHub } from './small-hub.ts';

/** Outcomes that a source reaches by itself, before there is any assertion to identify. */
const decidedByTheSource = ({ expect: { outcome, reason = '' } }: Step) =>
  outcome === 'returned_to_choice' || reason.startsWith('certificate_');

const rows = readExpectations().filter(
  ({ steps }) => !steps.every(decidedByTheSource) && !steps.some(({ then }) => then === 'accept_link'),
);

describe('each row, from an empty hub', () => {
  test.each(rows)('$name ($why)', ({ steps }) => {
    const hub = new SmallHub();
    const country = readCountry();
    const personOf = new Map<string, string>();
    for (const step of steps) {
      Object.assign(entryOf(country, step.source, step.login), step.change);
      if (!decidedByTheSource(step)) play(step, hub, country, personOf);
    }
  });
});

test('the whole country in one hub: nobody becomes anybody else', () => {
  const hub = new SmallHub();
  const country = readCountry();
  const personOf = new Map<string, string>();
  // Changes to a source's register would spoil the rows that follow, so those are left to the test above.
  for (const { steps } of rows) {
    for (const step of steps) {
      if (step.change === undefined && !decidedByTheSource(step)) play(step, hub, country, personOf);
    }
  }
  expect(new Set(personOf.values()).size).toBe(personOf.size);
});

/** Plays one step; a resident must be one person of the hub throughout, and a person one resident. */
function play(step: Step, hub: SmallHub, country: Country, personOf: Map<string, string>): void {
  const assertion = attest(country, step.source, step.login);
  const decision = hub.signIn(assertion, (number) => askPopulation(country, number));
  if (step.expect.outcome === 'refused') {
    expect(decision).toMatchObject({ outcome: 'refused', reason: step.expect.reason });
    return;
  }
  expect(decision).toMatchObject({ outcome: 'identified', record: { key: step.expect.person } });
  expect(assertion.acr).toBe(step.expect.acr);
  if (decision.outcome !== 'identified') return;
  if (step.claims?.name !== undefined) expect(decision.record?.name).toBe(step.claims.name);
  if (step.claims?.birthdate !== undefined) expect(decision.record?.birthDate).toBe(step.claims.birthdate);
  const resident = step.expect.person!;
  expect(personOf.get(resident) ?? decision.person).toBe(decision.person);
  personOf.set(resident, decision.person);
}
