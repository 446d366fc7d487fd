/** Owns what the pages of a service's life show: its way into production, what waits for registrars, what was done. */
import type { Localised } from '../pages.ts';
import type { ShownDifference, ShownPerson, ShownProblem } from './differences.ts';

export type { ShownDifference, ShownPerson, ShownProblem };

type Reviewer = 'owner' | 'registrar';

export interface ShownSubmission {
  readonly version: number;
  readonly by: ShownPerson;
  readonly at: string;
  readonly state: 'open' | 'live' | 'changes_asked' | 'refused' | 'withdrawn';
  readonly closed?: string;
  readonly decisions: readonly {
    readonly by: ShownPerson;
    readonly as: Reviewer;
    readonly says: 'approve' | 'ask_for_changes' | 'refuse';
    readonly reason?: string;
    readonly acr: string;
    readonly at: string;
    readonly counts: boolean;
  }[];
  readonly missing: readonly Reviewer[];
}

/** How a service stands in one environment, and what whoever looks may do about it. */
export interface ShownLife {
  readonly environment: 'sandbox' | 'production';
  readonly clientId: string;
  readonly issuer: string;
  readonly state: 'none' | 'live' | 'suspended' | 'retired';
  readonly suspendedBy?: 'agency' | 'registrar';
  readonly live?: number;
  readonly versions: readonly {
    readonly number: number;
    readonly by: ShownPerson;
    readonly at: string;
    readonly standing: 'live' | 'previous' | 'submitted' | 'past';
  }[];
  readonly may: {
    readonly stepBack: boolean;
    readonly suspend: boolean;
    readonly resume: boolean;
    readonly retire: boolean;
  };
}

export interface ProductionPage {
  readonly page: 'developer/production';
  readonly id: string;
  readonly name: Localised;
  readonly agency: { readonly id: string; readonly name: Localised };
  /** Whether whoever looks may hand in and take back. */
  readonly mayWrite: boolean;
  /** In which capacity they may decide about what waits; absent where they may not. */
  readonly mayDecide?: Reviewer;
  /** They would, but wrote or handed it in themselves. */
  readonly isAuthor: boolean;
  readonly live?: number;
  readonly draft?: {
    readonly differences: readonly ShownDifference[];
    readonly review: boolean;
    readonly objections: readonly ShownProblem[];
  };
  readonly submission?: ShownSubmission;
  readonly submitted?: readonly ShownDifference[];
  readonly lives: readonly ShownLife[];
}

export interface SubmissionsPage {
  readonly page: 'developer/submissions';
  readonly submissions: readonly {
    readonly service: string;
    readonly name: Localised;
    readonly agency: { readonly id: string; readonly name: Localised };
    readonly version: number;
    readonly at: string;
    readonly approvals: readonly Reviewer[];
  }[];
}

export interface TrailPage {
  readonly page: 'developer/trail';
  /** Page of what it is the trail of, and its id. */
  readonly of: { readonly kind: 'agency' | 'service'; readonly id: string };
  readonly entries: readonly {
    readonly id: string;
    readonly at: string;
    readonly service?: string;
    readonly by: ShownPerson;
    readonly through: string;
    readonly action: string;
    readonly before?: unknown;
    readonly after?: unknown;
  }[];
  /** Of the next page. */
  readonly after?: string;
}
