/** Owns what the first page of the console shows: whose it is, their agencies, what comes next. */
import type { Localised } from '../pages.ts';

export interface OverviewPage {
  readonly page: 'developer/overview';
  readonly account: string;
  /** Absent until somebody has introduced themselves. */
  readonly self?: { readonly name: string; readonly mail: string };
  readonly agencies: readonly {
    readonly id: string;
    readonly name: Localised;
    readonly role: string;
    readonly services: number;
  }[];
  readonly sectors: readonly string[];
}
