/**
 * Owns reading a certificate (RFC 5280): OpenSSL holds its key and verifies its signature, the extensions are read here
 * once, when it comes in, so that nothing later meets a structure that does not hold.
 */
import { X509Certificate } from 'node:crypto';
import { type AsnType, BitString, type OctetString } from 'asn1js';
import * as pki from 'pkijs';
import { readDer, sameBytes } from './der.ts';

/** Object identifiers of the extensions that are read and therefore may be critical (RFC 5280 4.2). */
const EXTENSION = {
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
} as const;
const AUTHORITY_INFORMATION_ACCESS = '1.3.6.1.5.5.7.1.1';
const ACCESS_BY_OCSP = '1.3.6.1.5.5.7.48.1';
/** The form of a general name that is a URI (RFC 5280 4.2.1.6). */
const URI = 6;

/** Purposes of extended key usage (RFC 5280 4.2.1.12). */
export const PURPOSE = { clientAuthentication: '1.3.6.1.5.5.7.3.2', ocspSigning: '1.3.6.1.5.5.7.3.9' } as const;

export interface Certificate {
  /** OpenSSL's view: the key, the signature, whether one issued the other. */
  readonly x509: X509Certificate;
  /** The parts by their ASN.1 names. */
  readonly structure: pki.Certificate;
  readonly notBefore: number;
  readonly notAfter: number;
  /** What the key is for; absent when the certificate does not say. */
  readonly keyUsage: { readonly digitalSignature: boolean } | undefined;
  /** Further purposes, as object identifiers; absent when the certificate does not say. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly policies: readonly string[];
  /** Whether it may issue certificates, and over how many further authorities at most. */
  readonly mayIssue: boolean;
  readonly pathLength: number;
  /** Where its issuer answers for it (RFC 5280 4.2.2.1). */
  readonly ocspAddress: string | undefined;
  /** Critical extensions that are not understood here: such a certificate must not be relied on (RFC 5280 4.2). */
  readonly notUnderstood: readonly string[];
}

/**
 * Reads a certificate from DER. Throws when the bytes are anything but exactly one, when an extension comes twice
 * (RFC 5280 4.2) or one that matters cannot be read.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const structure = new pki.Certificate({ schema: readDer(der) });
  const x509 = new X509Certificate(der);
  // What OpenSSL holds must be what was read: no lax encoding may mean two things to two parsers.
  if (!sameBytes(x509.raw, der)) throw new Error('not DER');
  const extensions = structure.extensions ?? [];
  const read = readingOf(extensions);
  const basic = read(EXTENSION.basicConstraints, (schema) => new pki.BasicConstraints({ schema }));
  const access = read(AUTHORITY_INFORMATION_ACCESS, (schema) => new pki.InfoAccess({ schema }));
  const understood: readonly string[] = Object.values(EXTENSION);
  return {
    x509,
    structure,
    notBefore: structure.notBefore.value.getTime(),
    notAfter: structure.notAfter.value.getTime(),
    keyUsage: read(EXTENSION.keyUsage, keyUsageOf),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, (schema) => new pki.ExtKeyUsage({ schema }).keyPurposes),
    policies: read(EXTENSION.certificatePolicies, policiesOf) ?? [],
    mayIssue: basic?.cA === true && x509.ca, // OpenSSL's `ca` looks at the key usage, too
    pathLength: pathLengthOf(basic),
    ocspAddress: access?.accessDescriptions
      .filter(({ accessMethod, accessLocation }) => accessMethod === ACCESS_BY_OCSP && accessLocation.type === URI)
      .map(({ accessLocation }) => String(accessLocation.value))
      .find((address) => /^https?:/i.test(address)),
    notUnderstood: extensions
      .filter(({ critical, extnID }) => critical && !understood.includes(extnID))
      .map(({ extnID }) => extnID),
  };
}

/** Reads a certificate of the operator's configuration, which may be PEM. Throws when it is none. */
export function readConfigured(certificate: Uint8Array | string): Certificate {
  return readCertificate(new X509Certificate(certificate).raw);
}

/** The issuer's name as one line (RFC 4514: the last part first). */
export function issuerOf({ x509 }: Certificate): string {
  return x509.issuer.split('\n').reverse().join(',');
}

/** Reads one extension's value with its own reader; absent when the certificate has none. */
function readingOf(extensions: readonly pki.Extension[]) {
  const byIdentifier = new Map(extensions.map((extension) => [extension.extnID, extension]));
  if (byIdentifier.size !== extensions.length) throw new Error('an extension comes twice');
  return <T>(identifier: string, reader: (value: AsnType) => T): T | undefined => {
    const extension = byIdentifier.get(identifier);
    return extension === undefined ? undefined : reader(readDer(octetsOf(extension.extnValue)));
  };
}

/** KeyUsage (RFC 5280 4.2.1.3): bit 0 is digitalSignature. */
function keyUsageOf(value: AsnType): { digitalSignature: boolean } {
  if (!(value instanceof BitString)) throw new Error('key usage is not a bit string');
  return { digitalSignature: ((value.valueBlock.valueHexView[0] ?? 0) & 0x80) !== 0 };
}

/** CertificatePolicies (RFC 5280 4.2.1.4): the identifiers, without their qualifiers. */
function policiesOf(schema: AsnType): readonly string[] {
  return new pki.CertificatePolicies({ schema }).certificatePolicies.map(({ policyIdentifier }) => policyIdentifier);
}

/** The path length constraint (RFC 5280 4.2.1.9); one that is no natural number allows no authority below. */
function pathLengthOf(basic: pki.BasicConstraints | undefined): number {
  const limit = basic?.pathLenConstraint;
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  return typeof limit === 'number' && limit >= 0 ? limit : 0;
}

/** The content of an octet string. */
export function octetsOf(value: OctetString): Uint8Array {
  return value.valueBlock.valueHexView;
}
