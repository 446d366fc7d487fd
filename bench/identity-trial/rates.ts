/**
 * Owns the stated rates of the trial: how often which source writes what wrong. They are assumptions, set by what is known
 * of such registers and rather too high than too low; whoever knows better changes them here and runs the trial again.
 */

export type SourceName = 'tax-code' | 'social-insurance' | 'mobile-id' | 'digital-signature';

export interface Rate {
  /** As the table says it. */
  readonly text: string;
  /** `form`: only another way of writing. `error`: what is written is not so. */
  readonly kind: 'form' | 'error';
  /** Share of the accounts to which it can happen at all, by source, in the order tax, insurance, mobile, card. */
  readonly shares: readonly [number, number, number, number];
}

/** What an account's register may write otherwise than the population register, drawn for each account independently. */
export const FLAWS = {
  marksLost: { text: 'all marks lost (NGUYEN VAN AN)', kind: 'form', shares: [0.45, 0.05, 0.1, 0.02] },
  decomposed: { text: 'decomposed letters (NFD)', kind: 'form', shares: [0.01, 0.03, 0.01, 0.01] },
  otherLetter: { text: 'U+00D0 for U+0110 (names with Đ)', kind: 'form', shares: [0.03, 0.1, 0, 0] },
  otherTonePlace: { text: 'tone on the other vowel (hòa, hoà)', kind: 'form', shares: [0.3, 0.3, 0.3, 0.3] },
  otherSpaces: { text: 'doubled or special spaces', kind: 'form', shares: [0.02, 0.01, 0.005, 0.005] },
  formerName: { text: 'former name the register lists', kind: 'form', shares: [0.5, 0.4, 0.05, 0.02] },
  yearOnly: { text: 'only the year of birth', kind: 'form', shares: [0.02, 0.03, 0, 0] },
  formerNumber: { text: 'former nine-digit number', kind: 'form', shares: [0.08, 0.03, 0, 0] },
  marksPartlyLost: { text: 'some marks lost', kind: 'error', shares: [0.004, 0.003, 0.0005, 0.0005] },
  nameTyped: { text: 'typing error in the name', kind: 'error', shares: [0.01, 0.008, 0.0005, 0.0002] },
  nameUnlisted: { text: 'former name nobody listed', kind: 'error', shares: [0.002, 0.001, 0.0005, 0.0005] },
  daySwapped: { text: 'day and month swapped', kind: 'error', shares: [0.008, 0.006, 0, 0] },
  dateTyped: { text: 'typing error in the birth date', kind: 'error', shares: [0.005, 0.004, 0, 0] },
  numberMissing: { text: 'no number', kind: 'error', shares: [0.08, 0.03, 0, 0] },
  numberTyped: { text: 'two digits of the number swapped', kind: 'error', shares: [0.004, 0.003, 0.00002, 0.00001] },
  numberOfNeighbour: { text: 'number of the next row', kind: 'error', shares: [0.002, 0.001, 0.00002, 0.00001] },
  numberOfTwin: { text: "the twin's number (twins)", kind: 'error', shares: [0.005, 0.005, 0.00002, 0.00001] },
} as const satisfies Record<string, Rate>;
export type Flaw = keyof typeof FLAWS;

/** Shares of people, unless it says otherwise. */
export const COUNTRY = {
  twins: 0.024,
  /** Of twins: given names that only marks tell apart (Thúy, Thủy). */
  twinsOneMarkApart: 0.02,
  deceased: 0.03,
  foreignWithoutNumber: 0.003,
  renamed: 0.01,
  /** Of those born before 2000. */
  hasFormerNumber: 0.6,
  /** Of former numbers: given to two people. */
  formerNumberShared: 0.002,
  /** Of those born before 1966: only the year is known, or 1 January stands for it. */
  birthYearOnly: 0.03,
  birthOnNewYear: 0.05,
} as const;

/** Who has an account: of the people over 13, by source; and how many of those have two. */
export const ACCOUNTS = {
  'tax-code': { share: 0.75, twice: 0.1 },
  'social-insurance': { share: 0.7, twice: 0.02 },
  'mobile-id': { share: 0.25, twice: 0.02 },
  'digital-signature': { share: 0.06, twice: 0.05 },
} as const satisfies Record<SourceName, { share: number; twice: number }>;
/** Of the children. */
export const CHILD_HAS_TAX_CODE = 0.4;

/** What happens between the first time everybody signs in and the second. */
export const EVENTS = {
  /** Of phones with a certificate: the number now is somebody else's. */
  phoneRecycled: 0.03,
  /** Of tax and insurance accounts: the number was given to somebody else. */
  accountGivenAway: 0.0005,
  /** Of accounts without a number: it was added. */
  numberAdded: 0.25,
  /** Of people. */
  numberCorrected: 0.001,
  died: 0.004,
} as const;

/** Of the questions to the population register: no answer in time. */
export const REGISTER_SILENT = 0.001;
