/** Owns finding out which person an assertion is: asks register and store what the pure rules want to know, writes what they decide. */
import { randomUUID } from 'node:crypto';
import type { ClientRegistration } from '../clients.ts';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { type PendingProof, proveTogether } from '../identity/double-proof.ts';
import { type Findings, identify, type ProvedAccount } from '../identity/identify.ts';
import { parseAttestedNumber } from '../identity/numbers.ts';
import type {
  Change,
  Identification,
  PersonId,
  PopulationRecord,
  Question,
  RegisterAnswer,
} from '../identity/person.ts';
import { entry, type JournalEntry } from '../journal/events.ts';
import type { AccountKnown, Doubt, PersonKnown, Store } from '../store.ts';

/** The population register, asked for one number at a time. Never throws: silence is an answer (`unavailable`). */
export interface PopulationRegister {
  find(number: string, signal: AbortSignal): Promise<RegisterAnswer>;
}

/** For whom a person is identified. */
export interface Occasion {
  readonly client: ClientRegistration;
  /** What else happened and is told with the identification; each entry is told once. */
  takeUntold(): readonly JournalEntry[];
}

export interface Identified {
  readonly person: PersonId;
  /** As the agency knows them, if it has met them. */
  readonly known: Omit<PersonKnown, 'state'>;
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
  occasion: Occasion,
  signal: AbortSignal,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const newPersonId = randomUUID();
  const decide = () => decideAlone(assertion, occasion.client, newPersonId, signal, parts);
  return commit(decide, [assertion], occasion, parts, assure);
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
export async function decideTogether(
  pair: Pair,
  client: ClientRegistration,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<Decided> {
  const { pending, second, newPersonId, offeredTo } = pair;
  const [first, later] = await Promise.all([lookUp(pending.assertion, client, parts), lookUp(second, client, parts)]);
  const facts = {
    pending,
    first: { link: first.link, ownNumbers: first.ownNumbers },
    second: accountOf(second, later),
    now: parts.clock(),
    ...(offeredTo ? { offeredTo } : {}),
  };
  const holders = new Map([...holdersOf(pending.assertion, first), ...holdersOf(second, later)]);
  const decide = (findings: Findings) => proveTogether({ ...facts, ...findings });
  const decision = await settle(decide, holders, newPersonId, signal, parts);
  return { decision, persons: new Map([...first.persons, ...later.persons]) };
}

/** Links the pair as the citizen agreed. Throws `Refusal` when, looked at again, they are not that person's. */
export async function identifyTogether<Assured>(
  pair: Pair,
  occasion: Occasion,
  signal: AbortSignal,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const proved = [pair.second, pair.pending.assertion] as const;
  return commit(() => decideTogether(pair, occasion.client, signal, parts), proved, occasion, parts, assure);
}

/** What waits for a second source after a refusal; its link is read as the refusal has left it. */
export async function pendingProofOf(assertion: Assertion, { store, clock }: IdentifyParts): Promise<PendingProof> {
  return {
    assertion,
    provedAt: clock(),
    link: (await store.people.findLink(assertion.source, assertion.subject)) ?? null,
  };
}

/** What was decided, and what was known of whom it could concern. */
interface Decided {
  readonly decision: Identification;
  readonly persons: AccountKnown['persons'];
}

/** Writes what was decided together with its events; a concurrent sign-in that wrote first means to decide anew. */
async function commit<Assured>(
  decide: () => Promise<Decided>,
  proved: readonly [Assertion, Assertion?],
  { client, takeUntold }: Occasion,
  { store, clock }: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const untold = takeUntold();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { decision, persons } = await decide();
    if (decision.outcome === 'identified') await refuseLocked(decision, persons, store);
    const settled =
      decision.outcome === 'refused'
        ? new Refusal(decision.reason)
        : { assured: assure({ ...decision, known: persons.get(decision.person) ?? {} }) };
    const doubts = doubtsOf(decision, proved, clock());
    const entries = [
      ...untold,
      ...journalOf(decision, proved[0], client.client_id, clock()),
      ...doubts.map((doubt) => told(doubt, clock())),
    ];
    if ((await store.people.commit(decision.changes, entries, doubts)) === 'conflict') continue;
    if (settled instanceof Refusal) throw settled;
    return settled.assured;
  }
  throw new Refusal('store_unavailable');
}

/**
 * Whoever it is by the rules: a person whom an operator has locked gets no further, and nothing of them is written. One
 * who is locked in between is a conflict of the commit.
 */
async function refuseLocked(
  { person, changes }: Extract<Identification, { outcome: 'identified' }>,
  persons: Decided['persons'],
  { people }: Store,
): Promise<void> {
  const isNew = changes.some(({ type }) => type === 'person.created');
  if (isNew) return;
  const state = persons.get(person)?.state ?? (await people.stateOf(person));
  if (state === 'locked') throw new Refusal('person_locked');
}

async function decideAlone(
  assertion: Assertion,
  client: ClientRegistration,
  newPersonId: PersonId,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<Decided> {
  const known = await lookUp(assertion, client, parts);
  const account = accountOf(assertion, known);
  const decide = (findings: Findings) => identify({ ...account, ...findings });
  const decision = await settle(decide, holdersOf(assertion, known), newPersonId, signal, parts);
  return { decision, persons: known.persons };
}

/** An account as the hub knows it now, at one look. */
function lookUp({ source, subject, attributes }: Assertion, client: ClientRegistration, parts: IdentifyParts) {
  const personalNumber = parseAttestedNumber(attributes.personalNumber)?.value;
  const service = { client: client.client_id, sector: client.agency.id };
  return parts.store.people.lookUp({ source, subject, personalNumber, ...service, now: parts.clock() });
}

function accountOf(assertion: Assertion, { link, ownNumbers }: AccountKnown): ProvedAccount {
  return { assertion, link, ownNumbers };
}

/** Who is anchored at the attested number has been looked up already. */
function holdersOf({ attributes }: Assertion, { holder }: AccountKnown): Map<string, PersonId | null> {
  const attested = parseAttestedNumber(attributes.personalNumber)?.value;
  return new Map(attested === undefined ? [] : [[attested, holder ?? null]]);
}

/** Finds out what a pure decision wants to know until it asks no more. */
async function settle(
  decide: (findings: Findings) => Identification | Question,
  holders: Map<string, PersonId | null>,
  newPersonId: PersonId,
  signal: AbortSignal,
  { store, register, clock, minimumAge }: IdentifyParts,
): Promise<Identification> {
  const answers = new Map<string, RegisterAnswer>();
  const findings = { answers, holders, newPersonId, today: dateInVietnam(clock()), minimumAge };
  for (;;) {
    const decision = decide(findings);
    if (decision.outcome === 'ask_register') answers.set(decision.number, await register.find(decision.number, signal));
    else if (decision.outcome === 'find_holders')
      await Promise.all(
        decision.numbers.map(async (number) => holders.set(number, (await store.people.findHolder(number)) ?? null)),
      );
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
