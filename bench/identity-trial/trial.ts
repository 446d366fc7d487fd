/**
 * Owns the trial: a population signs in with all its accounts, life goes on, and it signs in again. The hub sees what
 * sources attest and what the register answers; who owns what is known to the judge alone.
 */
import type { Assertion } from '../../src/identity/assertion.ts';
import { isOpenToDoubleProof } from '../../src/identity/double-proof.ts';
import type { Identification, IdentityRefusal, PersonId, RegisterAnswer } from '../../src/identity/person.ts';
import { type Account, Accounts } from './accounts.ts';
import { type Human, Population } from './population.ts';
import { Random } from './random.ts';
import { EVENTS, REGISTER_SILENT } from './rates.ts';
import { type Rules, SmallHub } from './small-hub.ts';

export interface Settings {
  readonly people: number;
  readonly seed: number;
  /** Multiplies the rates of errors; 1 is as stated. */
  readonly errors?: number;
  /** Other rules than the hub's: to see that the trial can fail. */
  readonly rules?: Rules;
}

/** How an account fared the last time its owner signed in with it: alone, or thanks to two proofs then or before. */
export type Outcome =
  | { readonly kind: 'alone' | 'together' }
  | { readonly kind: 'refused'; readonly reason: IdentityRefusal };

export interface Result {
  readonly settings: Settings;
  readonly population: Population;
  readonly outcomes: ReadonlyMap<Account, Outcome>;
  readonly signIns: number;
  /** Accounts with which somebody became somebody else; every one is a disaster. */
  readonly falseMatches: ReadonlySet<Account>;
  readonly persons: number;
  /** Humans with two persons or more: missed, to be joined by an operator. */
  readonly split: number;
  /** Of dead people and children, let in. */
  readonly letInWrongly: number;
  readonly registerSilent: number;
}

export function runTrial(settings: Settings): Result {
  return new Trial(settings).run();
}

class Trial {
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #population: Population;
  readonly #accounts: Accounts;
  readonly #hub: SmallHub;
  readonly #ownedBy = new Map<Human, Account[]>();
  readonly #outcomes = new Map<Account, Outcome>();
  readonly #falseMatches = new Set<Account>();
  readonly #letInWrongly = new Set<Account>();
  readonly #humanOf = new Map<PersonId, Human>();
  #signIns = 0;
  #registerSilent = 0;

  constructor(settings: Settings) {
    const { people, seed, errors = 1, rules } = settings;
    this.#settings = settings;
    this.#random = new Random(seed);
    this.#population = new Population(people, this.#random);
    this.#accounts = new Accounts(this.#population, this.#random, errors);
    this.#hub = new SmallHub(rules);
    for (const account of this.#accounts.all) this.#belong(account);
  }

  run(): Result {
    this.#everybodySignsIn();
    this.#lifeGoesOn();
    this.#everybodySignsIn();
    const persons = [...this.#humanOf.values()];
    return {
      settings: this.#settings,
      population: this.#population,
      outcomes: this.#outcomes,
      signIns: this.#signIns,
      falseMatches: this.#falseMatches,
      persons: persons.length,
      split: persons.length - new Set(persons).size,
      letInWrongly: this.#letInWrongly.size,
      registerSilent: this.#registerSilent,
    };
  }

  #everybodySignsIn(): void {
    for (const account of this.#random.shuffled(this.#accounts.all)) {
      const before = this.#outcomes.get(account);
      const outcome = this.#signIn(account);
      const thanksToBoth = outcome.kind === 'alone' && before?.kind === 'together';
      this.#outcomes.set(account, thanksToBoth ? before : outcome);
    }
  }

  /** As a citizen would: alone, and where that is not enough, with each other account they have. */
  #signIn(account: Account): Outcome {
    const alone = this.#judged(account, this.#hub.signIn(account.attested, this.#register));
    if (alone.outcome === 'identified') return { kind: 'alone' };
    let { reason } = alone;
    if (!isOpenToDoubleProof(reason)) return { kind: 'refused', reason };
    for (const second of this.#ownedBy.get(account.owner) ?? []) {
      if (second === account) continue;
      const pending = this.#hub.leavePending(account.attested, alone);
      const decision = this.#judged(account, this.#hub.proveSecond(pending, second.attested, this.#register));
      if (decision.outcome === 'identified') {
        if (decision.record === null) this.#bringThird(account, second, decision);
        return { kind: 'together' };
      }
      if (decision.reason === 'ambiguous') reason = decision.reason;
    }
    return { kind: 'refused', reason };
  }

  /** Somebody without an anchor goes on to a third account, which may have a number. */
  #bringThird(first: Account, second: Account, signedIn: Identification & { outcome: 'identified' }): void {
    for (const third of this.#ownedBy.get(first.owner) ?? []) {
      if (third === first || third === second) continue;
      const pending = this.#hub.leavePending(second.attested, signedIn, signedIn.person);
      this.#judged(third, this.#hub.proveSecond(pending, third.attested, this.#register));
    }
  }

  /** The judge, who knows whose account it is and whose record. */
  #judged(account: Account, decision: Identification): Identification {
    this.#signIns += 1;
    this.#hub.asked.length = 0;
    if (decision.outcome === 'refused') return decision;
    const { person, record } = decision;
    const human = record === null ? account.owner : this.#population.humanOf(record);
    if (!this.#humanOf.has(person)) this.#humanOf.set(person, human);
    if (human !== account.owner || this.#humanOf.get(person) !== account.owner) this.#falseMatches.add(account);
    if (this.#population.mayNotSignIn(account.owner) !== undefined) this.#letInWrongly.add(account);
    return decision;
  }

  readonly #register = (number: string): RegisterAnswer => {
    if (!this.#random.chance(REGISTER_SILENT)) return this.#population.find(number);
    this.#registerSilent += 1;
    return { kind: 'unavailable' };
  };

  #lifeGoesOn(): void {
    const random = this.#random;
    const { residents } = this.#population;
    for (const human of residents.keys()) {
      if (random.chance(EVENTS.died)) this.#population.die(human);
      if (random.chance(EVENTS.numberCorrected)) this.#population.correctNumber(human);
    }
    for (const account of this.#accounts.all) {
      const { source, attributes } = account.attested;
      if (attributes.personalNumber === undefined && random.chance(EVENTS.numberAdded))
        this.#accounts.addNumber(account);
      if (random.chance(givenAway(source))) this.#changeHands(account, random.below(residents.length));
    }
  }

  #changeHands(account: Account, human: Human): void {
    if (human === account.owner || this.#population.mayNotSignIn(human) !== undefined) return;
    const former = this.#ownedBy.get(account.owner)!;
    former.splice(former.indexOf(account), 1);
    this.#accounts.give(account, human);
    this.#belong(account);
  }

  #belong(account: Account): void {
    const owned = this.#ownedBy.get(account.owner);
    if (owned === undefined) this.#ownedBy.set(account.owner, [account]);
    else owned.push(account);
  }
}

/** How often an account of a source goes to somebody else between two sign-ins. */
export function givenAway(source: Assertion['source']): number {
  if (source === 'mobile-id') return EVENTS.phoneRecycled;
  // A certificate names its holder; it is never given to another.
  return source === 'digital-signature' ? 0 : EVENTS.accountGivenAway;
}
