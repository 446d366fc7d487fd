/**
 * Owns the tables as queries see them. `_index` columns hold blind indexes with the version of their key beside them,
 * `sealed_` columns what only the vault opens. Moments are milliseconds since the epoch and end in `_at`.
 */
import type { ColumnType } from 'kysely';
import type { DeveloperSchema } from './developer-schema.ts';

/** Bytes: written as a `Buffer`, read as whatever view of them the driver has. */
export type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

export interface PersonTable {
  id: string;
  /** The person's own key, wrapped. Deleting it makes everything sealed for the person unreadable. */
  sealed_key: Bytes;
  state: 'active';
  register_confirmed_at: number | null;
  erase_after: number | null;
  /** Since when the person cannot sign in; null while they can. */
  locked_at: number | null;
}

export interface AnchorTable {
  person: string;
  kind: 'personal_number';
  value_index: Bytes;
  index_version: number;
  sealed_value: Bytes;
  /** 0 for the first anchor of its kind a person got, 1 for the next: the order when moments are equal. */
  ordinal: number;
  added_at: number;
}

export interface LinkTable {
  person: string;
  source: string;
  subject_index: Bytes;
  index_version: number;
  sealed_subject: Bytes;
  state: 'active' | 'frozen' | 'unlinked' | 'blocked';
  how: 'number' | 'double_proof';
  first_at: number;
  last_at: number;
}

export interface PairwiseTable {
  person: string;
  sector: string;
  sub: string;
}

export interface ConsentTable {
  id: string;
  person: string;
  client: string;
  version: string;
  /** JSON arrays of item names: what the page offered, what the citizen left ticked. */
  offered: string;
  granted: string;
  purpose: string;
  basis: 'consent' | 'law';
  from_at: number;
  to_at: number;
  /** Why it ended before `to_at` was reached by itself; null while it has not. */
  end_reason: string | null;
  /** JSON: who asked for what, as the page said it; null in rows of before there was a citizen's page. */
  terms: string | null;
  used_at: number | null;
}

export interface EventTable {
  id: string;
  at: number;
  type: string;
  /** JSON: the event without its type. */
  content: string;
}

export interface EventSubjectTable {
  event: string;
  person: string;
  role: 'citizen';
  /** Lets a commitment to (event, person) be published without being guessable. */
  salt: Bytes;
  sealed_detail: Bytes | null;
  /** That of the event, once more: a person's history is read in its order, a page at a time. */
  at: number;
  /** In which it happened; kept as long as history refers to it. */
  device: string | null;
}

/** Sources that are closed for a person. */
export interface SourceBlockTable {
  person: string;
  /** `*` for all that are not linked yet. */
  source: string;
  reason: 'citizen' | 'not_me';
  at: number;
  /** Number of the case opened with it. */
  case_number: string | null;
}

export interface ContactTable {
  id: string;
  person: string;
  kind: 'mail' | 'phone';
  sealed_address: Bytes;
  language: string;
  confirmed_at: number;
}

export interface DeviceTable {
  id: string;
  person: string;
  /** Of person and cookie together, so that nobody sees who shares a browser; null once it was forgotten, or for none. */
  cookie_hash: Bytes | null;
  sealed_label: Bytes;
  first_at: number;
  last_at: number;
}

export interface AlertTable {
  id: string;
  token_hash: Bytes;
  person: string;
  kind: 'device' | 'source';
  at: number;
  client: string;
  source: string;
  device: string | null;
  expires_at: number;
  used_at: number | null;
}

export interface CaseTable {
  number: string;
  person: string;
  kind: string;
  state: 'open' | 'acknowledged' | 'forwarded' | 'answered';
  sealed_content: Bytes;
  sealed_answer: Bytes | null;
  opened_at: number;
  acknowledge_by: number;
  answer_by: number;
  acknowledged_at: number | null;
  answered_at: number | null;
  delete_after: number;
}

