/**
 * Owns double proof (design: Identity, rules 4 and 5): an account that cannot say alone whose it is, proved together with
 * a second one in the same browser. It is the only way by which an account comes to somebody whose number it does not
 * attest, hence the first door anybody would try who wants to be somebody else: whatever is in doubt refuses.
 */
import type { Assertion } from './assertion.ts';
import { reaches } from './assurance.ts';
import { birthDatesAgree, hasReachedAge } from './birth-dates.ts';
import {
  attestsTheSamePerson,
  type Findings,
  identify,
  isSoundAnswer,
  type ProvedAccount,
  refused,
} from './identify.ts';
import { namesAgree } from './names.ts';
import { parseAttestedNumber } from './numbers.ts';
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

/** How long a first proof waits for the second, in milliseconds. */
export const PROOF_LIFETIME = 10 * 60 * 1000;

/** How far a source's clock may be from ours, in seconds. */
const CLOCKS_DIFFER = 60;

/** An account that was proved and waits for a second one. Kept by the shell for one browser session, and used once. */
export interface PendingProof {
  readonly assertion: Assertion;
  /** Milliseconds since the epoch. */
  readonly provedAt: number;
  /** The account's link as the refusal left it, `null` for none: a proof does not outlive what it was given for. */
  readonly link: Link | null;
  /** The unanchored person this proof speaks for already, because it was itself the second of two of their accounts. */
  readonly provedAs?: PersonId;
}

