/** Owns the two numbers a citizen types to sign in by phone: read generously, kept in one written form each. */
import { isPersonalNumber } from '../../src/identity/numbers.ts';

/** Whom a push is for: the operator knows the two numbers only together. */
export type Subscriber = {
  /** E.164: `+84` and nine digits. */
  readonly phone: string;
  /** Twelve digits. */
  readonly personalNumber: string;
};

/** Which of the fields do not hold what they ask for; empty when there is a subscriber. */
export type TypedSubscriber =
  | { readonly subscriber: Subscriber; readonly wrong: readonly [] }
  | { readonly subscriber: undefined; readonly wrong: readonly (keyof Subscriber)[] };

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

/** Reads what was typed into the two fields; says which of them has to be typed again. */
export function readSubscriber(typed: Readonly<Record<keyof Subscriber, string>>): TypedSubscriber {
  const phone = readPhoneNumber(typed.phone);
  const personalNumber = digitsOf(typed.personalNumber);
  const wrongNumber = !isPersonalNumber(personalNumber);
  if (phone !== undefined && !wrongNumber) return { subscriber: { phone, personalNumber }, wrong: [] };
  const wrong = [
    ...(phone === undefined ? ['phone' as const] : []),
    ...(wrongNumber ? ['personalNumber' as const] : []),
  ];
  return { subscriber: undefined, wrong };
}

/** Keyboards for East Asian scripts type full-width digits: compatibility forms are plain ones here. */
function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(BETWEEN_DIGITS, '');
}
