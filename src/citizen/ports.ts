/**
 * Owns the ports behind which the hub keeps what a person decides and is told about themselves: blocks, contacts,
 * devices, alerts, cases, changes that wait. As with all of the store, adapters see to it that at rest nobody is readable.
 */
import type { Language } from '../../views/pages.ts';
import type { SourceId } from '../identity/assertion.ts';
import type { PersonId } from '../identity/person.ts';
import type { JournalEntry } from '../journal/events.ts';
import type { Json, Message } from '../store.ts';

/** What is recorded and sent because of a change, in one unit with it. */
export interface Told {
  readonly entries: readonly JournalEntry[];
  readonly messages?: readonly Message[];
}

/** Stands for every source that is not linked yet. */
export const ANY_NEW_SOURCE = '*';

/** `citizen`: they said so themselves; `not_me`: somebody else was there, and until that is settled nobody gets in. */
export type BlockReason = 'citizen' | 'not_me';

export interface Block {
  readonly source: SourceId | typeof ANY_NEW_SOURCE;
  readonly reason: BlockReason;
  /** Milliseconds since the epoch, here and below. */
  readonly at: number;
  /** Number of the case that was opened with it. */
  readonly case?: string;
}

/**
 * Ways to sign in that a person, or an alarm, has closed. A sign-in through a blocked source ends in nothing, and
 * whatever rests on an earlier one through it (consents, tokens) is in force no more, by the same statement that asks.
 */
export interface Blocks {
  of(person: PersonId): Promise<readonly Block[]>;
  /** `stranding` when the person could not sign in any more; `unchanged` when it is blocked already. */
  block(person: PersonId, source: string, told: Told): Promise<'blocked' | 'stranding' | 'unchanged'>;
  /** Takes back a block of the citizen's own; `false`, and nothing told, when there is none. */
  unblock(person: PersonId, source: string, told: Told): Promise<boolean>;
  /** Closes a source because somebody else used it, whoever is stranded, and opens the case; `false` when it is so already. */
  suspend(person: PersonId, source: string, opened: NewCase, told: Told): Promise<boolean>;
  /** Ends a suspension; `false`, and nothing told, when there is none. */
  restore(person: PersonId, source: string, told: Told): Promise<boolean>;
}

export type ContactKind = 'mail' | 'phone';

/** Confirmed by a code. A person has one of each kind at most. */
export interface Contact {
  readonly id: string;
  readonly kind: ContactKind;
  readonly address: string;
  /** In which they were given, and are written to. */
  readonly language: Language;
  readonly confirmedAt: number;
}

export interface Contacts {
  of(person: PersonId): Promise<readonly Contact[]>;
  /** Takes the place of the one of its kind, if there is one. */
  put(person: PersonId, contact: Contact, told: Told): Promise<void>;
  /** `false`, and nothing told, when the person has no such contact. */
  remove(person: PersonId, contact: string, told: Told): Promise<boolean>;
}

/** A browser in plain words, as far as it says what it is. */
export interface DeviceLabel {
  /** As their makers write them: `Chrome`, `Windows`. */
  readonly browser?: string;
  readonly system?: string;
  readonly form: 'desktop' | 'mobile' | 'tablet' | 'unknown';
  /** The citizen said that others use it, too. */
  readonly shared?: true;
}

export interface Device {
  readonly id: string;
  readonly label: DeviceLabel;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Whether its next sign-in is one of a known device. */
  readonly known: boolean;
}

/** Each browser without our cookie is one more: whoever has a password can make as many as they like. */
export const MOST_KNOWN = 50;

export interface Devices {
  /**
   * Latest used first: these of them, the known ones, or all, those that history refers to, too. Only `MOST_KNOWN` are known
   * at a time; beyond those the ones go first that were used once.
   */
  of(person: PersonId, which?: 'known' | readonly string[]): Promise<readonly Device[]>;
  /** Its next sign-in is one of a new device; `false` when it is none of this person's known ones. */
  forget(person: PersonId, device: string, told: Told): Promise<boolean>;
}

/** The browser in which a person is being identified: written with the identification. */
export interface SeenDevice {
  readonly person: PersonId;
  readonly id: string;
  /** Of its cookie; absent where it keeps none. */
  readonly secret?: string;
  readonly label: DeviceLabel;
  readonly isNew: boolean;
}

/** Why a person is alerted of a sign-in. */
export type AlertKind = 'device' | 'source';

/**
 * Of new browsers at one source in an hour; of further sign-ins only the history tells, for whoever has a password could
 * flood the mailbox of its owner.
 */
export const MOST_ALERTS_IN_AN_HOUR = 6;

