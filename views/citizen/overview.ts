/** Owns the values of the overview: who the hub says one is, and what wants attention. */

import type { ChangeKind } from '../../src/citizen/ports.ts';
import type { Acr } from '../../src/identity/assertion.ts';
import type { ConsentItemId, Localised } from '../pages.ts';

/** Something the citizen should look at, with the room in which they can. */
export type Attention =
  | { readonly kind: 'source_suspended'; readonly source: Localised; readonly see: string }
  | { readonly kind: 'link_frozen'; readonly source: Localised; readonly see: string }
  | { readonly kind: 'change_waits'; readonly change: ChangeKind; readonly due: string; readonly see: string }
  | { readonly kind: 'case_open'; readonly number: string; readonly answerBy: string; readonly see: string }
  | { readonly kind: 'no_contact'; readonly see: string }
  | { readonly kind: 'one_way_only'; readonly see: string };

export interface OverviewPage {
  readonly page: 'citizen/overview';
  /** As the hub has them in this session; never kept longer. */
  readonly attributes: readonly { readonly id: ConsentItemId; readonly value: string }[];
  /** Where they are from: the population register, or the source itself while that did not answer. */
  readonly from: 'population_register' | 'source';
  /** When the register last confirmed the person. */
  readonly confirmed?: string;
  readonly signedIn: { readonly source: Localised; readonly level: Acr; readonly at: string };
  readonly attention: readonly Attention[];
}
