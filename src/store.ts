/**
 * Owns the ports behind which the hub keeps what it must remember. Adapters implement them; plain values go in and come
 * out, and each adapter sees to it that at rest nobody is readable (ARCHITECTURE: Data).
 */
import type { ItemTerms, Localised } from '../views/pages.ts';
import type { PublishedKeys } from './citizen/documents/published-keys.ts';
import type { Block, NewAlert, OwnRecords, SeenDevice, Told } from './citizen/ports.ts';
import type { DeveloperRecords } from './developer/ports.ts';
import type { SourceId } from './identity/assertion.ts';
import type { Change, Link, LinkState, PersonId } from './identity/person.ts';
import type { Event, EventType, JournalEntry } from './journal/events.ts';
import type { FaultTrials } from './simulator/ports.ts';
import type { Sightings } from './watching/sightings.ts';

export type PersonState = 'active' | 'locked';

/** One of a person's links, in whatever state. */
export interface OwnLink {
  /** Random to look at; stays the same until its row is brought to another index key. */
  readonly id: string;
  readonly source: SourceId;
  readonly subject: string;
  readonly state: LinkState;
  readonly how: 'number' | 'double_proof';
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** An account somebody proved to hold, and for which client. */
export interface AccountQuestion {
  readonly source: SourceId;
  readonly subject: string;
  /** As the source attests it, if it does. */
  readonly personalNumber?: string | undefined;
  readonly client: string;
  /** In which the client knows persons. */
  readonly sector: string;
  /** Secret of the browser's device cookie, if it has one. */
  readonly device?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the hub knows of an account, and of whoever may be behind it. */
export interface AccountKnown {
  readonly link: Link | undefined;
  /** Every personal number ever anchored to the link's person, oldest first. */
  readonly ownNumbers: readonly string[];
  /** The person anchored at the attested number. */
  readonly holder: PersonId | undefined;
  /** Of the link and of the number. */
  readonly persons: ReadonlyMap<PersonId, PersonKnown>;
}

/** A person, as the client of a sign-in will know them. */
export interface PersonKnown {
  readonly state: PersonState;
  /** Every link of the person, tombstones too. */
  readonly links: readonly Pick<OwnLink, 'source' | 'state'>[];
  readonly blocks: readonly Block[];
  /** Has given a contact: somebody there is to be told of what they may not know. */
  readonly isReachable: boolean;
  /** Id of the browser's device, when it is one the person has used before. */
  readonly device?: string;
  /** In force between the person and the client. */
  readonly consent?: Consent;
  /** In the client's sector, if they have met. */
  readonly sub?: string;
}

/** Persons, their anchors and links, and the subject each sector knows them by. */
export interface People {
  /** All that an identification wants to know first, at one look. */
  lookUp(account: AccountQuestion): Promise<AccountKnown>;
  findLink(source: SourceId, subject: string): Promise<Link | undefined>;
  /** The person anchored at this verified personal number. */
  findHolder(personalNumber: string): Promise<PersonId | undefined>;
  /** Every personal number ever anchored to the person, oldest first. */
  numbersOf(person: PersonId): Promise<readonly string[]>;
  /**
   * Carries out an identification: all changes and their events commit together or not at all. `conflict` means that
   * they rest on what is no longer so, because a concurrent sign-in wrote the same person, anchor or link first or froze
   * the link, or an operator locked the person: nothing was written; look again and decide anew. `link.added` by double
   * proof takes over a link that is not active, and ends the review that was open on it. A link that is added or used
   * through a source the person has blocked is a conflict, too. Doubts become reviews in the same unit, `beside` is written
   * with it.
   */
  commit(
    changes: readonly Change[],
    entries: readonly JournalEntry[],
    doubts?: readonly Doubt[],
    beside?: Beside,
  ): Promise<'committed' | 'conflict'>;
  /** `undefined` for a person who is not in the store. */
  stateOf(person: PersonId): Promise<PersonState | undefined>;
  /** Together with its events; `false`, and without, when the person is unknown or already so. */
  lock(person: PersonId, entries: readonly JournalEntry[]): Promise<boolean>;
  unlock(person: PersonId, entries: readonly JournalEntry[]): Promise<boolean>;
  /** All links of a person, tombstones too, oldest first. */
  linksOf(person: PersonId): Promise<readonly OwnLink[]>;
  /**
   * Makes a tombstone of an active or frozen link, together with its events. `stranding` when the person could not sign
   * in any more: who has a number needs one active link, who has none needs two of them together. `unknown` for any
   * other link.
   */
  unlink(
    person: PersonId,
    link: string,
    entries: readonly JournalEntry[],
  ): Promise<'unlinked' | 'stranding' | 'unknown'>;
  /**
   * The pairwise subject of a person in a sector: random, stored, the same for ever (OpenID Connect Core 8.1). Rejects
   * for a person who is not in the store.
   */
  subjectFor(person: PersonId, sector: string): Promise<string>;
  /** Every subject by which some sector knows the person, by sector. */
  subjectsOf(person: PersonId): Promise<ReadonlyMap<string, string>>;
  /** When the population register last confirmed the person, if it ever did. */
  confirmedAt(person: PersonId): Promise<number | undefined>;
  /**
   * Deletes everything that is the person's and every row that ties events to them, never events. `held` while the person
   * is locked, a link of theirs is frozen, or a case or review about them is open. What is told names nobody.
   */
  erase(person: PersonId, told: Told): Promise<'erased' | 'held'>;
}

/** What an identification leaves besides the person: the browser it was in, and whom that has to be told. */
export interface Beside {
  readonly device?: SeenDevice;
  readonly alert?: NewAlert;
  readonly messages?: readonly Message[];
}

/** Why the rules alone could not tell, for somebody to look at. */
export interface Doubt {
  readonly kind: 'account_changed' | 'ambiguous';
  readonly source: SourceId;
  readonly subject: string;
  /** The former holder, when a link froze. */
  readonly person?: PersonId;
  /** What the source attested. */
  readonly evidence: Json;
}

/**
 * What an operator may decide. `give-to-new-holder` forgets the frozen link, as if the account had never come: whoever
 * it attests next gets it by the ordinary rules, or not. `keep-former` makes it active again for whom it was.
 */
export const DECISIONS = ['give-to-new-holder', 'keep-former', 'dismiss'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Review extends Pick<Doubt, 'kind' | 'source'> {
  readonly id: string;
  readonly person?: PersonId;
  readonly state: 'open' | 'decided';
  /** `double_proof`: a citizen settled it by proving two accounts. */
  readonly decision?: Decision | 'double_proof';
  readonly decider?: string;
  /** Milliseconds since the epoch, here and below. */
  readonly openedAt: number;
  readonly decidedAt?: number;
  readonly deleteAfter: number;
  /** Absent after `deleteAfter`. */
  readonly evidence?: Json;
}

/** Doubts about who somebody is, each until somebody has decided. Evidence is kept sealed, and not for long. */
export interface Reviews {
  /** Those that wait for a decision, oldest first. */
  open(): Promise<readonly Review[]>;
  /** How many those are. */
  length(): Promise<number>;
  find(id: string): Promise<Review | undefined>;
  /** Those about the account of one person, decided or not, newest first. */
  of(person: PersonId): Promise<readonly Review[]>;
  /**
   * Decides once, together with its events. `overtaken` when the link is no longer the frozen one of this person: only
   * `dismiss` is left. `unknown` when there is no such open review.
   */
  decide(
    id: string,
    decision: Decision,
    decider: string,
    entries: readonly JournalEntry[],
  ): Promise<'decided' | 'overtaken' | 'unknown'>;
  /** Deletes evidence whose date has come, and with it the reviews that are decided. */
  sweep(): Promise<void>;
}

/** What a person agreed to share with one client. */
export interface Consent {
  readonly id: string;
  readonly person: PersonId;
  readonly client: string;
  /** Fingerprint of what the page said: purpose, basis, items. Another fingerprint asks again. */
  readonly version: string;
  /** Items the page offered, and those of them the citizen left ticked. */
  readonly offered: readonly string[];
  readonly granted: readonly string[];
  readonly purpose: string;
  readonly basis: 'consent' | 'law';
  /** Who asked, as the page named them: a registration changes, what was agreed to does not. Absent in old rows. */
  readonly terms?: ConsentTerms;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

export interface ConsentTerms {
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly service: Localised;
  readonly purpose: Localised;
  /** By the item, where the page said of each what it was wanted for. */
  readonly items?: Readonly<Record<string, ItemTerms>>;
}

/** A consent as its person sees it, also when it is over. */
export interface OwnConsent extends Consent {
  /** `replaced`, `expired`, `withdrawn` …; absent while it is in force (or has run out unseen). `to` is then its end. */
  readonly endReason?: string;
  /** When tokens were last issued on it. */
  readonly usedAt?: number;
}

/** A consent in force, and the subject by which the client's sector knows the person. */
export interface StandingConsent {
  readonly consent: Consent;
  readonly sub: string;
}

/**
 * While a person is locked, none of their consents is in force. Nor is any for a sign-in whose way does not stand any more:
 * `source` is that of the authentication which rests on the consent, and the person must have an active link there that
 * nobody has blocked.
 */
export interface Consents {
  /** The consent in force at `now` between a person and a client, if any. */
  inForce(person: PersonId, client: string, now: number): Promise<Consent | undefined>;
  /** A consent by its id, only while it is in force at `now`. */
  find(id: string, sector: string, source: SourceId, now: number): Promise<StandingConsent | undefined>;
  /** The same, and records what is done on it, together with looking: nothing is recorded when there is none in force. */
  release(
    id: string,
    sector: string,
    source: SourceId,
    now: number,
    entries: readonly JournalEntry[],
  ): Promise<StandingConsent | undefined>;
  /**
   * Begins a consent and ends the one it replaces, together with their events; one to the very same that is in force
   * stays instead, and nothing is recorded. Returns what is in force by then. With the `source` of the sign-in in which it
   * is given, `undefined` and nothing when that way does not stand any more: a page may have been open while it was closed.
   */
  give(consent: Consent, sector: string, entries: readonly JournalEntry[]): Promise<StandingConsent>;
  give(
    consent: Consent,
    sector: string,
    entries: readonly JournalEntry[],
    source: SourceId,
  ): Promise<StandingConsent | undefined>;
  /** Records that tokens are issued on a consent, if it is in force at `now`; `false`, and nothing, when it is not. */
  use(id: string, source: SourceId, now: number, entries: readonly JournalEntry[]): Promise<boolean>;
  /**
   * Ends a consent before its time, together with what is told; `false`, and without, when it has already ended or is
   * somebody else's.
   */
  end(person: PersonId, id: string, at: number, reason: string, told: Told): Promise<boolean>;
  /** All consents there ever were between the person and anybody, newest first. */
  of(person: PersonId): Promise<readonly OwnConsent[]>;
}

/** A part of a person's history. */
export interface HistoryQuestion {
  readonly person: PersonId;
  /** Only these types; all when absent. */
  readonly types?: readonly EventType[];
  /** Only of these clients, sources; all when absent. */
  readonly clients?: readonly string[];
  readonly sources?: readonly SourceId[];
  /** Milliseconds since the epoch: from, and before. */
  readonly from?: number;
  readonly until?: number;
  /** Only what comes after this row, which is older. */
  readonly after?: { readonly at: number; readonly id: string };
  readonly most: number;
}

/** An event as the person it concerned sees it. */
export interface HistoryRow {
  readonly id: string;
  readonly at: number;
  readonly event: Event;
  /** Id of the device in which it happened. */
  readonly device?: string;
}

/** The record of what happened; entries are durable when the promise resolves. */
export interface Journal {
  record(entries: readonly JournalEntry[]): Promise<void>;
  /** Newest first, at one look however long the history is. */
  historyOf(question: HistoryQuestion): Promise<readonly HistoryRow[]>;
  /** `undefined` for what is not this person's. */
  find(person: PersonId, event: string): Promise<HistoryRow | undefined>;
  /** Unties everything that happened before from whom it concerned; events stay. */
  forgetBefore(at: number): Promise<void>;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface Kept {
  readonly value: Json;
  /** Grows with every write; `replace` compares it. */
  readonly version: number;
  /** Seconds since the epoch at which it was consumed, if it was. */
  readonly consumedAt?: number;
}

/**
 * Short-lived protocol state: sessions, codes, tokens, what must not be used twice. Ids are secrets and are kept only as
 * hashes, values only sealed. Every one-use decision is atomic here and nowhere else. What is asked for in one turn of
 * the event loop travels together.
 */
export interface ProtocolState {
  /** `undefined` when unknown or past its lifetime. */
  get(kind: string, id: string): Promise<Kept | undefined>;
  /**
   * Writes whether or not there was something; what was consumed stays marked so. `group` names what is listed and
   * deleted together (a grant, a person). `lifetime` in seconds, here and below; an entry without an end is refused.
   */
  put(kind: string, id: string, value: Json, lifetime: number, group?: string): Promise<void>;
  /** `true` for exactly one of any number of concurrent callers; an entry past its lifetime counts as absent. */
  putIfAbsent(kind: string, id: string, value: Json, lifetime: number, group?: string): Promise<boolean>;
  /**
   * Writes only over the version that was read; `false` when somebody else wrote or deleted since. Without a `group` the
   * entry stays in the one it is in.
   */
  replace(kind: string, id: string, version: number, value: Json, lifetime: number, group?: string): Promise<boolean>;
  /**
   * `true` for exactly one of any number of concurrent callers; the value stays readable, marked as consumed. `false`
   * also for what is unknown or past its lifetime.
   */
  consume(kind: string, id: string): Promise<boolean>;
  /** With a `version` only that one, as it was read; `true` when something was deleted. */
  delete(kind: string, id: string, version?: number): Promise<boolean>;
  /** All that lives in a group, in no particular order. */
  inGroup(group: string): Promise<readonly Kept[]>;
  /**
   * Deletes all of a group. Whatever is put into it within the next `lifetime` seconds is deleted at once, so that
   * somebody who was under way when the group went does not bring half of it back.
   */
  deleteGroup(group: string, lifetime: number): Promise<void>;
}

/** Something that somebody outside has to be told, however long it takes to reach them. */
export interface Message {
  /** What it is, and so who carries it. */
  readonly kind: string;
  /** Whom it is for, readable at rest: a client, never a person. */
  readonly target: string;
  /** Tells it from others of its kind and target. Kept only as a hash. */
  readonly key: string;
  readonly payload: Json;
}

/** A message somebody has taken upon themselves to carry. */
export interface LeasedMessage extends Omit<Message, 'key' | 'payload'> {
  readonly id: string;
  /** Absent when it was sealed with a key that is no longer in the key file. */
  readonly payload?: Json;
  /** Counts this try. */
  readonly tries: number;
  /** Milliseconds since the epoch, after which telling it makes no sense any more. */
  readonly expiresAt: number;
}

export interface Due {
  readonly now: number;
  /** Milliseconds for which nobody else gets what this caller got; then it counts as not carried. */
  readonly lease: number;
  /** So many targets at most, so many messages of each: a target that cannot be reached takes nobody's turn. */
  readonly targets: number;
  readonly each: number;
  /** Targets that the caller is busy with. */
  readonly except: readonly string[];
}

/** What a message has become: others that go on in its place, for so many seconds; perhaps none. */
export interface Onward {
  readonly messages: readonly Message[];
  readonly lifetime: number;
}

/**
 * What is to be told to others, outside the request that caused it and past the end of the process. Payloads are kept
 * sealed. Nothing leaves it by itself: who carries a message decides when it is over.
 */
export interface Outbox {
  /** Takes messages in, due at once; one that still waits is not taken twice. `lifetime` in seconds. */
  enqueue(messages: readonly Message[], lifetime: number): Promise<void>;
  /** Leases what is due, those that wait longest first: of any number of concurrent callers one gets each message. */
  due(wanted: Due): Promise<readonly LeasedMessage[]>;
  /** When the next message is due, of targets other than these; `undefined` when there is none. */
  nextDue(except: readonly string[]): Promise<number | undefined>;
  /**
   * It was told, or never will be: forgets it, together with its event, and takes in what goes on in its place. Nothing when
   * the lease has passed to another.
   */
  done(message: LeasedMessage, entries: readonly JournalEntry[], onward?: Onward): Promise<void>;
  /** Makes it due again at this moment. Nothing when the lease has passed to another. */
  retry(message: LeasedMessage, at: number): Promise<void>;
  /** Which of these messages still wait to be told, by key. */
  waiting(messages: readonly Omit<Message, 'payload'>[]): Promise<ReadonlySet<string>>;
  /** How many messages wait, by kind; a kind of which none waits is not there. */
  lengths(): Promise<ReadonlyMap<string, number>>;
}

/** Rows that stand under a key which is not the active one; counted no further than a hundred thousand. */
export interface RowsLeft {
  /** Of the key. */
  readonly version: number;
  readonly rows: number;
}

/**
 * Bringing rows to the active index and wrapping keys. Any number of callers may be at it at once, in any process, and
 * each may stop anywhere.
 */
export interface Renewal {
  left(): Promise<{ readonly index: readonly RowsLeft[]; readonly wrapping: readonly RowsLeft[] }>;
  /**
   * Goes once through all that stands under other keys, at most so many rows at a time, and tells after each time how many
   * it brought forward. What does not open stays as it is.
   */
  batches(most: number): AsyncIterable<number>;
}

/** A client's registration as it is kept, or that there is none any more. */
export interface KeptRegistration {
  readonly id: string;
  /** Absent when it was removed. */
  readonly registration?: Json;
  readonly revision: number;
  /** Which entry of the clients file it was last taken from. */
  readonly seededFrom?: string;
  /** Service of the developer console whose client it is: only what people agreed to there changes it. */
  readonly service?: string;
}

/** What is to become of one client: `over` is the revision that was read; absent when the id was never there. */
export interface RegistrationChange extends Omit<KeptRegistration, 'revision' | 'service'> {
  readonly over?: number;
}

/** The registered clients of one issuer. Processes keep copies of all of them (registrations.ts): nobody asks here for one. */
export interface Registrations {
  /** Announced with every change of one of them. */
  readonly topic: string;
  /** Those written after this revision, in that order; with 0 every one there ever was, those removed too. */
  since(revision: number): Promise<readonly KeptRegistration[]>;
  /**
   * Carries out all changes, with their events, and announces it to every process: all of it or nothing. `conflict` when
   * somebody else wrote one of them since it was read, or it is one of the other issuer: look again and decide anew.
   */
  save(changes: readonly RegistrationChange[], entries: readonly JournalEntry[]): Promise<'saved' | 'conflict'>;
}

/** What the store rests on, a file or a server, for whoever waits for it or watches it. */
export interface Engine {
  /** `sqlite`, `postgresql`, `redis`: stands in metrics, in the log, in the answer of `/readyz`. */
  readonly name: string;
  /** Where it is, for the operator; never with a password. */
  readonly address: string;
  /** Resolves when it can be read and written now. Throws `StoreUnavailable`; may take as long as its patience. */
  ping(): Promise<void>;
}

/**
 * An engine does not answer or cannot write: whatever was asked either happened as a whole or not at all, and may be asked
 * again in a moment. `cause` is what the engine said, for the log.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly code = 'store_unavailable';
  /** The engine's name. */
  readonly engine: string;

  constructor(engine: string, options?: ErrorOptions) {
    super(`${engine} is not available`, options);
    this.engine = engine;
  }
}

/** Stands for every topic there is: look at whatever you keep a copy of. */
export const EVERY_TOPIC = '*';

/**
 * What processes tell each other: that something changed of which others keep a copy, never what. An announcement may be
 * lost with a connection, so whoever listens also looks by themselves now and then.
 */
export interface Changes {
  /**
   * Calls the listener with the topic of each change from now on, until the store is closed; with `EVERY_TOPIC` when
   * announcements may have been missed.
   */
  listen(listener: (topic: string) => void): void;
}

export interface Store {
  /** Every engine this store rests on. */
  engines(): readonly Engine[];
  readonly people: People;
  readonly reviews: Reviews;
  readonly consents: Consents;
  readonly journal: Journal;
  /** What a person decides and is told about themselves. */
  readonly own: OwnRecords;
  readonly publishedKeys: PublishedKeys;
  readonly state: ProtocolState;
  readonly outbox: Outbox;
  readonly registrations: Registrations;
  /** Those of the issuer at which services are tried with made-up people. */
  readonly sandboxRegistrations: Registrations;
  readonly faultTrials: FaultTrials;
  /** What agencies keep in the developer console. */
  readonly developer: DeveloperRecords;
  readonly renewal: Renewal;
  /** What developers see of the sign-ins at their services. */
  readonly sightings: Sightings;
  readonly changes: Changes;
  /** Waits for what is being written and lets go of the files. */
  close(): Promise<void>;
}
