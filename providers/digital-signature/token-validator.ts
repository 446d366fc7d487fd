/** Owns the validation of a Web eID authentication token: which checks, in which order, and what a valid one proves. */
import { Refusal } from '../../src/errors.ts';
import { type AuthoritySettings, issuedBy, readAuthorities } from './authorities.ts';
import { type Certificate, issuerOf, PURPOSE } from './certificate.ts';
import { createRevocationCheck, type ResponderSettings, type RevocationParts } from './revocation.ts';
import { signedToken } from './signatures.ts';
import { personalNumberIn, readSubject, type SubjectAttributes } from './subject.ts';
import { readToken } from './token.ts';

export interface TokenValidatorSettings {
  /** The hub's own origin as browsers write it, `https://signin.example`; what the card signed for anywhere else is void. */
  readonly origin: string;
  readonly authorities: readonly AuthoritySettings[];
  /** Policies of certificates not to be used here, as object identifiers: those of keys that are in no card. */
  readonly disallowedPolicies: readonly string[];
  readonly responders: readonly ResponderSettings[];
  /** `off` is for vectors whose responders are long gone. */
  readonly revocation: 'ask' | 'off';
  readonly outgoing: RevocationParts['outgoing'];
  readonly clock: () => number;
}

/** What a valid token proves: who holds the card, by whose word. */
export interface CertificateFacts {
  /** The id of the authority under which the certificate was issued. */
  readonly authority: string;
  readonly subject: SubjectAttributes;
  /** The holder's personal (or former) number, where the authority writes one and it has the form of one. */
  readonly personalNumber: string | undefined;
  /** The distinguished name of whoever issued the certificate. */
  readonly issuer: string;
  /** The certificate's own number there, in hexadecimal. */
  readonly serialNumber: string;
  readonly policies: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** SHA-256 of the certificate, in lower-case hexadecimal. */
  readonly fingerprint: string;
}

export interface TokenValidator {
  /**
   * Validates a token for the nonce that this browser was given for this step; who calls has burnt that nonce already.
   * Throws `Refusal` with the first that applies: `source_answer_invalid` (form), `certificate_purpose`,
   * `certificate_policy`, `certificate_not_yet_valid`, `certificate_expired`, `certificate_not_trusted`,
   * `certificate_revoked`, `certificate_unknown`, `certificate_status_unknown` (try again), `signature_invalid`.
   */
  validate(token: unknown, nonce: string, signal: AbortSignal): Promise<CertificateFacts>;
}

/** Characters of 32 random bytes in base64; anything shorter is a caller's mistake, and could be guessed. */
const LEAST_NONCE = 44;

/** Makes the validator. Throws when origin, a certificate or a responder of the configuration is none. */
export function createTokenValidator(settings: TokenValidatorSettings): TokenValidator {
  const { origin, revocation, clock } = settings;
  if (new URL(origin).origin !== origin) throw new RangeError('origin is not written as browsers write it');
  const authorities = readAuthorities(settings.authorities);
  const disallowed = new Set(settings.disallowedPolicies);
  const assertNotRevoked = createRevocationCheck(settings);

  const validate: TokenValidator['validate'] = async (token, nonce, signal) => {
    if (nonce.length < LEAST_NONCE) throw new RangeError('nonce too short to be one');
    const now = clock();
    const { certificate, algorithm, signature } = readToken(token);
    assertPurpose(certificate);
    if (certificate.policies.some((policy) => disallowed.has(policy))) throw new Refusal('certificate_policy');
    assertInForce(certificate, now);
    const issued = issuedBy(certificate, authorities, now);
    if (issued === undefined) throw new Refusal('certificate_not_trusted');
    if (revocation !== 'off') await assertNotRevoked(certificate, issued, signal);
    if (!signedToken(certificate.x509.publicKey, { algorithm, signature, origin, nonce })) {
      throw new Refusal('signature_invalid');
    }
    const subject = readSubject(certificate);
    return {
      authority: issued.authority.id,
      subject,
      personalNumber: personalNumberIn(subject, issued.authority.personalNumber),
      issuer: issuerOf(certificate),
      serialNumber: certificate.x509.serialNumber,
      policies: certificate.policies,
      notAfter: certificate.notAfter,
      fingerprint: certificate.x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    };
  };
  return { validate };
}

/** For authentication: it must say that it signs and, where it says more, that it authenticates (RFC 5280 4.2.1.3, 4.2.1.12). */
export function assertPurpose({ keyUsage, extendedKeyUsage }: Certificate): void {
  const authenticates = extendedKeyUsage?.includes(PURPOSE.clientAuthentication) ?? true;
  if (keyUsage?.digitalSignature !== true || !authenticates) throw new Refusal('certificate_purpose');
}

/** Within its dates, first and last second included (RFC 5280 4.1.2.5). */
export function assertInForce({ notBefore, notAfter }: Certificate, now: number): void {
  if (now < notBefore) throw new Refusal('certificate_not_yet_valid');
  if (now > notAfter) throw new Refusal('certificate_expired');
}
