/** The sandbox's expectations, played over the decision alone: no browser, no source, no store. */
import { describe, expect, test } from '@jest/globals';
import { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import type { PendingProof } from '../../src/identity/double-proof.ts';
import { askPopulation, attest, entryOf, readCountry, readExpectations, type Step } from './country.ts';

/** Outcomes that a source reaches by itself, before there is any assertion to identify. */
const decidedByTheSource = ({ expect: { outcome, reason = '' } }: Step) =>
  outcome === 'returned_to_choice' || reason.startsWith('certificate_');

const rows = readExpectations().filter(({ steps }) => !steps.every(decidedByTheSource));

/** A hub, the country around it, and what one browser holds. */
class Playground {
  readonly hub = new SmallHub();
  readonly country = readCountry();
  readonly personOf = new Map<string, string>();
  #pending: PendingProof | undefined;

  /** Plays one step; a resident must be one person of the hub throughout, and a person one resident. */
  play(step: Step): void {
    const register = (number: string) => askPopulation(this.country, number);
    const assertion = attest(this.country, step.source, step.login);
    const decision = this.hub.signIn(assertion, register);
    if (step.expect.outcome === 'refused') {
      expect(decision).toMatchObject({ outcome: 'refused', reason: step.expect.reason });
      if (step.expect.reason === 'needs_second_source') this.#pending = this.hub.leavePending(assertion, decision);
      return;
    }
    expect(decision).toMatchObject({ outcome: 'identified', record: { key: step.expect.person } });
    expect(assertion.acr).toBe(step.expect.acr);
    if (decision.outcome !== 'identified') return;
    if (step.claims?.name !== undefined) expect(decision.record?.name).toBe(step.claims.name);
    if (step.claims?.birthdate !== undefined) expect(decision.record?.birthDate).toBe(step.claims.birthdate);
    const resident = step.expect.person!;
    expect(this.personOf.get(resident) ?? decision.person).toBe(decision.person);
    this.personOf.set(resident, decision.person);
    if (step.then !== 'accept_link') return;
    const linked = this.hub.proveSecond(this.#pending!, assertion, register, decision.person);
    expect(linked).toMatchObject({ outcome: 'identified', person: decision.person });
  }
}

describe('each row, from an empty hub', () => {
  test.each(rows)('$name ($why)', ({ steps }) => {
    const playground = new Playground();
    for (const step of steps) {
      Object.assign(entryOf(playground.country, step.source, step.login), step.change);
      if (!decidedByTheSource(step)) playground.play(step);
    }
  });
});

test('the whole country in one hub: nobody becomes anybody else', () => {
  const playground = new Playground();
  // Changes to a source's register would spoil the rows that follow, so those are left to the test above.
  for (const { steps } of rows) {
    for (const step of steps) {
      if (step.change === undefined && !decidedByTheSource(step)) playground.play(step);
    }
  }
  const { personOf } = playground;
  expect(new Set(personOf.values()).size).toBe(personOf.size);
});
