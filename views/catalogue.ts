/** Owns what the public catalogue of services shows. */
import type { Localised } from './pages.ts';

export interface CataloguePage {
  readonly page: 'catalogue';
  /** Words that were looked for. */
  readonly search: string;
  readonly situation?: string;
  /** Occasions in life under which there is something, and how much. */
  readonly situations: readonly { readonly id: string; readonly count: number }[];
  /** Of the whole catalogue. */
  readonly size: number;
  readonly entries: readonly {
    readonly id: string;
    readonly name: Localised;
    readonly agency: { readonly id: string; readonly name: Localised };
    readonly purpose: Localised;
    readonly logo?: string;
    readonly level: string;
    readonly situations: readonly string[];
    readonly login: string;
    readonly home?: string;
  }[];
  readonly found: number;
  readonly pages: number;
  /** Which of them it is. */
  readonly shown: number;
}