/** Everything the decision about two accounts rests on. */
export interface TogetherFacts extends Findings {
  /** What was proved first, before the page "add a way to sign in". */
  readonly pending: PendingProof;
  /** The link of that account and the numbers of the link's person, read afresh. */
  readonly first: Omit<ProvedAccount, 'assertion'>;
  /** What was proved after that page, in the same browser. */
  readonly second: ProvedAccount;
  /** The person the citizen saw and agreed to on the page that named both accounts; absent while it is being prepared. */
  readonly offeredTo?: PersonId;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether a refusal of one account alone can be overcome by proving a second one, so that a proof may be left pending. */
export function isOpenToDoubleProof(reason: IdentityRefusal): boolean {
  return reason === 'needs_second_source' || reason === 'account_changed';
}

/**
 * Whether a pending proof still counts: not for ten minutes gone, and its account's link, read afresh, as it was. Linking
 * or unlinking it, in whichever browser, ends every proof of it.
 */
export function isUsable({ provedAt, link: before }: PendingProof, now: number, link: Link | undefined): boolean {
  const age = now - provedAt;
  return age >= 0 && age < PROOF_LIFETIME && link?.person === before?.person && link?.state === before?.state;
}

/**
 * Decides whose two accounts are that were proved together, or refuses, or says what it still has to know; the caller
 * answers as it does for `identify` (four questions at most) and commits the changes as one. `record` is `null` only for
 * a person nobody anchored, whose level is `levelOfUnanchored`.
 *
 * The second account has a number, stands at `loa2` or higher and is identified like any other; the first then comes to
 * its person. It may be new, frozen or a tombstone, never in use by somebody else. Two accounts without a number make a
 * person whom no register confirms: both are theirs, and until a number anchors them both are needed at every sign-in,
 * since nobody else could tell that one of the two has changed hands.
 */
export function proveTogether(facts: TogetherFacts): Identification | Question {
  const { pending, second, offeredTo, now } = facts;
  const first: ProvedAccount = { assertion: pending.assertion, ...facts.first };
  if (first.assertion.holder !== 'person' || second.assertion.holder !== 'person') return refused('not_a_person');
  if (!isUsable(pending, now, first.link) || !isSecondSource(second.assertion, pending)) {
    return refused('needs_second_source');
  }
  // Before anything is asked: two accounts of two people learn nothing about either of them.
  if (!attestEachOther(first.assertion, second.assertion)) return refused('identity_mismatch');

  const decision = decide(first, second, facts);
  // The citizen agreed to be this person and no other; meanwhile a sign-in elsewhere made it another.
  const another = decision.outcome === 'identified' && offeredTo !== undefined && decision.person !== offeredTo;
  return another ? refused('needs_second_source') : decision;
}

/**
 * Whether an assertion can be the second of a pair: of another source, since one authority's mistake may sit in several
 * of its accounts; proved after the first, since a session left running by somebody else proves nothing; and both
 * carrying what has to agree. Certificates bear no birth date; where both accounts attest a number, which must lead to
 * one record, theirs is not needed: so a recycled SIM gets back to its new holder.
 */
function isSecondSource(second: Assertion, { assertion: first, provedAt }: PendingProof): boolean {
  const pair = [first, second];
  return (
    first.source !== second.source &&
    second.authTime >= Math.floor(provedAt / 1000) - CLOCKS_DIFFER &&
    pair.every(({ attributes }) => attributes.name !== undefined) &&
    (pair.every(({ attributes }) => attributes.birthDate !== undefined) || pair.every(attestsNumber))
  );
}

function attestEachOther({ attributes: one }: Assertion, { attributes: other }: Assertion): boolean {
  const datesAgree =
    one.birthDate === undefined || other.birthDate === undefined || birthDatesAgree(one.birthDate, other.birthDate);
  return datesAgree && namesAgree(one.name ?? '', other.name ?? '');
}

function decide(first: ProvedAccount, second: ProvedAccount, facts: TogetherFacts): Identification | Question {
  const unanchored = unanchoredPersonOf(first);
  if (unanchored !== undefined && unanchoredPersonOf(second) === unanchored) {
    return withBothOfTheirs(first, second, unanchored, facts);
  }
  if (!attestsNumber(second.assertion)) {
    const neitherSaysWho = first.link === undefined && second.link === undefined && !attestsNumber(first.assertion);
    return neitherSaysWho ? newUnanchored(first, second, facts) : refused('needs_second_source');
  }
  if (!reaches(second.assertion.acr, 'loa2')) return refused('needs_second_source');
  // One account alone does not speak for an unanchored person, only one that was proved with another of theirs.
  const spokenFor = facts.pending.provedAs === unanchored ? unanchored : undefined;
  return byNumber(second, first, spokenFor, facts);
}

/** The person of an active link whom no number anchors yet. */
function unanchoredPersonOf({ link, ownNumbers }: ProvedAccount): PersonId | undefined {
  return link?.state === 'active' && ownNumbers.length === 0 ? link.person : undefined;
}

function attestsNumber({ attributes }: Assertion): boolean {
  return parseAttestedNumber(attributes.personalNumber) !== undefined;
}

/** Both accounts are the unanchored person's own. Where one has got a number since, at whatever level, it anchors them. */
function withBothOfTheirs(
  first: ProvedAccount,
  second: ProvedAccount,
  person: PersonId,
  facts: TogetherFacts,
): Identification | Question {
  if (attestsNumber(second.assertion)) return byNumber(second, first, person, facts);
  if (attestsNumber(first.assertion)) return byNumber(first, second, person, facts);
  if (isTooYoung(first, facts) || isTooYoung(second, facts)) return refused('guardian_required');
  const changes = [first, second].map(({ assertion: { source, subject } }): Change => {
    return { type: 'link.used', person, source, subject };
  });
  return { outcome: 'identified', person, record: null, changes };
}

function newUnanchored(first: ProvedAccount, second: ProvedAccount, facts: TogetherFacts): Identification {
  if (isTooYoung(first, facts) || isTooYoung(second, facts)) return refused('guardian_required');
  const person = facts.newPersonId;
  const links = [first, second].map(({ assertion: { source, subject } }): Change => {
    return { type: 'link.added', person, source, subject, how: 'double_proof' };
  });
  return { outcome: 'identified', person, record: null, changes: [{ type: 'person.created', person }, ...links] };
}

function isTooYoung({ assertion }: ProvedAccount, { minimumAge, today }: Findings): boolean {
  return !hasReachedAge(assertion.attributes.birthDate ?? '', minimumAge, today);
}

/** The numbered account says who this is, by the ordinary rules; the other one comes along if it says nothing else. */
function byNumber(
  numbered: ProvedAccount,
  other: ProvedAccount,
  unanchored: PersonId | undefined,
  { answers, holders, newPersonId, today, minimumAge }: Findings,
): Identification | Question {
  const findings: Findings = { answers, holders, newPersonId, today, minimumAge };
  const decision = identify({ ...findings, ...numbered, ...(unanchored === undefined ? {} : { unanchored }) });
  if (decision.outcome !== 'identified') return decision;
  // Rule 7 lets a known person in without the register; a new way in needs it.
  if (decision.record === null) return refused('register_unavailable');

  const objection = objectionOf(other.assertion, decision.record, answers);
  if (objection !== undefined) return objection;

  const { link, assertion, ownNumbers } = other;
  const { source, subject } = assertion;
  const { person, record, changes } = decision;
  if (link?.state !== 'active') {
    const added: Change = { type: 'link.added', person, source, subject, how: 'double_proof' };
    return { ...decision, changes: [...changes, added] };
  }
  if (link.person === person) {
    return { ...decision, changes: [...changes, { type: 'link.used', person, source, subject }] };
  }
  if (ownNumbers.length === 0) {
    // An unanchored person and one the number leads to: two persons for one human, or an account that changed hands.
    const isNew = changes.some(({ type }) => type === 'person.created');
    return refused(isNew ? 'needs_second_source' : 'ambiguous');
  }
  if (ownNumbers.some((own) => own === record.personalNumber || record.formerNumbers.includes(own))) {
    return refused('ambiguous');
  }
  // In use by somebody else, and now in these hands: nobody's, until its new holder comes again (rule 5).
  return refused('account_changed', [{ type: 'link.frozen', person: link.person, source, subject }]);
}

/** What speaks against an account being of the person of a record: another name, birth date or number. */
function objectionOf(
  assertion: Assertion,
  record: PopulationRecord,
  answers: ReadonlyMap<string, RegisterAnswer>,
): Identification | Question | undefined {
  if (!attestsTheSamePerson(assertion, record)) return refused('identity_mismatch');
  const attested = parseAttestedNumber(assertion.attributes.personalNumber);
  if (attested === undefined || attested.value === record.personalNumber) return undefined;
  const answer = answers.get(attested.value);
  if (answer === undefined) return { outcome: 'ask_register', number: attested.value };
  if (answer.kind === 'unavailable') return refused('register_unavailable');
  if (answer.kind === 'not_found') return refused('person_not_found');
  if (answer.kind === 'ambiguous' || !isSoundAnswer(answer.record, attested.value)) return refused('ambiguous');
  return answer.record.personalNumber === record.personalNumber ? undefined : refused('identity_mismatch');
}
