/** Owns the lies and mistakes of the card authority's responder, so that the hub's answers to them can be tried. */

export const FORGERIES = [
  /** Signed a day ago, and overtaken since. */
  'stale',
  'wrong_nonce',
  'no_nonce',
  'two_answers',
  /** About another certificate than the one asked about. */
  'other_certificate',
  /** The authority knows no such certificate. */
  'unknown',
  /** Signed by an authority that did not issue the certificate. */
  'wrong_responder',
  'bad_signature',
  /** RFC 6960 2.3: it cannot answer now. */
  'try_later',
] as const;
export type Forgery = (typeof FORGERIES)[number];
