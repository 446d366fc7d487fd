/** Owns the responder's answers: whether a card stands, signed by the authority that issued it (RFC 6960). */
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import type { CertificateAuthority } from '../certificate-authority.ts';
import type { Cards } from './cards.ts';
import type { Forgery } from './forgeries.ts';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const NONCE = '1.3.6.1.5.5.7.48.1.2';
const DAY = 24 * 60 * 60 * 1000;
/** RFC 6960 4.2.1. */
const STATUS = { successful: 0, malformedRequest: 1, tryLater: 3, unauthorized: 6 } as const;
/** RFC 5280 5.3.1: a card that is suspended may stand again one day. */
const CERTIFICATE_HOLD = 6;

/** The answer to one request, in DER. */
export async function answerTo(request: Uint8Array, cards: Cards, forgery: Forgery | undefined): Promise<Uint8Array> {
  const asked = read(request);
  if (asked === undefined) return wrapped(STATUS.malformedRequest);
  if (forgery === 'try_later') return wrapped(STATUS.tryLater);
  const number = Buffer.from(asked.certificate.serialNumber.valueBlock.valueHexView).toString('hex').toUpperCase();
  const issuance = cards.issuanceOf(number);
  if (issuance === undefined) return wrapped(STATUS.unauthorized);
  const state = forgery === 'unknown' ? undefined : cards.find(issuance.card)?.state;
  const signer = forgery === 'wrong_responder' ? cards.authority('unknown') : issuance.authority;
  const basic = await signed(asked, statusOf(state), signer, forgery);
  const response = new asn1.OctetString({ valueHex: basic.toSchema().toBER(false) });
  return wrapped(STATUS.successful, new pki.ResponseBytes({ responseType: BASIC_RESPONSE, response }));
}

interface Question {
  readonly certificate: pki.CertID;
  readonly nonce: pki.Extension | undefined;
}

/** The one certificate a request asks about, as the hub asks. */
function read(request: Uint8Array): Question | undefined {
  try {
    const { requestList, requestExtensions } = pki.OCSPRequest.fromBER(new Uint8Array(request)).tbsRequest;
    const [first, ...others] = requestList;
    if (first === undefined || others.length > 0) return undefined;
    return { certificate: first.reqCert, nonce: requestExtensions?.find(({ extnID }) => extnID === NONCE) };
  } catch {
    return undefined;
  }
}

async function signed(
  { certificate, nonce }: Question,
  certStatus: asn1.BaseBlock,
  signer: CertificateAuthority,
  forgery: Forgery | undefined,
): Promise<pki.BasicOCSPResponse> {
  const at = new Date(Date.now() - (forgery === 'stale' ? DAY : 0));
  const one = new pki.SingleResponse({
    certID: forgery === 'other_certificate' ? another(certificate) : certificate,
    certStatus,
    thisUpdate: at,
    nextUpdate: new Date(at.getTime() + DAY / 24),
  });
  const tbsResponseData = new pki.ResponseData({ responses: forgery === 'two_answers' ? [one, one] : [one] });
  tbsResponseData.responderID = pki.Certificate.fromBER(new Uint8Array(signer.certificate)).subject;
  tbsResponseData.producedAt = at;
  if (nonce && forgery !== 'no_nonce')
    tbsResponseData.responseExtensions = [forgery === 'wrong_nonce' ? turned(nonce) : nonce];
  const basic = new pki.BasicOCSPResponse({ tbsResponseData });
  await basic.sign(signer.key, 'SHA-256');
  if (forgery === 'bad_signature') flipLast(basic.signature.valueBlock.valueHexView);
  return basic;
}

/** The choice of a single answer: good [0], revoked [1] with time and reason, unknown [2]. */
function statusOf(state: string | undefined): asn1.BaseBlock {
  if (state === undefined) return new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 2 } });
  if (state !== 'revoked' && state !== 'suspended')
    return new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 } });
  const since = new asn1.GeneralizedTime({ valueDate: new Date(Date.now() - DAY) });
  const reason = new asn1.Constructed({
    idBlock: { tagClass: 3, tagNumber: 0 },
    value: [new asn1.Enumerated({ value: CERTIFICATE_HOLD })],
  });
  const value = state === 'suspended' ? [since, reason] : [since];
  return new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value });
}

function another({ hashAlgorithm, issuerNameHash, issuerKeyHash }: pki.CertID): pki.CertID {
  return new pki.CertID({
    hashAlgorithm,
    issuerNameHash,
    issuerKeyHash,
    serialNumber: new asn1.Integer({ value: 4711 }),
  });
}

function turned(nonce: pki.Extension): pki.Extension {
  const value = new Uint8Array(nonce.extnValue.valueBlock.valueHexView);
  flipLast(value);
  return new pki.Extension({ extnID: NONCE, extnValue: value.buffer });
}

function flipLast(bytes: Uint8Array): void {
  const last = bytes.length - 1;
  bytes[last] = bytes[last]! ^ 1;
}

function wrapped(status: number, responseBytes?: pki.ResponseBytes): Uint8Array {
  const response = new pki.OCSPResponse();
  response.responseStatus.valueBlock.valueDec = status;
  if (responseBytes) response.responseBytes = responseBytes;
  return new Uint8Array(response.toSchema().toBER(false));
}
