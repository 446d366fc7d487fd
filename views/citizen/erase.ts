/** Owns the values of the room in which somebody can have everything deleted. */
import type { Service } from '../pages.ts';

export interface ErasePage {
  readonly page: 'citizen/erase';
  /** Who received something, and keeps it. */
  readonly agencies: readonly (Service & { readonly client: string })[];
  /** For which it waits. */
  readonly days: number;
  /** Something has to be settled first. */
  readonly isHeld: boolean;
  /** It was asked for. `case` is the number of its case. */
  readonly waits?: { readonly due: string; readonly case: string };
}
