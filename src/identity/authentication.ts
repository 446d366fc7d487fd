/** Owns one authentication: who proved what, where and when. It lives in the session, sealed, and ends with it. */
import type { Acr, Assertion, AttestedAttributes, BirthDate, Evidence, SourceId } from './assertion.ts';
import type { PersonId, PopulationRecord } from './person.ts';

/** What may be released about a person: the register's current values, else what the source itself attested. */
export interface Attributes {
  readonly name?: string;
  readonly gender?: 'male' | 'female';
  readonly birthDate?: BirthDate;
  readonly birthPlace?: string;
  /** ISO 3166-1 alpha-2. */
  readonly nationality?: string;
  readonly personalNumber?: string;
  readonly taxCode?: string;
}

export interface Authentication {
  readonly id: string;
  readonly person: PersonId;
  readonly source: SourceId;
  readonly acr: Acr;
  readonly amr: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly attributes: Attributes;
  readonly evidence: Evidence;
  /** Level of the decree on electronic identification, 1 to 3, where one was registered for what was used. */
  readonly vnAuthLevel?: number;
  /** Id of the browser it was made in, among the person's devices. Absent in sessions of before there were any. */
  readonly device?: string;
  /** Seconds since the epoch at which the population register confirmed the person; absent when it was down (rule 7). */
  readonly registerConfirmedAt?: number;
}

/**
 * The authentication that an assertion and the register's record amount to. With a record, its current name, birth date
 * and number are what agencies receive; without one (rule 7) only what the source itself attested.
 */
export function authenticationOf(
  id: string,
  person: PersonId,
  assertion: Assertion,
  record: PopulationRecord | null,
  now: number,
): Authentication {
  return {
    id,
    person,
    source: assertion.source,
    acr: assertion.acr,
    amr: assertion.amr,
    // A source's clock may be ahead of ours, by which it is told how long ago this was.
    authTime: Math.min(assertion.authTime, now),
    attributes: record === null ? attested(assertion.attributes) : registered(record, assertion.attributes),
    evidence: assertion.evidence,
    ...(record === null ? {} : { registerConfirmedAt: now }),
  };
}

function registered(record: PopulationRecord, attributes: AttestedAttributes): Attributes {
  return {
    name: record.name,
    birthDate: record.birthDate,
    nationality: record.nationality,
    ...(record.gender ? { gender: record.gender } : {}),
    ...(record.birthPlace ? { birthPlace: record.birthPlace.text } : {}),
    ...(record.personalNumber ? { personalNumber: record.personalNumber } : {}),
    ...(attributes.taxCode ? { taxCode: attributes.taxCode } : {}),
  };
}

function attested({ name, birthDate, gender, taxCode, personalNumber }: AttestedAttributes): Attributes {
  return {
    ...(name ? { name } : {}),
    ...(birthDate ? { birthDate } : {}),
    ...(gender ? { gender } : {}),
    ...(taxCode ? { taxCode } : {}),
    ...(personalNumber ? { personalNumber } : {}),
  };
}
