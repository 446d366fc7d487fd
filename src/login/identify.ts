/** Owns finding out which person an assertion is: asks register and store what the pure rules want to know, writes what they decide. */
import { randomUUID } from 'node:crypto';
import { dateInVietnam } from '../calendar.ts';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import type { Authentication } from '../identity/authentication.ts';
import { type PendingProof, proveTogether } from '../identity/double-proof.ts';
import { type Findings, identify, type ProvedAccount } from '../identity/identify.ts';
import { parseAttestedNumber } from '../identity/numbers.ts';
import type { Identification, PersonId, PopulationRecord, Question, RegisterAnswer } from '../identity/person.ts';
import type { JournalEntry } from '../journal/events.ts';
import type { AccountKnown, AccountQuestion, PersonKnown, Store } from '../store.ts';
import { assertOpen, type LevelOf } from './closed-ways.ts';
import {
  answeredEntry,
  besideOf,
  doubtEntry,
  doubtsOf,
  type IsSomebody,
  identifiedEntry,
  isNewcomer,
  linkEntries,
  type Occasion as Recorded,
} from './identification-record.ts';

/** The population register, asked for one number at a time. Never throws: silence is an answer (`unavailable`). */
export interface PopulationRegister {
  find(number: string, signal: AbortSignal): Promise<RegisterAnswer>;
}

/** For whom and where a person is identified. */
export interface Occasion extends Recorded {
  /** What else happened and is told with the identification. */
  untold(): readonly JournalEntry[];
  /** Called when it has been told. */
  told(): void;
}

export interface Identified {
  readonly person: PersonId;
  /** As the agency knows them, if it has met them. */
  readonly known: Pick<PersonKnown, 'consent' | 'sub'>;
  /** Id of the browser among the person's devices. */
  readonly device: string;
  /** `null` when the register was down and the person was known (rule 7). */
  readonly record: PopulationRecord | null;
}

export interface IdentifyParts {
  readonly store: Store;
  readonly register: PopulationRegister;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly minimumAge: number;
  readonly levelOf: LevelOf;
  /** Carries what waits in the outbox: somebody is to be told of a sign-in. */
  readonly messages: { wake(): void };
}

/** Sign-ins of one person at the same time lose to each other at most this often before something is wrong. */
const MOST_TRIES = 5;

interface WithAuthentication {
  readonly authentication: Authentication;
}

/** What becomes of whoever it is. Asked before anything of them is written: to throw a `Refusal` leaves all as it was. */
export type Assure<Assured extends WithAuthentication> = (identified: Identified) => Assured;

