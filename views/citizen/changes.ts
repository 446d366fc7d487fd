/** Owns the values of the changes that wait until they are carried out. */
import type { ChangeKind } from '../../src/citizen/ports.ts';
import type { Localised } from '../pages.ts';

export interface ShownChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly requested: string;
  readonly due: string;
  /** The way to sign in that it is about, if it is. */
  readonly source?: Localised;
  /** It is about all that are not linked yet. */
  readonly allNew?: true;
}

export interface ChangesPage {
  readonly page: 'citizen/changes';
  /** That which is due first, first. */
  readonly changes: readonly ShownChange[];
}
