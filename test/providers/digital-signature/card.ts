/** Owns a card that signs in at the hub of these tests, and the validator it meets there. */
import { constants, createHash, type KeyObject, sign } from 'node:crypto';
import {
  createTokenValidator,
  type TokenValidatorSettings,
} from '../../../providers/digital-signature/token-validator.ts';
import { type Features, issue, NOW, type Party } from './card-authority.ts';

export const ORIGIN = 'https://signin.example';
export const NONCE = 'bm9uY2Ugb2YgdGhpcnR5LXR3byByYW5kb20gYnl0ZXM=';

/** Signs origin and nonce as a card would with one of the nine algorithms. */
export function signToken(key: KeyObject, algorithm: string, origin = ORIGIN, nonce = NONCE): string {
  const digest = `sha${algorithm.slice(2)}`;
  const hash = (text: string) => createHash(digest).update(text).digest();
  const options = {
    ES: { key, dsaEncoding: 'ieee-p1363' as const },
    PS: { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
    RS: { key },
  }[algorithm.slice(0, 2)]!;
  return sign(digest, Buffer.concat([hash(origin), hash(nonce)]), options).toString('base64');
}

export const tokenOf = ({ der, key }: Party, algorithm = 'ES256') => ({
  unverifiedCertificate: Buffer.from(der).toString('base64'),
  algorithm,
  signature: signToken(key, algorithm),
  format: 'web-eid:1.0',
  appVersion: 'https://web-eid.eu/web-eid-app/releases/2.5.0+0',
});

/** A validator that trusts one root and asks nobody, unless told otherwise. */
export function validatorOf(root: Party, settings: Partial<TokenValidatorSettings> = {}) {
  return createTokenValidator({
    origin: ORIGIN,
    authorities: [{ id: 'public', anchors: [root.der] }],
    disallowedPolicies: [],
    responders: [],
    revocation: 'off',
    outgoing: { fetch: () => Promise.reject(new Error('nobody is asked')) },
    clock: () => NOW,
    ...settings,
  });
}

/** What becomes of a token: `accept`, or the code of its refusal. Anything else that is thrown fails the test. */
export async function outcomeOf(
  validator: ReturnType<typeof validatorOf>,
  token: unknown,
  nonce = NONCE,
): Promise<string> {
  try {
    await validator.validate(token, nonce, AbortSignal.timeout(5000));
    return 'accept';
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal') return (error as Error & { code: string }).code;
    throw error;
  }
}

/** What becomes of a card with such features, issued by an authority. */
export const outcomeOfCard = (features: Features, issuer: Party, validator = validatorOf(issuer)) =>
  outcomeOf(validator, tokenOf(issue(features, issuer)));
