/**
 * Owns which events a person sees, and under which heading. Everything that is tied to them is shown, but for the steps of a
 * sign-in whose outcome stands in a row of its own, and what is tied to nobody.
 */
import type { EventType } from '../../journal/events.ts';

/** Never shown: steps towards a sign-in or its refusal; a registration that changed; that somebody was erased. */
const HIDDEN = ['request_started', 'source_chosen', 'source_answered', 'client_changed', 'person_erased'] as const;

export type ShownEventType = Exclude<EventType, (typeof HIDDEN)[number]>;

/** `requests`: what was asked for under the law, and what was taken along. */
export const HISTORY_GROUPS = ['sign_ins', 'sharing', 'changes', 'requests', 'refusals'] as const;
export type HistoryGroup = (typeof HISTORY_GROUPS)[number];

export const GROUP_OF: Readonly<Record<ShownEventType, HistoryGroup>> = {
  person_identified: 'sign_ins',
  signed_out: 'sign_ins',
  session_ended: 'sign_ins',
  logout_sent: 'sign_ins',
  logout_given_up: 'sign_ins',

  consent_given: 'sharing',
  consent_ended: 'sharing',
  tokens_issued: 'sharing',
  claims_released: 'sharing',
  tokens_revoked: 'sharing',

  link_added: 'changes',
  link_frozen: 'changes',
  link_unlinked: 'changes',
  review_opened: 'changes',
  review_decided: 'changes',
  person_locked: 'changes',
  person_unlocked: 'changes',
  person_deceased: 'changes',
  source_blocked: 'changes',
  source_unblocked: 'changes',
  source_suspended: 'changes',
  source_restored: 'changes',
  contact_added: 'changes',
  contact_removed: 'changes',
  device_forgotten: 'changes',
  change_requested: 'changes',
  change_stopped: 'changes',
  change_carried_out: 'changes',

  case_opened: 'requests',
  case_advanced: 'requests',
  data_taken: 'requests',
  receipt_taken: 'requests',

  sign_in_refused: 'refusals',
  consent_refused: 'refusals',
};

export const SHOWN_EVENT_TYPES = Object.keys(GROUP_OF) as readonly ShownEventType[];

export const isShown = (type: EventType): type is ShownEventType => Object.hasOwn(GROUP_OF, type);
