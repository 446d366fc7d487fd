/**
 * Owns the rows of reviews. What a source attested is sealed under a key of the review's own, wrapped beside it: when
 * the row lets go of the key, nobody can read the evidence, whichever copy of it is left.
 */
import { randomUUID } from 'node:crypto';
import type { Insertable, Selectable } from 'kysely';
import type { Decision, Doubt, Json, Review, Reviews } from '../../src/store.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { linkKind, type Surroundings } from './changes.ts';
import { recordAll } from './journal.ts';
import type { ReviewTable } from './schema.ts';
import { statement } from './statement.ts';
import { changed, mustChange, Overtaken, run, type Unit, write } from './unit.ts';

const EVIDENCE_KEPT = 90 * 24 * 60 * 60 * 1000;
const EVIDENCE = ['review', 'evidence'] as const;
/** As whose the vault knows the key of a review. */
export const keyHolder = (id: string) => `review:${id}`;

type Account = { source: string; subject_index: Uint8Array };

const insert = statement((sql, row: Insertable<ReviewTable>) =>
  sql
    .insertInto('review')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);

const selectLinkIndex = statement((sql, { source, indexes }: { source: string; indexes: readonly Uint8Array[] }) =>
  sql.selectFrom('link').select('subject_index').where('source', '=', source).where('subject_index', 'in', indexes),
);

const selectOpen = statement((sql, { state }: { state: 'open' }) =>
  sql.selectFrom('review').selectAll().where('state', '=', state).orderBy('opened_at'),
);

const countOpen = statement((sql, { state }: { state: 'open' }) =>
  sql
    .selectFrom('review')
    .select(({ fn }) => fn.countAll<number | string>().as('waiting'))
    .where('state', '=', state),
);

const selectById = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('review').selectAll().where('id', '=', id),
);

const selectOf = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('review').selectAll().where('person', '=', person).orderBy('opened_at', 'desc').orderBy('id'),
);

const close = statement((sql, { id, ...end }: { id: string; decision: string; decider: string; decided_at: number }) =>
  sql
    .updateTable('review')
    .set({ state: 'decided', ...end })
    .where('id', '=', id)
    .where('state', '=', 'open'),
);

const forgetFrozenLink = statement((sql, { source, subject_index, person }: Account & { person: string }) =>
  sql
    .deleteFrom('link')
    .where('source', '=', source)
    .where('subject_index', '=', subject_index)
    .where('person', '=', person)
    .where('state', '=', 'frozen'),
);

const thawLink = statement((sql, { source, subject_index, person }: Account & { person: string }) =>
  sql
    .updateTable('link')
    .set({ state: 'active' })
    .where('source', '=', source)
    .where('subject_index', '=', subject_index)
    .where('person', '=', person)
    .where('state', '=', 'frozen'),
);

const removeDecided = statement((sql, { now }: { now: number }) =>
  sql.deleteFrom('review').where('delete_after', '<=', now).where('state', '=', 'decided'),
);

const removeEvidence = statement((sql, { now }: { now: number }) =>
  sql
    .updateTable('review')
    .set({ sealed_key: null, sealed_evidence: null })
    .where('delete_after', '<=', now)
    .where('sealed_key', 'is not', null),
);

/** The part of a unit that opens a review, unless one waits already. */
export function* openReview({ database, vault, clock }: Surroundings, doubt: Doubt): Unit<void> {
  const { sql } = database;
  const { kind, source, subject, person = null } = doubt;
  const indexes = vault.blindIndexes(linkKind(source), subject).map(({ index }) => index);
  const { rows } = yield* run(selectLinkIndex(sql, { source, indexes }));
  const id = randomUUID();
  const key = vault.newPersonKey(keyHolder(id));
  const opened_at = clock();
  yield* write(
    insert(sql, {
      id,
      kind,
      source,
      // That of the link as it stands, whichever index key it was written under.
      subject_index: rows[0]?.subject_index ?? indexes[0]!,
      person,
      sealed_key: key.wrapped,
      sealed_evidence: vault.sealFor(key, EVIDENCE, JSON.stringify(doubt.evidence)),
      state: 'open',
      opened_at,
      delete_after: opened_at + EVIDENCE_KEPT,
    }),
  );
}

export function createReviews({ database, vault, clock }: Surroundings): Reviews {
  const { sql } = database;

  /** What a decision does to the link it is about. Throws `Overtaken` when that is no longer as it was. */
  function* settleLink(review: Selectable<ReviewTable>, decision: Decision): Unit<void> {
    if (decision === 'dismiss') return;
    const { source, subject_index, person } = review;
    // Two records that cannot be told apart: the register mends that, no link of ours.
    if (person === null) throw new Overtaken();
    const settle = decision === 'keep-former' ? thawLink : forgetFrozenLink;
    yield* mustChange(settle(sql, { source, subject_index, person }));
  }

  return {
    async open() {
      const rows = await database.read(selectOpen(sql, { state: 'open' }));
      return rows.map((row) => reviewOf(row, vault, clock()));
    },

    async length() {
      const [row] = await database.read(countOpen(sql, { state: 'open' }));
      return Number(row?.waiting ?? 0);
    },

    async find(id) {
      const [row] = await database.read(selectById(sql, { id }));
      return row && reviewOf(row, vault, clock());
    },

    async of(person) {
      return (await database.read(selectOf(sql, { person }))).map((row) => reviewOf(row, vault, clock()));
    },

    async decide(id, decision, decider, entries) {
      try {
        return await database.write(function* () {
          const end = { id, decision, decider, decided_at: clock() };
          if ((yield* changed(close(sql, end))) === 0) return 'unknown';
          // Read once it is ours: until then its index may be renewed together with that of its link.
          const { rows } = yield* run(selectById(sql, { id }));
          yield* settleLink(rows[0]!, decision);
          yield* recordAll(database, entries);
          return 'decided';
        });
      } catch (error) {
        if (error instanceof Overtaken) return 'overtaken';
        throw error;
      }
    },

    async sweep() {
      const now = clock();
      await database.write(function* () {
        yield* write(removeDecided(sql, { now }));
        yield* write(removeEvidence(sql, { now }));
      });
    },
  };
}

function reviewOf(row: Selectable<ReviewTable>, vault: Vault, now: number): Review {
  const { id, kind, source, state, person, decision, decider, decided_at, sealed_key, sealed_evidence } = row;
  const readable = sealed_key !== null && sealed_evidence !== null && row.delete_after > now;
  const evidence = readable && vault.openFor({ person: keyHolder(id), wrapped: sealed_key }, EVIDENCE, sealed_evidence);
  return {
    id,
    kind,
    source,
    state,
    openedAt: row.opened_at,
    deleteAfter: row.delete_after,
    ...(person === null ? {} : { person }),
    ...(decision === null ? {} : { decision: decision as NonNullable<Review['decision']> }),
    ...(decider === null ? {} : { decider }),
    ...(decided_at === null ? {} : { decidedAt: decided_at }),
    ...(evidence === false ? {} : { evidence: JSON.parse(evidence) as Json }),
  };
}
