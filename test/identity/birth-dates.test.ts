/** Dates of birth known to a year, a month or a day (design: Identity, rule 3). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { birthDatesAgree, hasReachedAge, isBirthDate, knownBirthDate } from '../../src/identity/birth-dates.ts';

describe('what is a date of birth', () => {
  test.each(['1949', '1949-06', '1949-06-15', '2000-02-29', '2024-02-29'])('%s is', (text) => {
    expect(isBirthDate(text)).toBe(true);
  });

  test.each([
    '',
    '49',
    '0001-01-01',
    '9999-12-31',
    '1949-00',
    '1949-13',
    '1949-06-00',
    '1949-06-31',
    '1900-02-29',
    '2023-02-29',
    '1949-6-15',
    '15/06/1949',
    '1949-06-15T00:00:00Z',
    ' 1949',
    '1949\n',
    '１９４９',
  ])('%j is not', (text) => expect(isBirthDate(text)).toBe(false));

  test('cut to what is known, never more', () => {
    expect(knownBirthDate('1949-01-01', 'year')).toBe('1949');
    expect(knownBirthDate('1949-06-01', 'month')).toBe('1949-06');
    expect(knownBirthDate('1949-06-15', 'day')).toBe('1949-06-15');
    expect(knownBirthDate('1949', 'day')).toBeUndefined();
    expect(knownBirthDate('1949-02-30', 'year')).toBeUndefined();
  });
});

describe('agreement', () => {
  test.each([
    ['1949-06-15', '1949', true],
    ['1949-06-15', '1949-06', true],
    ['1949-06-15', '1949-06-15', true],
    ['1949-06-15', '1950', false],
    ['1949-06-15', '1949-07', false],
    ['1949-06-15', '1949-06-16', false],
    ['1949', 'unknown', false],
    ['unknown', 'unknown', false],
    ['', '', false],
  ])('%j and %j: %p', (one, other, agree) => {
    expect(birthDatesAgree(one, other)).toBe(agree);
    expect(birthDatesAgree(other, one)).toBe(agree);
  });
});

describe('age', () => {
  test.each([
    ['the day before', '2010-05-05', '2024-05-04', false],
    ['the day itself', '2010-05-05', '2024-05-05', true],
    ['only the month known: its last day counts', '2010-05', '2024-05-30', false],
    ['only the month known: from its last day on', '2010-05', '2024-05-31', true],
    ['only the year known: its last day counts', '2010', '2024-12-30', false],
    ['only the year known: from its last day on', '2010', '2024-12-31', true],
    ['born on a leap day: not on 28 February', '2012-02-29', '2026-02-28', false],
    ['born on a leap day: on 1 March', '2012-02-29', '2026-03-01', true],
    ['born in a February of a leap year, day unknown', '2012-02', '2026-02-28', false],
    ['no date is no age', 'unknown', '2026-01-01', false],
    ['today must be a day', '1990-01-01', '2026', false],
  ])('%s', (_case, birthDate, today, reached) => expect(hasReachedAge(birthDate, 14, today)).toBe(reached));

  test('knowing less never makes anybody older', () => {
    const date = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, date, fc.constantFrom(4, 7), (birthDate, today, length) => {
        if (hasReachedAge(birthDate.slice(0, length), 14, today)) {
          expect(hasReachedAge(birthDate, 14, today)).toBe(true);
        }
      }),
    );
  });
});
