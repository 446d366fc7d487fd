/**
 * Owns the rows of what developers see of sign-ins: numbers that any number of processes add to, and of each client's
 * failures the newest few.
 */
import type { Insertable, Selectable } from 'kysely';
import { dateInVietnam } from '../../src/calendar.ts';
import {
  COUNTS_KEPT,
  FAILURES_KEPT,
  type FailedSignIn,
  MOST_FAILURES,
  MOST_FAILURES_OF_STEP,
  type Sightings,
  type SightingsBatch,
  type SignInCount,
} from '../../src/watching/sightings.ts';
import type { Surroundings } from './changes.ts';
import type { FailedSignInTable, SignInCountTable, SignInDurationTable } from './schema.ts';
import { statement } from './statement.ts';
import { type Unit, write } from './unit.ts';

const DAY = 24 * 60 * 60 * 1000;

type Days = { client: string; from: string; to: string };

const addCount = statement((sql, row: Insertable<SignInCountTable>) =>
  sql
    .insertInto('sign_in_count')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['client', 'day', 'source', 'level', 'outcome'])
        .doUpdateSet((eb) => ({ count: eb('sign_in_count.count', '+', eb.ref('excluded.count')) })),
    ),
);

const addDuration = statement((sql, row: Insertable<SignInDurationTable>) =>
  sql
    .insertInto('sign_in_duration')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['client', 'day', 'kind', 'bucket'])
        .doUpdateSet((eb) => ({ count: eb('sign_in_duration.count', '+', eb.ref('excluded.count')) })),
    ),
);

/** Told twice, a failure is the same failure. */
const insertFailure = statement((sql, row: Insertable<FailedSignInTable>) =>
  sql
    .insertInto('failed_sign_in')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const trimStep = statement((sql, { client, step, most }: { client: string; step: string; most: number }) =>
  sql
    .deleteFrom('failed_sign_in')
    .where('client', '=', client)
    .where('step', '=', step)
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('failed_sign_in as newest')
        .select('newest.id')
        .where('newest.client', '=', client)
        .where('newest.step', '=', step)
        .orderBy('newest.at', 'desc')
        .orderBy('newest.id')
        .limit(most),
    ),
);

const trimClient = statement((sql, { client, most }: { client: string; most: number }) =>
  sql
    .deleteFrom('failed_sign_in')
    .where('client', '=', client)
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('failed_sign_in as newest')
        .select('newest.id')
        .where('newest.client', '=', client)
        .orderBy('newest.at', 'desc')
        .orderBy('newest.id')
        .limit(most),
    ),
);

const selectCounts = statement((sql, { client, from, to }: Days) =>
  sql
    .selectFrom('sign_in_count')
    .selectAll()
    .where('client', '=', client)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day'),
);

const selectDurations = statement((sql, { client, from, to }: Days) =>
  sql
    .selectFrom('sign_in_duration')
    .selectAll()
    .where('client', '=', client)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day'),
);

const selectFailures = statement((sql, { client, since, most }: { client: string; since: number; most: number }) =>
  sql
    .selectFrom('failed_sign_in')
    .selectAll()
    .where('client', '=', client)
    .where('at', '>', since)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(most),
);

const removeCounts = statement((sql, { before }: { before: string }) =>
  sql.deleteFrom('sign_in_count').where('day', '<', before),
);
const removeDurations = statement((sql, { before }: { before: string }) =>
  sql.deleteFrom('sign_in_duration').where('day', '<', before),
);
const removeFailures = statement((sql, { until }: { until: number }) =>
  sql.deleteFrom('failed_sign_in').where('at', '<=', until),
);

export function createSightings({ database, clock }: Surroundings): Sightings {
  const { sql } = database;

  /** In one order, whoever writes: processes tell of the same clients at the same time. */
  function* writeBatch({ counts, durations, failures }: SightingsBatch): Unit<void> {
    for (const { source = '', level = '', ...count } of inOrder(counts, ({ client, day, source, level, outcome }) => [
      client,
      day,
      source,
      level,
      outcome,
    ]))
      yield* write(addCount(sql, { ...count, source, level }));
    for (const duration of inOrder(durations, ({ client, day, kind, bucket }) => [client, day, kind, bucket]))
      yield* write(addDuration(sql, duration));
    for (const { source = null, ...failed } of inOrder(failures, ({ client, step, id }) => [client, step, id]))
      yield* write(insertFailure(sql, { ...failed, source }));
    const steps = new Map(failures.map(({ client, step }) => [JSON.stringify([client, step]), { client, step }]));
    for (const { client, step } of inOrder([...steps.values()], (failed) => [failed.client, failed.step]))
      yield* write(trimStep(sql, { client, step, most: MOST_FAILURES_OF_STEP }));
    for (const client of [...new Set(failures.map((failed) => failed.client))].sort())
      yield* write(trimClient(sql, { client, most: MOST_FAILURES }));
  }

  return {
    async add(batch) {
      const { counts, durations, failures } = batch;
      if (counts.length + durations.length + failures.length > 0) await database.write(() => writeBatch(batch));
    },

    async countsOf(client, from, to) {
      const days = { client, from, to };
      const [counts, durations] = await Promise.all([
        database.read(selectCounts(sql, days)),
        database.read(selectDurations(sql, days)),
      ]);
      return { from, to, counts: counts.map(countOf), durations };
    },

    async failuresOf(client, most) {
      const since = clock() - FAILURES_KEPT * DAY;
      const rows = await database.read(selectFailures(sql, { client, since, most: Math.min(most, MOST_FAILURES) }));
      return rows.map(failedOf);
    },

    async sweep(now) {
      const before = dateInVietnam(now - COUNTS_KEPT * DAY);
      await database.write(function* () {
        yield* write(removeCounts(sql, { before }));
        yield* write(removeDurations(sql, { before }));
        yield* write(removeFailures(sql, { until: now - FAILURES_KEPT * DAY }));
      });
    },
  };
}

function inOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => readonly unknown[]): readonly Row[] {
  const keyed = rows.map((row) => [JSON.stringify(keyOf(row)), row] as const);
  return keyed.sort(([one], [other]) => (one < other ? -1 : Number(one > other))).map(([, row]) => row);
}

function countOf({ source, level, outcome, ...row }: Selectable<SignInCountTable>): SignInCount {
  return {
    ...row,
    outcome: outcome as SignInCount['outcome'],
    ...(source === '' ? {} : { source }),
    ...(level === '' ? {} : { level: level as NonNullable<SignInCount['level']> }),
  };
}

function failedOf({ source, step, ...row }: Selectable<FailedSignInTable>): FailedSignIn {
  return { ...row, step: step as FailedSignIn['step'], ...(source === null ? {} : { source }) };
}
