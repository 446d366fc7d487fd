/** Owns authorities, cards and OCSP responders made for these tests, able to make every mistake there is. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  Set as Asn1Set,
  BitString,
  Constructed,
  GeneralizedTime,
  Integer,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  Utf8String,
} from 'asn1js';
import * as pki from 'pkijs';
import { readCertificate } from '../../../providers/digital-signature/certificate.ts';
import { certIdOf, OCSP_NONCE } from '../../../providers/digital-signature/ocsp-question.ts';

export const NOW = Date.parse('2026-11-22T08:00:00Z');
const DAY = 86_400_000;
export const OCSP_ADDRESS = 'http://ocsp.authority.example/';
const OID = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  policies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
  informationAccess: '1.3.6.1.5.5.7.1.1',
  accessByOcsp: '1.3.6.1.5.5.7.48.1',
};
export const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
export const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';

/** A signature algorithm: OpenSSL's name of its hash, and its object identifier. */
const ECDSA_SHA256 = ['sha256', '1.2.840.10045.4.3.2'] as const;
export const ECDSA_SHA1 = ['sha1', '1.2.840.10045.4.1'] as const;
type Algorithm = readonly [digest: string, identifier: string];

export interface Party {
  readonly der: Uint8Array;
  readonly name: string;
  readonly key: KeyObject;
}

export interface Features {
  readonly name?: string;
  /** Attributes of the subject after its common name, by object identifier; may repeat. */
  readonly subject?: readonly (readonly [type: string, value: string])[];
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly authority?: boolean;
  readonly pathLength?: number;
  /** Bits of the first octet of KeyUsage: 0x80 digitalSignature, 0x04 keyCertSign. `null` leaves the extension out. */
  readonly keyUsage?: number | null;
  readonly extendedKeyUsage?: readonly string[];
  readonly policies?: readonly string[];
  readonly ocsp?: string | null;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly algorithm?: Algorithm;
  readonly more?: readonly pki.Extension[];
}

export const ecKeys = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });

/** Issues a certificate; without an issuer it signs itself. A card's, unless told otherwise. */
export function issue(features: Features, issuer?: Party): Party {
  const { name = 'NGUYỄN VĂN AN', authority = false, algorithm = ECDSA_SHA256, ocsp = OCSP_ADDRESS } = features;
  const { publicKey, privateKey } = features.keys ?? ecKeys();
  const { keyUsage = authority ? 0x06 : 0x80, extendedKeyUsage, policies, pathLength } = features;
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const certificate = new pki.Certificate({ version: 2 });
  certificate.serialNumber = new Integer({ valueHex: new Uint8Array([1, ...randomBytes(8)]) });
  certificate.subjectPublicKeyInfo = pki.PublicKeyInfo.fromBER(spki);
  certificate.subject = nameOf(name, features.subject);
  certificate.issuer = nameOf(issuer?.name ?? name);
  certificate.notBefore = new pki.Time({ type: 1, value: new Date(features.notBefore ?? NOW - DAY) });
  certificate.notAfter = new pki.Time({ type: 1, value: new Date(features.notAfter ?? NOW + DAY) });
  const extensions: pki.Extension[] = [];
  const add = (extnID: string, value: { toBER(): ArrayBuffer }, critical = true) =>
    extensions.push(new pki.Extension({ extnID, critical, extnValue: value.toBER() }));
  if (authority) {
    const length = pathLength === undefined ? {} : { pathLenConstraint: pathLength };
    add(OID.basicConstraints, new pki.BasicConstraints({ cA: true, ...length }).toSchema());
  }
  if (keyUsage !== null) add(OID.keyUsage, new BitString({ valueHex: new Uint8Array([keyUsage]).buffer }));
  if (extendedKeyUsage) {
    add(OID.extendedKeyUsage, new pki.ExtKeyUsage({ keyPurposes: [...extendedKeyUsage] }).toSchema());
  }
  if (policies) {
    const certificatePolicies = policies.map((policyIdentifier) => new pki.PolicyInformation({ policyIdentifier }));
    add(OID.policies, new pki.CertificatePolicies({ certificatePolicies }).toSchema(), false);
  }
  if (ocsp !== null) {
    const accessLocation = new pki.GeneralName({ type: 6, value: ocsp });
    const access = new pki.AccessDescription({ accessMethod: OID.accessByOcsp, accessLocation });
    add(OID.informationAccess, new pki.InfoAccess({ accessDescriptions: [access] }).toSchema(), false);
  }
  certificate.extensions = [...extensions, ...(features.more ?? [])];
  certificate.signature = certificate.signatureAlgorithm = identifierOf(algorithm);
  const body = new Uint8Array(certificate.encodeTBS().toBER());
  certificate.tbsView = body;
  certificate.signatureValue = bitsOf(sign(algorithm[0], body, issuer?.key ?? privateKey));
  return { der: new Uint8Array(certificate.toSchema(true).toBER()), name, key: privateKey };
}

