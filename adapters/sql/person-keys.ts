/**
 * Owns where the wrapped key of a person comes from when something is sealed for them. It is read in the unit that needs
 * it, unless the unit makes the person itself or somebody has just looked the person up: a read is a round trip.
 */
import type { PersonId } from '../../src/identity/person.ts';
import type { PersonKey } from '../../src/vault/vault.ts';
import { statement } from './statement.ts';
import { type Database, Overtaken, run, type Unit } from './unit.ts';

/** Persons who are signing in just now; further ones cost a read. */
const MOST_REMEMBERED = 1_000;

const selectKey = statement((sql, { id }: { id: string }) =>
  sql.selectFrom('person').select('sealed_key as wrapped').where('id', '=', id),
);

/** Keys of persons who were just looked up, wrapped as they stand at rest. One that was wrapped anew since opens as well. */
export class RememberedKeys {
  readonly #wrapped = new Map<PersonId, Uint8Array>();

  remember({ person, wrapped }: PersonKey): void {
    // The latest last, so that the first is the one to forget.
    this.#wrapped.delete(person);
    this.#wrapped.set(person, wrapped);
    if (this.#wrapped.size > MOST_REMEMBERED) this.#wrapped.delete(this.#wrapped.keys().next().value!);
  }

  forget(person: PersonId): void {
    this.#wrapped.delete(person);
  }

  of(person: PersonId): PersonKey | undefined {
    const wrapped = this.#wrapped.get(person);
    return wrapped && { person, wrapped };
  }
}

/** The keys one unit knows of: those of persons it creates itself, and those that were looked up before. */
export interface KnownKeys {
  readonly created: Map<PersonId, PersonKey>;
  readonly remembered: RememberedKeys;
}

/** The part of a unit that comes by a person's key. Throws `Overtaken` when there is no such person any more. */
export function* keyOf(database: Database, person: PersonId, known?: KnownKeys): Unit<PersonKey> {
  const key = known?.created.get(person) ?? known?.remembered.of(person);
  return key ?? (yield* readKey(database, person));
}

function* readKey({ sql }: Database, person: PersonId): Unit<PersonKey> {
  const { rows } = yield* run(selectKey(sql, { id: person }));
  // Erased since the caller looked.
  if (!rows[0]) throw new Overtaken();
  return { person, wrapped: rows[0].wrapped };
}
