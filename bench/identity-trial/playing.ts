/**
 * Owns how people play the trial's sign-ins at a hub of whatever kind: each account alone, and where that is not enough,
 * together with one of another source. The pure rules and the hub over HTTP are played alike, so that they can be compared.
 */
import { isOpenToDoubleProof } from '../../src/identity/double-proof.ts';
import type { IdentityRefusal } from '../../src/identity/person.ts';
import type { Account } from './accounts.ts';
import type { Human, Population } from './population.ts';
import type { Outcome } from './trial.ts';

/** How one proof ended. */
export type Seen =
  | {
      readonly signedIn: true;
      /** Whom the hub took it for, in its own word: a person's id, a `sub`. */
      readonly as: string;
      readonly number: string | undefined;
      /** Two accounts were linked on the way. */
      readonly linked: boolean;
    }
  | { readonly signedIn: false; readonly reason: string };

/** One browser in which one account was proved. */
export interface Sitting {
  readonly seen: Seen;
  /** Proves another account where the first was not enough. */
  goOn(second: Account): Promise<Seen>;
}

export interface PlayedHub {
  signIn(account: Account): Promise<Sitting>;
}

/** What came of each account, and what the judge says who knows whose it is. */
export class Played {
  readonly outcomes = new Map<Account, Outcome>();
  /** What was seen for each account, in one line: equal where two hubs did the same. */
  readonly seen = new Map<Account, string>();
  readonly falseMatches = new Set<Account>();
  signIns = 0;
  readonly #population: Population;
  readonly #humanOf = new Map<string, Human>();

  constructor(population: Population) {
    this.#population = population;
  }

  get persons(): number {
    return this.#humanOf.size;
  }

  /** Second persons of one human: missed, to be joined by an operator. */
  get split(): number {
    return this.#humanOf.size - new Set(this.#humanOf.values()).size;
  }

  /** One human after the other, `atOnce` of them at a time; each with one account after the other. */
  async play(hub: PlayedHub, households: readonly (readonly Account[])[], atOnce: number): Promise<void> {
    const waiting = households.values();
    const one = async () => {
      for (const accounts of waiting) for (const account of accounts) await this.#signIn(hub, account, accounts);
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  }

  async #signIn(hub: PlayedHub, account: Account, own: readonly Account[]): Promise<void> {
    const sitting = await hub.signIn(account);
    const first = this.#judged(account, sitting.seen);
    const second = own.find(({ attested }) => attested.source !== account.attested.source);
    if (first.signedIn || second === undefined || !isOpenToDoubleProof(first.reason as IdentityRefusal)) {
      this.outcomes.set(account, first.signedIn ? { kind: 'alone' } : refused(first.reason));
      this.seen.set(account, lineOf(first));
      return;
    }
    const both = this.#judged(account, await sitting.goOn(second));
    this.outcomes.set(account, both.signedIn && both.linked ? { kind: 'together' } : refused(first.reason));
    this.seen.set(account, `${lineOf(first)}, then ${lineOf(both)}`);
  }

  /** False when the person is known as somebody else, or when the number that the agency gets is somebody else's. */
  #judged(account: Account, seen: Seen): Seen {
    this.signIns += 1;
    if (!seen.signedIn) return seen;
    const known = this.#humanOf.get(seen.as);
    if (known === undefined) this.#humanOf.set(seen.as, account.owner);
    const { personalNumber } = this.#population.residents[account.owner]!.record;
    const anotherNumber = seen.number !== undefined && seen.number !== personalNumber;
    if (anotherNumber || (known ?? account.owner) !== account.owner) this.falseMatches.add(account);
    return seen;
  }
}

const refused = (reason: string): Outcome => ({ kind: 'refused', reason: reason as IdentityRefusal });

function lineOf(seen: Seen): string {
  if (!seen.signedIn) return seen.reason;
  return `signed in as ${seen.number ?? 'somebody without a number'}${seen.linked ? ', linked' : ''}`;
}
