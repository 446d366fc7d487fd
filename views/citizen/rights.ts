/** Owns the values of the rooms in which somebody uses their rights. */
import type { Correctable } from '../../src/citizen/cases/cases.ts';
import type { CaseKind } from '../../src/citizen/ports.ts';
import type { Service } from '../pages.ts';

/** In the order in which the law names them, as far as they are used here. */
export const RIGHTS = [
  'inform',
  'access',
  'correct',
  'withdraw',
  'restrict',
  'object',
  'erase',
  'complain',
] as const satisfies readonly CaseKind[];
export type Right = (typeof RIGHTS)[number];

/** Days to the answer: by the hub alone, and where an agency or a register has to act, too. */
export interface AnswerDays {
  readonly alone: number;
  readonly withProcessors: number;
}

export interface RightsPage {
  readonly page: 'citizen/rights';
  /** Working days. */
  readonly acknowledgedWithin: number;
  /** `see`: the path where it is used. */
  readonly rights: readonly { readonly kind: Right; readonly see: string; readonly days: AnswerDays }[];
  readonly cases: { readonly open: number; readonly all: number };
}

/** A request in one's own words. */
export interface OpenCasePage {
  readonly page: 'citizen/rights-open';
  /** Chosen already. */
  readonly kind: Right;
  readonly kinds: readonly { readonly kind: Right; readonly days: AnswerDays }[];
  /** Whom it may be about. */
  readonly services: readonly (Service & { readonly client: string })[];
}

export interface CorrectPage {
  readonly page: 'citizen/rights-correct';
  readonly days: AnswerDays;
  readonly attributes: readonly {
    readonly id: Correctable;
    readonly value?: string;
    /** Whose register it stands in. */
    readonly by: 'population_register' | 'tax_authority';
  }[];
  /** Chosen already. */
  readonly attribute?: Correctable;
}
