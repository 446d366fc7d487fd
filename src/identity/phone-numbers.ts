/** Owns how a telephone number that somebody typed is read: generously, and kept in one written form. Pure. */

/** What people and their clipboards put between digits: white space, invisible marks, dots, dashes, brackets. */
const BETWEEN_DIGITS = /[\s\p{Cf}\p{Pd}.()]/gu;

/**
 * The E.164 form of a Vietnamese mobile number: `0912 000 011`, `+84 912.000.011`, `84912000011`, `0084…` and
 * `+84 (0)912…` are all `+84912000011`. Nothing for what is none: since 2018 mobile numbers have nine digits after the
 * country code and begin with 3, 5, 7, 8 or 9.
 */
export function readPhoneNumber(typed: string): string | undefined {
  const [, national] = /^(?:\+840?|00840?|840?|0)([35789]\d{8})$/.exec(digitsOf(typed)) ?? [];
  return national === undefined ? undefined : `+84${national}`;
}

/** Keyboards for East Asian scripts type full-width digits: compatibility forms are plain ones here. */
export function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(BETWEEN_DIGITS, '');
}
