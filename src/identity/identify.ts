/**
 * Owns the decision which person an assertion is (design: Identity, rules 1 and 4–7). A wrong match makes one citizen
 * another, so every branch that is not certain refuses, and nothing here is ever matched by name, birthday or phone.
 */
import type { Assertion } from './assertion.ts';
import { birthDatesAgree, hasReachedAge, isBirthDate } from './birth-dates.ts';
import { namesAgree } from './names.ts';
import { isPersonalNumber, parseAttestedNumber } from './numbers.ts';
import type {
  Change,
  Identification,
  IdentityRefusal,
  Link,
  PersonId,
  PopulationRecord,
  Question,
  RegisterAnswer,
} from './person.ts';

/** An account somebody just proved to hold, and what the hub knows of it. Read link and own numbers afresh for each try. */
export interface ProvedAccount {
  readonly assertion: Assertion;
  /** The link of (source, subject) in whatever state, tombstones included; absent only when there never was one. */
  readonly link: Link | undefined;
  /** The personal numbers anchored to the person of that link, the newest last; empty without a link. */
  readonly ownNumbers: readonly string[];
}

/** What the caller found out so far, and what else a decision needs. Read holders afresh for each try. */
export interface Findings {
  /** What the population register answered so far, by the number it was asked for. Starts empty. */
  readonly answers: ReadonlyMap<string, RegisterAnswer>;
  /** Who is anchored at a personal number, `null` for nobody. Starts empty; a number not looked up is not in it. */
  readonly holders: ReadonlyMap<string, PersonId | null>;
  /** The random id to use if this turns out to be somebody new. */
  readonly newPersonId: PersonId;
  /** The date in Vietnam, `YYYY-MM-DD`. */
  readonly today: string;
  /** Below this age a guardian is needed (rule 6: 14, a setting). */
  readonly minimumAge: number;
}

/** Everything the decision about one account rests on. */
export interface Facts extends ProvedAccount, Findings {
  /**
   * The person nobody anchored yet whose accounts were proved together, who is anchored by the number of this one
   * (rule 4). Only `proveTogether` may say so: one account alone never speaks for such a person.
   */
  readonly unanchored?: PersonId;
}

/** A person has a handful of numbers in a lifetime; a record that lists more is no record of one person. */
const MOST_NUMBERS_OF_A_RECORD = 16;

/**
 * Decides which person an assertion is, refuses, or says what it still has to know (rules 1 and 4–7). Pure: the caller
 * finds out what is asked, adds it to the facts, and calls again until the outcome is no question (three at most):
 *
 *     for (;;) {
 *       const decision = identify({ ...facts, answers, holders });
 *       if (decision.outcome === 'ask_register') answers.set(decision.number, await register.find(decision.number));
 *       else if (decision.outcome === 'find_holders')
 *         for (const number of decision.numbers) holders.set(number, (await anchors.holderOf(number)) ?? null);
 *       else return decision;
 *     }
 *
 * The changes of the decision, those of a refusal too, then commit as one (see `Change` for what each requires to be
 * still true); when a concurrent sign-in won, start again from fresh facts.
 */
export function identify(facts: Facts): Identification | Question {
  const { assertion, link } = facts;
  if (assertion.holder !== 'person') return refused('not_a_person');

  const asked = numberToAsk(facts);
  if (asked === undefined) return refused('needs_second_source');

  const answer = facts.answers.get(asked);
  if (answer === undefined) return { outcome: 'ask_register', number: asked };
  if (answer.kind === 'unavailable') return withoutRegister(facts);
  if (answer.kind === 'not_found') return refused('person_not_found');
  if (answer.kind === 'ambiguous') return refused('ambiguous');

  const { record } = answer;
  // A record without a personal number is nothing to anchor on, however well the rest agrees.
  if (record.personalNumber === null) return refused('person_not_found');
  // The register contradicts its own question. Not `person_not_found`: that would tell the citizen the number is wrong.
  if (!isSoundAnswer(record, asked)) return refused('ambiguous');

  const owner = ownerOf(record, record.personalNumber, asked, facts);
  if ('outcome' in owner) return owner;

  // The number's person is there already: two persons for one human. Nothing merges silently (rule 5).
  const { unanchored } = facts;
  if (unanchored !== undefined && owner.person !== undefined && owner.person !== unanchored)
    return refused('ambiguous');
  const person = owner.person ?? unanchored;

  if (!attestsTheSamePerson(assertion, record)) return refused('identity_mismatch');
  if (link?.state === 'frozen') return refused('account_changed');
  if (link !== undefined && link.person !== person) {
    const { source, subject } = assertion;
    return refused('account_changed', [{ type: 'link.frozen', person: link.person, source, subject }]);
  }
  // Only now, when it is certain whose record this is, may the answer tell of death or age.
  if (record.status !== 'alive') return refused('person_deceased');
  if (!hasReachedAge(record.birthDate, facts.minimumAge, facts.today)) return refused('guardian_required');

  return identified(facts, record, record.personalNumber, person);
}

/**
 * The number to ask the register for: the one the source attests, else, for an account its owner has linked by double
 * proof, the person's own. Nothing means that only double proof can help (rule 4).
 */
