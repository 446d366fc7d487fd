/** Owns the tests of why somebody who proved who they are may still not come in that way: the pure rules. */
import { describe, expect, test } from '@jest/globals';
import type { Acr, Assertion } from '../../src/identity/assertion.ts';
import type { Change } from '../../src/identity/person.ts';
import { assertOpen, ClosedWay } from '../../src/login/closed-ways.ts';
import type { PersonKnown } from '../../src/store.ts';
import { assertionOf } from '../identity/country.ts';

const LEVELS: Readonly<Record<string, Acr>> = { tax: 'loa1', insurance: 'loa2', phone: 'loa3', card: 'loa4' };
const proof = (source: string, acr = LEVELS[source]!): Assertion =>
  assertionOf({ source, acr, subject: `of ${source}` });
const link = (source: string, how: 'number' | 'double_proof'): Change => ({
  type: 'link.added',
  person: 'she',
  source,
  subject: `of ${source}`,
  how,
});
const links = (...all: string[]) =>
  all.map((one) => {
    const [source, state = 'active'] = one.split(' ');
    return { source: source!, state: state as 'active' };
  });
const block = (source: string, reason: 'citizen' | 'not_me') => ({ source, reason, at: 1 });

/** The refusal and the source it names; `open` without one. */
function outcome(proved: Assertion[], changes: Change[], known: Partial<PersonKnown> = {}): string {
  const person: PersonKnown = { state: 'active', links: [], blocks: [], isReachable: false, ...known };
  try {
    assertOpen({ outcome: 'identified', person: 'she', record: null, changes }, proved, person, (id) => LEVELS[id]);
    return 'open';
  } catch (error) {
    expect(error).toBeInstanceOf(ClosedWay);
    expect((error as ClosedWay).about()).toEqual({ person: 'she', device: known.device });
    // Nothing that prints an error prints whom it is about.
    expect(JSON.stringify({ ...(error as object) })).not.toContain('she');
    return `${(error as ClosedWay).code} ${(error as ClosedWay).source}`;
  }
}

describe('D5 closed by the person, or for an alarm', () => {
  test.each<[string, ReturnType<typeof block>[], string]>([
    ['nothing', [], 'open'],
    ['another source', [block('phone', 'citizen')], 'open'],
    ['this source', [block('tax', 'citizen')], 'source_blocked tax'],
    ['this source, for an alarm', [block('tax', 'not_me')], 'source_suspended tax'],
    ['both', [block('tax', 'citizen'), block('tax', 'not_me')], 'source_suspended tax'],
    ['new ones', [block('*', 'citizen')], 'open'],
  ])('%s', (_what, blocks, expected) => {
    expect(outcome([proof('tax')], [], { links: links('tax'), blocks, device: 'hers' })).toBe(expected);
  });

  test('either of two that are proved together', () => {
    for (const closed of ['tax', 'insurance'])
      for (const proved of [
        [proof('tax'), proof('insurance')],
        [proof('insurance'), proof('tax')],
      ])
        expect(outcome(proved, [], { blocks: [block(closed, 'citizen')] })).toBe(`source_blocked ${closed}`);
    const both = [block('tax', 'citizen'), block('insurance', 'not_me')];
    expect(outcome([proof('tax'), proof('insurance')], [], { blocks: both })).toBe('source_suspended insurance');
  });

  test('new ways: whichever rule would add them', () => {
    const blocks = [block('*', 'citizen')];
    expect(outcome([proof('phone')], [link('phone', 'number')], { blocks })).toBe('source_blocked phone');
    const pair = [proof('card'), proof('tax')];
    expect(outcome(pair, [link('tax', 'double_proof')], { blocks })).toBe('source_blocked tax');
  });

  test('who is locked gets no further, whatever else is closed', () => {
    const known = { state: 'locked', blocks: [block('tax', 'not_me')] } as const;
    expect(outcome([proof('tax')], [], known)).toBe('person_locked tax');
  });
});

describe('a way is added by nothing weaker than the strongest there is', () => {
  test.each<[string, Assertion, string[], string]>([
    ['as strong as the strongest', proof('insurance'), ['insurance', 'tax'], 'open'],
    ['stronger', proof('card'), ['insurance'], 'open'],
    ['weaker', proof('insurance'), ['insurance', 'phone'], 'link_too_weak tax'],
    ['weaker than a frozen one', proof('insurance'), ['insurance', 'card frozen'], 'link_too_weak tax'],
    ['weaker than what was taken off', proof('insurance'), ['insurance', 'card unlinked'], 'open'],
    ['a strong source at a weak level', proof('phone', 'loa2'), ['phone'], 'link_too_weak tax'],
    ['weaker than one at a source that is gone', proof('insurance'), ['insurance', 'nowhere'], 'open'],
  ])('%s', (_what, other, all, expected) => {
    const changes = [link('tax', 'double_proof')];
    expect(outcome([other, proof('tax')], changes, { links: links(...all) })).toBe(expected);
    expect(outcome([proof('tax'), other], changes, { links: links(...all) })).toBe(expected);
  });

  test('the account that is added does not speak for itself', () => {
    const changes = [link('card', 'double_proof')];
    expect(outcome([proof('insurance'), proof('card')], changes, { links: links('phone') })).toBe('link_too_weak card');
  });

  test('closed ones count, or who holds the weakest had only to report the others', () => {
    const known = { links: links('insurance', 'phone'), blocks: [block('phone', 'not_me')] };
    expect(outcome([proof('insurance'), proof('tax')], [link('tax', 'double_proof')], known)).toBe('link_too_weak tax');
  });

  test('an account that attests the number itself needs nobody else (rule 1)', () => {
    expect(outcome([proof('tax')], [link('tax', 'number')], { links: links('card') })).toBe('open');
  });
});
