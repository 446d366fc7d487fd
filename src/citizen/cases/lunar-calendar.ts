/**
 * Owns the two days of the Vietnamese lunisolar calendar that are public holidays. They are computed, not looked up in the
 * Chinese calendar: the day of a new moon is that of Hanoi (UTC+7), and where the moon is new between 23:00 and midnight
 * there the two calendars part, as at Tết 2030. Formulas: Jean Meeus, Astronomical Algorithms, chapters 25 and 49.
 */

const DAY = 24 * 60 * 60 * 1000;
const HANOI = 7 * 60 * 60 * 1000;
/** Julian day of 1 January 1970, 0:00 UTC. */
const EPOCH = 2440587.5;
/** A new moon of 6 January 2000, and the mean time between two. */
const FIRST_MOON = 2451550.09766;
const SYNODIC_MONTH = 29.530588861;
/** Terrestrial time runs ahead of UTC by about this; that it is no constant matters to nobody for a century. */
const AHEAD = 75 / 86_400;

/** Coefficient in days, then multiples of: eccentricity, M, M', F, Ω. Terms below 10 seconds are left out. */
const MOON_TERMS = [
  [-0.4072, 0, 0, 1, 0, 0],
  [0.17241, 1, 1, 0, 0, 0],
  [0.01608, 0, 0, 2, 0, 0],
  [0.01039, 0, 0, 0, 2, 0],
  [0.00739, 1, -1, 1, 0, 0],
  [-0.00514, 1, 1, 1, 0, 0],
  [0.00208, 2, 2, 0, 0, 0],
  [-0.00111, 0, 0, 1, -2, 0],
  [-0.00057, 0, 0, 1, 2, 0],
  [0.00056, 1, 1, 2, 0, 0],
  [-0.00042, 0, 0, 3, 0, 0],
  [0.00042, 1, 1, 0, 2, 0],
  [0.00038, 1, 1, 0, -2, 0],
  [-0.00024, 1, -1, 2, 0, 0],
  [-0.00017, 0, 0, 0, 0, 1],
] as const;

export interface LunarHolidays {
  /** First day of the first month, `YYYY-MM-DD`. */
  readonly newYear: string;
  /** Tenth day of the third month, the anniversary of the Hùng kings' death. */
  readonly hungKings: string;
}

/** Both days of a year of the common calendar; right for 1950 to 2150. */
export function lunarHolidays(year: number): LunarHolidays {
  const eleventh = eleventhMonth(year - 1);
  const months = eleventhMonth(year) - eleventh;
  // Thirteen months between two solstices: the first without a major solar term repeats the one before it.
  let leap = Number.POSITIVE_INFINITY;
  if (months === 13) for (let at = 12; at > 0; at -= 1) if (!hasMajorTerm(eleventh + at)) leap = at;
  const begin = (place: number) => newMoonDay(eleventh + place + (leap <= place ? 1 : 0));
  return { newYear: written(begin(2)), hungKings: written(begin(4) + 9) };
}

/** Number of the new moon with which the month of the winter solstice begins: the eleventh, by definition. */
function eleventhMonth(year: number): number {
  const lastDay = Date.UTC(year, 11, 31) / DAY;
  let moon = Math.floor((lastDay + EPOCH - FIRST_MOON) / SYNODIC_MONTH) + 1;
  while (newMoonDay(moon) > lastDay || sector(newMoonDay(moon)) >= 9) moon -= 1;
  return moon;
}

function hasMajorTerm(moon: number): boolean {
  return sector(newMoonDay(moon)) !== sector(newMoonDay(moon + 1));
}

/** Day in Hanoi, counted from 1970, on which the moon is new. */
function newMoonDay(moon: number): number {
  const century = moon / 1236.85;
  const eccentricity = 1 - 0.002516 * century;
  const sun = 2.5534 + 29.1053567 * moon;
  const anomaly = 201.5643 + 385.81693528 * moon;
  const latitude = 160.7108 + 390.67050284 * moon;
  const node = 124.7746 - 1.56375588 * moon;
  let julian = FIRST_MOON + SYNODIC_MONTH * moon + 0.00015437 * century ** 2 - AHEAD;
  for (const [days, power, m, m2, f, n] of MOON_TERMS)
    julian += days * eccentricity ** power * sine(m * sun + m2 * anomaly + f * latitude + n * node);
  return Math.floor(julian - EPOCH + HANOI / DAY);
}

/** Which twelfth of its way the sun is in as a day begins in Hanoi: 0 at the spring equinox, 9 at the winter solstice. */
function sector(day: number): number {
  const century = (day - HANOI / DAY + AHEAD + EPOCH - 2451545) / 36525;
  const anomaly = 357.52911 + 35999.05029 * century;
  const mean = 280.46646 + 36000.76983 * century + 0.0003032 * century ** 2;
  const centre =
    (1.914602 - 0.004817 * century) * sine(anomaly) + 0.019993 * sine(2 * anomaly) + 0.000289 * sine(3 * anomaly);
  const apparent = mean + centre - 0.00569 - 0.00478 * sine(125.04 - 1934.136 * century);
  return Math.floor((((apparent % 360) + 360) % 360) / 30);
}

function sine(degrees: number): number {
  return Math.sin((degrees * Math.PI) / 180);
}

function written(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