function numberToAsk({ assertion, link, ownNumbers, unanchored }: Facts): string | undefined {
  // A tombstone comes back through its owner or double proof only, whatever the account attests now (rule 5). Nothing
  // is asked for it, so somebody trying a dead link learns nothing.
  if (link?.state === 'unlinked' || link?.state === 'blocked') return undefined;
  // No register stands behind a person nobody anchored yet, so a phone or account that changed hands would not be
  // noticed: only two of their accounts proved together speak for them, and bring their first number (rule 4).
  if (link !== undefined && ownNumbers.length === 0 && link.person !== unanchored) return undefined;

  const { name, birthDate, personalNumber } = assertion.attributes;
  const attested = parseAttestedNumber(personalNumber);
  if (attested !== undefined) return attested.value;
  // Without a number only the account itself says who this is. A phone may have gone to a namesake since, so the name
  // alone, which is all a certificate carries, is not enough here: double proof asked for both and so do we.
  if (link?.state === 'active' && name !== undefined && birthDate !== undefined) return ownNumbers.at(-1);
  return undefined;
}

/** Rule 7: the register is down. Who is linked and attests a number that is already theirs is let in, nobody else. */
function withoutRegister({ assertion, link, ownNumbers }: Facts): Identification {
  const attested = parseAttestedNumber(assertion.attributes.personalNumber);
  if (link?.state !== 'active' || attested === undefined || !ownNumbers.includes(attested.value)) {
    return refused('register_unavailable');
  }
  const { source, subject } = assertion;
  const used: Change = { type: 'link.used', person: link.person, source, subject };
  return { outcome: 'identified', person: link.person, record: null, changes: [used] };
}

/** Whether a record can be the answer to the question: well formed, and naming the number that was asked for. */
export function isSoundAnswer(record: PopulationRecord, asked: string): boolean {
  return (
    record.personalNumber !== null &&
    isPersonalNumber(record.personalNumber) &&
    (record.personalNumber === asked || record.formerNumbers.includes(asked)) &&
    record.formerNumbers.length < MOST_NUMBERS_OF_A_RECORD &&
    isBirthDate(record.birthDate)
  );
}

/**
 * The person anchored on a register record, if any; or the question or refusal that stands before knowing it.
 *
 * The person at the current number is the owner. When nobody is there but somebody is at a former personal number, the
 * number was corrected and they are the owner (rule 8), yet a number once given to two people by mistake looks the
 * same: it is current in one record and former in the other. So the register must also have led from that former
 * number to this very record; else the two could be confused and the answer is `ambiguous`.
 */
function ownerOf(
  record: PopulationRecord,
  currentNumber: string,
  asked: string,
  { link, answers, holders }: Facts,
): { readonly person: PersonId | undefined } | Question | Identification {
  const formerNumbers = record.formerNumbers.filter(isPersonalNumber);
  const numbers = [...new Set([currentNumber, ...formerNumbers])];
  const unknown = numbers.filter((number) => !holders.has(number));
  if (unknown.length > 0) return { outcome: 'find_holders', numbers: unknown };

  const holderOfCurrent = holders.get(currentNumber) ?? undefined;
  const heldFormerNumbers = formerNumbers.filter((number) => (holders.get(number) ?? null) !== null);
  if (holderOfCurrent !== undefined) {
    // Two persons on one record: an operator decides, nothing merges silently (rule 5). It concerns whoever arrives
    // through the other one, by the number or by the link; through the current number the owner stays the owner.
    const others = heldFormerNumbers.filter((number) => holders.get(number) !== holderOfCurrent);
    const throughAnother = others.some((number) => number === asked || holders.get(number) === link?.person);
    return throughAnother ? refused('ambiguous') : { person: holderOfCurrent };
  }

  const [candidate, ...rivals] = new Set(heldFormerNumbers.map((number) => holders.get(number)));
  if (candidate === undefined || candidate === null) return { person: undefined };
  if (rivals.length > 0) return refused('ambiguous');

  const former = heldFormerNumbers.includes(asked) ? asked : heldFormerNumbers[0]!;
  const confirmation = answers.get(former);
  if (confirmation === undefined) return { outcome: 'ask_register', number: former };
  if (confirmation.kind === 'unavailable') return refused('register_unavailable');
  const leadsHere =
    confirmation.kind === 'found' &&
    confirmation.record.personalNumber === currentNumber &&
    isSoundAnswer(confirmation.record, former);
  return leadsHere ? { person: candidate } : refused('ambiguous');
}

/** Rule 1: an agreeing name, current or former, and an agreeing birth date where one is attested, even an unreadable one. */
export function attestsTheSamePerson(assertion: Assertion, record: PopulationRecord): boolean {
  const { name, birthDate } = assertion.attributes;
  if (name === undefined) return false;
  if (birthDate !== undefined && !birthDatesAgree(birthDate, record.birthDate)) return false;
  return [record.name, ...record.formerNames].some((known) => namesAgree(name, known));
}

/** All that was asked holds: what must be written so that the next sign-in finds the same person. */
function identified(
  { assertion, link, holders, newPersonId }: Facts,
  record: PopulationRecord,
  currentNumber: string,
  known: PersonId | undefined,
): Identification {
  const { source, subject } = assertion;
  const person = known ?? newPersonId;
  const changes: Change[] = [];
  if (known === undefined) changes.push({ type: 'person.created', person });
  if (holders.get(currentNumber) !== person) {
    changes.push({ type: 'anchor.added', person, kind: 'personal_number', value: currentNumber });
  }
  changes.push({ type: 'person.confirmed', person });
  changes.push(
    link === undefined
      ? { type: 'link.added', person, source, subject, how: 'number' }
      : { type: 'link.used', person, source, subject },
  );
  return { outcome: 'identified', person, record, changes };
}

export function refused(reason: IdentityRefusal, changes: readonly Change[] = []): Identification {
  return { outcome: 'refused', reason, changes };
}
