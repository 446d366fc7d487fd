/**
 * Owns how each change of an identification is written. Every one of them checks by its own statement that what it rests
 * on is still so; when it is not, the whole unit is taken back.
 */
import type { Insertable } from 'kysely';
import type { Change, PersonId } from '../../src/identity/person.ts';
import type { BlindIndex, PersonKey, Place, Vault } from '../../src/vault/vault.ts';
import type { AnchorTable, LinkTable } from './schema.ts';
import { statement } from './statement.ts';
import { type Database, mustChange, Overtaken, run, type Unit, write } from './unit.ts';

/** What the parts of the store are made of. */
export interface Surroundings {
  readonly database: Database;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

type ChangeOf<Type extends Change['type']> = Extract<Change, { type: Type }>;
type AnchorKind = ChangeOf<'anchor.added'>['kind'];
type NewAnchor = Omit<Insertable<AnchorTable>, 'ordinal'>;
type LinkOfPerson = { person: string; source: string; indexes: readonly Uint8Array[] };
/** A row of an older index key, and what it is under the newest. */
type Outdated = { older: Uint8Array; index: Uint8Array; version: number };

const insertPerson = statement((sql, { id, sealed_key }: { id: string; sealed_key: Uint8Array }) =>
  sql
    .insertInto('person')
    .values({ id, sealed_key, state: 'active' })
    .onConflict((conflict) => conflict.doNothing()),
);

const confirmPerson = statement((sql, { id, now }: { id: string; now: number }) =>
  sql.updateTable('person').set({ register_confirmed_at: now }).where('id', '=', id),
);

const selectKey = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('person').select('sealed_key as wrapped').where('id', '=', id),
);

const renewAnchor = statement((sql, { kind, older, index, version }: Outdated & { kind: AnchorKind }) =>
  sql
    .updateTable('anchor')
    .set({ value_index: index, index_version: version })
    .where('kind', '=', kind)
    .where('value_index', '=', older),
);

const insertAnchor = statement((sql, row: NewAnchor) => {
  const earlier = sql.selectFrom('anchor').where('person', '=', row.person).where('kind', '=', row.kind);
  const ordinal = earlier.select(({ fn }) => fn.countAll<number>().as('count'));
  return sql
    .insertInto('anchor')
    .values({ ...row, ordinal })
    .onConflict((conflict) => conflict.doNothing());
});

const renewLink = statement((sql, { source, older, index, version }: Outdated & { source: string }) =>
  sql
    .updateTable('link')
    .set({ subject_index: index, index_version: version })
    .where('source', '=', source)
    .where('subject_index', '=', older),
);

const insertLink = statement((sql, row: Insertable<LinkTable>) =>
  sql
    .insertInto('link')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'subject_index']).doNothing()),
);

/** A frozen link or a tombstone comes back, to its owner or the account's new holder, by double proof only. */
const insertOrRegainLink = statement((sql, { source, subject_index, index_version, ...link }: Insertable<LinkTable>) =>
  sql
    .insertInto('link')
    .values({ source, subject_index, index_version, ...link })
    .onConflict((conflict) =>
      conflict.columns(['source', 'subject_index']).doUpdateSet(link).where('link.state', '<>', 'active'),
    ),
);

const useLink = statement((sql, { person, source, indexes, now }: LinkOfPerson & { now: number }) =>
  sql
    .updateTable('link')
    .set({ last_at: now })
    .where('source', '=', source)
    .where('subject_index', 'in', indexes)
    .where('person', '=', person)
    .where('state', '=', 'active'),
);

/** A tombstone stays what it is. */
const freezeLink = statement((sql, { person, source, indexes }: LinkOfPerson) =>
  sql
    .updateTable('link')
    .set({ state: 'frozen' })
    .where('source', '=', source)
    .where('subject_index', 'in', indexes)
    .where('person', '=', person)
    .where('state', 'in', ['active', 'frozen']),
);

/** Who has proved that a frozen link is theirs leaves nothing to decide. */
const settleReviews = statement((sql, { source, indexes, now }: Omit<LinkOfPerson, 'person'> & { now: number }) =>
  sql
    .updateTable('review')
    .set({ state: 'decided', decision: 'double_proof', decided_at: now })
    .where('kind', '=', 'account_changed')
    .where('source', '=', source)
    .where('subject_index', 'in', indexes)
    .where('state', '=', 'open'),
);

/** The part of a unit that writes one change. Throws `Overtaken` when what it rests on is no longer so. */
export function* carryOut({ database, vault, clock }: Surroundings, change: Change): Unit<void> {
  const { sql } = database;
  const { person } = change;
  const now = clock();
  switch (change.type) {
    case 'person.created':
      return yield* mustChange(insertPerson(sql, { id: person, sealed_key: vault.newPersonKey(person).wrapped }));
    case 'person.confirmed':
      return yield* mustChange(confirmPerson(sql, { id: person, now }));
    case 'anchor.added': {
      const { kind, value } = change;
      const [current, ...older] = vault.blindIndexes(anchorKind(kind), value);
      // The unique key compares indexes of one version only: a row of an older one is brought to it first.
      for (const outdated of older) yield* write(renewAnchor(sql, { kind, ...renewal(outdated, current) }));
      const key = yield* keyOf(database, person);
      const sealed_value = vault.sealFor(key, anchorPlace(kind), value);
      const index = { value_index: current.index, index_version: current.version };
      return yield* mustChange(insertAnchor(sql, { person, kind, ...index, sealed_value, added_at: now }));
    }
    case 'link.added': {
      const { source, subject, how } = change;
      const [current, ...older] = vault.blindIndexes(linkKind(source), subject);
      for (const outdated of older) yield* write(renewLink(sql, { source, ...renewal(outdated, current) }));
      const key = yield* keyOf(database, person);
      const sealed_subject = vault.sealFor(key, linkPlace(source), subject);
      const index = { subject_index: current.index, index_version: current.version };
      const insert = how === 'double_proof' ? insertOrRegainLink : insertLink;
      const times = { first_at: now, last_at: now };
      const indexes = [current, ...older].map((one) => one.index);
      if (how === 'double_proof') yield* write(settleReviews(sql, { source, indexes, now }));
      return yield* mustChange(
        insert(sql, { person, source, ...index, sealed_subject, state: 'active', how, ...times }),
      );
    }
    case 'link.used':
    case 'link.frozen': {
      const { source, subject } = change;
      const indexes = vault.blindIndexes(linkKind(source), subject).map(({ index }) => index);
      if (change.type === 'link.frozen') return yield* mustChange(freezeLink(sql, { person, source, indexes }));
      return yield* mustChange(useLink(sql, { person, source, indexes, now }));
    }
  }
}

function* keyOf({ sql }: Database, person: PersonId): Unit<PersonKey> {
  const { rows } = yield* run(selectKey(sql, { id: person }));
  // Erased since the caller looked.
  if (!rows[0]) throw new Overtaken();
  return { person, wrapped: rows[0].wrapped };
}

function renewal(outdated: BlindIndex, { index, version }: BlindIndex): Outdated {
  return { older: outdated.index, index, version };
}

// The kinds and places under which the vault keeps anchors and links: to change one is to lose what is kept there.

export function anchorKind(kind: AnchorKind): string {
  return `anchor:${kind}`;
}

export function anchorPlace(kind: AnchorKind): Place {
  return ['anchor', 'value', kind];
}

export function linkPlace(source: string): Place {
  return ['link', 'subject', source];
}

export function linkKind(source: string): string {
  return `link:${source}`;
}
