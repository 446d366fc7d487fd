/**
 * Owns authenticated encryption: AES-256-GCM with a random 96-bit initialisation vector, bound to a context so that a
 * sealed value opened anywhere but in its own place is refused. Laid out as vector, ciphertext, 128-bit tag.
 */
import { type CipherKey, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VECTOR_BYTES = 12;
const TAG_BYTES = 16;
const POOL_BYTES = 4096;

let pool = Buffer.alloc(0);

/**
 * Random bytes for what is public once used (vectors, salts), never for keys: drawn a page at a time, because one draw
 * costs as much as a whole sealing.
 */
export function publicRandom(bytes: number): Buffer {
  if (pool.length < bytes) pool = randomBytes(POOL_BYTES);
  const drawn = pool.subarray(0, bytes);
  pool = pool.subarray(bytes);
  return drawn;
}

/** Seals `plaintext`, bound to `context`. */
export function seal(key: CipherKey, context: Uint8Array, plaintext: Uint8Array): Buffer {
  const vector = publicRandom(VECTOR_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, vector, { authTagLength: TAG_BYTES });
  cipher.setAAD(context);
  return Buffer.concat([vector, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made; `undefined` when key, context or a single bit differ. */
export function unseal(key: CipherKey, context: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < VECTOR_BYTES + TAG_BYTES) return undefined;
  const vector = sealed.subarray(0, VECTOR_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, vector, { authTagLength: TAG_BYTES });
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = decipher.update(sealed.subarray(VECTOR_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return opened;
  } catch {
    return undefined;
  }
}
