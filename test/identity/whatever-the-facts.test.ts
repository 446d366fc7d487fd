/** What holds of the decision whatever a source, the register and the stores may say, hostile or broken. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AttestedAttributes } from '../../src/identity/assertion.ts';
import { identify } from '../../src/identity/identify.ts';
import {
  IDENTITY_REFUSALS,
  type Identification,
  type Link,
  type LinkState,
  type PopulationRecord,
  type RegisterAnswer,
} from '../../src/identity/person.ts';
import { AN, AN_CORRECTED, account, an, BINH } from './an-and-binh.ts';

interface World {
  readonly attributes: AttestedAttributes;
  readonly link: Link | undefined;
  readonly answers: ReadonlyMap<string, RegisterAnswer>;
  readonly anchors: ReadonlyMap<string, string>;
}

function toMap<Value>(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  return new Map(entries);
}

describe('whatever the facts', () => {
  const numbers = [AN, BINH, AN_CORRECTED, '097000011'];
  const number = fc.constantFrom(...numbers);
  const personalNumber = fc.constantFrom(AN, BINH, AN_CORRECTED);
  // Weighted towards what agrees, so that enough of the runs get past the first refusals.
  const mostly = <Value>(usual: Value, ...others: Value[]) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, ...others.map((other) => fc.constant(other)));
  const record = fc.record({
    personalNumber: fc.constantFrom(AN, AN, BINH, AN_CORRECTED, null),
    name: mostly('Nguyễn Văn An', 'Lê Thị Bình'),
    birthDate: mostly('1990-03-14', '1990', '2020-01-01'),
    status: mostly<PopulationRecord['status']>('alive', 'deceased'),
    formerNumbers: fc.uniqueArray(number, { maxLength: 4 }),
  });
  const answer = fc.oneof(
    {
      weight: 9,
      arbitrary: record.map(
        (parts): RegisterAnswer => ({ kind: 'found', record: { ...an, formerNames: [], ...parts } }),
      ),
    },
    mostly<RegisterAnswer>({ kind: 'unavailable' }, { kind: 'not_found' }, { kind: 'ambiguous' }),
  );
  const person = fc.constantFrom('person-an', 'person-binh');
  const state = mostly<LinkState>('active', 'frozen', 'unlinked', 'blocked');
  const world: fc.Arbitrary<World> = fc.record({
    attributes: fc.record(
      { name: mostly('NGUYEN VAN AN', 'Lê Thị Bình'), birthDate: mostly('1990-03-14', '1990'), personalNumber: number },
      { requiredKeys: ['name'] },
    ),
    link: fc.option(fc.record({ person, state }), { nil: undefined }),
    answers: fc.tuple(...numbers.map((known) => answer.map((said) => [known, said] as const))).map(toMap),
    anchors: fc
      .uniqueArray(fc.tuple(personalNumber, person), { maxLength: 3, selector: ([anchored]) => anchored })
      .map(toMap),
  });

  function decide({ attributes, link, answers: prepared, anchors }: World): Identification {
    const answers = new Map<string, RegisterAnswer>();
    const holders = new Map<string, string | null>();
    const ownNumbers = [...anchors].filter(([, holder]) => holder === link?.person).map(([own]) => own);
    const rest = { newPersonId: 'person-new', today: '2026-09-01', minimumAge: 14 };
    for (let questions = 0; questions <= 3; questions++) {
      const decision = identify({ assertion: account(attributes), link, ownNumbers, answers, holders, ...rest });
      if (decision.outcome === 'ask_register') {
        answers.set(decision.number, prepared.get(decision.number) ?? { kind: 'not_found' });
      } else if (decision.outcome === 'find_holders') {
        for (const wanted of decision.numbers) holders.set(wanted, anchors.get(wanted) ?? null);
      } else {
        return decision;
      }
    }
    throw new Error('More questions than promised');
  }

  test('three questions are enough, and nobody is let in past a link that is not theirs', () => {
    fc.assert(
      fc.property(world, (facts) => {
        const decision = decide(facts);
        if (decision.outcome === 'refused') {
          expect(IDENTITY_REFUSALS).toContain(decision.reason);
          for (const change of decision.changes) expect(change.type).toBe('link.frozen');
          return;
        }
        if (facts.link !== undefined) expect(facts.link).toEqual({ person: decision.person, state: 'active' });
        // Whoever is let in is anchored at a number the register gave them, or is anchored there now.
        const anchored = decision.changes.filter((change) => change.type === 'anchor.added');
        for (const change of anchored) expect(facts.anchors.has(change.value)).toBe(false);
        if (decision.record !== null) {
          const current = decision.record.personalNumber!;
          expect(anchored[0]?.person ?? facts.anchors.get(current)).toBe(decision.person);
          expect(decision.record.status).toBe('alive');
          expect(decision.record.name === 'Lê Thị Bình').toBe(facts.attributes.name === 'Lê Thị Bình');
        } else {
          expect(facts.anchors.get(facts.attributes.personalNumber!)).toBe(decision.person);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
