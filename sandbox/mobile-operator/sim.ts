/** Owns the signing of a subscriber's SIM: it is handed a hash and never sees what was hashed. */
import { createECDH } from 'node:crypto';
import type { JWK } from 'jose';

/** The order of the group on P-256 (SP 800-186 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const COORDINATE_BYTES = 32;

/**
 * ECDSA over a hash that is made already (FIPS 186-5 6.4.1), as r ‖ s. Written out because Node signs only what it has
 * hashed itself. Good for a sandbox: its time depends on the key.
 */
export function signHash({ d }: JWK, hash: Uint8Array): Uint8Array {
  const key = numberOf(Buffer.from(d ?? '', 'base64url'));
  // The leftmost bits of a hash that is longer than the order.
  const digest = numberOf(hash.subarray(0, COORDINATE_BYTES));
  for (;;) {
    const once = createECDH('prime256v1');
    const r = numberOf(once.generateKeys().subarray(1, 1 + COORDINATE_BYTES)) % ORDER;
    const s = (inverse(numberOf(once.getPrivateKey())) * (digest + r * key)) % ORDER;
    if (r !== 0n && s !== 0n) return Buffer.concat([bytesOf(r), bytesOf(s)]);
  }
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(2 * COORDINATE_BYTES, '0'), 'hex');
}

/** The inverse modulo the order, which is prime: the power of two less (Fermat). */
function inverse(number: bigint): bigint {
  let [result, base] = [1n, number % ORDER];
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}
