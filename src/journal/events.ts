/**
 * Owns what can happen: every event the journal knows, as a type. Content names no person, `sub` or grant; whom an event
 * concerned stands in a row of its own that can be deleted (ARCHITECTURE: Data).
 */
import { randomUUID } from 'node:crypto';
import type { CaseKind, CaseState, ChangeKind, ContactKind } from '../citizen/ports.ts';
import type { Acr, SourceId } from '../identity/assertion.ts';
import type { PersonId } from '../identity/person.ts';
import type { Decision, Doubt } from '../store.ts';

export type Event =
  | { readonly type: 'request_started'; readonly client: string; readonly required: Acr; readonly prompt?: string }
  | { readonly type: 'source_chosen'; readonly client: string; readonly source: SourceId }
  | { readonly type: 'source_answered'; readonly client: string; readonly source: SourceId; readonly acr: Acr }
  | {
      readonly type: 'person_identified';
      readonly client: string;
      readonly source: SourceId;
      readonly first: boolean;
      readonly acr?: Acr;
      /** A session that was running needed a stronger proof. */
      readonly step_up?: true;
      /** In a browser the person had not used before. */
      readonly new_device?: true;
    }
  | {
      readonly type: 'sign_in_refused';
      readonly client: string;
      readonly source?: SourceId;
      readonly reason: string;
      readonly incident: string;
    }
  | {
      readonly type: 'consent_given';
      readonly client: string;
      readonly items: readonly string[];
      readonly purpose: string;
      /** Milliseconds since the epoch. */
      readonly until: number;
    }
  | { readonly type: 'consent_refused'; readonly client: string }
  /** `told`: to so many of its sessions the agency is sent a logout. */
  | { readonly type: 'consent_ended'; readonly client: string; readonly reason: string; readonly told?: number }
  | { readonly type: 'link_added'; readonly source: SourceId; readonly how: 'number' | 'double_proof' }
  | { readonly type: 'link_frozen'; readonly source: SourceId }
  | { readonly type: 'link_unlinked'; readonly source: SourceId }
  | { readonly type: 'review_opened'; readonly source: SourceId; readonly kind: Doubt['kind'] }
  | { readonly type: 'review_decided'; readonly source: SourceId; readonly decision: Decision }
  | { readonly type: 'person_locked' }
  | { readonly type: 'person_unlocked' }
  /** The population register said so; running sessions were ended. */
  | { readonly type: 'person_deceased' }
  | {
      readonly type: 'tokens_issued';
      readonly client: string;
      readonly scope: string;
      readonly acr?: string;
      /** Of the sign-in behind them. */
      readonly source?: SourceId;
      /** Names of the claims about the person in the id token. */
      readonly claims?: readonly string[];
    }
  /** An agency has fetched these at userinfo, for the first time with this token. */
  | {
      readonly type: 'claims_released';
      readonly client: string;
      readonly claims: readonly string[];
      readonly source?: SourceId;
      readonly purpose?: string;
    }
  | { readonly type: 'tokens_revoked'; readonly client: string; readonly reason: 'code_reused' | 'client_asked' }
  | { readonly type: 'signed_out'; readonly client?: string; readonly clients: number }
  /** `fields` of the registration that are other than before. */
  | {
      readonly type: 'client_changed';
      readonly client: string;
      readonly change: 'added' | 'changed' | 'removed';
      readonly fields: readonly string[];
      readonly by: 'file' | 'command' | 'console';
    }
  /** An agency was told that a session of its ended; or it could not be reached for as long as it makes sense. */
  | { readonly type: 'logout_sent'; readonly client: string; readonly tries: number }
  | { readonly type: 'logout_given_up'; readonly client: string; readonly tries: number }
  // What citizens do on their own page (src/citizen).
  | { readonly type: 'source_blocked'; readonly source: string }
  | { readonly type: 'source_unblocked'; readonly source: string }
  /** "This was not me": nobody gets in there until it is settled. */
  | {
      readonly type: 'source_suspended';
      readonly source: SourceId;
      readonly client?: string;
      readonly said: 'link' | 'page';
    }
  | { readonly type: 'source_restored'; readonly source: SourceId; readonly by: 'citizen' | 'operator' }
  | { readonly type: 'contact_added'; readonly kind: ContactKind; readonly replaced: boolean }
  | { readonly type: 'contact_removed'; readonly kind: ContactKind }
  | { readonly type: 'device_forgotten' }
  | { readonly type: 'session_ended'; readonly clients: number }
  | { readonly type: 'change_requested'; readonly change: ChangeKind; readonly due: number }
  | { readonly type: 'change_stopped'; readonly change: ChangeKind; readonly by: 'citizen' | 'link' }
  | { readonly type: 'change_carried_out'; readonly change: ChangeKind; readonly possible: boolean }
  | { readonly type: 'case_opened'; readonly kind: CaseKind }
  | { readonly type: 'case_advanced'; readonly kind: CaseKind; readonly state: CaseState }
  | { readonly type: 'data_taken' }
  | { readonly type: 'receipt_taken'; readonly client: string }
  /** Tied to nobody: who it was is gone. */
  | { readonly type: 'person_erased' };

export type EventType = Event['type'];

/** Whom an event concerned, in which role. */
export interface EventSubject {
  readonly person: PersonId;
  readonly role: 'citizen';
  /** Id of the device in which it happened. */
  readonly device?: string;
}

export interface JournalEntry {
  /** Random; carries no time of its own. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: Event;
  readonly subjects: readonly EventSubject[];
}

/** One journal entry about `person`, or about nobody in particular yet. */
export function entry(at: number, event: Event, person?: PersonId, device?: string): JournalEntry {
  const subject = { person: person!, role: 'citizen', ...(device === undefined ? {} : { device }) } as const;
  return { id: randomUUID(), at, event, subjects: person === undefined ? [] : [subject] };
}
