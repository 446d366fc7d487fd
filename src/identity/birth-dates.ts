/** Owns dates of birth known to a year, a month or a day, and what follows from them (design: Identity, rule 3). */
import type { BirthDate } from './assertion.ts';

export type BirthDatePrecision = 'year' | 'month' | 'day';

/** The parts that are known; an unknown part is absent, never zero and never one. */
interface KnownParts {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
}

// Wide enough for every living or recorded person; outside it stand 0001, 9999 and other placeholders.
const FIRST_YEAR = 1850;
const LAST_YEAR = 2199;

/** Whether a text is a real calendar date, written `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, of a year somebody can be born in. */
export function isBirthDate(text: string): boolean {
  return partsOf(text) !== undefined;
}

/**
 * A full date cut to what the register says it knows: `1949-01-01` known to the year is `1949` (rule 3).
 * Nothing when the text is no date or knows less than the precision claims.
 */
export function knownBirthDate(text: string, precision: BirthDatePrecision): BirthDate | undefined {
  const length = { year: 4, month: 7, day: 10 }[precision];
  return isBirthDate(text) && text.length >= length ? text.slice(0, length) : undefined;
}

/** Whether two dates of birth agree in every part that both know (rule 3). A text that is no date agrees with nothing. */
export function birthDatesAgree(one: BirthDate, other: BirthDate): boolean {
  if (!isBirthDate(one) || !isBirthDate(other)) return false;
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared) === other.slice(0, shared);
}

/**
 * Whether a person has certainly reached an age on a day, both in the calendar of Vietnam (rule 6, `guardian_required`).
 * An unknown day or month is read as the last possible one, only for this question: nobody is let in as older than they
 * may be. Someone born on 29 February comes of age on 1 March.
 */
export function hasReachedAge(birthDate: BirthDate, age: number, today: string): boolean {
  const born = partsOf(birthDate);
  if (born === undefined || partsOf(today)?.day === undefined) return false;
  const month = born.month ?? 12;
  const day = born.day ?? daysInMonth(born.year, month);
  const birthday = [born.year + age, month, day].map((part) => String(part).padStart(2, '0')).join('-');
  // Written from the year to the day, dates compare as texts; a 29 February that does not exist falls before 1 March.
  return today >= birthday;
}

function partsOf(text: string): KnownParts | undefined {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  if (match[2] === undefined) return { year };
  const month = Number(match[2]);
  if (month < 1 || month > 12) return undefined;
  if (match[3] === undefined) return { year, month };
  const day = Number(match[3]);
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  return { year, month, day };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
