/** Owns the question to an OCSP responder: whether this certificate still stands (RFC 6960 4.1). */
import { createHash } from 'node:crypto';
import { Null, OctetString } from 'asn1js';
import * as pki from 'pkijs';
import type { Certificate } from './certificate.ts';

/** Object identifier of the nonce (RFC 9654 2.1). */
export const OCSP_NONCE = '1.3.6.1.5.5.7.48.1.2';
const SHA_1 = '1.3.14.3.2.26';

export interface OcspQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** The value of the nonce extension; absent towards a responder that is known not to return one. */
  readonly nonce: Uint8Array | undefined;
}

/** The value of a nonce extension over fresh bytes: an octet string within the extension's own (RFC 9654 2.1). */
export function nonceOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(new OctetString({ valueHex: bytes }).toBER());
}

/** The request in DER (RFC 6960 4.1.1). */
export function encodeQuestion(question: OcspQuestion): Uint8Array<ArrayBuffer> {
  const { nonce } = question;
  const tbsRequest = new pki.TBSRequest({ requestList: [new pki.Request({ reqCert: certIdOf(question) })] });
  if (nonce) tbsRequest.requestExtensions = [new pki.Extension({ extnID: OCSP_NONCE, extnValue: bufferOf(nonce) })];
  return new Uint8Array(new pki.OCSPRequest({ tbsRequest }).toSchema(true).toBER());
}

/**
 * The name of a certificate towards its issuer's responder (RFC 6960 4.1.1). SHA-1 is what every responder knows
 * (RFC 5019 2.1.1); it names here and proves nothing.
 */
export function certIdOf({ certificate, issuer }: Pick<OcspQuestion, 'certificate' | 'issuer'>): pki.CertID {
  return new pki.CertID({
    hashAlgorithm: new pki.AlgorithmIdentifier({ algorithmId: SHA_1, algorithmParams: new Null() }),
    issuerNameHash: new OctetString({ valueHex: sha1(new Uint8Array(issuer.structure.subject.valueBeforeDecode)) }),
    issuerKeyHash: new OctetString({ valueHex: keyHashOf(issuer.structure) }),
    serialNumber: certificate.structure.serialNumber,
  });
}

/** The SHA-1 of a certificate's public key without tag, length and unused bits (RFC 6960 4.2.1: KeyHash). */
export function keyHashOf(certificate: pki.Certificate): Uint8Array<ArrayBuffer> {
  return sha1(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
}

const sha1 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(createHash('sha1').update(bytes).digest());
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
