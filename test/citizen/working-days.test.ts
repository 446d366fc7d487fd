/** Which days are worked in Viet Nam, and when a period ends, whatever the clock of the server says. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dateInVietnam } from '../../src/calendar.ts';
import { lunarHolidays } from '../../src/citizen/cases/lunar-calendar.ts';
import { addDays, addWorkingDays, isWorkingDay } from '../../src/citizen/cases/working-days.ts';

const DAY = 86_400_000;
const hanoi = (text: string) => Date.parse(`${text}+07:00`);
/** 24:00 of a date in Hanoi. */
const endOf = (date: string) => hanoi(`${date}T00:00`) + DAY;

describe('D15 the lunisolar calendar is that of Hanoi', () => {
  const ALMANAC = `2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31
    2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12 2041-02-01 2042-01-22 2043-02-10
    2044-01-30 2045-02-17`.split(/\s+/);
  test.each(ALMANAC)('Tết of %s', (newYear) => {
    expect(lunarHolidays(Number(newYear.slice(0, 4))).newYear).toBe(newYear);
  });

  // 1985 by a whole month, the others by a day.
  test.each(['1985-01-21', '2007-02-17', '2030-02-02', '2053-02-18'])('%s, unlike in China', (newYear) => {
    expect(lunarHolidays(Number(newYear.slice(0, 4))).newYear).toBe(newYear);
  });

  test.each([
    '2019-04-14',
    '2020-04-02',
    '2021-04-21',
    '2022-04-10',
    '2023-04-29',
    '2024-04-18',
    '2025-04-07',
    '2026-04-26',
  ])('Hùng Kings’ day was %s', (day) => {
    expect(lunarHolidays(Number(day.slice(0, 4))).hungKings).toBe(day);
  });

  test('never further than a day from the Chinese calendar as another program computes it', () => {
    const format = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
    const chinese = (year: number, month: string, day: string) => {
      for (let at = Date.UTC(year, 0, 15); at < Date.UTC(year, 4, 10); at += DAY) {
        const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
        if (parts.month === month && parts.day === day) return at;
      }
      throw new Error(`no day ${day} of month ${month} in ${year}`);
    };
    for (let year = 1990; year <= 2100; year += 1) {
      const { newYear, hungKings } = lunarHolidays(year);
      expect(Math.abs(Date.parse(newYear) - chinese(year, '1', '1'))).toBeLessThanOrEqual(DAY);
      expect(Math.abs(Date.parse(hungKings) - chinese(year, '3', '10'))).toBeLessThanOrEqual(DAY);
    }
  });
});

describe('D15 public holidays', () => {
  const workedIn = (from: string, to: string) => {
    const worked: string[] = [];
    for (let at = Date.parse(from); at <= Date.parse(to); at += DAY) {
      const date = new Date(at).toISOString().slice(0, 10);
      if (isWorkingDay(date)) worked.push(date.slice(5));
    }
    return worked;
  };

  test.each([
    ['weekends', '2026-03-05', '2026-03-10', ['03-05', '03-06', '03-09', '03-10']],
    ['New Year', '2025-12-31', '2026-01-02', ['12-31', '01-02']],
    ['New Year on a Sunday', '2022-12-30', '2023-01-03', ['12-30', '01-03']],
    ['Tết', '2026-02-13', '2026-02-23', ['02-13', '02-23']],
    ['Tết with its first day on a Saturday', '2027-02-04', '2027-02-12', ['02-04', '02-12']],
    ['three holidays beside each other, two on a weekend', '2023-04-28', '2023-05-04', ['04-28', '05-04']],
    ['Hùng Kings on a Sunday', '2026-04-24', '2026-04-28', ['04-24', '04-28']],
    ['National Day on a Wednesday', '2026-08-31', '2026-09-03', ['08-31', '09-03']],
    ['National Day on a Monday', '2024-08-30', '2024-09-04', ['08-30', '09-04']],
    ['National Day on a Saturday', '2023-08-31', '2023-09-05', ['08-31', '09-05']],
    ['Culture Day', '2026-11-23', '2026-11-25', ['11-23', '11-25']],
    ['Culture Day on a Saturday', '2029-11-23', '2029-11-27', ['11-23', '11-27']],
    ['no Culture Day before it was made one', '2025-11-24', '2025-11-24', ['11-24']],
  ])('%s', (_name, from, to, worked) => expect(workedIn(from, to)).toEqual(worked));

  test('what the government decides goes before the rules', () => {
    const calendar = { daysOff: ['2026-08-31'], workingDays: ['2026-08-22', '2026-09-02'] };
    expect(['2026-08-31', '2026-08-22', '2026-09-02'].map((date) => isWorkingDay(date, calendar))).toEqual([
      false,
      true,
      true,
    ]);
    expect(addWorkingDays(hanoi('2026-08-28T10:00'), 1, calendar)).toBe(endOf('2026-09-02'));
  });

  test.each(['2026-02-30', '2026-1-1', '', 'today'])('%j is no date', (date) =>
    expect(() => isWorkingDay(date)).toThrow(RangeError));
});

