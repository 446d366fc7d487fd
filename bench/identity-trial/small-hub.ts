/**
 * Owns a hub in memory: the least that a caller of the pure rules has to do, so that tests and the trial can play sign-ins
 * in a row. It knows what a hub knows and nothing else, and refuses to write what a store would refuse.
 */
import type { Assertion } from '../../src/identity/assertion.ts';
import { isOpenToDoubleProof, type PendingProof, proveTogether } from '../../src/identity/double-proof.ts';
import { type Findings, identify, type ProvedAccount } from '../../src/identity/identify.ts';
import type {
  Change,
  Identification,
  Link,
  LinkState,
  PersonId,
  Question,
  RegisterAnswer,
} from '../../src/identity/person.ts';

/** The rules a hub goes by; others than the real ones only to see what would happen. */
export interface Rules {
  readonly identify: typeof identify;
  readonly proveTogether: typeof proveTogether;
}

export type Register = (number: string) => RegisterAnswer;

type Account = Pick<Assertion, 'source' | 'subject'>;

const MOST_QUESTIONS = 4;

export class SmallHub {
  readonly anchors = new Map<string, PersonId>();
  readonly links = new Map<string, Link>();
  /** The numbers the register was asked for; a caller that plays many sign-ins empties it. */
  readonly asked: string[] = [];
  today = '2026-09-01';
  /** Milliseconds since the epoch. */
  now = 1_790_000_000_000;
  readonly #rules: Rules;
  readonly #numbers = new Map<PersonId, string[]>();
  #persons = 0;

  constructor(rules: Rules = { identify, proveTogether }) {
    this.#rules = rules;
  }

  /** One sign-in: find out what is asked, decide, write. */
  signIn(assertion: Assertion, register: Register): Identification {
    const account = this.#look(assertion);
    return this.#carryOut(register, (findings) => this.#rules.identify({ ...account, ...findings }));
  }

  /** What stays pending in the browser after a refusal that a second source can overcome. */
  leavePending(assertion: Assertion, refusal: Identification, provedAs?: PersonId): PendingProof {
    if (refusal.outcome === 'refused' && !isOpenToDoubleProof(refusal.reason)) throw new Error(refusal.reason);
    const link = this.links.get(keyOf(assertion)) ?? null;
    return { assertion, provedAt: this.now, link, ...(provedAs === undefined ? {} : { provedAs }) };
  }

  /** The second proof, in the browser of the first and agreed to. */
  proveSecond(pending: PendingProof, second: Assertion, register: Register, offeredTo?: PersonId): Identification {
    const { assertion: _, ...first } = this.#look(pending.assertion);
    const proved = { pending, first, second: this.#look(second), now: this.now, ...(offeredTo ? { offeredTo } : {}) };
    return this.#carryOut(register, (findings) => this.#rules.proveTogether({ ...proved, ...findings }));
  }

  /** Writes a link as its owner or an operator would. */
  link(account: Account, person: PersonId, state: LinkState): void {
    this.links.set(keyOf(account), { person, state });
  }

  #look(assertion: Assertion): ProvedAccount {
    const link = this.links.get(keyOf(assertion));
    return { assertion, link, ownNumbers: (link && this.#numbers.get(link.person)) ?? [] };
  }

  #carryOut(register: Register, decide: (findings: Findings) => Identification | Question): Identification {
    const answers = new Map<string, RegisterAnswer>();
    const holders = new Map<string, PersonId | null>();
    const findings = { answers, holders, newPersonId: `person-${++this.#persons}`, today: this.today, minimumAge: 14 };
    for (let questions = 0; questions <= MOST_QUESTIONS; questions++) {
      const decision = decide(findings);
      if (decision.outcome === 'ask_register') {
        this.asked.push(decision.number);
        answers.set(decision.number, register(decision.number));
      } else if (decision.outcome === 'find_holders') {
        for (const number of decision.numbers) holders.set(number, this.anchors.get(number) ?? null);
      } else {
        for (const change of decision.changes) this.#write(change);
        return decision;
      }
    }
    throw new Error('More questions than promised');
  }

  #write(change: Change): void {
    const link = 'source' in change ? this.links.get(keyOf(change)) : undefined;
    switch (change.type) {
      case 'anchor.added':
        if (this.anchors.has(change.value)) throw new Error('A number is anchored once');
        this.anchors.set(change.value, change.person);
        this.#numbers.set(change.person, [...(this.#numbers.get(change.person) ?? []), change.value]);
        return;
      case 'link.added':
        if (link !== undefined && (change.how === 'number' || link.state === 'active')) {
          throw new Error('An account is linked once');
        }
        this.link(change, change.person, 'active');
        return;
      case 'link.used':
      case 'link.frozen':
        if (link?.state !== 'active' || link.person !== change.person) throw new Error('The link is no longer theirs');
        if (change.type === 'link.frozen') this.link(change, change.person, 'frozen');
    }
  }
}

function keyOf({ source, subject }: Account): string {
  return `${source} ${subject}`;
}
