/** Owns how a moment is written for pages and the API: ISO 8601, to the second, in UTC. */
export function moment(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Of a day that ends at midnight: the first moment of the next one would be read as that day. */
export function lastMomentBefore(end: number): string {
  return moment(end - 1000);
}
