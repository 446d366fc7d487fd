/**
 * Owns the written forms of the numbers that name people and tax accounts. Each function expects the caller to know
 * which kind of number it holds: a social insurance number and an old tax code are both ten digits, so no kind is ever
 * inferred from a length across kinds. Texts are taken as they are; trimming what a citizen typed is the edge's work.
 */

/** A number by which a source may name a person, and to which the population register may be asked. */
export interface AttestedNumber {
  readonly kind: 'personal' | 'former';
  readonly value: string;
}

export interface TaxCode {
  /** `ten_digit`: a holder's own code; `branch`: a dependent unit of one; `personal_number`: since 1 July 2025, a citizen's. */
  readonly kind: 'ten_digit' | 'branch' | 'personal_number';
  /** The one written form; a branch is always `NNNNNNNNNN-NNN`. */
  readonly value: string;
}

/**
 * Whether a text has the form of a personal number: twelve digits that open with a place (or, for births registered
 * abroad, country) code. The code's list changes with the map of provinces and is the register's affair, not checked here.
 */
export function isPersonalNumber(text: string): boolean {
  return /^(?!000)\d{12}$/.test(text);
}

/** Whether a text has the form of a former identity card number: nine digits, not the row of zeros that fills a field. */
export function isFormerNumber(text: string): boolean {
  return /^(?!0+$)\d{9}$/.test(text);
}

/** The number a source attests, or nothing when it holds none that could name a person (rule 1). */
export function parseAttestedNumber(text: string | undefined): AttestedNumber | undefined {
  if (text === undefined) return undefined;
  if (isPersonalNumber(text)) return { kind: 'personal', value: text };
  if (isFormerNumber(text)) return { kind: 'former', value: text };
  return undefined;
}

/**
 * Reads a text known to be meant as a tax code: ten digits with their check digit, thirteen for a branch (with or
 * without the hyphen), or the twelve digits of a personal number. Nothing when it is none of them.
 */
export function parseTaxCode(text: string): TaxCode | undefined {
  if (isPersonalNumber(text)) return { kind: 'personal_number', value: text };
  const match = /^(\d{10})(?:-?(?!000)(\d{3}))?$/.exec(text);
  const [, code, branch] = match ?? [];
  if (code === undefined || !hasTaxCheckDigit(code)) return undefined;
  return branch === undefined ? { kind: 'ten_digit', value: code } : { kind: 'branch', value: `${code}-${branch}` };
}

const TAX_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** The tenth digit is 10 less the weighted sum of the first nine modulo 11; where that gives 10 no code is issued. */
function hasTaxCheckDigit(code: string): boolean {
  const sum = TAX_WEIGHTS.reduce((total, weight, position) => total + weight * Number(code[position]), 0);
  return 10 - (sum % 11) === Number(code[9]);
}