describe('D15 the end of a period', () => {
  test('the day of the event does not count, the last one ends at midnight in Hanoi', () => {
    expect(addWorkingDays(hanoi('2026-03-02T00:00'), 2)).toBe(endOf('2026-03-04'));
    expect(addWorkingDays(hanoi('2026-03-02T23:59:59.999'), 2)).toBe(endOf('2026-03-04'));
    expect(new Date(endOf('2026-03-04')).toISOString()).toBe('2026-03-04T17:00:00.000Z');
  });

  test('a day begins in Hanoi while it is still yesterday in UTC', () => {
    const at = Date.parse('2026-03-02T17:00:00Z');
    expect([dateInVietnam(at - 1), dateInVietnam(at)]).toEqual(['2026-03-02', '2026-03-03']);
    expect(addWorkingDays(at, 1) - addWorkingDays(at - 1, 1)).toBe(DAY);
  });

  test('a year ends', () => {
    expect(addWorkingDays(hanoi('2025-12-31T18:00'), 1)).toBe(endOf('2026-01-02'));
    expect(addDays(hanoi('2025-12-22T09:00'), 10)).toBe(endOf('2026-01-02'));
  });

  test('days that end in Tết end after it', () => {
    expect(addDays(hanoi('2026-02-05T09:00'), 10)).toBe(endOf('2026-02-23'));
  });

  test.each([0, -1, 1.5, Number.NaN, 1e9])('%d is no number of days', (days) => {
    expect(() => addDays(0, days)).toThrow(RangeError);
    expect(() => addWorkingDays(0, days)).toThrow(RangeError);
  });

  const moments = fc.integer({ min: hanoi('2020-01-01T00:00'), max: hanoi('2060-01-01T00:00') });
  const counts = fc.integer({ min: 1, max: 60 });
  test('whatever the moment: ends on a working day, in order, with so many working days in between', () => {
    fc.assert(
      fc.property(moments, counts, (from, days) => {
        const end = addWorkingDays(from, days);
        expect(isWorkingDay(dateInVietnam(end - 1))).toBe(true);
        expect((end - endOf('2020-01-01')) % DAY).toBe(0);
        let worked = 0;
        for (let at = from + DAY; at < end; at += DAY) if (isWorkingDay(dateInVietnam(at))) worked += 1;
        // The walk keeps the hour of the moment, so it meets each day once.
        expect(worked).toBe(days);
        expect(addWorkingDays(from, days + 1)).toBeGreaterThan(end);
        const calendarEnd = addDays(from, days);
        expect(isWorkingDay(dateInVietnam(calendarEnd - 1))).toBe(true);
        expect(calendarEnd - from).toBeGreaterThan(days * DAY);
        expect(addDays(from + DAY, days)).toBeGreaterThanOrEqual(calendarEnd);
      }),
      { numRuns: 300 },
    );
  });
});
