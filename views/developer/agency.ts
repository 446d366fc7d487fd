/** Owns what the pages about an agency and its people show. */
import type { Localised } from '../pages.ts';

export interface AgencyPage {
  readonly page: 'developer/agency';
  readonly agency: {
    readonly id: string;
    readonly name: Localised;
    readonly sector: string;
    readonly logo?: string;
    readonly contact: { readonly mail: string; readonly phone?: string };
    /** Of whoever is looking. */
    readonly role: string;
    readonly owners: number;
    readonly created: string;
  };
  readonly members: readonly {
    readonly account: string;
    readonly name?: string;
    readonly mail?: string;
    readonly role: string;
    readonly since: string;
  }[];
  /** Account of whoever is looking. */
  readonly self: string;
  /** Of those who may change it; absent for others. */
  readonly invitations?: readonly {
    readonly id: string;
    readonly to: string;
    readonly role: string;
    readonly ends: string;
  }[];
  /** The invitation that was just made, shown this once. */
  readonly invited?: { readonly to: string; readonly link: string; readonly mailed: boolean; readonly ends: string };
  /** Owners there have to be before a service goes into production. */
  readonly leastOwners: number;
  readonly sectors: readonly string[];
  readonly roles: readonly string[];
}

export interface InvitationPage {
  readonly page: 'developer/invitation';
  readonly token: string;
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly role: string;
  readonly ends: string;
  /** Whether whoever looks belongs to the agency already. */
  readonly member: boolean;
  /** Whether colleagues would know who has come. */
  readonly introduced: boolean;
}
