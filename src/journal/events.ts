/**
 * Owns what can happen: every event the journal knows, as a type. Content names no person, `sub` or grant; whom an event
 * concerned stands in a row of its own that can be deleted (ARCHITECTURE: Data).
 */
import { randomUUID } from 'node:crypto';
import type { Acr, SourceId } from '../identity/assertion.ts';
import type { PersonId } from '../identity/person.ts';
import type { Decision, Doubt } from '../store.ts';

export type Event =
  | { readonly type: 'request_started'; readonly client: string; readonly required: Acr; readonly prompt?: string }
  | { readonly type: 'source_chosen'; readonly client: string; readonly source: SourceId }
  | { readonly type: 'source_answered'; readonly client: string; readonly source: SourceId; readonly acr: Acr }
  | { readonly type: 'person_identified'; readonly client: string; readonly source: SourceId; readonly first: boolean }
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
  | { readonly type: 'consent_ended'; readonly client: string; readonly reason: string }
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
    }
  | { readonly type: 'tokens_revoked'; readonly client: string; readonly reason: 'code_reused' | 'client_asked' }
  | { readonly type: 'signed_out'; readonly client?: string; readonly clients: number }
  /** `fields` of the registration that are other than before. */
  | {
      readonly type: 'client_changed';
      readonly client: string;
      readonly change: 'added' | 'changed' | 'removed';
      readonly fields: readonly string[];
      readonly by: 'file' | 'command';
    }
  /** An agency was told that a session of its ended; or it could not be reached for as long as it makes sense. */
  | { readonly type: 'logout_sent'; readonly client: string; readonly tries: number }
  | { readonly type: 'logout_given_up'; readonly client: string; readonly tries: number };

export type EventType = Event['type'];

/** Whom an event concerned, in which role. */
export interface EventSubject {
  readonly person: PersonId;
  readonly role: 'citizen';
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
export function entry(at: number, event: Event, person?: PersonId): JournalEntry {
  return { id: randomUUID(), at, event, subjects: person === undefined ? [] : [{ person, role: 'citizen' }] };
}
