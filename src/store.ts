/**
 * Owns the ports behind which the hub keeps what it must remember. Adapters implement them; plain values go in and come
 * out, and each adapter sees to it that at rest nobody is readable (ARCHITECTURE: Data).
 */

import type { SourceId } from './identity/assertion.ts';
import type { Change, Link, PersonId } from './identity/person.ts';
import type { JournalEntry } from './journal/events.ts';

/** Persons, their anchors and links, and the subject each sector knows them by. */
export interface People {
  findLink(source: SourceId, subject: string): Promise<Link | undefined>;
  /** The person anchored at this verified personal number. */
  findHolder(personalNumber: string): Promise<PersonId | undefined>;
  /** Every personal number ever anchored to the person, oldest first. */
  numbersOf(person: PersonId): Promise<readonly string[]>;
  /**
   * Carries out an identification: all changes and their events commit together or not at all. `conflict` means that
   * they rest on what is no longer so, because a concurrent sign-in wrote the same person, anchor or link first or froze
   * the link: nothing was written; look again and decide anew. `link.added` by double proof takes over a link that is
   * not active.
   */
  commit(changes: readonly Change[], entries: readonly JournalEntry[]): Promise<'committed' | 'conflict'>;
  /**
   * The pairwise subject of a person in a sector: random, stored, the same for ever (OpenID Connect Core 8.1). Rejects
   * for a person who is not in the store.
   */
  subjectFor(person: PersonId, sector: string): Promise<string>;
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
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

export interface Consents {
  /** The consent in force at `now` between a person and a client, if any. */
  inForce(person: PersonId, client: string, now: number): Promise<Consent | undefined>;
  /** A consent by its id, only while it is in force at `now`. */
  find(id: string, now: number): Promise<Consent | undefined>;
  /** Begins a consent and ends the one it replaces, together with their events. */
  give(consent: Consent, entries: readonly JournalEntry[]): Promise<void>;
  /** Ends a consent before its time, together with its event; one that has already ended stays as it is, without. */
  end(id: string, at: number, reason: string, entries: readonly JournalEntry[]): Promise<void>;
}

/** The record of what happened; entries are durable when the promise resolves. */
export interface Journal {
  record(entries: readonly JournalEntry[]): Promise<void>;
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
 * Short-lived protocol state: interactions, sessions, codes, tokens, what must not be used twice. Ids are secrets and
 * are kept only as hashes, values only sealed. Every one-use decision is atomic here and nowhere else.
 */
export interface ProtocolState {
  /** `undefined` when unknown or past its lifetime. */
  get(kind: string, id: string): Promise<Kept | undefined>;
  /**
   * Writes whether or not there was something; what was consumed stays marked so. `group` names what may be deleted
   * together (a grant). `lifetime` in seconds, here and below; an entry without an end is refused.
   */
  put(kind: string, id: string, value: Json, lifetime: number, group?: string): Promise<void>;
  /** `true` for exactly one of any number of concurrent callers; an entry past its lifetime counts as absent. */
  putIfAbsent(kind: string, id: string, value: Json, lifetime: number): Promise<boolean>;
  /** Writes only over the version that was read, keeping its group; `false` when somebody else wrote or deleted since. */
  replace(kind: string, id: string, version: number, value: Json, lifetime: number): Promise<boolean>;
  /**
   * `true` for exactly one of any number of concurrent callers; the value stays readable, marked as consumed. `false`
   * also for what is unknown or past its lifetime.
   */
  consume(kind: string, id: string): Promise<boolean>;
  delete(kind: string, id: string): Promise<void>;
  deleteGroup(kind: string, group: string): Promise<void>;
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
  /** It was told, or never will be: forgets it, together with its event. Nothing when the lease has passed to another. */
  done(message: LeasedMessage, entries: readonly JournalEntry[]): Promise<void>;
  /** Makes it due again at this moment. Nothing when the lease has passed to another. */
  retry(message: LeasedMessage, at: number): Promise<void>;
  /** Which of these messages still wait to be told, by key. */
  waiting(messages: readonly Omit<Message, 'payload'>[]): Promise<ReadonlySet<string>>;
}

export interface Store {
  readonly people: People;
  readonly consents: Consents;
  readonly journal: Journal;
  readonly state: ProtocolState;
  readonly outbox: Outbox;
  /** Waits for what is being written and lets go of the files. */
  close(): Promise<void>;
}
