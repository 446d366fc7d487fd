/** Owns a hub in memory: the least that a caller of `identify` has to do, so that tests can play sign-ins in a row. */
import type { Assertion } from '../../src/identity/assertion.ts';
import { identify } from '../../src/identity/identify.ts';
import type { Change, Identification, Link, LinkState, PersonId, RegisterAnswer } from '../../src/identity/person.ts';

export class SmallHub {
  readonly anchors = new Map<string, PersonId>();
  readonly links = new Map<string, Link>();
  readonly asked: string[] = [];
  today = '2026-09-01';
  #persons = 0;

  /** One sign-in: find out what is asked, decide, write. */
  signIn(assertion: Assertion, register: (number: string) => RegisterAnswer): Identification {
    const link = this.links.get(keyOf(assertion));
    const ownNumbers = [...this.anchors].filter(([, person]) => person === link?.person).map(([number]) => number);
    const answers = new Map<string, RegisterAnswer>();
    const holders = new Map<string, PersonId | null>();
    const newPersonId = `person-${++this.#persons}`;
    for (let questions = 0; questions <= 3; questions++) {
      const facts = { assertion, link, ownNumbers, answers, holders, newPersonId, today: this.today, minimumAge: 14 };
      const decision = identify(facts);
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

  /** Writes a link as double proof, its owner or an operator would. */
  link(account: Account, person: PersonId, state: LinkState): void {
    this.links.set(keyOf(account), { person, state });
  }

  #write(change: Change): void {
    if (change.type === 'anchor.added') {
      if (this.anchors.has(change.value)) throw new Error('A number is anchored once');
      this.anchors.set(change.value, change.person);
    }
    if (change.type === 'link.added') {
      if (this.links.has(keyOf(change))) throw new Error('An account is linked once');
      this.link(change, change.person, 'active');
    }
    if (change.type === 'link.used' || change.type === 'link.frozen') {
      const link = this.links.get(keyOf(change));
      if (link?.state !== 'active' || link.person !== change.person) throw new Error('The link is no longer theirs');
    }
    if (change.type === 'link.frozen') this.link(change, change.person, 'frozen');
  }
}

type Account = Pick<Assertion, 'source' | 'subject'>;

function keyOf({ source, subject }: Account): string {
  return `${source} ${subject}`;
}
