/** Owns which certificates are believed on the phone path, and what a believed one says of its holder. */
import { Refusal } from '../../src/errors.ts';
import { type Authority, issuedBy } from '../digital-signature/authorities.ts';
import { type Certificate, readCertificate } from '../digital-signature/certificate.ts';
import { personalNumberIn, readSubject, type SubjectAttributes } from '../digital-signature/subject.ts';
import { assertInForce, assertPurpose } from '../digital-signature/token-validator.ts';

export interface PhoneCertificates {
  /** The operator's certificate authorities. */
  readonly authorities: readonly Authority[];
  /**
   * Policies of keys that live in a SIM, as object identifiers: a certificate has to carry one of them. So one of a card
   * is refused although the same authority may have issued it.
   */
  readonly policies: readonly string[];
}

export interface Holder {
  readonly certificate: Certificate;
  readonly name: string | undefined;
  /** The personal number, proven to be the one that was asked for. */
  readonly personalNumber: string;
}

/**
 * Reads and checks a subscriber's certificate (RFC 5280 6.1) for the personal number that was asked for. Throws `Refusal`
 * with the first that applies: `source_unavailable` (not a certificate), `certificate_purpose`, `certificate_policy`,
 * `certificate_not_yet_valid`, `certificate_expired`, `certificate_not_trusted`, `not_a_subscriber` (names another number,
 * or none: a wrong pair like any other).
 */
export function readHolder(der: Uint8Array, asked: string, accepted: PhoneCertificates, now: number): Holder {
  const certificate = read(der);
  assertPurpose(certificate);
  if (!certificate.policies.some((policy) => accepted.policies.includes(policy)))
    throw new Refusal('certificate_policy');
  assertInForce(certificate, now);
  const issued = issuedBy(certificate, accepted.authorities, now);
  if (issued === undefined) throw new Refusal('certificate_not_trusted');
  const subject = readSubject(certificate);
  const personalNumber = personalNumberIn(subject, issued.authority.personalNumber);
  if (personalNumber !== asked) throw new Refusal('not_a_subscriber');
  return { certificate, name: nameIn(subject), personalNumber };
}

function read(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    throw new Refusal('source_unavailable', {}, { cause });
  }
}

/** Names longer than this are none. */
const LONGEST_NAME = 200;

/** The full name in Vietnamese order. Where the parts are named they count: SK's common names end in a number. */
function nameIn({ surname, givenName, commonName }: SubjectAttributes): string | undefined {
  const name = surname && givenName ? `${surname} ${givenName}` : commonName;
  return name !== undefined && name.length <= LONGEST_NAME ? name : undefined;
}
