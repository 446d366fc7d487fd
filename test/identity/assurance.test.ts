/** How strong a sign-in is and has to be (design: Assurance). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACR_LADDER, type Acr } from '../../src/identity/assertion.ts';
import {
  compareAcr,
  highestReached,
  isAcr,
  levelOfCredential,
  levelOfRunningSession,
  lowestKnown,
  reaches,
  requiredAcr,
  stricterAcr,
} from '../../src/identity/assurance.ts';

const level = fc.constantFrom<Acr>(...ACR_LADDER);
const listed = fc.array(fc.oneof(level, fc.constantFrom('loa5', 'LOA2', '', '0', 'urn:example:high')));

test('the ladder is ordered', () => {
  expect((['loa3', 'loa1', 'loa4', 'loa2'] as Acr[]).sort(compareAcr)).toEqual([...ACR_LADDER]);
  expect(reaches('loa2', 'loa2')).toBe(true);
  expect(reaches('loa2', 'loa3')).toBe(false);
  expect(stricterAcr('loa2', 'loa3')).toBe('loa3');
});

test.each(['loa5', 'LOA1', 'constructor', '0', ''])('%j is no level of ours', (text) => {
  expect(isAcr(text)).toBe(false);
});

describe('required', () => {
  test.each<[string, Acr, string[], Acr]>([
    ['nothing asked: the minimum', 'loa2', [], 'loa2'],
    ['more asked: what is asked', 'loa1', ['loa3'], 'loa3'],
    ['less asked: still the minimum', 'loa3', ['loa1'], 'loa3'],
    ['the lowest of several, whatever their order', 'loa1', ['loa4', 'loa2', 'loa3'], 'loa2'],
    ['unknown values are ignored', 'loa1', ['urn:example:low', 'loa3'], 'loa3'],
    ['only unknown values: the minimum', 'loa2', ['urn:example:high'], 'loa2'],
  ])('%s', (_case, registeredMinimum, acrValues, required) => {
    expect(requiredAcr({ registeredMinimum, acrValues })).toBe(required);
  });

  test('never below the registered minimum, nor below what every known value asks', () => {
    fc.assert(
      fc.property(level, listed, (registeredMinimum, acrValues) => {
        const required = requiredAcr({ registeredMinimum, acrValues });
        expect(reaches(required, registeredMinimum)).toBe(true);
        const lowest = lowestKnown(acrValues);
        if (lowest !== undefined) expect(reaches(required, lowest)).toBe(true);
      }),
    );
  });
});

describe('an essential acr with values', () => {
  test.each<[string[], Acr, Acr | undefined]>([
    [['loa2', 'loa3'], 'loa4', 'loa3'],
    [['loa3', 'loa2'], 'loa2', 'loa2'],
    [['loa4', 'loa2'], 'loa3', 'loa2'],
    [['loa4'], 'loa3', undefined],
    [['urn:example:high'], 'loa4', undefined],
    [[], 'loa4', undefined],
  ])('%j reached with %s: %s', (values, reached, returned) => expect(highestReached(values, reached)).toBe(returned));

  test('returns a listed value that was reached', () => {
    fc.assert(
      fc.property(listed, level, (values, reached) => {
        const returned = highestReached(values, reached);
        if (returned === undefined) return;
        expect(values).toContain(returned);
        expect(reaches(reached, returned)).toBe(true);
      }),
    );
  });
});

test('a source never exceeds its registered level', () => {
  expect(levelOfCredential({ asserted: 'loa4', registered: 'loa2' })).toBe('loa2');
  expect(levelOfCredential({ asserted: 'loa1', registered: 'loa3' })).toBe('loa1');
});

test('a running session never gives loa4', () => {
  expect(ACR_LADDER.map(levelOfRunningSession)).toEqual(['loa1', 'loa2', 'loa3', 'loa3']);
});
