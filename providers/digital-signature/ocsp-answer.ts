/**
 * Owns believing an OCSP answer (RFC 6960 3.2): about this certificate, from somebody entitled, to this question, now.
 * An answer that is none of these says nothing, whatever it says.
 */
import { OctetString } from 'asn1js';
import * as pki from 'pkijs';
import { signedBy } from './authorities.ts';
import { type Certificate, octetsOf, PURPOSE, readCertificate } from './certificate.ts';
import { readDer, sameBytes } from './der.ts';
import { certIdOf, keyHashOf, OCSP_NONCE, type OcspQuestion } from './ocsp-question.ts';
import { signedDocument } from './signatures.ts';

/** Why nobody knows whether a certificate stands. Stable: the log and operators' alarms rest on them. */
export type StatusProblem =
  | 'ocsp_no_responder' // the certificate names none and none is configured
  | 'ocsp_unreachable' // no answer, or one that is not OCSP's
  | 'ocsp_unable' // the responder says that it cannot answer (RFC 6960 4.2.1: tryLater, internalError, …)
  | 'ocsp_malformed'
  | 'ocsp_not_one_answer' // none, or several
  | 'ocsp_other_certificate' // an answer about another one
  | 'ocsp_not_entitled' // nobody who may answer for the issuer
  | 'ocsp_signature_invalid'
  | 'ocsp_nonce_differs' // absent, or of another question: a replay
  | 'ocsp_not_fresh'; // too old, from the future, or overtaken by its own next update

/** The status could not be found out. */
export class StatusUnknown extends Error {
  override readonly name = 'StatusUnknown';
  readonly code: StatusProblem;

