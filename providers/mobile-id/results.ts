/** Owns what each result of a phone's signing is for the citizen. */
import type { ErrorCode } from '../../src/errors.ts';

/**
 * The results other than `OK` (Mobile-ID REST API, session status response), each with a text of its own.
 * `NOT_MID_CLIENT` covers every wrong pair: whether the phone is unknown, the number is, or one is another person's.
 */
export const REFUSAL_OF_RESULT = {
  TIMEOUT: 'source_timeout',
  NOT_MID_CLIENT: 'not_a_subscriber',
  USER_CANCELLED: 'source_cancelled',
  SIGNATURE_HASH_MISMATCH: 'signature_invalid',
  PHONE_ABSENT: 'phone_absent',
  DELIVERY_ERROR: 'delivery_error',
  SIM_ERROR: 'sim_error',
} as const satisfies Record<string, ErrorCode>;

export type FailedResult = keyof typeof REFUSAL_OF_RESULT;
export const FAILED_RESULTS = Object.keys(REFUSAL_OF_RESULT) as readonly FailedResult[];
