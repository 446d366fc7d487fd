/**
 * Owns how an id token that the library has issued is made wrong: in the one thing that was announced, and in nothing else.
 * What it names instead of the real thing is made up, so that it is good for nobody.
 */
import { createPublicKey, randomBytes, type webcrypto } from 'node:crypto';
import {
  CompactSign,
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  type JWTPayload,
} from 'jose';
import { ACR_LADDER, type Acr } from '../identity/assertion.ts';
import type { Keys } from '../vault/keys.ts';
import type { FaultId, RefusingFault } from './faults.ts';
import { type FreshKey, freshKey } from './rotated-keys.ts';

/** Faults that are in the token itself. */
export type TokenFault = Exclude<FaultId, RefusingFault | 'slow_answer'>;

export const MADE_UP_ISSUER = 'https://another-issuer.example';
export const MADE_UP_AUDIENCE = 'https://another-service.example';
/** A level that no source reaches, for services to which the lowest is enough. */
export const BELOW_ALL = 'loa0';
/** Seconds since the token ended. */
const ENDED_BEFORE = 60 * 60;

export interface FaultyTokenParts {
  /** The hub's own. */
  readonly signing: Keys['signing'];
  /** Publishes the key a token is signed with. */
  readonly publish: (key: FreshKey) => Promise<void>;
}

export interface RightToken {
  /** As the library signed it. */
  readonly jwt: string;
  /** The weakest level that would have been enough. */
  readonly required: Acr;
}

type Header = { readonly alg: string; readonly kid: string };
type Claims = (payload: JWTPayload, token: RightToken) => JWTPayload;

const CHANGED_CLAIMS: Partial<Record<TokenFault, Claims>> = {
  wrong_issuer: () => ({ iss: MADE_UP_ISSUER }),
  wrong_audience: () => ({ aud: MADE_UP_AUDIENCE }),
  wrong_nonce: () => ({ nonce: randomBytes(24).toString('base64url') }),
  expired: ({ iat }) => ({ exp: iat! - ENDED_BEFORE }),
  acr_too_low: (_payload, { required }) => ({ acr: levelBelow(required) }),
};

/** The same token with one fault. Throws `TypeError` for a token that none of the hub's keys has signed. */
export async function faultyToken(
  fault: TokenFault,
  token: RightToken,
  { signing, publish }: FaultyTokenParts,
): Promise<string> {
  const payload = decodeJwt(token.jwt);
  const header = decodeProtectedHeader(token.jwt) as Header;
  const changed = CHANGED_CLAIMS[fault]?.(payload, token);
  if (changed) {
    const own = await importJWK(ownKey(signing, header), header.alg);
    return sign({ ...payload, ...changed }, header, own);
  }
  if (fault === 'wrong_algorithm')
    return sign(payload, { ...header, alg: 'HS256' }, publicKeyAsSecret(ownKey(signing, header)));
  const key = await freshKey(header.alg);
  if (fault === 'rotated_key') await publish(key);
  // A wrong signature still names the key that should have signed.
  const named = fault === 'wrong_signature' ? header : { ...header, kid: key.publicJwk.kid };
  return sign(payload, named, key.privateKey);
}

/** A level that is not enough where this one is required. */
function levelBelow(required: Acr): string {
  return ACR_LADDER[ACR_LADDER.indexOf(required) - 1] ?? BELOW_ALL;
}

function ownKey(signing: Keys['signing'], { kid }: Header): JWK {
  const key = signing.find((one) => one.kid === kid);
  if (key === undefined) throw new TypeError('The token is signed with a key that is not in the key file.');
  return key;
}

async function sign(payload: JWTPayload, header: Header, key: CryptoKey | Uint8Array): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ ...header }).sign(key);
}

/**
 * For the classic confusion of algorithms: HS256, with the text of the public key as its secret. Whoever takes the algorithm
 * from the token instead of from the registration finds it good, and anybody could have made it.
 */
function publicKeyAsSecret(key: JWK): Uint8Array {
  const pem = createPublicKey({ key: key as webcrypto.JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  return Buffer.from(pem);
}
