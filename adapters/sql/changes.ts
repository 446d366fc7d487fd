/**
 * Owns how each change of an identification is written. Every one of them checks by its own statement that what it rests
 * on is still so; when it is not, the whole unit is taken back.
 */
import type { Insertable } from 'kysely';
import type { Change, PersonId } from '../../src/identity/person.ts';
import type { BlindIndex, PersonKey, Place, Vault } from '../../src/vault/vault.ts';
import type { AnchorTable, LinkTable } from './schema.ts';
import { statement } from './statement.ts';
import { changed, type Database, mustChange, Overtaken, type Query, run, type Unit, write } from './unit.ts';

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
type RegainedLink = Pick<Insertable<LinkTable>, 'sealed_subject' | 'state' | 'how' | 'first_at' | 'last_at'>;
type OwnRow = { person: string; index: Uint8Array };
type LinkOfPerson = { person: string; source: string; indexes: readonly Uint8Array[] };

const insertPerson = statement((sql, { id, sealed_key }: { id: string; sealed_key: Uint8Array }) =>
  sql
    .insertInto('person')
    .values({ id, sealed_key, state: 'active' })
    .onConflict((conflict) => conflict.doNothing()),
);

const confirmPerson = statement((sql, { id, now }: { id: string; now: number }) =>
  sql.updateTable('person').set({ register_confirmed_at: now }).where('id', '=', id).where('locked_at', 'is', null),
);

const selectKey = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('person').select('sealed_key as wrapped').where('id', '=', id),
);

const insertAnchor = statement((sql, row: NewAnchor) => {
  const earlier = sql.selectFrom('anchor').where('person', '=', row.person).where('kind', '=', row.kind);
  const ordinal = earlier.select(({ fn }) => fn.countAll<number>().as('count'));
  return sql
    .insertInto('anchor')
    .values({ ...row, ordinal })
    .onConflict((conflict) => conflict.doNothing());
});

const removeAnchor = statement((sql, { person, kind, index }: OwnRow & { kind: AnchorKind }) =>
  sql.deleteFrom('anchor').where('kind', '=', kind).where('value_index', '=', index).where('person', '=', person),
);

const insertLink = statement((sql, row: Insertable<LinkTable>) =>
  sql
    .insertInto('link')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'subject_index']).doNothing()),
);

const removeLink = statement((sql, { person, source, index }: OwnRow & { source: string }) =>
  sql.deleteFrom('link').where('source', '=', source).where('subject_index', '=', index).where('person', '=', person),
);

/** A frozen link or a tombstone comes back, to its owner or the account's new holder, by double proof only. */
const regainLink = statement((sql, { source, indexes, ...link }: LinkOfPerson & RegainedLink) =>
  sql
    .updateTable('link')
    .set(link)
    .where('source', '=', source)
    .where('subject_index', 'in', indexes)
    .where('state', '<>', 'active'),
);

const useLink = statement((sql, { person, source, indexes, now }: LinkOfPerson & { now: number }) =>
  sql
    .updateTable('link')
    .set({ last_at: now })
    .where('source', '=', source)
    .where('subject_index', 'in', indexes)
    .where('person', '=', person)
    .where('state', '=', 'active')
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('person').select('person.id').where('person.id', '=', person).where('locked_at', 'is', null)),
    ),
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

/** Keys of persons whom the unit itself creates: nothing has to be read for them. */
export type NewKeys = Map<PersonId, PersonKey>;

/** The part of a unit that writes one change. Throws `Overtaken` when what it rests on is no longer so. */
export function* carryOut({ database, vault, clock }: Surroundings, change: Change, keys: NewKeys): Unit<void> {
  const { sql } = database;
  const { person } = change;
  const now = clock();
  switch (change.type) {
    case 'person.created':
      keys.set(person, vault.newPersonKey(person));
      return yield* mustChange(insertPerson(sql, { id: person, sealed_key: keys.get(person)!.wrapped }));
    case 'person.confirmed':
      return yield* mustChange(confirmPerson(sql, { id: person, now }));
    case 'anchor.added': {
      const { kind, value } = change;
      const key = keys.get(person) ?? (yield* keyOf(database, person));
      const sealed_value = vault.sealFor(key, anchorPlace(kind), value);
      const row = { person, kind, sealed_value, added_at: now };
      return yield* insertOnce(vault.blindIndexes(anchorKind(kind), value), {
        insert: ({ index, version }) => insertAnchor(sql, { ...row, value_index: index, index_version: version }),
        remove: ({ index }) => removeAnchor(sql, { person, kind, index }),
      });
    }
    case 'link.added': {
      const { source, subject, how } = change;
      const blindIndexes = vault.blindIndexes(linkKind(source), subject);
      const key = keys.get(person) ?? (yield* keyOf(database, person));
      const sealed_subject = vault.sealFor(key, linkPlace(source), subject);
      const link = { person, sealed_subject, state: 'active', how, first_at: now, last_at: now } as const;
      if (how === 'double_proof') {
        const indexes = blindIndexes.map(({ index }) => index);
        yield* write(settleReviews(sql, { source, indexes, now }));
        if ((yield* changed(regainLink(sql, { source, indexes, ...link }))) > 0) return;
      }
      return yield* insertOnce(blindIndexes, {
        insert: ({ index, version }) =>
          insertLink(sql, { source, subject_index: index, index_version: version, ...link }),
        remove: ({ index }) => removeLink(sql, { person, source, index }),
      });
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

/**
 * Inserts a row under the active index, when none stands under any. The unique key compares indexes of one key only, so
 * while there are several the row stands under each for a moment, in an order that is the same for every process: whoever
 * writes the same value meets it there, whichever key is the active one for them.
 */
function* insertOnce(
  blindIndexes: readonly [BlindIndex, ...BlindIndex[]],
  { insert, remove }: Record<'insert' | 'remove', (index: BlindIndex) => Query<unknown>>,
): Unit<void> {
  const [active, ...others] = blindIndexes;
  if (others.length > 0) {
    for (const index of blindIndexes.toSorted((one, other) => one.version - other.version)) {
      yield* mustChange(insert(index));
      yield* write(remove(index));
    }
  }
  yield* mustChange(insert(active));
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
