/** Owns time as tests let it pass: hub and authorities run in this process, so their clocks move with `Date`. */
import { jest } from '@jest/globals';

/** Timers keep real time, so that nothing under way is disturbed. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

export const DAY = 24 * 60 * 60;

/** Does something as if it were so many seconds later (or earlier), while the clock stands still; then it is now again. */
export async function atSecond<Result>(seconds: number, action: () => Promise<Result>): Promise<Result> {
  jest.useFakeTimers({ now: Date.now() + seconds * 1000, doNotFake: [...REAL] });
  try {
    return await action();
  } finally {
    jest.useRealTimers();
  }
}
