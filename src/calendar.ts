/** Owns which day it is in Viet Nam, wherever the server stands. */

/** UTC+7, no summer time. */
const AHEAD = 7 * 60 * 60 * 1000;

/** The calendar date in Viet Nam at a moment (milliseconds since the epoch), `YYYY-MM-DD`. */
export function dateInVietnam(at: number): string {
  return new Date(at + AHEAD).toISOString().slice(0, 10);
}
