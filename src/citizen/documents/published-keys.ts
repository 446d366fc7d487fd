/**
 * Owns which public keys stay published: a receipt lies in a citizen's drawer for years, longer than the key that signed it
 * is in use, and must still verify.
 */
import type { JWK } from 'jose';
import type { Keys } from '../../vault/keys.ts';

/** Every public key that ever signed documents; one that was published is never taken back. */
export interface PublishedKeys {
  /** Adds those that are not there yet; the others stay as they are. */
  publish(keys: readonly JWK[]): Promise<void>;
  all(): Promise<readonly JWK[]>;
}

/** The public halves of all keys that sign documents, now or after a rotation (RFC 7517, section 4). */
export function publicHalves(keys: Pick<Keys, 'signing'>): readonly JWK[] {
  // Member by member: what is not named here cannot slip out, whatever a key may hold one day.
  return keys.signing.flatMap((key) =>
    key.kty === 'EC'
      ? [{ kty: key.kty, crv: key.crv, kid: key.kid, use: key.use, alg: key.alg, x: key.x, y: key.y }]
      : [],
  );
}
