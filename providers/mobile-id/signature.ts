/** Owns whether a SIM signed: the hash it was sent is that of a preimage which only the hub knows, and that is verified. */
import { constants, type KeyObject, verify } from 'node:crypto';
import type { PushOrder } from './operator.ts';

export interface SimSignature {
  readonly value: Uint8Array;
  /** As the operator names it: `SHA256WithECEncryption`, `SHA256WithRSAEncryption`. */
  readonly algorithm: string;
}

/** Bytes of one coordinate on the curves that count (FIPS 186-5), by the names OpenSSL gives them. */
const COORDINATE: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };
/** The least size of an RSA key (NIST SP 800-131A). */
const LEAST_RSA_BITS = 2048;

/**
 * Whether the key signed the preimage with the hash that was asked for (Mobile-ID REST API, `signature`): ECDSA as
 * r ‖ s, or in DER as some operators send it; RSA as PKCS #1 v1.5. An algorithm of another hash or kind of key is a no.
 */
export function signedPreimage(
  key: KeyObject,
  preimage: Uint8Array,
  hashType: PushOrder['hashType'],
  { value, algorithm }: SimSignature,
): boolean {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  const named = algorithm.toUpperCase();
  try {
    if (kind === 'ec' && named === `${hashType}WITHECENCRYPTION`) {
      const coordinate = COORDINATE[details?.namedCurve ?? ''];
      if (coordinate === undefined) return false;
      const dsaEncoding = value.length === 2 * coordinate ? 'ieee-p1363' : 'der';
      return verify(hashType, preimage, { key, dsaEncoding }, value);
    }
    if (kind === 'rsa' && named === `${hashType}WITHRSAENCRYPTION`) {
      if ((details?.modulusLength ?? 0) < LEAST_RSA_BITS) return false;
      return verify(hashType, preimage, { key, padding: constants.RSA_PKCS1_PADDING }, value);
    }
  } catch {
    // OpenSSL throws for what cannot be a signature of this key: a no like any other.
  }
  return false;
}
