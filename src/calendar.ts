/** Owns how moments and days are told: which day it is in Viet Nam, and moments as pages and the APIs write them. */

/** UTC+7, no summer time. */
const AHEAD = 7 * 60 * 60 * 1000;

/** The calendar date in Viet Nam at a moment (milliseconds since the epoch), `YYYY-MM-DD`. */
export function dateInVietnam(at: number): string {
  return new Date(at + AHEAD).toISOString().slice(0, 10);
}

/** ISO 8601, to the second, in UTC. */
export function moment(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Of a day that ends at midnight: the first moment of the next one would be read as that day. */
export function lastMomentBefore(end: number): string {
  return moment(end - 1000);
}
