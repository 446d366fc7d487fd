/** Owns the English words of the page of sign-ins. */
import type { signInsInVietnamese } from './sign-ins.vi.ts';

export const signInsInEnglish: typeof signInsInVietnamese = {
  title: 'Sign-ins',
  lead: 'Numbers and failures of this service, some seconds old. Nothing in them is about any citizen.',
  days: 'Period',
  lastDays: (days) => `Last ${days} days`,
  show: 'Show',
  whole: 'At a glance',
  count: 'How many',
  p95: 'Time (p95)',
  p95Hint: '95 of 100 sign-ins took no longer, from the request to the end, with what the citizen did in between.',
  answerP95: 'Last answer of the hub (p95)',
  answerP95Hint: 'The part of it that is the hub’s own.',
  seconds: (seconds) => `${seconds} s`,
  nothingTimed: 'none yet',
  nothing: 'There was no sign-in in this period.',
  tryIt: 'Try a sign-in',
  byDay: 'By day',
  byDaySays: (count) => `All ${count}, a column for each day.`,
  day: 'Day',
  by: { outcomes: 'By outcome', sources: 'By way to sign in', levels: 'By level' },
  bySays: (most, count) => `Most of all: ${most}, ${count}.`,
  column: { outcomes: 'Outcome', sources: 'Way to sign in', levels: 'Level' },
  failures: 'The last that failed',
  failuresHint:
    'Of 14 days, newest first. Each says what was wrong and what to do; the incident number is the one that whoever met it was shown.',
  noFailures: 'There was none.',
  at: 'When',
  step: 'Step',
  told: 'The service was told',
  cause: 'Code of the cause',
};
