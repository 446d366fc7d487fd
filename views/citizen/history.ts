/** Owns the values of the history: what happened, when, with whom, by which way, in which browser. */
import type { CaseKind, CaseState, ChangeKind, ContactKind, DeviceLabel } from '../../src/citizen/ports.ts';
import type { HistoryGroup, ShownEventType } from '../../src/citizen/rooms/history-kinds.ts';
import type { ErrorCode } from '../../src/errors.ts';
import type { Acr } from '../../src/identity/assertion.ts';
import type { Decision } from '../../src/store.ts';
import type { ConsentItemId, Localised, Service } from '../pages.ts';
import type { ConsentEnd } from './agencies.ts';

/** One row. What an event does not say is absent. */
export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: ShownEventType;
  readonly group: HistoryGroup;
  readonly client?: string;
  readonly service?: Service;
  readonly source?: { readonly id: string; readonly name: Localised };
  readonly level?: Acr;
  /** Names of the claims that an agency received. */
  readonly claims?: readonly string[];
  /** What was agreed to. */
  readonly items?: readonly ConsentItemId[];
  readonly purpose?: Localised;
  readonly device?: DeviceLabel;
  /** A sign-in: the very first one, in a new browser, because a stronger proof was needed. */
  readonly first?: true;
  readonly newDevice?: true;
  readonly stepUp?: true;
  /** Why a sign-in was refused. */
  readonly reason?: ErrorCode;
  /** How a consent ended. */
  readonly ended?: ConsentEnd;
  readonly change?: ChangeKind;
  /** Whether a change that had waited could be made. */
  readonly possible?: boolean;
  readonly contact?: ContactKind;
  readonly caseKind?: CaseKind;
  readonly caseState?: CaseState;
  readonly decision?: Decision;
  /** When it ends, or is due. */
  readonly until?: string;
  /** So many agencies were left with it, or told. */
  readonly agencies?: number;
  /** Path of its page. */
  readonly see: string;
}

export interface Choice {
  readonly id: string;
  readonly name: Localised;
}

export interface HistoryPage {
  readonly page: 'citizen/history';
  readonly filters: {
    readonly group?: HistoryGroup;
    readonly agency?: string;
    readonly source?: string;
    /** Days, as ISO 8601 has them. */
    readonly from?: string;
    readonly until?: string;
    readonly search?: string;
  };
  readonly agencies: readonly Choice[];
  readonly sources: readonly Choice[];
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Path to what is older, if there is any. */
  readonly older?: string;
}

export interface EventPage {
  readonly page: 'citizen/event';
  readonly entry: HistoryEntry;
  /** Whether one can say that this was somebody else. */
  readonly deniable: boolean;
  /** Number of the case that was opened because one did. */
  readonly case?: string;
}
