/** Owns what the page of personal API tokens shows. */
export interface TokensPage {
  readonly page: 'developer/tokens';
  readonly tokens: readonly {
    readonly id: string;
    readonly name: string;
    readonly scopes: readonly string[];
    readonly created: string;
    readonly ends: string;
    readonly used?: string;
  }[];
  /** Who has not introduced themselves makes none. */
  readonly introduced: boolean;
  readonly scopes: readonly string[];
  /** For how many days one may be good. */
  readonly days: readonly number[];
  /** The one that was just made, shown this once. */
  readonly made?: { readonly name: string; readonly token: string; readonly ends: string };
}
