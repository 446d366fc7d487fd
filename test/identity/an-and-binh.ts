/** Owns the two citizens of these tests, the numbers they have and had, and registers that know them. */

import type { SmallHub } from '../../bench/identity-trial/small-hub.ts';
import type { Assertion, AttestedAttributes } from '../../src/identity/assertion.ts';
import type { PersonId, PopulationRecord, RegisterAnswer } from '../../src/identity/person.ts';
import { assertionOf } from './country.ts';

export const AN = '097090000011';
export const BINH = '097091000022';
export const AN_CORRECTED = '097090000033';

export const an: PopulationRecord = {
  personalNumber: AN,
  name: 'Nguyễn Văn An',
  birthDate: '1990-03-14',
  gender: 'male',
  birthPlace: null,
  nationality: 'VN',
  status: 'alive',
  formerNumbers: ['097000011'],
  formerNames: ['Nguyễn Văn Ân'],
};
export const binh: PopulationRecord = {
  ...an,
  personalNumber: BINH,
  name: 'Lê Thị Bình',
  birthDate: '1991-04-15',
  formerNumbers: [],
  formerNames: [],
};
export const anCorrected: PopulationRecord = { ...an, personalNumber: AN_CORRECTED, formerNumbers: [AN] };

export const attestsAn: AttestedAttributes = { name: 'NGUYEN VAN AN', birthDate: '1990-03-14', personalNumber: AN };
export const attestsBinh: AttestedAttributes = { name: 'Lê Thị Bình', birthDate: '1991-04-15', personalNumber: BINH };
export const withoutNumber: AttestedAttributes = { name: 'Nguyễn Văn An', birthDate: '1990-03-14' };

/** A register that knows these records and answers for exactly one, like the real one. */
export const registerOf =
  (...records: PopulationRecord[]) =>
  (number: string): RegisterAnswer => {
    const matches = records.filter((known) => known.personalNumber === number || known.formerNumbers.includes(number));
    if (matches.length > 1) return { kind: 'ambiguous' };
    return matches[0] === undefined ? { kind: 'not_found' } : { kind: 'found', record: matches[0] };
  };
export const register = registerOf(an, binh);
export const registerDown = (): RegisterAnswer => ({ kind: 'unavailable' });
/** A register that answers every question with one record, whether it fits or not. */
export const answering = (record: PopulationRecord) => (): RegisterAnswer => ({ kind: 'found', record });

/** Whoever holds an account of social insurance attests this. */
export const account = (attributes: AttestedAttributes, subject = '1'): Assertion =>
  assertionOf({ subject, attributes });

export const refusal = (reason: string, changes: unknown[] = []) => ({ outcome: 'refused', reason, changes });

/** Signs An in once through account 1, so that the hub knows him. */
export function knowAn(hub: SmallHub): PersonId {
  const decision = hub.signIn(account(attestsAn), register);
  if (decision.outcome !== 'identified') throw new Error(decision.reason);
  return decision.person;
}
