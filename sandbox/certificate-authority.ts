/** Owns the issuing of certificates in the country (RFC 5280): an authority made at the start, and its holders' keys. */
import { randomBytes } from 'node:crypto';
import * as asn1 from 'asn1js';
import type { JWK } from 'jose';
import * as pki from 'pkijs';

/** What a holder's certificate says; the dates are around now unless told. */
export interface CertificateWish {
  readonly name: string;
  /** Written as `PNOVN-…`, the way of ETSI EN 319 412-1 5.1.3. */
  readonly personalNumber: string;
  /** Object identifiers. */
  readonly policies: readonly string[];
  readonly keyUsage?: keyof typeof KEY_USAGE;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Where the authority answers for it (RFC 5280 4.2.2.1). */
  readonly ocsp?: string;
}

export interface Issued {
  /** DER. */
  readonly certificate: Uint8Array;
  /** The holder's private key, on the curve P-256. */
  readonly key: JWK;
}

export interface CertificateAuthority {
  /** Its own certificate, in DER: what others have to trust. */
  readonly certificate: Uint8Array;
  /** Signs what it answers about its certificates; nobody can read it. */
  readonly key: CryptoKey;
  issue(wish: CertificateWish): Promise<Issued>;
}

/** Where the certificates of this country write a personal number. */
export const PERSONAL_NUMBER = { attribute: 'serialNumber', prefix: 'PNOVN-' } as const;

const ATTRIBUTE = { commonName: '2.5.4.3', serialNumber: '2.5.4.5', country: '2.5.4.6', organization: '2.5.4.10' };
const EXTENSION = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
  informationAccess: '1.3.6.1.5.5.7.1.1',
};
const ACCESS_BY_OCSP = '1.3.6.1.5.5.7.48.1';
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
/** One octet of the bit string each (RFC 5280 4.2.1.3). */
const KEY_USAGE = { digitalSignature: 0x80, contentCommitment: 0x40, certificateSigning: 0x06 } as const;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const YEAR = 365 * 24 * 60 * 60 * 1000;

type Names = Readonly<Partial<Record<keyof typeof ATTRIBUTE, string>>>;

function writeNames(into: pki.RelativeDistinguishedNames, names: Names): void {
  for (const [name, value] of Object.entries(names)) {
    const type = ATTRIBUTE[name as keyof typeof ATTRIBUTE];
    const printable = name === 'country' || name === 'serialNumber'; // X.520 wants these two so
    const written = printable ? new asn1.PrintableString({ value }) : new asn1.Utf8String({ value });
    into.typesAndValues.push(new pki.AttributeTypeAndValue({ type, value: written }));
  }
}

function extension(extnID: string, critical: boolean, value: asn1.AsnType): pki.Extension {
  return new pki.Extension({ extnID, critical, extnValue: value.toBER(false) });
}

function keyUsage(usage: keyof typeof KEY_USAGE): pki.Extension {
  const octet = KEY_USAGE[usage];
  const unusedBits = Math.log2(octet & -octet);
  return extension(EXTENSION.keyUsage, true, new asn1.BitString({ valueHex: Uint8Array.of(octet).buffer, unusedBits }));
}

function ocspAt(address: string): pki.Extension {
  const accessLocation = new pki.GeneralName({ type: 6, value: address }); // a URI
  const access = new pki.AccessDescription({ accessMethod: ACCESS_BY_OCSP, accessLocation });
  return extension(EXTENSION.informationAccess, false, new pki.InfoAccess({ accessDescriptions: [access] }).toSchema());
}

interface Content {
  readonly issuer: Names;
  readonly subject: Names;
  readonly publicKey: CryptoKey;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly pki.Extension[];
}

/** One certificate, signed with the issuer's key; in DER. */
async function certify(content: Content, issuerKey: CryptoKey): Promise<Uint8Array> {
  const certificate = new pki.Certificate();
  certificate.version = 2; // v3
  certificate.serialNumber = new asn1.Integer({ valueHex: Uint8Array.of(0x40, ...randomBytes(15)).buffer });
  writeNames(certificate.issuer, content.issuer);
  writeNames(certificate.subject, content.subject);
  certificate.notBefore.value = content.notBefore;
  certificate.notAfter.value = content.notAfter;
  certificate.extensions = [...content.extensions];
  await certificate.subjectPublicKeyInfo.importKey(content.publicKey);
  await certificate.sign(issuerKey, 'SHA-256');
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

/** Makes an authority that certifies itself and issues to holders directly. */
export async function createCertificateAuthority(name: string): Promise<CertificateAuthority> {
  const keys = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const own: Names = { country: 'VN', organization: name, commonName: name };
  const now = Date.now();
  const basicConstraints = new pki.BasicConstraints({ cA: true, pathLenConstraint: 0 });
  const certificate = await certify(
    {
      issuer: own,
      subject: own,
      publicKey: keys.publicKey,
      notBefore: new Date(now - 10 * YEAR),
      notAfter: new Date(now + 10 * YEAR),
      extensions: [
        extension(EXTENSION.basicConstraints, true, basicConstraints.toSchema()),
        keyUsage('certificateSigning'),
      ],
    },
    keys.privateKey,
  );
  return { certificate, key: keys.privateKey, issue: (wish) => issue(wish, own, keys.privateKey) };
}

async function issue(wish: CertificateWish, issuer: Names, issuerKey: CryptoKey): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const policies = wish.policies.map((policyIdentifier) => new pki.PolicyInformation({ policyIdentifier }));
  const certificate = await certify(
    {
      issuer,
      subject: {
        country: 'VN',
        commonName: wish.name,
        serialNumber: `${PERSONAL_NUMBER.prefix}${wish.personalNumber}`,
      },
      publicKey: keys.publicKey,
      notBefore: wish.notBefore ?? new Date(Date.now() - YEAR),
      notAfter: wish.notAfter ?? new Date(Date.now() + YEAR),
      extensions: [
        keyUsage(wish.keyUsage ?? 'digitalSignature'),
        extension(
          EXTENSION.extendedKeyUsage,
          false,
          new pki.ExtKeyUsage({ keyPurposes: [CLIENT_AUTHENTICATION] }).toSchema(),
        ),
        ...(wish.ocsp === undefined ? [] : [ocspAt(wish.ocsp)]),
        ...(policies.length === 0
          ? []
          : [
              extension(
                EXTENSION.certificatePolicies,
                false,
                new pki.CertificatePolicies({ certificatePolicies: policies }).toSchema(),
              ),
            ]),
      ],
    },
    issuerKey,
  );
  return { certificate, key: (await crypto.subtle.exportKey('jwk', keys.privateKey)) as JWK };
}
