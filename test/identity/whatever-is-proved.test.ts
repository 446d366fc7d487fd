/** What holds of two accounts proved together, whatever they, the register and the stores may say. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AttestedAttributes } from '../../src/identity/assertion.ts';
import { proveTogether } from '../../src/identity/double-proof.ts';
import type { Identification, Link, LinkState, PopulationRecord, RegisterAnswer } from '../../src/identity/person.ts';
import { AN, AN_CORRECTED, an, BINH } from './an-and-binh.ts';
import { insurance, taxAccount } from './two-proofs.ts';

interface Side {
  readonly attributes: AttestedAttributes;
  readonly link: Link | undefined;
}

interface World {
  readonly first: Side;
  readonly second: Side;
  readonly register: ReadonlyMap<string, RegisterAnswer>;
  readonly anchors: ReadonlyMap<string, string>;
  readonly provedAs: string | undefined;
}

const mostly = <Value>(usual: Value, ...others: Value[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, ...others.map((other) => fc.constant(other)));

const numbers = [AN, AN_CORRECTED, BINH];
// Two people who differ in nothing but the number: everything else always agrees.
const person = fc.constantFrom('person-an', 'person-binh', 'person-unanchored');
const link = fc.record({ person, state: mostly<LinkState>('active', 'frozen', 'unlinked', 'blocked') });
const side: fc.Arbitrary<Side> = fc.record({
  attributes: fc.record(
    {
      name: mostly('Nguyễn Văn An', 'NGUYEN VAN AN', 'Lê Thị Bình'),
      birthDate: mostly('1990-03-14', '1990'),
      personalNumber: fc.constantFrom(...numbers),
    },
    { requiredKeys: ['name'] },
  ),
  link: fc.option(link, { nil: undefined }),
});
const record: fc.Arbitrary<PopulationRecord> = fc
  .record({
    personalNumber: fc.constantFrom(...numbers),
    formerNumbers: fc.uniqueArray(fc.constantFrom(...numbers), { maxLength: 2 }),
    status: mostly<PopulationRecord['status']>('alive', 'deceased'),
  })
  .map((parts) => ({ ...an, ...parts, formerNames: [] }));
const answer: fc.Arbitrary<RegisterAnswer> = fc.oneof(
  { weight: 8, arbitrary: record.map((found): RegisterAnswer => ({ kind: 'found', record: found })) },
  mostly<RegisterAnswer>({ kind: 'unavailable' }, { kind: 'not_found' }, { kind: 'ambiguous' }),
);
const world: fc.Arbitrary<World> = fc.record({
  first: side,
  second: side,
  register: fc.tuple(answer, answer, answer).map((said) => new Map(numbers.map((number, at) => [number, said[at]!]))),
  anchors: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...numbers), fc.constantFrom('person-an', 'person-binh')), {
      maxLength: 3,
      selector: ([number]) => number,
    })
    .map((entries) => new Map(entries)),
  provedAs: fc.option(fc.constant('person-unanchored'), { nil: undefined }),
});

function decide({ first, second, register, anchors, provedAs }: World): Identification {
  const ownNumbers = (of: Link | undefined) => [...anchors].filter(([, who]) => who === of?.person).map(([own]) => own);
  const now = 1_790_000_000_000;
  const assertion = taxAccount(first.attributes);
  const pending = { assertion, provedAt: now, link: first.link ?? null, ...(provedAs ? { provedAs } : {}) };
  const answers = new Map<string, RegisterAnswer>();
  const holders = new Map<string, string | null>();
  for (let questions = 0; questions <= 4; questions++) {
    const decision = proveTogether({
      pending,
      first: { link: first.link, ownNumbers: ownNumbers(first.link) },
      second: { assertion: insurance(second.attributes), link: second.link, ownNumbers: ownNumbers(second.link) },
      answers,
      holders,
      newPersonId: 'person-new',
      today: '2026-09-01',
      minimumAge: 14,
      now,
    });
    if (decision.outcome === 'ask_register') answers.set(decision.number, register.get(decision.number)!);
    else if (decision.outcome === 'find_holders')
      for (const number of decision.numbers) holders.set(number, anchors.get(number) ?? null);
    else return decision;
  }
  throw new Error('More questions than promised');
}

test('B19 whatever the facts, nobody comes to an account or a person that is not theirs', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(world, (facts) => {
      const { first, second, register, anchors, provedAs } = facts;
      const decision = decide(facts);
      if (decision.outcome === 'refused') {
        for (const change of decision.changes) expect(change.type).toBe('link.frozen');
        return;
      }
      const known = decision.person;
      // An active link of somebody else is never taken over, nor is a second account signed in with that is not free.
      for (const { link: own } of [first, second]) if (own?.state === 'active') expect(own.person).toBe(known);
      if (second.link !== undefined) expect(second.link).toEqual({ person: known, state: 'active' });

      const attested = [first, second].flatMap(({ attributes: { personalNumber } }) => personalNumber ?? []);
      const theirTwo = first.link?.person === known && second.link?.person === known;
      if (decision.record === null) {
        expect(attested).toEqual([]);
        expect([...anchors.values()]).not.toContain(known);
        expect(theirTwo || (first.link === undefined && second.link === undefined)).toBe(true);
        seen.add(theirTwo ? 'unanchored again' : 'unanchored');
        return;
      }
      // Every number either of them attests is that of the one record, or leads to it.
      for (const number of attested.filter((one) => one !== decision.record?.personalNumber)) {
        const said = register.get(number);
        expect(said?.kind === 'found' && said.record.personalNumber).toBe(decision.record.personalNumber);
      }
      if (second.attributes.personalNumber === undefined) expect(theirTwo).toBe(true);
      const before = [decision.record.personalNumber!, ...decision.record.formerNumbers].map((one) => anchors.get(one));
      const wasAnchored = [...anchors.values()].includes(known);
      if (wasAnchored) expect(before).toContain(known);
      else expect(before.every((holder) => holder === undefined)).toBe(true);
      if (!wasAnchored && known !== 'person-new') expect(theirTwo || provedAs === known).toBe(true);
      seen.add(wasAnchored ? 'known' : known === 'person-new' ? 'new' : 'anchored');
    }),
    { numRuns: 20_000, seed: 42 },
  );
  expect([...seen].sort()).toEqual(['anchored', 'known', 'new', 'unanchored', 'unanchored again']);
});
