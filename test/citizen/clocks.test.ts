/** By when a request is acknowledged and answered. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dateInVietnam } from '../../src/calendar.ts';
import { clockOf } from '../../src/citizen/cases/clocks.ts';
import { isWorkingDay } from '../../src/citizen/cases/working-days.ts';
import { CASE_KINDS } from '../../src/citizen/ports.ts';

const hanoi = (text: string) => Date.parse(`${text}+07:00`);
const lastDay = (end: number) => dateInVietnam(end - 1);
const dates = (...asked: Parameters<typeof clockOf>) => {
  const { acknowledgeBy, answerBy } = clockOf(...asked);
  return [lastDay(acknowledgeBy), lastDay(answerBy)];
};

const DAYS = {
  withdraw: [15, 20],
  restrict: [15, 20],
  object: [15, 20],
  access: [10, 15],
  correct: [10, 15],
  erase: [20, 30],
  complain: [15, 20],
  inform: [15, 20],
  not_me: [15, 20],
} as const;

test.each(CASE_KINDS)('D15 the clock of %s', (kind) => {
  // A Monday: June has no holiday, and weekends are moved past below.
  const asked = hanoi('2026-06-01T09:00');
  const expected = DAYS[kind].map((days) => {
    let day = Date.UTC(2026, 5, 1 + days);
    while ([0, 6].includes(new Date(day).getUTCDay())) day += 86_400_000;
    return new Date(day).toISOString().slice(0, 10);
  });
  expect(dates(kind, asked, { processors: false })).toEqual(['2026-06-03', expected[0]]);
  expect(dates(kind, asked, { processors: true })).toEqual(['2026-06-03', expected[1]]);
});

test('D15 who asks on the Friday evening before Tết is answered after it', () => {
  const asked = hanoi('2026-02-13T21:30');
  expect(dates('withdraw', asked, { processors: false })).toEqual(['2026-02-24', '2026-03-02']);
  expect(dates('access', asked, { processors: false })).toEqual(['2026-02-23', '2026-02-23']);
});

test('D15 five to midnight and five past are two days, by the clock in Hanoi', () => {
  expect(dates('access', hanoi('2026-06-01T23:55'), { processors: false })).toEqual(['2026-06-03', '2026-06-11']);
  expect(dates('access', hanoi('2026-06-02T00:05'), { processors: false })).toEqual(['2026-06-04', '2026-06-12']);
});

test('D15 what the government decided for the year counts', () => {
  const calendar = { daysOff: ['2026-06-02'], workingDays: [] };
  expect(dates('access', hanoi('2026-06-01T09:00'), { processors: false }, calendar)[0]).toBe('2026-06-04');
});

test('D15 whatever is asked and when, both ends are ends of working days ahead', () => {
  const moments = fc.integer({ min: hanoi('2025-01-01T00:00'), max: hanoi('2045-01-01T00:00') });
  fc.assert(
    fc.property(fc.constantFrom(...CASE_KINDS), moments, fc.boolean(), (kind, openedAt, processors) => {
      const { acknowledgeBy, answerBy } = clockOf(kind, openedAt, { processors });
      expect(acknowledgeBy).toBeLessThanOrEqual(answerBy);
      for (const end of [acknowledgeBy, answerBy]) {
        expect(end).toBeGreaterThan(openedAt);
        expect(isWorkingDay(lastDay(end))).toBe(true);
        expect(lastDay(end) < dateInVietnam(end)).toBe(true);
      }
      expect(clockOf(kind, openedAt, { processors: true }).answerBy).toBeGreaterThanOrEqual(answerBy);
    }),
  );
});
