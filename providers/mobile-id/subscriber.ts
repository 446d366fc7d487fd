/** Owns the two numbers a citizen types to sign in by phone: read generously, kept in one written form each. */
import { isPersonalNumber } from '../../src/identity/numbers.ts';
import { digitsOf, readPhoneNumber } from '../../src/identity/phone-numbers.ts';

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
