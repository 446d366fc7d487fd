/** Owns finding out which person an assertion is: asks register and store what the pure rules want to know, writes what they decide. */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { identify } from '../identity/identify.ts';
import type { Change, Identification, PersonId, PopulationRecord, RegisterAnswer } from '../identity/person.ts';
import { entry, type JournalEntry } from '../journal/events.ts';
import type { Store } from '../store.ts';

/** The population register, asked for one number at a time. Never throws: silence is an answer (`unavailable`). */
export interface PopulationRegister {
  find(number: string, signal: AbortSignal): Promise<RegisterAnswer>;
}

export interface Identified {
  readonly person: PersonId;
  /** `null` when the register was down and the person was known (rule 7). */
  readonly record: PopulationRecord | null;
}

export interface IdentifyParts {
  readonly store: Store;
  readonly register: PopulationRegister;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly minimumAge: number;
}

/** Sign-ins of one person at the same time lose to each other at most this often before something is wrong. */
const MOST_TRIES = 5;

/** Decides who an assertion is and commits it. Throws `Refusal` with the reason; what a refusal must leave is written too. */
export async function identifyPerson(
  assertion: Assertion,
  client: string,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<Identified> {
  const answers = new Map<string, RegisterAnswer>();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const decision = await decide(assertion, answers, signal, parts);
    const entries = journalOf(decision, assertion, client, parts.clock());
    if ((await parts.store.people.commit(decision.changes, entries)) === 'conflict') continue;
    if (decision.outcome === 'refused') throw new Refusal(decision.reason);
    return { person: decision.person, record: decision.record };
  }
  throw new Refusal('store_unavailable');
}

async function decide(
  assertion: Assertion,
  answers: Map<string, RegisterAnswer>,
  signal: AbortSignal,
  { store, register, clock, minimumAge }: IdentifyParts,
): Promise<Identification> {
  const link = await store.people.findLink(assertion.source, assertion.subject);
  const ownNumbers = link === undefined ? [] : await store.people.numbersOf(link.person);
  const holders = new Map<string, PersonId | null>();
  const facts = {
    assertion,
    link,
    ownNumbers,
    answers,
    holders,
    newPersonId: randomUUID(),
    today: dateInVietnam(clock()),
    minimumAge,
  };
  for (;;) {
    const decision = identify(facts);
    if (decision.outcome === 'ask_register') answers.set(decision.number, await register.find(decision.number, signal));
    else if (decision.outcome === 'find_holders')
      for (const number of decision.numbers) holders.set(number, (await store.people.findHolder(number)) ?? null);
    else return decision;
  }
}

/** The calendar date in Vietnam (UTC+7, no summer time), `YYYY-MM-DD`. */
export function dateInVietnam(milliseconds: number): string {
  return new Date(milliseconds + 7 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

function journalOf(decision: Identification, { source, acr }: Assertion, client: string, at: number): JournalEntry[] {
  const entries = [entry(at, { type: 'source_answered', client, source, acr })];
  const has = (type: Change['type']) => decision.changes.find((change) => change.type === type);
  if (decision.outcome === 'identified') {
    const first = has('person.created') !== undefined;
    entries.push(entry(at, { type: 'person_identified', client, source, first }, decision.person));
    if (has('link.added')) entries.push(entry(at, { type: 'link_added', source, how: 'number' }, decision.person));
  }
  const frozen = has('link.frozen');
  if (frozen) entries.push(entry(at, { type: 'link_frozen', source }, frozen.person));
  return entries;
}
