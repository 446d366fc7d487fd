/** Owns what the pages of services show: the list, and one service as it stands. */
import type { Localised } from '../pages.ts';

interface ListedStanding {
  readonly state: 'none' | 'live' | 'suspended' | 'retired';
  readonly version?: number;
  readonly submission?: string;
}

export interface ServicesPage {
  readonly page: 'developer/services';
  /** What was looked for. */
  readonly search: string;
  readonly agency: string;
  /** Of every agency, as registrars may see them. */
  readonly all: boolean;
  readonly services: readonly {
    readonly id: string;
    readonly name: Localised;
    readonly agency: { readonly id: string; readonly name: Localised };
    readonly sandbox: ListedStanding;
    readonly production: ListedStanding;
  }[];
  /** Address of what follows. */
  readonly next?: string;
  /** In which a service may be begun. */
  readonly agencies: readonly { readonly id: string; readonly name: Localised; readonly role: string }[];
}

/** What comes next, where one thing does. */
export type NextStep =
  | 'settings'
  | 'credentials'
  | 'publish'
  | 'try'
  | 'production'
  | 'mend'
  | 'wait'
  | 'suspended'
  | 'nothing';

export interface ShownStanding {
  readonly environment: 'sandbox' | 'production';
  readonly client_id: string;
  readonly issuer: string;
  readonly state: ListedStanding['state'];
  readonly live?: number;
  readonly suspended_by?: string;
  readonly submission?: string;
  readonly problems: readonly { readonly field: string; readonly code: string; readonly reason: Localised }[];
  /** Of those that have not ended. */
  readonly secrets: number;
  readonly keys: number;
  /** When the next of them ends, as the calendar has it. */
  readonly ends?: string;
  readonly begun: boolean;
}

export interface ServicePage {
  readonly page: 'developer/service';
  readonly id: string;
  readonly name: Localised;
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly role: string;
  /** Whether whoever looks may change it. */
  readonly may: boolean;
  readonly next: NextStep;
  readonly standings: readonly ShownStanding[];
}
