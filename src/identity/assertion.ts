/** Owns what a source says after it authenticated somebody. Sources know nothing of persons, agencies or consent. */

/** Names a configured source: `tax-code`, `social-insurance`, … */
export type SourceId = string;

/** The assurance ladder, weakest first (design: Assurance). */
export const ACR_LADDER = ['loa1', 'loa2', 'loa3', 'loa4'] as const;
export type Acr = (typeof ACR_LADDER)[number];

/** A calendar date to the precision that is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Nothing is ever invented. */
export type BirthDate = string;

/** Attributes as the source's own register writes them; an attribute it does not hold is absent. */
export interface AttestedAttributes {
  readonly name?: string;
  readonly birthDate?: BirthDate;
  readonly gender?: 'male' | 'female';
  /** The twelve-digit personal number, or a former nine-digit number, as that register holds it. */
  readonly personalNumber?: string;
  readonly taxCode?: string;
  readonly socialInsuranceNumber?: string;
}

/** A record that was consulted: which, whose, when. */
export interface ElectronicRecord {
  readonly type: 'electronic_record';
  /** Kind of record: `tax_account`, `social_insurance_account`, … */
  readonly record: string;
  /** Name of the authority that keeps the record. */
  readonly authority: string;
  readonly country: 'VN';
  /** Seconds since the epoch at which the authority authenticated the holder. */
  readonly time: number;
}

/** A signature that the holder made: with which kind of key, under which certificate, when. */
export interface ElectronicSignature {
  readonly type: 'electronic_signature';
  /** Kind of signature: `mobile_id`, … */
  readonly signature: string;
  /** Distinguished name of whoever issued the certificate (RFC 4514). */
  readonly issuer: string;
  /** Of the certificate, in hexadecimal. It names its holder wherever it is seen. */
  readonly serialNumber: string;
  /** Seconds since the epoch at which it was made. */
  readonly time: number;
}

/** Evidence in the terms of OpenID Connect for Identity Assurance 1.0. */
export type Evidence = ElectronicRecord | ElectronicSignature;

export interface Assertion {
  readonly source: SourceId;
  /** The account's key at the source: tax code, insurance number, phone number … (rule: Link). */
  readonly subject: string;
  readonly holder: 'person' | 'organisation';
  readonly attributes: AttestedAttributes;
  readonly acr: Acr;
  /** RFC 8176 values. */
  readonly amr: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly evidence: Evidence;
}
