/**
 * Owns which days are worked in Viet Nam, and when a period that is counted in days ends. A day is a day in Hanoi, wherever
 * the server stands.
 */
import { lunarHolidays } from './lunar-calendar.ts';

/** What the government decided otherwise than the rules below would; days are `YYYY-MM-DD`. */
export interface HolidayCalendar {
  readonly daysOff: readonly string[];
  /** Worked although they would be free, to make up for a bridge day. Goes before `daysOff`. */
  readonly workingDays: readonly string[];
}

const DAY = 24 * 60 * 60 * 1000;
const HANOI = 7 * 60 * 60 * 1000;
/** Vietnam Culture Day is free since this year: our reading of resolution 80-NQ/TW, until the Labour Code names it. */
const CULTURE_DAY_SINCE = 2026;
/** Longest any of these periods is; a mistake in a unit must not loop. */
const MOST_DAYS = 3660;

/** Whether a date is worked (Labour Code 2019, articles 111 and 112). */
export function isWorkingDay(date: string, calendar?: HolidayCalendar): boolean {
  return isWorked(dayOf(date), calendar);
}

/**
 * End of the last of so many working days, in milliseconds since the epoch. The day of the event itself does not count
 * (Civil Code 2015, article 147.2), the last one ends at 24:00 (article 148.6).
 */
export function addWorkingDays(from: number, days: number, calendar?: HolidayCalendar): number {
  let day = hanoiDay(from);
  for (let left = counted(days); left > 0; left -= 1) day = nextWorked(day + 1, calendar);
  return endOf(day);
}

/** End of the last of so many days, or of the next working day when that one is free (Civil Code 2015, article 148.5). */
export function addDays(from: number, days: number, calendar?: HolidayCalendar): number {
  return endOf(nextWorked(hanoiDay(from) + counted(days), calendar));
}

function nextWorked(from: number, calendar?: HolidayCalendar): number {
  let day = from;
  while (!isWorked(day, calendar)) day += 1;
  return day;
}

function isWorked(day: number, calendar?: HolidayCalendar): boolean {
  const date = written(day);
  if (calendar?.workingDays.includes(date)) return true;
  if (calendar?.daysOff.includes(date)) return false;
  return !isWeekend(day) && !holidaysOf(new Date(day * DAY).getUTCFullYear()).has(day);
}

/** The public holidays of a year, and the working days that are free for those which fall on a weekend (article 111.3). */
function holidaysOf(year: number): ReadonlySet<number> {
  const known = years.get(year);
  if (known !== undefined) return known;
  const { newYear, hungKings } = lunarHolidays(year);
  const tet = dayOf(newYear);
  const national = dayOf(`${year}-09-02`);
  const days = [
    dayOf(`${year}-01-01`),
    // Which five days it is the government decides each year; the eve and four days is what it does most often.
    ...[-1, 0, 1, 2, 3].map((distance) => tet + distance),
    dayOf(hungKings),
    dayOf(`${year}-04-30`),
    dayOf(`${year}-05-01`),
    national,
    national + nationalNeighbour(national),
    ...(year >= CULTURE_DAY_SINCE ? [dayOf(`${year}-11-24`)] : []),
  ].sort((one, other) => one - other);
  const free = new Set(days);
  for (const day of new Set(days)) {
    if (!isWeekend(day)) continue;
    let instead = day + 1;
    while (isWeekend(instead) || free.has(instead)) instead += 1;
    free.add(instead);
  }
  years.set(year, free);
  return free;
}

const years = new Map<number, ReadonlySet<number>>();

/** The free day beside National Day (article 112.1 d): the one that leaves the fewest single days, as decided since 2021. */
function nationalNeighbour(national: number): 1 | -1 {
  return ['Mon', 'Thu'].includes(weekday(national)) ? 1 : -1;
}

function isWeekend(day: number): boolean {
  return ['Sat', 'Sun'].includes(weekday(day));
}

function weekday(day: number): string {
  // 1 January 1970 was a Thursday.
  return ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][((day % 7) + 7) % 7]!;
}

/** Days since 1970, as the calendar of Viet Nam counts them. */
function hanoiDay(at: number): number {
  return Math.floor((at + HANOI) / DAY);
}

function endOf(day: number): number {
  return (day + 1) * DAY - HANOI;
}

function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / DAY;
  if (!Number.isInteger(day) || written(day) !== date) throw new RangeError('not a date');
  return day;
}

function written(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function counted(days: number): number {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw new RangeError('not a number of days');
  return days;
}
