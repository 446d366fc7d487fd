/**
 * Owns what a citizen gets who takes their data along (Law 91/2025/QH15, right of access): everything the hub holds about
 * them, in the form of `data.json`. schemas/personal-data.schema.json says the same for machines.
 */
import type { Language, Localised } from '../../../views/pages.ts';
import type { LinkState } from '../../identity/person.ts';
import type { Json, OwnLink, Review } from '../../store.ts';
import type { AlertKind, BlockReason, Case, ChangeKind, ContactKind, Device } from '../ports.ts';

export const PERSONAL_DATA_SCHEMA = 'urn:lien-thong:personal-data:1';

/** A moment as RFC 3339 writes it, in UTC. */
export type Timestamp = string;

export interface PersonalData {
  readonly who: OwnIdentity;
  readonly ways: readonly OwnWay[];
  readonly blocks: readonly OwnBlock[];
  readonly contacts: readonly OwnContact[];
  readonly consents: readonly TakenConsent[];
  /** By which each agency knows the person (OpenID Connect Core 8.1). */
  readonly subjects: readonly { readonly agency: string; readonly name?: Localised; readonly sub: string }[];
  readonly history: readonly OwnEvent[];
  readonly devices: readonly OwnDevice[];
  readonly alerts: readonly OwnAlert[];
  readonly sessions: readonly OwnSession[];
  readonly cases: readonly OwnCase[];
  readonly waiting_changes: readonly OwnChange[];
  readonly reviews: readonly OwnReview[];
  /** In the developer console, where somebody's work is to connect an agency's services. */
  readonly developer_accounts: readonly OwnDeveloperAccount[];
}

export interface OwnIdentity {
  /** Of the running sign-in: the hub keeps them nowhere else. By claim. */
  readonly attributes: Readonly<Record<string, Json>>;
  readonly personal_numbers?: readonly string[];
  /** Accounts and addresses are, because the sign-in was weaker than the strongest there is. */
  readonly shortened?: true;
  readonly register_confirmed_at?: Timestamp;
}

export interface OwnWay {
  readonly source: string;
  readonly name?: Localised;
  readonly level?: string;
  readonly state: LinkState;
  /** As the source names the account, or only its end. */
  readonly account: string;
  readonly how: OwnLink['how'];
  readonly first_at: Timestamp;
  readonly last_at: Timestamp;
}

export interface OwnBlock {
  /** `*` for all that are not linked yet. */
  readonly source: string;
  readonly reason: BlockReason;
  readonly at: Timestamp;
  /** Number of the case opened with it. */
  readonly case?: string;
}

export interface OwnContact {
  readonly kind: ContactKind;
  readonly address: string;
  readonly language: Language;
  readonly confirmed_at: Timestamp;
}

export interface TakenConsent {
  readonly id: string;
  readonly client: string;
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly service: Localised;
  readonly purpose: Localised;
  readonly basis: 'consent' | 'law';
  readonly offered: readonly string[];
  readonly granted: readonly string[];
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly end_reason?: string;
  readonly used_at?: Timestamp;
  /** Compact JWS of its receipt, which also lies in `receipts/`. Absent where too little is known of a consent so old. */
  readonly receipt?: string;
}

export interface OwnEvent {
  readonly id: string;
  readonly at: Timestamp;
  /** The journal's own word for what happened. */
  readonly kind: string;
  /** The same in plain words. */
  readonly text?: Localised;
  readonly agency?: string;
  readonly source?: string;
  readonly level?: string;
  readonly claims?: readonly string[];
  readonly purpose?: string;
  /** Id of a device below. */
  readonly device?: string;
  /** Everything the journal says of it. */
  readonly detail?: Json;
}

export interface OwnAlert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly at: Timestamp;
  readonly client: string;
  readonly source: string;
  /** Id of a device above. */
  readonly device?: string;
  readonly expires_at: Timestamp;
  /** When "not me" was said. */
  readonly used_at?: Timestamp;
}

export interface OwnDevice extends Pick<Device, 'id' | 'label' | 'known'> {
  readonly first_at: Timestamp;
  readonly last_at: Timestamp;
}

export interface OwnSession {
  readonly began_at: Timestamp;
  readonly source?: string;
  readonly level?: string;
  readonly agencies: readonly string[];
  /** The one in which the data was taken. */
  readonly current: boolean;
}

export interface OwnCase extends Pick<Case, 'number' | 'kind' | 'state' | 'content'> {
  readonly answer?: string;
  readonly opened_at: Timestamp;
  readonly acknowledge_by: Timestamp;
  readonly answer_by: Timestamp;
  readonly acknowledged_at?: Timestamp;
  readonly answered_at?: Timestamp;
}

export interface OwnChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly detail: Json;
  readonly requested_at: Timestamp;
  readonly due_at: Timestamp;
}

export interface OwnReview extends Pick<Review, 'id' | 'kind' | 'source' | 'state'> {
  readonly decision?: NonNullable<Review['decision']>;
  readonly opened_at: Timestamp;
  readonly decided_at?: Timestamp;
}

export interface OwnDeveloperAccount {
  readonly account: string;
  readonly name: string;
  readonly address: string;
  readonly language: Language;
  readonly at: Timestamp;
  /** Ids of those it is a member of. */
  readonly agencies: readonly string[];
  /** For the API. */
  readonly tokens: readonly OwnToken[];
}

export interface OwnToken {
  readonly id: string;
  readonly name: string;
  readonly at: Timestamp;
  readonly expires_at: Timestamp;
  readonly used_at?: Timestamp;
}

/** Milliseconds since the epoch, as the documents write a moment. */
export function timestamp(at: number): Timestamp {
  return new Date(at).toISOString();
}
