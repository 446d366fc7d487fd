/** Owns the words of an identification: what the population register says, what the hub knows, what is decided. */
import type { BirthDate, SourceId } from './assertion.ts';

/** Random, internal; never leaves the hub. */
export type PersonId = string;

/** One record of the population register. */
export interface PopulationRecord {
  /** Twelve digits; `null` for a foreign resident without one. */
  readonly personalNumber: string | null;
  readonly name: string;
  /** Already cut to the precision the register knows (`1949`, `1949-06`, `1949-06-15`). */
  readonly birthDate: BirthDate;
  readonly gender: 'male' | 'female' | null;
  readonly birthPlace: { readonly code: string; readonly text: string } | null;
  /** ISO 3166-1 alpha-2. */
  readonly nationality: string;
  readonly status: 'alive' | 'deceased';
  readonly formerNumbers: readonly string[];
  readonly formerNames: readonly string[];
}

/** What the population register answered when asked for one number (current or former). */
export type RegisterAnswer =
  | { readonly kind: 'found'; readonly record: PopulationRecord }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'unavailable' };

export type LinkState = 'active' | 'frozen' | 'unlinked' | 'blocked';

/** (source, subject) → person, as the hub keeps it. */
export interface Link {
  readonly person: PersonId;
  readonly state: LinkState;
}

/**
 * What is to be written when an identification is carried out; one list commits as one, or not at all. Each change also
 * states what must still be true, because the facts may be older than the write: `anchor.added` that nobody holds the
 * number, `link.added` that no link of (source, subject) exists in any state or, by double proof, none that is active,
 * `link.used` and `link.frozen` that the link is still active and this person's. Where one no longer is, another sign-in
 * won: identify again from fresh facts.
 */
export type Change =
  | { readonly type: 'person.created'; readonly person: PersonId }
  /** The register confirmed this person just now. */
  | { readonly type: 'person.confirmed'; readonly person: PersonId }
  | {
      readonly type: 'anchor.added';
      readonly person: PersonId;
      readonly kind: 'personal_number';
      readonly value: string;
    }
  | {
      readonly type: 'link.added';
      readonly person: PersonId;
      readonly source: SourceId;
      readonly subject: string;
      readonly how: 'number' | 'double_proof';
    }
  | { readonly type: 'link.used'; readonly person: PersonId; readonly source: SourceId; readonly subject: string }
  | { readonly type: 'link.frozen'; readonly person: PersonId; readonly source: SourceId; readonly subject: string };

/** Refusals of an identification, in the order in which they apply (design: rule 6). */
export const IDENTITY_REFUSALS = [
  'not_a_person',
  'needs_second_source',
  'register_unavailable',
  'person_not_found',
  'ambiguous',
  'identity_mismatch',
  'account_changed',
  'person_deceased',
  'guardian_required',
] as const;
export type IdentityRefusal = (typeof IDENTITY_REFUSALS)[number];

export type Identification =
  | {
      readonly outcome: 'identified';
      readonly person: PersonId;
      /** `null` when the register was down and rule 7 let a known person in, and for a person no number anchors (rule 4). */
      readonly record: PopulationRecord | null;
      readonly changes: readonly Change[];
    }
  | { readonly outcome: 'refused'; readonly reason: IdentityRefusal; readonly changes: readonly Change[] };

/** What must still be found out before an identification can be decided; see `identify` for how it is answered. */
export type Question =
  /** Ask the population register for this number, current or former. */
  | { readonly outcome: 'ask_register'; readonly number: string }
  /** Find the persons anchored at these personal numbers. */
  | { readonly outcome: 'find_holders'; readonly numbers: readonly string[] };
