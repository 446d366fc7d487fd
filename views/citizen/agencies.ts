/** Owns the values of the agencies' room: who may receive what, since when, and what became of it. */
import type { Acr } from '../../src/identity/assertion.ts';
import type { ConsentItemId, ItemTerms, Localised, Service } from '../pages.ts';

/** How a consent ended; `ended` for every way that has no words of its own. */
export const CONSENT_ENDS = ['withdrawn', 'replaced', 'expired', 'ended'] as const;
export type ConsentEnd = (typeof CONSENT_ENDS)[number];

/** One consent. */
export interface ShownConsent {
  readonly id: string;
  readonly purpose: Localised;
  readonly basis: 'consent' | 'law';
  readonly granted: readonly ConsentItemId[];
  /** Offered, and not given. */
  readonly leftOut: readonly ConsentItemId[];
  /** What each thing that was given was wanted for, where the service told it one by one. */
  readonly itemTerms?: readonly (ItemTerms & { readonly item: ConsentItemId })[];
  readonly since: string;
  /** Until when it is in force, or was. */
  readonly until: string;
  /** When the agency last got tokens on it. */
  readonly lastUsed?: string;
  /** Absent while it is in force. */
  readonly ended?: ConsentEnd;
  /** Path of its receipt. */
  readonly receipt: string;
}

/** A service with the consent that counts: the one in force, else the last one. */
export interface ShownAgency {
  readonly client: string;
  readonly service: Service;
  readonly consent: ShownConsent;
  /** Path of its page. */
  readonly see: string;
}

export interface AgenciesPage {
  readonly page: 'citizen/agencies';
  /** Those in force first. */
  readonly agencies: readonly ShownAgency[];
}

/**
 * Whether the agency knows that it was left: `own` where it cannot be told and has to be left by oneself, `nothing` where no
 * session of its was running.
 */
export type LogoutState = 'told' | 'waiting' | 'given_up' | 'own' | 'nothing';

export interface AgencyPage extends ShownAgency {
  readonly page: 'citizen/agency';
  /** `law`: the law asks for it, and one objects instead. */
  readonly withdrawal: 'possible' | 'law' | 'over';
  /** After a withdrawal. */
  readonly logout?: LogoutState;
  /** The weakest sign-in the agency takes; absent when it is registered no more. */
  readonly minimum?: Acr;
  /** Its own address. */
  readonly home?: string;
  /** Path to what happened with it. */
  readonly history: string;
  /** Newest first. */
  readonly earlier: readonly ShownConsent[];
}
