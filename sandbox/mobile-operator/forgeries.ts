/** Owns answers no honest operator gives: each wrong in exactly one place, to try whether the hub notices. */

/** What is wrong with the certificate. */
const CERTIFICATES = [
  'another_number',
  'another_authority',
  'expired',
  'not_yet_valid',
  'card_certificate',
  'another_purpose',
] as const;
/** What is wrong with the signature, or with the answer around it. */
const ANSWERS = ['another_hash', 'another_algorithm', 'no_certificate', 'no_result', 'unknown_result'] as const;

export const FORGERIES = [...CERTIFICATES, ...ANSWERS] as const;
export type Forgery = (typeof FORGERIES)[number];

/** An honest completed answer, as it is sent. */
export interface SignedAnswer {
  readonly state: 'COMPLETE';
  readonly result: string;
  readonly signature: { readonly value: string; readonly algorithm: string };
  readonly cert: string;
}

/** The answer with the forgery's one thing changed; wrong hashes and certificates are wrong before they come here. */
export function forgedAnswer(answer: SignedAnswer, forgery: Forgery | undefined): object {
  switch (forgery) {
    case 'another_algorithm':
      return { ...answer, signature: { ...answer.signature, algorithm: 'SHA1WithECEncryption' } };
    case 'no_certificate':
      return { ...answer, cert: undefined };
    case 'no_result':
      return { ...answer, result: undefined };
    case 'unknown_result':
      return { ...answer, result: 'MAYBE' };
    default:
      return answer;
  }
}
