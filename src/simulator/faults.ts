/** Owns the list of faults that a sandbox issuer answers with on demand, and what a service is expected to do at each. */

/** Where a service meets the fault. */
export type FaultPlace = 'authorization' | 'id_token' | 'token endpoint' | 'keys';

/** Stable ids: they stand in addresses, in the API and in stored results. Words: views/texts/developer/faults.*.ts. */
const LIST = [
  { id: 'wrong_issuer', expects: 'refusal', where: 'id_token' },
  { id: 'wrong_audience', expects: 'refusal', where: 'id_token' },
  { id: 'wrong_nonce', expects: 'refusal', where: 'id_token' },
  { id: 'expired', expects: 'refusal', where: 'id_token' },
  { id: 'wrong_signature', expects: 'refusal', where: 'id_token' },
  { id: 'wrong_algorithm', expects: 'refusal', where: 'id_token' },
  { id: 'unknown_key', expects: 'refusal', where: 'keys' },
  { id: 'acr_too_low', expects: 'refusal', where: 'id_token' },
  { id: 'access_denied', expects: 'refusal', where: 'authorization' },
  { id: 'temporarily_unavailable', expects: 'refusal', where: 'authorization' },
  { id: 'rotated_key', expects: 'success', where: 'keys' },
  { id: 'slow_answer', expects: 'success', where: 'token endpoint' },
] as const satisfies readonly { id: string; expects: 'refusal' | 'success'; where: FaultPlace }[];

export type FaultId = (typeof LIST)[number]['id'];

export interface Fault {
  readonly id: FaultId;
  /** What a service does that does it right. */
  readonly expects: 'refusal' | 'success';
  readonly where: FaultPlace;
}

/** All faults, in the order in which a developer is led through them. */
export const FAULTS: readonly Fault[] = LIST;

/** Whether a word is the id of a fault. */
export function isFault(word: string): word is FaultId {
  return FAULTS.some(({ id }) => id === word);
}

/** The fault of this id. */
export function faultOf(id: FaultId): Fault {
  return FAULTS.find((fault) => fault.id === id)!;
}

/** Faults that come in place of a code; all others come at the token endpoint. */
export type RefusingFault = 'access_denied' | 'temporarily_unavailable';

export function refuses(id: FaultId): id is RefusingFault {
  return faultOf(id).where === 'authorization';
}