export const rootAuthority = (features: Features = {}) =>
  issue({ name: 'ROOT OF THE TESTS', authority: true, ocsp: null, ...features });

/** Constraints on names, critical: an extension that is not processed. */
export const nameConstraints = new pki.Extension({
  extnID: OID.nameConstraints,
  critical: true,
  extnValue: new pki.NameConstraints({ permittedSubtrees: [] }).toSchema().toBER(),
});

export interface AnswerFeatures {
  readonly status?: 'good' | 'revoked' | 'unknown';
  readonly about?: Uint8Array;
  readonly times?: number;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  /** The value of the nonce extension: what was asked with, unless told; `null` leaves it out. */
  readonly nonce?: Uint8Array | null;
  readonly signer?: Party;
  /** Who the answer says signed it; the signer unless told. */
  readonly named?: Party;
  readonly carries?: readonly Uint8Array[];
  readonly algorithm?: Algorithm;
  readonly critical?: boolean;
}

/** Answers a request of the hub's about a card. */
export function answerTo(request: Uint8Array, card: Party, issuer: Party, features: AnswerFeatures = {}): Uint8Array {
  const { status = 'good', about = card.der, times = 1, thisUpdate = NOW, nextUpdate, signer = issuer } = features;
  const { algorithm = ECDSA_SHA256, named = signer, carries = [], critical = false } = features;
  const asked = pki.OCSPRequest.fromBER(request).tbsRequest.requestExtensions?.find((one) => one.extnID === OCSP_NONCE);
  const nonce = features.nonce === undefined ? asked?.extnValue.valueBlock.valueHexView : features.nonce;
  const single = new pki.SingleResponse({
    certID: certIdOf({ certificate: readCertificate(about), issuer: readCertificate(issuer.der) }),
    certStatus: statusOf(status),
    thisUpdate: new Date(thisUpdate),
    ...(nextUpdate === undefined ? {} : { nextUpdate: new Date(nextUpdate) }),
  });
  if (critical) single.singleExtensions = [extension('1.3.6.1.4.1.99999.1', new Uint8Array([5, 0]), true)];
  const tbsResponseData = new pki.ResponseData({ responses: Array(times).fill(single) });
  tbsResponseData.responderID = readCertificate(named.der).structure.subject;
  tbsResponseData.producedAt = new Date(thisUpdate);
  if (nonce) tbsResponseData.responseExtensions = [extension(OCSP_NONCE, nonce, false)];
  tbsResponseData.tbsView = new Uint8Array(tbsResponseData.toSchema(true).toBER());
  const basic = new pki.BasicOCSPResponse({
    tbsResponseData,
    signatureAlgorithm: identifierOf(algorithm),
    signature: bitsOf(sign(algorithm[0], tbsResponseData.tbsView, signer.key)),
    certs: carries.map((der) => pki.Certificate.fromBER(der)),
  });
  const response = new OctetString({ valueHex: basic.toSchema().toBER() });
  return wrapped(0, new pki.ResponseBytes({ responseType: '1.3.6.1.5.5.7.48.1.1', response }));
}

/** An OCSPResponse with a status of its own: 3 is tryLater, 6 unauthorized (RFC 6960 4.2.1). */
export function wrapped(status: number, responseBytes?: pki.ResponseBytes): Uint8Array {
  const response = new pki.OCSPResponse();
  response.responseStatus.valueBlock.valueDec = status;
  if (responseBytes) response.responseBytes = responseBytes;
  return new Uint8Array(response.toSchema().toBER());
}

function statusOf(status: 'good' | 'revoked' | 'unknown') {
  if (status !== 'revoked') return new Primitive({ idBlock: { tagClass: 3, tagNumber: status === 'good' ? 0 : 2 } });
  const since = new GeneralizedTime({ valueDate: new Date(NOW - DAY) });
  return new Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value: [since] });
}

/** A name: the common name, then further attributes, each in a set of its own but those that begin with `+`. */
function nameOf(commonName: string, more: readonly (readonly [string, string])[] = []): pki.RelativeDistinguishedNames {
  const attributes = [['2.5.4.3', commonName], ...more] as const;
  const sets: Sequence[][] = [];
  for (const [type, value] of attributes) {
    const identifier = new ObjectIdentifier({ value: type.replace('+', '') });
    const pair = new Sequence({ value: [identifier, new Utf8String({ value })] });
    if (type.startsWith('+')) sets.at(-1)!.push(pair);
    else sets.push([pair]);
  }
  const name = new Sequence({ value: sets.map((value) => new Asn1Set({ value })) });
  return pki.RelativeDistinguishedNames.fromBER(name.toBER());
}

const extension = (extnID: string, value: Uint8Array, critical: boolean) =>
  new pki.Extension({ extnID, critical, extnValue: new Uint8Array(value).buffer });

const identifierOf = ([, algorithmId]: Algorithm) => new pki.AlgorithmIdentifier({ algorithmId });
const bitsOf = (signature: Uint8Array) => new BitString({ valueHex: new Uint8Array(signature).buffer });
