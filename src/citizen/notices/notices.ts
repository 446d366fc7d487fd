/**
 * Owns what a person is told outside of any page: as messages for the outbox, which names nobody in the clear. Who carries
 * them to which address, and in which words, is found out when they are carried (messaging/).
 */
import { randomUUID } from 'node:crypto';
import type { SourceId } from '../../identity/assertion.ts';
import type { PersonId } from '../../identity/person.ts';
import type { Json, Message } from '../../store.ts';
import type { AlertKind, CaseKind, CaseState, ChangeKind, Contact, ContactKind, DeviceLabel } from '../ports.ts';

/** The kind of these messages in the outbox, and where they all go. */
export const NOTICE = 'notice';

/** Times are milliseconds since the epoch; tokens stand in the links that are sent and nowhere else. */
export type Notice =
  | {
      readonly type: 'new_sign_in';
      readonly kind: AlertKind;
      readonly at: number;
      readonly client: string;
      readonly source: SourceId;
      readonly device?: DeviceLabel;
      readonly token: string;
    }
  | { readonly type: 'contact_changed'; readonly kind: ContactKind; readonly change: 'added' | 'replaced' | 'removed' }
  | { readonly type: 'change_waits'; readonly change: ChangeKind; readonly due: number; readonly token: string }
  | { readonly type: 'change_stopped'; readonly change: ChangeKind }
  | { readonly type: 'change_carried_out'; readonly change: ChangeKind; readonly possible: boolean }
  | { readonly type: 'not_me'; readonly source: SourceId; readonly case: string }
  | { readonly type: 'case_opened'; readonly kind: CaseKind; readonly case: string; readonly answerBy: number }
  | { readonly type: 'case_advanced'; readonly kind: CaseKind; readonly case: string; readonly state: CaseState }
  | { readonly type: 'person_erased' };

/** Where a notice goes beside the person's contacts: one that was just removed, those of a person who is gone. */
export type Addressee = Pick<Contact, 'kind' | 'address' | 'language'>;

/** What a message of this kind carries, sealed. */
export interface NoticePayload {
  readonly person: PersonId;
  readonly notice: Notice;
  readonly also: readonly Addressee[];
}

/** A notice as a message, to be written in one unit with what it tells of. */
export function noticeMessage(person: PersonId, notice: Notice, also: readonly Addressee[] = []): Message {
  const payload: NoticePayload = { person, notice, also };
  return { kind: NOTICE, target: NOTICE, key: randomUUID(), payload: payload as unknown as Json };
}

/** Seconds for which it makes sense to tell somebody. */
export const NOTICE_LIFETIME = 3 * 24 * 60 * 60;
