/**
 * Owns how each change of an identification is written. Every one of them checks by its own statement that what it rests
 * on is still so; when it is not, the whole unit is taken back.
 */
import type { ExpressionBuilder, Insertable } from 'kysely';
import { ANY_NEW_SOURCE } from '../../src/citizen/ports.ts';
import type { Change, PersonId } from '../../src/identity/person.ts';
import type { BlindIndex, Place, Vault } from '../../src/vault/vault.ts';
import { type KnownKeys, keyOf } from './person-keys.ts';
import type { AnchorTable, LinkTable, Schema } from './schema.ts';
import { statement } from './statement.ts';
import { changed, type Database, mustChange, mustFind, type Query, type Unit, write } from './unit.ts';

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

/** A person who is still there; they stay until the unit is over. */
const isThere = statement((sql, { person }: { person: string }) =>
  sql.selectFrom('person').select('person.id').where('person.id', '=', person).forKeyShare(),
);

/** Blocks of a person at any of these sources, whatever the reason. */
export const blocksAt = (
  { selectFrom }: Pick<ExpressionBuilder<Schema, keyof Schema>, 'selectFrom'>,
  person: string,
  sources: readonly string[],
) =>
  selectFrom('source_block')
    .select('source_block.at')
    .where('source_block.person', '=', person)
    .where('source_block.source', 'in', sources);

/** A person of whom nothing is blocked that would be linked. */
const mayBeLinked = statement((sql, { person, sources }: { person: string; sources: readonly string[] }) =>
  sql
    .selectFrom('person')
    .select('person.id')
    .where('person.id', '=', person)
    .where((where) => where.not(where.exists(blocksAt(where, person, sources)))),
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
    )
    .where((where) => where.not(where.exists(blocksAt(where, person, [source])))),
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

/**
 * The part of a unit that writes the changes of an identification. Its persons come first, those named beside it too, so that
 * whoever erases one is met there and nowhere else. Throws `Overtaken` when what a change rests on is no longer so.
 */
export function* carryOutAll(
  surroundings: Surroundings,
  changes: readonly Change[],
  beside: readonly PersonId[],
  keys: KnownKeys,
): Unit<void> {
  const { sql } = surroundings.database;
  const ofPersons = changes.filter(({ type }) => type === 'person.created' || type === 'person.confirmed');
  const others = changes.filter((change) => !ofPersons.includes(change));
  for (const change of ofPersons) yield* carryOut(surroundings, change, keys);
  const named = new Set([...others.map(({ person }) => person), ...beside]);
  for (const { person } of ofPersons) named.delete(person);
  for (const person of named) yield* mustFind(isThere(sql, { person }));
  for (const change of inOneOrder(others)) yield* carryOut(surroundings, change, keys);
}

/** The part of a unit that writes one change. Throws `Overtaken` when what it rests on is no longer so. */
function* carryOut({ database, vault, clock }: Surroundings, change: Change, keys: KnownKeys): Unit<void> {
  const { sql } = database;
  const { person } = change;
  const now = clock();
  switch (change.type) {
    case 'person.created':
      keys.created.set(person, vault.newPersonKey(person));
      return yield* mustChange(insertPerson(sql, { id: person, sealed_key: keys.created.get(person)!.wrapped }));
    case 'person.confirmed':
      return yield* mustChange(confirmPerson(sql, { id: person, now }));
    case 'anchor.added': {
      const { kind, value } = change;
      const key = yield* keyOf(database, person, keys);
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
      // Nobody has blocked anything for a person whom the unit itself creates.
      if (!keys.created.has(person)) yield* mustFind(mayBeLinked(sql, { person, sources: [source, ANY_NEW_SOURCE] }));
      const key = yield* keyOf(database, person, keys);
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

/** The same accounts proved in another order are written in the same, so that neither of two units waits for the other. */
function inOneOrder(changes: readonly Change[]): readonly Change[] {
  const place = (change: Change) => ('subject' in change ? JSON.stringify([change.source, change.subject]) : '');
  return changes.toSorted((one, other) => (place(one) < place(other) ? -1 : Number(place(one) > place(other))));
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