export interface WaitingChangeTable {
  id: string;
  person: string;
  kind: string;
  sealed_detail: Bytes;
  stop_hash: Bytes;
  requested_at: number;
  due_at: number;
  /** `begun` can be stopped no more. */
  state: 'waiting' | 'begun';
}

/** Public halves of every key that ever signed a document for a citizen. */
export interface PublishedKeyTable {
  kid: string;
  /** JSON. */
  jwk: string;
  published_at: number;
}

export interface StateTable {
  id_hash: Bytes;
  kind: string;
  sealed_value: Bytes;
  version: number;
  /** Seconds, as OpenID Connect counts. */
  consumed_at: number | null;
  group_hash: Bytes | null;
  expires_at: number;
}

export interface OutboxTable {
  id_hash: Bytes;
  kind: string;
  target: string;
  sealed_payload: Bytes;
  /** When it is due; while somebody carries it, when their lease ends. */
  next_at: number;
  tries: number;
  expires_at: number;
}

export interface ReviewTable {
  id: string;
  kind: 'account_changed' | 'ambiguous';
  source: string;
  /** As the link has it, or would have it. */
  subject_index: Bytes;
  /** The former holder of a link that froze. */
  person: string | null;
  /** A key of the review's own, wrapped, and what it opens; both go when `delete_after` has come. */
  sealed_key: Bytes | null;
  sealed_evidence: Bytes | null;
  state: 'open' | 'decided';
  decision: string | null;
  decider: string | null;
  opened_at: number;
  decided_at: number | null;
  delete_after: number;
}

export interface ClientTable {
  id: string;
  /** Whose client it is: the hub's, or that of the issuer beside it at which services are tried. */
  issuer: 'hub' | 'sandbox';
  /** JSON; null when the client was removed. */
  registration: string | null;
  /** Of all registrations of the issuer at the moment this one was last written. */
  revision: number;
  updated_at: number;
  /** Which entry of the clients file it was last taken from; null when none. */
  seeded_from: string | null;
  /** Whose client it is, when the console made it; null for operators'. */
  service: string | null;
}

/** Counts the writes to what processes keep copies of. Whoever writes takes the row first, so they come in its order. */
export interface RevisionTable {
  topic: string;
  value: number;
}

/** What a service did when it met a fault of the simulator, the latest time. */
export interface FaultTrialTable {
  client: string;
  fault: string;
  outcome: 'waiting' | 'passed' | 'failed' | 'undecided';
  delivered_at: number;
  decided_at: number | null;
  reason: string | null;
}

export interface SignInCountTable {
  client: string;
  /** In Viet Nam, `YYYY-MM-DD`. */
  day: string;
  /** Empty where there was none. */
  source: string;
  level: string;
  outcome: string;
  count: number;
}

export interface SignInDurationTable {
  client: string;
  day: string;
  kind: 'sign_in' | 'answer';
  bucket: number;
  count: number;
}

export interface FailedSignInTable {
  id: string;
  client: string;
  at: number;
  error: string;
  cause: string;
  step: string;
  source: string | null;
  incident: string;
}

export interface Schema extends DeveloperSchema {
  person: PersonTable;
  anchor: AnchorTable;
  link: LinkTable;
  pairwise: PairwiseTable;
  consent: ConsentTable;
  event: EventTable;
  event_subject: EventSubjectTable;
  source_block: SourceBlockTable;
  contact: ContactTable;
  device: DeviceTable;
  alert: AlertTable;
  case: CaseTable;
  waiting_change: WaitingChangeTable;
  published_key: PublishedKeyTable;
  state: StateTable;
  outbox: OutboxTable;
  review: ReviewTable;
  client: ClientTable;
  revision: RevisionTable;
  fault_trial: FaultTrialTable;
  sign_in_count: SignInCountTable;
  sign_in_duration: SignInDurationTable;
  failed_sign_in: FailedSignInTable;
}
