/**
 * Owns the receipt of a consent: what was agreed to, with whom and what became of it, as a signed document that its citizen
 * keeps and anybody can verify without asking the hub. Field names and sections are those of ISO/IEC TS 27560:2023, clause
 * numbers beside them; schemas/consent-receipt.schema.json says the same for machines.
 */
import type { JSONWebKeySet } from 'jose';
import type { Localised } from '../../../views/pages.ts';
import type { Json, OwnConsent } from '../../store.ts';
import type { Keys } from '../../vault/keys.ts';
import { CASE_KINDS } from '../ports.ts';
import { signDocument, verifyDocument } from './signatures.ts';

export const RECEIPT_TYPE = 'consent-receipt+jws';
export const RECEIPT_SCHEMA = 'urn:lien-thong:consent-receipt:1';

const EVENT_STATES = ['given', 'withdrawn', 'expired', 'replaced'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** Everything a receipt is made of. */
export interface ReceiptFacts {
  readonly consent: Pick<OwnConsent, 'id' | 'client' | 'offered' | 'granted' | 'basis' | 'from' | 'to' | 'endReason'>;
  readonly purpose: Localised;
  readonly service: Localised;
  readonly agency: { readonly id: string; readonly name: Localised };
  /** Of the service, where the registration has one. */
  readonly homeUri?: string | undefined;
  /** By which the agency knows the person (OpenID Connect Core 8.1): pairwise, so that two receipts cannot be joined. */
  readonly sub: string;
  /** Names of the claims that each item becomes. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  /** Items that could be left out; absent where the registration has changed since and nobody knows any more. */
  readonly optionalItems?: readonly string[] | undefined;
  readonly hub: HubFacts;
}

export interface HubFacts {
  readonly issuer: string;
  /** How to reach somebody there, as it is dialled. */
  readonly contact: string;
  /** Address of the page on which a consent is withdrawn and rights are used. */
  readonly page: string;
  /** ISO 3166-1. */
  readonly storageLocations?: readonly string[] | undefined;
}

/** A receipt as it is written; see the schema for what each member may be. */
export type ConsentReceipt = ReturnType<typeof consentReceipt>;

export interface SignedReceipt {
  readonly receipt: ConsentReceipt;
  readonly jws: string;
}

/** Makes and signs the receipt of a consent as it stands at `now`. */
export async function signReceipt(
  facts: ReceiptFacts,
  now: number,
  keys: Pick<Keys, 'signing'>,
): Promise<SignedReceipt> {
  const receipt = consentReceipt(facts, now);
  return { receipt, jws: await signDocument(receipt as unknown as Json, RECEIPT_TYPE, keys) };
}

/** The receipt in a JWS, and the `kid` of who signed. Throws `DocumentRefused`. */
export async function verifyReceipt(
  jws: string,
  publishedKeys: JSONWebKeySet,
): Promise<{ readonly receipt: ConsentReceipt; readonly kid: string }> {
  const { document, kid } = await verifyDocument(jws, RECEIPT_TYPE, publishedKeys);
  // What is signed under this type was made below, and is not judged again.
  return { receipt: document as unknown as ConsentReceipt, kid };
}

/** The receipt of a consent, unsigned. */
export function consentReceipt(facts: ReceiptFacts, now: number) {
  const { consent, hub } = facts;
  const state = stateOf(consent, now);
  return {
    // 6.4.5, receipt metadata. A consent that ends gets another receipt; the former one stays true of its time.
    schema_version: RECEIPT_SCHEMA,
    receipt_id: `${consent.id}.${state}`,
    issuer: hub.issuer,
    issued_at: written(now),
    // 6.3.3, record header.
    record_id: consent.id,
    pii_principal_id: facts.sub,
    pii_processing: processing(facts),
    party_identification: parties(facts),
    event: events(facts, state),
  };
}

/** 6.3.4, PII processing. */
function processing(facts: ReceiptFacts) {
  const { consent, hub, agency } = facts;
  return {
    language: ['vi', 'en'],
    jurisdiction: 'VN',
    purposes: [
      {
        purpose: facts.purpose,
        purpose_type: 'sign_in_to_public_service',
        services: [{ id: consent.client, name: facts.service }],
        lawful_basis: consent.basis,
        pii_information: consent.granted.flatMap((item) => information(item, facts)),
        // Not of the standard: what was on the page and was not agreed to.
        pii_declined: consent.offered.filter((item) => !consent.granted.includes(item)),
        pii_controllers: [hub.issuer, partyOf(agency.id)],
        recipient_third_parties: [partyOf(agency.id)],
        collection_method: 'consent_page',
        processing_methods: ['verification', 'disclosure'],
        storage_locations: hub.storageLocations ?? ['VN'],
        retention_period: RETENTION,
        withdrawal_method: hub.page,
        // Of the kinds of cases all but the alarm are rights of Law 91/2025/QH15.
        privacy_rights: CASE_KINDS.filter((kind) => kind !== 'not_me'),
        codes_of_conduct: [],
      },
    ],
  };
}

/** How long values are kept where; the hub cannot speak for the agency. */
const RETENTION: Localised = {
  vi: 'Hệ thống chỉ giữ các giá trị này trong phiên đăng nhập. Cơ quan giữ dữ liệu đã nhận bao lâu là theo thông báo của cơ quan.',
  en: 'The hub keeps these values only while a session runs. How long the agency keeps what it received, its own notice says.',
};

/** 6.3.5, PII information: one entry for each claim; one without an attribute where an item is not known any more. */
function information(item: string, { claims, optionalItems }: ReceiptFacts) {
  const names = Object.hasOwn(claims, item) ? claims[item]! : [];
  return (names.length > 0 ? names : [undefined]).map((claim) => ({
    pii_type: item,
    ...(claim === undefined ? {} : { pii_attribute_id: claim }),
    ...(optionalItems === undefined ? {} : { pii_optional: optionalItems.includes(item) }),
    // No item is sensitive data of Decree 356/2025/NĐ-CP by our reading; to be confirmed by a lawyer.
    sensitive_pii_category: false,
  }));
}

/** 6.3.6, party identification. */
function parties({ agency, homeUri, hub }: ReceiptFacts) {
  return [
    {
      party_id: hub.issuer,
      party_name: { vi: 'Liên Thông', en: 'Liên Thông' },
      party_role: 'pii_controller',
      party_type: 'identity_hub',
      party_contact: hub.contact,
      party_address: 'VN',
      party_url: hub.issuer,
    },
    {
      party_id: partyOf(agency.id),
      party_name: agency.name,
      party_role: 'pii_controller',
      party_type: 'public_agency',
      // Registrations hold no address of an agency: the hub's desk passes on what reaches it.
      party_contact: hub.contact,
      party_address: 'VN',
      ...(homeUri === undefined ? {} : { party_url: homeUri }),
    },
  ];
}

/** 6.3.7, events: that it was given, and how it ended if it did. */
function events({ consent, sub, hub }: ReceiptFacts, state: EventState) {
  // The end of one that ended early has taken the place of how long it was meant for.
  const planned = state === 'given' || state === 'expired';
  const given = {
    event_time: written(consent.from),
    ...(planned ? { validity_duration: `PT${Math.round((consent.to - consent.from) / 1000)}S` } : {}),
    entity_id: sub,
    event_type: consent.basis === 'consent' ? 'explicit' : 'notice',
    event_state: 'given' as EventState,
  };
  if (state === 'given') return [given];
  const reason = isState(consent.endReason) ? undefined : consent.endReason;
  const ended = {
    event_time: written(consent.to),
    entity_id: state === 'expired' || reason !== undefined ? hub.issuer : sub,
    event_type: state === 'expired' ? 'lapse' : 'explicit',
    event_state: state,
    ...(reason === undefined ? {} : { event_reason: reason }),
  };
  return [given, ended];
}

/** What is not known as another end was ended by somebody before its time: no longer in force is what matters. */
function stateOf({ endReason, to }: ReceiptFacts['consent'], now: number): EventState {
  if (endReason === undefined) return to <= now ? 'expired' : 'given';
  return isState(endReason) && endReason !== 'given' ? endReason : 'withdrawn';
}

function isState(reason: string | undefined): reason is EventState {
  return EVENT_STATES.some((state) => state === reason);
}

function partyOf(agency: string): string {
  return `agency:${agency}`;
}

function written(at: number): string {
  return new Date(at).toISOString();
}
