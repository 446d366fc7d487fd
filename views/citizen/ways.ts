/** Owns the values of the ways to sign in: what is linked, blocked, suspended, and what can be done about each. */
import type { Acr } from '../../src/identity/assertion.ts';
import type { LinkState } from '../../src/identity/person.ts';
import type { Localised, SourceCard } from '../pages.ts';

/** One account at a source. */
export interface WayLink {
  readonly id: string;
  /** Its last characters: enough for its holder to know it by. */
  readonly account: string;
  readonly state: LinkState;
  /** Whether it can be removed: it was not before. */
  readonly removable: boolean;
  /** This session ends when it is. */
  readonly endsSession: boolean;
  readonly how: 'number' | 'double_proof';
  readonly first: string;
  readonly last: string;
}

/** Nobody gets in there, because somebody said that a sign-in was not theirs. */
export interface Suspension {
  readonly since: string;
  readonly case?: string;
  /** Whether this very sign-in may end it. */
  readonly restorable: boolean;
  /** Path to a sign-in that may; absent where none is strong enough, and only an operator can help. */
  readonly signIn?: string;
}

/** A source, linked or not. */
export interface Way {
  readonly source: string;
  readonly name: Localised;
  /** These three are absent where a source is configured no more. */
  readonly authority?: Localised;
  readonly icon?: SourceCard['icon'];
  readonly level?: Acr;
  readonly links: readonly WayLink[];
  /** Without it this session would end. */
  readonly inUse: boolean;
  /** Since when, by the person themselves. */
  readonly blocked?: string;
  readonly suspended?: Suspension;
  /** Path that links an account there; absent where one is linked, or would be refused. */
  readonly link?: string;
}

export interface WaysPage {
  readonly page: 'citizen/ways';
  readonly ways: readonly Way[];
  /** Since when nothing may be linked any more. */
  readonly newBlocked?: string;
}