/** A sign-in that its person is told about, and may say "this was not me" to, once. */
export interface Alert {
  readonly id: string;
  readonly person: PersonId;
  readonly kind: AlertKind;
  readonly at: number;
  readonly client: string;
  readonly source: SourceId;
  /** Id of the device. */
  readonly device?: string;
  readonly expiresAt: number;
  /** When "not me" was said. */
  readonly usedAt?: number;
}

/** `token` stands in the link that is sent; kept only as a hash. */
export interface NewAlert extends Omit<Alert, 'usedAt'> {
  readonly token: string;
}

export interface Alerts {
  /** Of one person, newest first, until they expire. */
  of(person: PersonId): Promise<readonly Alert[]>;
  /** The alert of a link, used or not, until it expires. */
  find(token: string, now: number): Promise<Alert | undefined>;
  /**
   * "This was not me", said through the link: exactly one of any number of callers gets `denied`. Suspends the source
   * for the person and opens the case in the same unit.
   */
  deny(alert: Alert, now: number, opened: NewCase, told: Told): Promise<'denied' | 'used'>;
}

export const CASE_KINDS = [
  'inform',
  'access',
  'correct',
  'withdraw',
  'restrict',
  'object',
  'erase',
  'complain',
  'not_me',
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];
export type CaseState = 'open' | 'acknowledged' | 'forwarded' | 'answered';

/** Something a person asked for under the law, or an alarm, with its clock. */
export interface Case {
  /** To be told on the telephone; random. */
  readonly number: string;
  readonly person: PersonId;
  readonly kind: CaseKind;
  readonly state: CaseState;
  /** What it is about and what was said: sealed under the person's key. */
  readonly content: Json;
  /** What was answered, in the words of whoever answered. */
  readonly answer?: string;
  readonly openedAt: number;
  readonly acknowledgeBy: number;
  readonly answerBy: number;
  readonly acknowledgedAt?: number;
  readonly answeredAt?: number;
  /** When its row goes; answered cases only. */
  readonly deleteAfter: number;
}

export type NewCase = Omit<Case, 'state' | 'answer' | 'acknowledgedAt' | 'answeredAt'>;

/** A case as it goes on. */
export interface CaseStep {
  readonly state: Exclude<CaseState, 'open'>;
  readonly at: number;
  readonly answer?: string;
}

export interface Cases {
  /** `false`, and nothing told, when the person has `most` cases already that are not answered. */
  open(opened: NewCase, told: Told, most?: number): Promise<boolean>;
  /** Of one person, newest first. */
  of(person: PersonId): Promise<readonly Case[]>;
  /** Whoever's it is, for operators. */
  find(number: string): Promise<Case | undefined>;
  /** Not yet answered, whoever's, that whose answer is due first, first. */
  waiting(): Promise<readonly Case[]>;
  /** `false`, and nothing told, when it was answered already or is unknown. */
  advance(number: string, step: CaseStep, told: Told): Promise<boolean>;
}

/** Changes that may wait seven days instead of asking for a strong sign-in (changes.ts knows what each does). */
export const CHANGE_KINDS = ['unlink', 'block', 'unblock', 'contact', 'contact_removal', 'erasure'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface WaitingChange {
  readonly id: string;
  readonly person: PersonId;
  readonly kind: ChangeKind;
  /** What exactly: sealed under the person's key. */
  readonly detail: Json;
  readonly requestedAt: number;
  readonly dueAt: number;
}

export interface WaitingChanges {
  /**
   * `stopToken` stands in the links that are sent; kept only as a hash. Opens the case it is asked by, if there is one, in
   * the same unit. `false`, and nothing told, when the person's erasure waits already: of those there is one at most.
   */
  request(change: WaitingChange, stopToken: string, told: Told, opened?: NewCase): Promise<boolean>;
  of(person: PersonId): Promise<readonly WaitingChange[]>;
  /** That a link of this token would stop. */
  byToken(stopToken: string): Promise<WaitingChange | undefined>;
  /** `false`, and nothing told, when it does not wait any more. */
  stop(person: PersonId, change: string, told: Told): Promise<boolean>;
  /** Those whose time has come, in no particular order. */
  due(now: number, most: number): Promise<readonly WaitingChange[]>;
  /** From here on it can be stopped no more; `false` when it was stopped. A caller that died may have begun it before. */
  begin(change: string): Promise<boolean>;
  /** Forgets it: it was carried out, or cannot be. */
  done(change: string, told: Told): Promise<void>;
  /** Not yet: due again at this moment, and may be stopped again. */
  postpone(change: string, at: number): Promise<void>;
}

/** What the hub keeps of a person beside links and consents. */
export interface OwnRecords {
  readonly blocks: Blocks;
  readonly contacts: Contacts;
  readonly devices: Devices;
  readonly alerts: Alerts;
  readonly cases: Cases;
  readonly waiting: WaitingChanges;
  /** Deletes whatever of it has passed its date: answered cases, alerts that have expired. */
  sweep(now: number): Promise<void>;
}
