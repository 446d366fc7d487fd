/** Owns finding out which person an assertion is: asks register and store what the pure rules want to know, writes what they decide. */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { type PendingProof, proveTogether } from '../identity/double-proof.ts';
import { type Findings, identify, type ProvedAccount } from '../identity/identify.ts';
import type {
  Change,
  Identification,
  PersonId,
  PopulationRecord,
  Question,
  RegisterAnswer,
} from '../identity/person.ts';
import { entry, type JournalEntry } from '../journal/events.ts';
import type { Doubt, Store } from '../store.ts';

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

/** What becomes of whoever it is. Asked before anything of them is written: to throw a `Refusal` leaves all as it was. */
export type Assure<Assured> = (identified: Identified) => Assured;

/** Decides who an assertion is and commits it. Throws `Refusal` with the reason; what a refusal must leave is written too. */
export async function identifyPerson<Assured>(
  assertion: Assertion,
  client: string,
  signal: AbortSignal,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const newPersonId = randomUUID();
  return commit(() => decideAlone(assertion, newPersonId, signal, parts), [assertion], client, parts, assure);
}

/** Two accounts proved one after the other in one browser (rule 4). */
export interface Pair {
  readonly pending: PendingProof;
  readonly second: Assertion;
  /** The id to use if they are somebody new; the same when the citizen has agreed as when the page was made. */
  readonly newPersonId: PersonId;
  /** Whom the page named both accounts for; absent while it is being made. */
  readonly offeredTo?: PersonId;
}

/** Whose two accounts are, writing nothing: what the page that names both of them rests on. */
export async function decideTogether(pair: Pair, signal: AbortSignal, parts: IdentifyParts): Promise<Identification> {
  const { pending, second, newPersonId, offeredTo } = pair;
  const { link, ownNumbers } = await accountOf(pending.assertion, parts.store);
  const facts = {
    pending,
    first: { link, ownNumbers },
    second: await accountOf(second, parts.store),
    now: parts.clock(),
    ...(offeredTo ? { offeredTo } : {}),
  };
  return settle((findings) => proveTogether({ ...facts, ...findings }), newPersonId, signal, parts);
}

/** Links the pair as the citizen agreed. Throws `Refusal` when, looked at again, they are not that person's. */
export async function identifyTogether<Assured>(
  pair: Pair,
  client: string,
  signal: AbortSignal,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const proved = [pair.second, pair.pending.assertion] as const;
  return commit(() => decideTogether(pair, signal, parts), proved, client, parts, assure);
}

/** What waits for a second source after a refusal; its link is read as the refusal has left it. */
export async function pendingProofOf(assertion: Assertion, { store, clock }: IdentifyParts): Promise<PendingProof> {
  return {
    assertion,
    provedAt: clock(),
    link: (await store.people.findLink(assertion.source, assertion.subject)) ?? null,
  };
}

/** Writes what was decided together with its events; a concurrent sign-in that wrote first means to decide anew. */
async function commit<Assured>(
  decide: () => Promise<Identification>,
  proved: readonly [Assertion, Assertion?],
  client: string,
  { store, clock }: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const decision = await decide();
    await refuseLocked(decision, store);
    const settled = decision.outcome === 'refused' ? new Refusal(decision.reason) : { assured: assure(decision) };
    const doubts = doubtsOf(decision, proved, clock());
    const entries = [
      ...journalOf(decision, proved[0], client, clock()),
      ...doubts.map((doubt) => told(doubt, clock())),
    ];
    if ((await store.people.commit(decision.changes, entries, doubts)) === 'conflict') continue;
    if (settled instanceof Refusal) throw settled;
    return settled.assured;
  }
  throw new Refusal('store_unavailable');
}

/** Whoever it is by the rules: a person whom an operator has locked gets no further, and nothing of them is written. */
async function refuseLocked(decision: Identification, { people }: Store): Promise<void> {
  if (decision.outcome === 'identified' && (await people.stateOf(decision.person)) === 'locked')
    throw new Refusal('person_locked');
}

async function decideAlone(
  assertion: Assertion,
  newPersonId: PersonId,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<Identification> {
  const account = await accountOf(assertion, parts.store);
  return settle((findings) => identify({ ...account, ...findings }), newPersonId, signal, parts);
}

/** An account as the hub knows it now. */
async function accountOf(assertion: Assertion, { people }: Store): Promise<ProvedAccount> {
  const link = await people.findLink(assertion.source, assertion.subject);
  return { assertion, link, ownNumbers: link === undefined ? [] : await people.numbersOf(link.person) };
}

/** Finds out what a pure decision wants to know until it asks no more. */
async function settle(
  decide: (findings: Findings) => Identification | Question,
  newPersonId: PersonId,
  signal: AbortSignal,
  { store, register, clock, minimumAge }: IdentifyParts,
): Promise<Identification> {
  const answers = new Map<string, RegisterAnswer>();
  const holders = new Map<string, PersonId | null>();
  const findings = { answers, holders, newPersonId, today: dateInVietnam(clock()), minimumAge };
  for (;;) {
    const decision = decide(findings);
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
  if (decision.outcome === 'identified') {
    const first = decision.changes.some(({ type }) => type === 'person.created');
    entries.push(entry(at, { type: 'person_identified', client, source, first }, decision.person));
  }
  for (const change of decision.changes) {
    if (change.type === 'link.added')
      entries.push(entry(at, { type: 'link_added', source: change.source, how: change.how }, change.person));
    if (change.type === 'link.frozen')
      entries.push(entry(at, { type: 'link_frozen', source: change.source }, change.person));
  }
  return entries;
}

/** What an operator has to look at: a link that froze, or an account whom the register could not tell from another. */
function doubtsOf(decision: Identification, proved: readonly (Assertion | undefined)[], at: number): Doubt[] {
  if (decision.outcome !== 'refused') return [];
  const frozen = decision.changes.find(({ type }) => type === 'link.frozen') as FrozenLink | undefined;
  if (frozen === undefined && decision.reason !== 'ambiguous') return [];
  const about = proved.find((one) => frozen === undefined || isAccountOf(frozen, one)) as Assertion;
  const { source, subject, acr } = about;
  const evidence = { subject, acr, at, attested: attestedBy(about) };
  return frozen === undefined
    ? [{ kind: 'ambiguous', source, subject, evidence }]
    : [{ kind: 'account_changed', source, subject, person: frozen.person, evidence }];
}

type FrozenLink = Extract<Change, { type: 'link.frozen' }>;

const isAccountOf = ({ source, subject }: FrozenLink, assertion: Assertion | undefined) =>
  assertion?.source === source && assertion.subject === subject;

/** No more than what the decision rested on. */
function attestedBy({ attributes: { name, birthDate, personalNumber } }: Assertion): Record<string, string> {
  const attested = { name, birthDate, personalNumber };
  return Object.fromEntries(Object.entries(attested).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function told({ kind, source, person }: Doubt, at: number): JournalEntry {
  return entry(at, { type: 'review_opened', source, kind }, person);
}
