/** Owns what makes one authority of the country another than the next: its accounts, its claims, its looks, its steps. */
import type { Router } from 'express';
import type { Html } from '../html.ts';

export type Language = 'vi' | 'en';

export interface Account {
  /** Its `sub`. */
  readonly subject: string;
  readonly password: string;
  readonly locked: boolean;
}

/** What an authority tells of an account; what its register does not hold is left out. */
export type Claims = { readonly sub: string } & Readonly<Record<string, unknown>>;

export interface Accounts {
  /** Every password on record, hashed before the first sign-in. */
  passwords(): readonly string[];
  /** The account somebody signs in with. */
  find(login: string): Account | undefined;
  /** `level` is that of the sign-in, where an id token is about to speak of one. */
  claims(subject: string, level: string | undefined): Claims | undefined;
}

export interface Words {
  readonly authority: string;
  readonly title: string;
  /** What goes to whom: typing the password is the citizen's consent. */
  readonly why: string;
  readonly login: string;
  readonly loginHint: string;
  readonly wrong_credentials: string;
}

export interface Look {
  /** Of header and buttons; white on it must be readable. */
  readonly colour: string;
  /** The name of the field that takes the login. */
  readonly loginField: string;
  readonly words: Readonly<Record<Language, Words>>;
  /** More to fill in beside the password. */
  readonly more?: (language: Language) => Html;
}

/** A sign-in under way, in the browser that began it. */
export interface SignIn {
  readonly uid: string;
  readonly language: Language;
  /** Its first page, without a language. */
  readonly address: string;
  show(page: Html, status?: number): void;
  /** To another page of this sign-in. */
  goTo(address: string): void;
  /** Back to the hub, proven. */
  finish(proven: { readonly subject: string; readonly level: string; readonly amr: readonly string[] }): Promise<void>;
  /** Back to the hub with `access_denied`. */
  deny(reason: string): Promise<void>;
}

/** What a form sent, a text each. */
export type Typed = Readonly<Record<string, string | undefined>>;

/** What follows on one address of a sign-in. */
export type Step = (signIn: SignIn, typed: Typed) => void | Promise<void>;

export interface AuthorityProfile {
  /** Begins the names of its cookies and the codes of its pages. */
  readonly prefix: string;
  readonly look: Look;
  readonly accounts: Accounts;
  readonly claims: { readonly openid: readonly string[]; readonly profile: readonly string[] };
  /** What a sign-in here can be worth, in its own words; the hub translates them to its ladder. */
  readonly levels: readonly string[];
  /** What follows the right password of an account that is not locked. */
  readonly proved: (signIn: SignIn, account: Account, typed: Typed) => void | Promise<void>;
  /** A second page of each sign-in, at its address followed by `/` and this name. */
  readonly secondPage?: { readonly name: string; readonly show: Step; readonly take: Step };
  /** Path of its own sign-out, told in its discovery; none when it offers none. */
  readonly signOut?: string;
  /** Pages that belong to no sign-in and answer whatever the authority's faults are. */
  readonly beside?: Router;
}
