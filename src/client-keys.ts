/** Owns which public keys a client may be registered with: never a private one, never a weak one, each until its end. */
import { createPublicKey, type JsonWebKeyInput } from 'node:crypto';
import { z } from 'zod';

/** A public key of a client (RFC 7517); `exp`, in seconds since the epoch, is when it ends. */
export type ClientKey = Readonly<Record<string, unknown>>;

/** At once: enough for two of each kind while they are rotated. */
export const MOST_KEYS = 10;

/** How an agency's key may protect what is encrypted for it (RFC 7518 4.1). */
export const KEY_ENCRYPTION = ['ECDH-ES', 'RSA-OAEP-256'] as const;
export type KeyEncryption = (typeof KEY_ENCRYPTION)[number];

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const LEAST_RSA_BITS = 2048;
/** What `key_ops` says of a key that may be used for it (RFC 7517 4.3). */
const OPERATIONS = { RSA: ['encrypt'], EC: ['deriveBits', 'deriveKey'] } as const;
const CURVES_FOR_ENCRYPTION = new Set<unknown>(['P-256', 'P-384', 'P-521', 'X25519']);

/** Why nobody may use this key; nothing when it may be used. */
export function weaknessOf(key: ClientKey): 'is a public key' | 'is a strong key' | 'names an algorithm' | undefined {
  if (key.kty === 'oct' || PRIVATE_MEMBERS.some((member) => member in key)) return 'is a public key';
  if (key.alg === 'none') return 'names an algorithm';
  if (key.kty === 'RSA' && bitsOf(key.n) < LEAST_RSA_BITS) return 'is a strong key';
  return undefined;
}

/** Whether something for this key's owner can be encrypted with it, whenever it ends. */
export function canEncrypt(key: ClientKey, algorithm: KeyEncryption): boolean {
  if (weaknessOf(key) !== undefined) return false;
  if (key.use !== undefined && key.use !== 'enc') return false;
  if (key.alg !== undefined && key.alg !== algorithm) return false;
  const isRsa = algorithm === 'RSA-OAEP-256';
  const { key_ops: operations } = key;
  if (Array.isArray(operations) && !OPERATIONS[isRsa ? 'RSA' : 'EC'].some((one) => operations.includes(one)))
    return false;
  const fits = isRsa ? key.kty === 'RSA' : key.kty !== 'RSA' && CURVES_FOR_ENCRYPTION.has(key.crv);
  return fits && isReadable(key);
}

/** Whether a key or a secret may still be used; `now` in milliseconds. */
export function isAlive(key: { readonly exp?: unknown }, now: number): boolean {
  return typeof key.exp !== 'number' || key.exp * 1000 > now;
}

/** A set of keys as it may be registered. */
export const publicKeys = z.object({
  keys: z
    .array(
      z.record(z.string(), z.unknown()).superRefine((key, context) => {
        const weakness = weaknessOf(key);
        if (weakness !== undefined) context.addIssue({ code: 'custom', message: weakness });
        if (key.exp !== undefined && !(typeof key.exp === 'number' && key.exp > 0 && Number.isFinite(key.exp)))
          context.addIssue({ code: 'custom', path: ['exp'], message: 'is a time in seconds' });
      }),
    )
    .min(1)
    .max(MOST_KEYS),
});

/** Bits of an RSA modulus; none of what is not one. */
function bitsOf(modulus: unknown): number {
  if (typeof modulus !== 'string') return 0;
  const bytes = Buffer.from(modulus, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first]!) - 24);
}

/** Whether this is a key at all: a point beside its curve would first be noticed when a citizen signs in. */
export function isReadable(key: ClientKey): boolean {
  try {
    createPublicKey({ key, format: 'jwk' } as JsonWebKeyInput);
    return true;
  } catch {
    return false;
  }
}
