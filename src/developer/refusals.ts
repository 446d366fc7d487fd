/** Owns how the console refuses what is wrong with somebody's work: everything that is wrong, each with its reason. */
import { type ErrorCode, Refusal } from '../errors.ts';

/** One thing that is wrong: where, and which rule says so. */
export interface Objection {
  /** `redirect_uris.0`; empty for the whole. */
  readonly field: string;
  /** Stable; its words stand in `views/texts/developer/problems`. */
  readonly code: string;
}

/** Refused, with all that speaks against it. */
export class Objections extends Refusal {
  readonly objections: readonly Objection[];

  constructor(code: ErrorCode, objections: readonly Objection[]) {
    super(code);
    this.objections = objections;
  }
}
