/** Owns adding up a client's numbers for somebody who looks at them: by day, source, level and outcome, and how long it took. */
import { type BucketCount, type DurationKind, quantileOf } from './durations.ts';
import type { DurationCount, Outcome, SightingsOfDays, SignInCount } from './sightings.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Days at most that one summary lists. */
const MOST_DAYS = 400;
const SHARE = 0.95;

export interface Total<Name extends string = string> {
  readonly name: Name;
  readonly count: number;
}

export interface SummaryOfDay {
  readonly day: string;
  readonly count: number;
  /** Only outcomes that there were. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Seconds; absent where nothing was timed. */
  readonly p95?: number;
}

/** Lists begin with what there was most of. */
export interface SightingsSummary {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Each day from first to last, also those on which nothing was. */
  readonly days: readonly SummaryOfDay[];
  /** Of what had come to a source. */
  readonly sources: readonly Total[];
  /** Of who was signed in. */
  readonly levels: readonly Total[];
  readonly outcomes: readonly Total<Outcome>[];
  /** Seconds that 95 of 100 sign-ins did not exceed, from request to end. */
  readonly p95?: number;
  /** The same of the hub's own last answer. */
  readonly answerP95?: number;
}

/** Throws `RangeError` for days that are none, or more than are kept. */
export function summaryOf({ from, to, counts, durations }: SightingsOfDays): SightingsSummary {
  const countsByDay = Map.groupBy(counts, ({ day }) => day);
  const durationsByDay = Map.groupBy(durations, ({ day }) => day);
  const days = daysBetween(from, to).map((day): SummaryOfDay => {
    const those = countsByDay.get(day) ?? [];
    return {
      day,
      count: sum(those),
      outcomes: Object.fromEntries(totals(those, ({ outcome }) => outcome).map(({ name, count }) => [name, count])),
      ...named('p95', p95(durationsByDay.get(day) ?? [], 'sign_in')),
    };
  });
  return {
    from,
    to,
    count: sum(counts),
    days,
    sources: totals(counts, ({ source }) => source),
    levels: totals(counts, ({ level }) => level),
    outcomes: totals(counts, ({ outcome }) => outcome),
    ...named('p95', p95(durations, 'sign_in')),
    ...named('answerP95', p95(durations, 'answer')),
  };
}

function daysBetween(from: string, to: string): string[] {
  const [first, last] = [from, to].map((day) => Date.parse(`${day}T00:00:00Z`)) as [number, number];
  const days = (last - first) / DAY + 1;
  if (!(days >= 1 && days <= MOST_DAYS)) throw new RangeError(`from one day to a later one, ${MOST_DAYS} at most`);
  return Array.from({ length: days }, (_, n) => new Date(first + n * DAY).toISOString().slice(0, 10));
}

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((all, { count }) => all + count, 0);
}

function totals<Name extends string>(
  counts: readonly SignInCount[],
  nameOf: (count: SignInCount) => Name | undefined,
): Total<Name>[] {
  const byName = Map.groupBy(counts, nameOf);
  byName.delete(undefined);
  return [...byName]
    .map(([name, those]) => ({ name: name!, count: sum(those) }))
    .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1));
}

function p95(durations: readonly DurationCount[], kind: DurationKind): number | undefined {
  const byBucket = Map.groupBy(
    durations.filter((one) => one.kind === kind),
    ({ bucket }) => bucket,
  );
  return quantileOf(
    [...byBucket].map(([bucket, those]): BucketCount => ({ bucket, count: sum(those) })),
    SHARE,
  );
}

function named<Name extends string>(name: Name, value: number | undefined): { readonly [Key in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]?: number });
}
