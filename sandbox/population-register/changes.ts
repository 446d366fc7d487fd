/** Owns the population register's feed of changes: what was edited, in order, each with a cursor to go on from. */
import type { PopulationEntry } from '../registers.ts';

export interface PopulationChange {
  /** As it was before. */
  readonly number: string;
  readonly kind: 'deceased' | 'corrected';
  /** ISO moment. */
  readonly at: string;
  readonly cursor: number;
}

/** So many are told at once; whoever is behind asks again. */
const AT_ONCE = 100;

export class PopulationChanges {
  #changes: PopulationChange[] = [];
  /** Cursors grow over restarts, too, so that a reader who kept one misses nothing. */
  #last = Date.now();

  /** An entry is about to become another one. Who has no number cannot be told of. */
  note({ personalNumber: number, status }: PopulationEntry, after: PopulationEntry): void {
    if (number === null) return;
    const kind = status === 'alive' && after.status === 'deceased' ? 'deceased' : 'corrected';
    this.#last += 1;
    this.#changes.push({ number, kind, at: new Date().toISOString(), cursor: this.#last });
  }

  /** Those after a cursor, oldest first. */
  since(cursor: number): readonly PopulationChange[] {
    return this.#changes.filter((change) => change.cursor > cursor).slice(0, AT_ONCE);
  }

  /** As if nothing had been edited. */
  forget(): void {
    this.#changes = [];
  }
}
