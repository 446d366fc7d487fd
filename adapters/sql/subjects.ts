/** Owns the subjects by which sectors know persons: random, made at the first meeting, never another. */
import { randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { PairwiseTable } from './schema.ts';
import { statement } from './statement.ts';
import { type Database, type Unit, write } from './unit.ts';

const SUBJECT_BYTES = 32;

export type Meeting = Omit<PairwiseTable, 'sub'>;

export const selectSubject = statement((sql, { person, sector }: Meeting) =>
  sql.selectFrom('pairwise').select('sub').where('person', '=', person).where('sector', '=', sector),
);

const insertSubject = statement((sql, row: Insertable<PairwiseTable>) =>
  sql
    .insertInto('pairwise')
    .values(row)
    .onConflict((conflict) => conflict.columns(['person', 'sector']).doNothing()),
);

/** The part of a unit after which a sector knows a person by a subject: a fresh one, or that of whoever came first. */
export function* meet({ sql }: Database, meeting: Meeting): Unit<void> {
  yield* write(insertSubject(sql, { ...meeting, sub: randomBytes(SUBJECT_BYTES).toString('base64url') }));
}