/** Decides who an assertion is and commits it. Throws `Refusal` with the reason; what a refusal must leave is written too. */
export async function identifyPerson<Assured extends WithAuthentication>(
  assertion: Assertion,
  occasion: Occasion,
  signal: AbortSignal,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const newPersonId = randomUUID();
  const decide = () => decideAlone(assertion, occasion, newPersonId, signal, parts);
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

/**
 * Whether the two are somebody's, writing nothing: what the page that names both of them rests on. Throws `ClosedWay` when
 * that person would not be let in by them.
 */
export async function findTogether(
  pair: Pair,
  occasion: Occasion,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<PersonId | undefined> {
  const { decision, persons } = await decideTogether(pair, occasion, signal, parts);
  if (decision.outcome !== 'identified') return undefined;
  await lookAt(decision, [pair.second, pair.pending.assertion], persons, occasion, parts);
  return decision.person;
}

async function decideTogether(
  pair: Pair,
  occasion: Occasion,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<Decided> {
  const { pending, second, newPersonId, offeredTo } = pair;
  const [first, later] = await Promise.all([
    lookUp(pending.assertion, occasion, parts),
    lookUp(second, occasion, parts),
  ]);
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
export async function identifyTogether<Assured extends WithAuthentication>(
  pair: Pair,
  occasion: Occasion,
  signal: AbortSignal,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const proved = [pair.second, pair.pending.assertion] as const;
  return commit(() => decideTogether(pair, occasion, signal, parts), proved, occasion, parts, assure);
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
async function commit<Assured extends WithAuthentication>(
  decide: () => Promise<Decided>,
  proved: readonly [Assertion, ...Assertion[]],
  occasion: Occasion,
  parts: IdentifyParts,
  assure: Assure<Assured>,
): Promise<Assured> {
  const { store, clock, messages } = parts;
  const newDeviceId = randomUUID();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { decision, persons } = await decide();
    const entries = [...occasion.untold(), answeredEntry(proved[0], occasion.client, clock())];
    if (decision.outcome === 'refused') {
      const doubts = doubtsOf(decision, proved, clock());
      const frozen = [...linkEntries(decision.changes, clock()), ...doubts.map((doubt) => doubtEntry(doubt, clock()))];
      if ((await store.people.commit(decision.changes, [...entries, ...frozen], doubts)) === 'conflict') continue;
      occasion.told();
      throw new Refusal(decision.reason);
    }
    const known = await lookAt(decision, proved, persons, occasion, parts);
    const { consent, sub, device = newDeviceId, isReachable = false } = known ?? {};
    const agency = { ...(consent ? { consent } : {}), ...(sub === undefined ? {} : { sub }) };
    const assured = assure({ ...decision, known: agency, device });
    const { acr } = assured.authentication;
    const isNewDevice = device === newDeviceId;
    const seen = { decision, proved, occasion, device, isNewDevice, isReachable, at: clock() };
    entries.push(identifiedEntry(seen, acr), ...linkEntries(decision.changes, clock(), device));
    const beside = besideOf(seen);
    if ((await store.people.commit(decision.changes, entries, [], beside)) === 'conflict') continue;
    occasion.told();
    if (beside.messages) messages.wake();
    return assured;
  }
  throw new Refusal('store_unavailable');
}

/**
 * All that is known of a person who was there before; `undefined` of a new one. Throws `ClosedWay` when they may not come in by
 * what was proved. What changes from here on is a conflict of the commit.
 */
async function lookAt(
  decision: IsSomebody,
  proved: readonly [Assertion, ...Assertion[]],
  persons: Decided['persons'],
  occasion: Occasion,
  parts: IdentifyParts,
): Promise<PersonKnown | undefined> {
  if (isNewcomer(decision)) return undefined;
  const { person } = decision;
  let known = persons.get(person);
  if (known === undefined) {
    // Found by a number that the account does not attest: one of before a correction.
    const number = (await parts.store.people.numbersOf(person)).at(-1);
    known = (await lookUp(proved[0], occasion, parts, number)).persons.get(person);
  }
  if (known) assertOpen(decision, proved, known, parts.levelOf);
  return known;
}

async function decideAlone(
  assertion: Assertion,
  occasion: Occasion,
  newPersonId: PersonId,
  signal: AbortSignal,
  parts: IdentifyParts,
): Promise<Decided> {
  const known = await lookUp(assertion, occasion, parts);
  const account = accountOf(assertion, known);
  const decide = (findings: Findings) => identify({ ...account, ...findings });
  const decision = await settle(decide, holdersOf(assertion, known), newPersonId, signal, parts);
  return { decision, persons: known.persons };
}

/** An account as the hub knows it now, at one look, with whoever is anchored at the number it attests. */
function lookUp(
  { source, subject, attributes }: Assertion,
  { client, browser }: Occasion,
  { store, clock }: IdentifyParts,
  personalNumber = parseAttestedNumber(attributes.personalNumber)?.value,
): Promise<AccountKnown> {
  const question: AccountQuestion = {
    source,
    subject,
    personalNumber,
    client: client.client_id,
    sector: client.agency.id,
    device: browser.isKept ? browser.secret : undefined,
    now: clock(),
  };
  return store.people.lookUp(question);
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
