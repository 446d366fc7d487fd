/** Owns the values of the rooms of cases: what was asked for, its clock, and what became of it. */
import type { Correctable } from '../../src/citizen/cases/cases.ts';
import type { CaseKind, CaseState } from '../../src/citizen/ports.ts';
import type { Localised, Service } from '../pages.ts';

export interface ShownCase {
  readonly number: string;
  readonly kind: CaseKind;
  readonly state: CaseState;
  readonly opened: string;
  readonly acknowledgeBy: string;
  readonly answerBy: string;
  readonly acknowledged?: string;
  readonly answered?: string;
}

export interface CasesPage {
  readonly page: 'citizen/cases';
  /** Newest first. */
  readonly cases: readonly ShownCase[];
}

export interface CasePage extends ShownCase {
  readonly page: 'citizen/case';
  readonly about: {
    readonly said?: string;
    readonly service?: Service;
    readonly source?: Localised;
    readonly attribute?: Correctable;
    readonly shouldBe?: string;
  };
  /** In the words of whoever answered. */
  readonly answer?: string;
}
