/**
 * Owns how durations are counted so that they can be added up over processes and days: in buckets each √2 times as long
 * as the one before, from ten milliseconds to more than an hour.
 */

/** `sign_in`: from the request's beginning to its end, as the citizen waits. `answer`: of the hub alone, at that end. */
export type DurationKind = 'sign_in' | 'answer';

/** Seconds up to which the first bucket goes. */
const FIRST = 0.01;
const PER_DOUBLING = 2;
export const LAST_BUCKET = 38;

/** So many durations of one bucket. */
export interface BucketCount {
  readonly bucket: number;
  readonly count: number;
}

/** The bucket of a duration in seconds; what is longer than all counts in the last. */
export function bucketOf(seconds: number): number {
  if (!(seconds > FIRST)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(PER_DOUBLING * Math.log2(seconds / FIRST)));
}

/** Seconds up to which a bucket goes. */
function upTo(bucket: number): number {
  return bucket < 0 ? 0 : FIRST * 2 ** (bucket / PER_DOUBLING);
}

/** Seconds which this share of the durations (0.95) did not exceed, as near as buckets tell; `undefined` of none. */
export function quantileOf(counts: readonly BucketCount[], share: number): number | undefined {
  const sorted = counts.filter(({ count }) => count > 0).sort((one, other) => one.bucket - other.bucket);
  const wanted = share * sorted.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { bucket, count } of sorted) {
    if (below + count >= wanted) {
      const [from, to] = [upTo(bucket - 1), upTo(bucket)];
      return from + ((to - from) * (wanted - below)) / count;
    }
    below += count;
  }
  return undefined;
}