  constructor(code: StatusProblem, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

export type CertificateStatus = 'good' | 'revoked' | 'unknown';

export interface AnswerTerms {
  /** A responder believed because the operator says so; else the issuer and those it appointed. */
  readonly responder: Certificate | undefined;
  readonly now: number;
}

/** By how much clocks may differ. */
const SKEW = 5 * 60_000;
/** How old an answer may be that does not say until when it holds. */
const MAXIMUM_AGE = 15 * 60_000;
/** The issuer's answer names its signer, at most with what leads to it; more would only cost time. */
const MAXIMUM_CERTIFICATES = 4;
const SUCCESSFUL = 0;
const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';

/** What an answer says of the certificate that was asked about. Throws `StatusUnknown` when it cannot be relied on. */
export function readAnswer(bytes: Uint8Array, question: OcspQuestion, terms: AnswerTerms): CertificateStatus {
  const basic = parsed(bytes);
  const { responses, responseExtensions = [] } = basic.tbsResponseData;
  const [single] = responses;
  if (single === undefined || responses.length > 1) throw new StatusUnknown('ocsp_not_one_answer');
  if (!single.certID.isEqual(certIdOf(question))) throw new StatusUnknown('ocsp_other_certificate');
  // A critical extension changes what an answer means (RFC 6960 4.4), and none but the nonce is understood here.
  const extensions = [...responseExtensions, ...(single.singleExtensions ?? [])];
  if (extensions.some(({ critical, extnID }) => critical && extnID !== OCSP_NONCE)) {
    throw new StatusUnknown('ocsp_malformed');
  }
  assertSigned(basic, question, terms);
  assertNonce(responseExtensions, question);
  assertFresh(single, terms.now);
  return statusOf(single);
}

/** OCSPResponse and BasicOCSPResponse (RFC 6960 4.2.1). */
function parsed(bytes: Uint8Array): pki.BasicOCSPResponse {
  try {
    const response = new pki.OCSPResponse({ schema: readDer(bytes) });
    if (response.responseStatus.valueBlock.valueDec !== SUCCESSFUL) throw new StatusUnknown('ocsp_unable');
    const { responseBytes } = response;
    if (responseBytes?.responseType !== BASIC_RESPONSE) throw new StatusUnknown('ocsp_malformed');
    return new pki.BasicOCSPResponse({ schema: readDer(octetsOf(responseBytes.response)) });
  } catch (cause) {
    throw cause instanceof StatusUnknown ? cause : new StatusUnknown('ocsp_malformed', { cause });
  }
}

/** The responder's right and its signature (RFC 6960 3.2, 4.2.2.2). */
function assertSigned(basic: pki.BasicOCSPResponse, { issuer }: OcspQuestion, { responder, now }: AnswerTerms): void {
  const { tbsResponseData, signature, signatureAlgorithm } = basic;
  const isNamed = ({ structure }: Pick<Certificate, 'structure'>) => names(tbsResponseData.responderID, structure);
  const believed = responder === undefined ? [issuer] : [responder, issuer];
  const appointed = signersIn(basic).filter((one) => isAppointed(one, issuer, now));
  const entitled = [...believed.filter(isNamed), ...appointed];
  if (entitled.length === 0) throw new StatusUnknown('ocsp_not_entitled');
  const { unusedBits, valueHexView } = signature.valueBlock;
  const signed = ({ x509 }: Certificate) =>
    signedDocument(x509.publicKey, tbsResponseData.tbsView, signatureAlgorithm, valueHexView);
  if (unusedBits !== 0 || !entitled.some(signed)) throw new StatusUnknown('ocsp_signature_invalid');
}

/** The certificates that came along and that the answer names as its signer. */
function signersIn({ certs = [], tbsResponseData }: pki.BasicOCSPResponse): Certificate[] {
  if (certs.length > MAXIMUM_CERTIFICATES) throw new StatusUnknown('ocsp_malformed');
  try {
    return certs
      .filter((one) => names(tbsResponseData.responderID, one))
      .map((one) => readCertificate(new Uint8Array(one.toSchema(false).toBER())));
  } catch (cause) {
    throw new StatusUnknown('ocsp_malformed', { cause });
  }
}

/**
 * Whether the issuer itself appointed a responder (RFC 6960 4.2.2.2): issued by the key that issued the certificate, for
 * signing answers, and in force. Its own revocation is not asked: it lives shortly or says `id-pkix-ocsp-nocheck`.
 */
function isAppointed(certificate: Certificate, issuer: Certificate, now: number): boolean {
  return (
    certificate.extendedKeyUsage?.includes(PURPOSE.ocspSigning) === true &&
    certificate.keyUsage?.digitalSignature !== false &&
    certificate.notUnderstood.length === 0 &&
    certificate.notBefore <= now &&
    now <= certificate.notAfter &&
    signedBy(certificate, issuer)
  );
}

/** Whether an answer names a certificate as its signer, by name or by key (RFC 6960 4.2.1: ResponderID). */
function names(responder: unknown, certificate: pki.Certificate): boolean {
  if (responder instanceof OctetString) return sameBytes(octetsOf(responder), keyHashOf(certificate));
  return responder instanceof pki.RelativeDistinguishedNames && certificate.subject.isEqual(responder);
}

/** The answer carries the question's nonce, once (RFC 9654 2.1). */
function assertNonce(extensions: readonly pki.Extension[], { nonce }: OcspQuestion): void {
  if (nonce === undefined) return;
  const nonces = extensions.filter(({ extnID }) => extnID === OCSP_NONCE);
  const [only] = nonces;
  if (only === undefined || nonces.length > 1 || !sameBytes(octetsOf(only.extnValue), nonce)) {
    throw new StatusUnknown('ocsp_nonce_differs');
  }
}

/** The answer holds now (RFC 6960 4.2.2.1); one without an end holds for a quarter of an hour. */
function assertFresh({ thisUpdate, nextUpdate }: pki.SingleResponse, now: number): void {
  const from = thisUpdate.getTime();
  const until = nextUpdate === undefined ? from + MAXIMUM_AGE : nextUpdate.getTime();
  // Written so that a date which is no number fails, too.
  if (!(from <= until && from - SKEW <= now && now <= until + SKEW)) throw new StatusUnknown('ocsp_not_fresh');
}

/** CertStatus (RFC 6960 4.2.1) by its tag; a certificate on hold counts as revoked. */
function statusOf({ certStatus }: pki.SingleResponse): CertificateStatus {
  const { tagClass, tagNumber } = certStatus.idBlock;
  const status = (['good', 'revoked', 'unknown'] as const)[tagNumber];
  if (tagClass !== 3 || status === undefined) throw new StatusUnknown('ocsp_malformed');
  return status;
}
