/** Owns asking whether a certificate has been revoked: whom, how, and what follows for the citizen. */
import { randomBytes } from 'node:crypto';
import { Refusal } from '../../src/errors.ts';
import type { Outgoing } from '../../src/web/outgoing.ts';
import type { Issued } from './authorities.ts';
import { type Certificate, readConfigured } from './certificate.ts';
import { type CertificateStatus, readAnswer, StatusUnknown } from './ocsp-answer.ts';
import { encodeQuestion, nonceOf } from './ocsp-question.ts';

/** A responder the operator designates for all certificates of one authority, in place of the one they name. */
export interface ResponderSettings {
  /** The id of the authority. */
  readonly authority: string;
  readonly address: string;
  /** Its certificate in DER or PEM, when the issuer has not appointed it by a certificate of its own. */
  readonly certificate?: Uint8Array | string;
  /**
   * `unsupported` for one that answers from a store (RFC 5019): its answers can then be repeated until their next update.
   * Required unless told.
   */
  readonly nonce?: 'required' | 'unsupported';
}

export interface RevocationParts {
  readonly responders: readonly ResponderSettings[];
  readonly outgoing: Pick<Outgoing, 'fetch'>;
  readonly clock: () => number;
}

/** Asks about one certificate. Throws `Refusal` unless its issuer's answer is that it is good. */
export type AskRevocation = (certificate: Certificate, issued: Issued, signal: AbortSignal) => Promise<void>;

/** Bytes of a nonce (RFC 9654 2.1). */
const NONCE_BYTES = 32;

/** Reads the designated responders. Throws when one cannot be read, or an authority has two. */
export function createRevocationCheck({ responders, outgoing, clock }: RevocationParts): AskRevocation {
  const designated = new Map(
    responders.map(({ authority, address, certificate, nonce = 'required' }) => {
      const responder = certificate === undefined ? undefined : readConfigured(certificate);
      return [authority, { address: new URL(address).href, responder, nonce }];
    }),
  );
  if (designated.size !== responders.length) throw new RangeError('an authority has two responders');

  const ask = async (certificate: Certificate, { authority, issuer }: Issued, signal: AbortSignal) => {
    const own = designated.get(authority.id);
    const address = own?.address ?? certificate.ocspAddress;
    if (address === undefined) throw new StatusUnknown('ocsp_no_responder');
    const nonce = own?.nonce === 'unsupported' ? undefined : nonceOf(randomBytes(NONCE_BYTES));
    const question = { certificate, issuer, nonce };
    const answer = await post(outgoing, address, encodeQuestion(question), signal);
    return readAnswer(answer, question, { responder: own?.responder, now: clock() });
  };

  return async (certificate, issued, signal) => {
    let status: CertificateStatus;
    try {
      status = await ask(certificate, issued, signal);
    } catch (cause) {
      throw new Refusal('certificate_status_unknown', {}, { cause });
    }
    if (status === 'revoked') throw new Refusal('certificate_revoked');
    if (status !== 'good') throw new Refusal('certificate_unknown');
  };
}

/** OCSP over HTTP (RFC 6960 A.1). The answer is signed, so its way needs no protection. */
async function post(
  outgoing: RevocationParts['outgoing'],
  address: string,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const headers = { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' };
  try {
    const response = await outgoing.fetch(address, { method: 'POST', headers, body, signal });
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !/^application\/ocsp-response\s*(;|$)/i.test(type)) {
      throw new Error(`a responder's answer is not 200 with OCSP's type, but ${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new StatusUnknown('ocsp_unreachable', { cause });
  }
}
