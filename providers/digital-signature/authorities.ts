/**
 * Owns whom the hub believes: the configured authorities, and the path from a certificate to one of them (RFC 5280 6).
 * Nothing is fetched and nothing a citizen sends becomes part of a path: all issuers stand in the configuration.
 */
import { type Certificate, readConfigured } from './certificate.ts';
import { isStrong } from './signatures.ts';
import type { NumberInSubject } from './subject.ts';

export interface AuthoritySettings {
  /** Stable: it becomes part of the account's key at this source. */
  readonly id: string;
  /** Certificates trusted as they stand, in DER or PEM: a root, or an issuing authority itself. */
  readonly anchors: readonly (Uint8Array | string)[];
  /** Issuing authorities below them; whoever takes one off the list revokes it. */
  readonly intermediates?: readonly (Uint8Array | string)[];
  /** Where its certificates carry the holder's personal number; absent when they carry none that may be used. */
  readonly personalNumber?: NumberInSubject;
}

export interface Authority {
  readonly id: string;
  readonly personalNumber: NumberInSubject | undefined;
  readonly anchors: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
}

/** A certificate's standing: under which authority, and which certificate of that authority issued it. */
export interface Issued {
  readonly authority: Authority;
  readonly issuer: Certificate;
}

/** Reads the configured authorities. Throws when a certificate cannot be read or an id comes twice. */
export function readAuthorities(settings: readonly AuthoritySettings[]): readonly Authority[] {
  if (new Set(settings.map(({ id }) => id)).size !== settings.length) throw new RangeError('an authority comes twice');
  return settings.map(({ id, anchors, intermediates = [], personalNumber }) => ({
    id,
    personalNumber,
    anchors: anchors.map(readConfigured),
    intermediates: intermediates.map(readConfigured),
  }));
}

/**
 * Builds and checks a path from a certificate to an authority at a time (RFC 5280 6.1): names, signatures, dates,
 * basic constraints, path length, critical extensions. The dates of the certificate itself are the caller's affair.
 * Name and policy constraints are not processed: a certificate that marks them critical is not believed.
 */
export function issuedBy(certificate: Certificate, authorities: readonly Authority[], now: number): Issued | undefined {
  if (certificate.notUnderstood.length > 0) return undefined;
  for (const authority of authorities) {
    const issuer = issuerTowards(authority, certificate, [], now);
    if (issuer !== undefined) return { authority, issuer };
  }
  return undefined;
}

/** The issuer of a certificate from which a path leads to an anchor; `below` are the authorities already on the path. */
function issuerTowards(
  authority: Authority,
  certificate: Certificate,
  below: readonly Certificate[],
  now: number,
): Certificate | undefined {
  const issued = (candidate: Certificate) => issues(candidate, certificate, below.length, now);
  const anchor = authority.anchors.find(issued);
  if (anchor !== undefined) return anchor;
  return authority.intermediates
    .filter((candidate) => !below.includes(candidate) && issued(candidate))
    .find((candidate) => issuerTowards(authority, candidate, [...below, candidate], now) !== undefined);
}

/** Whether one certificate rightly issued another, with so many authorities between it and the end of the path. */
function issues(issuer: Certificate, issued: Certificate, between: number, now: number): boolean {
  return (
    issuer.mayIssue &&
    between <= issuer.pathLength &&
    issuer.notBefore <= now &&
    now <= issuer.notAfter &&
    issuer.notUnderstood.length === 0 &&
    signedBy(issued, issuer)
  );
}

/** Whether a certificate names another as its issuer and bears its signature, by an algorithm that counts. */
export function signedBy(issued: Certificate, issuer: Certificate): boolean {
  if (!isStrong(issued.structure.signatureAlgorithm) || !issued.x509.checkIssued(issuer.x509)) return false;
  try {
    return issued.x509.verify(issuer.x509.publicKey);
  } catch {
    return false; // a key OpenSSL cannot verify with
  }
}
