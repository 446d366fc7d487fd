/** The written forms of personal numbers, former numbers and tax codes. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFormerNumber, isPersonalNumber, parseAttestedNumber, parseTaxCode } from '../../src/identity/numbers.ts';
import { readCountry } from './country.ts';

test('every number in the sandbox registers has its form', () => {
  const { population, tax } = readCountry();
  for (const { personalNumber, formerNumbers } of population) {
    if (personalNumber !== null) expect(isPersonalNumber(personalNumber)).toBe(true);
    for (const former of formerNumbers) expect(isFormerNumber(former)).toBe(true);
  }
  for (const { taxCode } of tax) {
    expect(parseTaxCode(taxCode)).toEqual({
      kind: taxCode.length === 12 ? 'personal_number' : 'ten_digit',
      value: taxCode,
    });
  }
});

describe('attested numbers', () => {
  test('twelve digits are a personal number, nine a former one', () => {
    expect(parseAttestedNumber('097090000011')).toEqual({ kind: 'personal', value: '097090000011' });
    expect(parseAttestedNumber('097000091')).toEqual({ kind: 'former', value: '097000091' });
  });

  test.each([
    undefined,
    '',
    '97090000011',
    '0970900000111',
    '000000000',
    '000000000000',
    ' 097090000011',
    '097090000011\n',
    '09709000001１',
    'B1234567',
  ])('%j names nobody', (text) => expect(parseAttestedNumber(text)).toBeUndefined());
});

describe('tax codes', () => {
  test('a branch has one written form', () => {
    const branch = { kind: 'branch', value: '0100233488-001' };
    expect(parseTaxCode('0100233488-001')).toEqual(branch);
    expect(parseTaxCode('0100233488001')).toEqual(branch);
  });

  test.each([
    '',
    '8000000012',
    '8000000012-001',
    '0100233488-000',
    '0100233488-01',
    '0000000000',
    '80000000110',
    'abc',
  ])('%j is none', (text) => expect(parseTaxCode(text)).toBeUndefined());

  test('one wrong digit never passes the check', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (position, error) => {
        const digits = [...'0100233488'];
        digits[position] = String((Number(digits[position]) + error) % 10);
        expect(parseTaxCode(digits.join(''))).toBeUndefined();
      }),
    );
  });
});
