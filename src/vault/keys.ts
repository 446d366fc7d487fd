/**
 * Owns the key file: every secret of one hub, checked once when it starts. Keys that rotate stand in lists: the first
 * protects what is written, all of them read what is there. How lists change: rotation.ts.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

const KEY_BYTES = 32;
/** Windows keeps no such bits: there the rights of the folder protect the file. */
const KEEPS_FILE_MODES = process.platform !== 'win32';
const READABLE_BY_OTHERS = 0o077;

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');

const secret = base64url.refine((text) => Buffer.from(text, 'base64url').length === KEY_BYTES, 'must be 32 bytes');

const versioned = z
  .array(z.strictObject({ version: z.int().min(1).max(0xffff), key: secret }))
  .min(1)
  .refine((list) => new Set(list.map(({ version }) => version)).size === list.length, 'must not repeat a version');

const ellipticKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1),
  use: z.literal('sig'),
  alg: z.literal('ES256'),
  x: base64url,
  y: base64url,
  d: base64url,
});

/** Without `alg`: one RSA key signs both RS256 and PS256. */
const rsaKey = z.strictObject({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  use: z.literal('sig'),
  n: base64url.refine((n) => Buffer.from(n, 'base64url').length >= 256, 'must be at least 2048 bits'),
  e: base64url,
  d: base64url,
  p: base64url,
  q: base64url,
  dp: base64url,
  dq: base64url,
  qi: base64url,
});

const keyFile = z.strictObject({
  /** Keys of tokens: of each type the first signs; agencies see the public halves of all. */
  signing: z
    .array(z.discriminatedUnion('kty', [ellipticKey, rsaKey]))
    .refine((keys) => keys.some((key) => key.kty === 'EC') && keys.some((key) => key.kty === 'RSA'), {
      error: 'must hold an EC and an RSA key',
    })
    .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'must not repeat a kid'),
  /** The key the hub proves itself with at sources (`private_key_jwt`); never used for its own tokens. */
  client: ellipticKey,
  /** Sign cookies; the first signs, all are accepted. */
  cookies: z.array(secret).min(1),
  /** HMAC-SHA-256 keys of the blind indexes. */
  index: versioned,
  /** AES-256-GCM keys that wrap the keys of persons. */
  wrapping: versioned,
  /** Keys under which protocol state and the hub's own cookies are sealed. */
  state: versioned,
  /** HMAC-SHA-256 key of the stored client secrets. */
  clientSecrets: secret,
});

export type Keys = z.infer<typeof keyFile>;
export type EllipticKey = z.infer<typeof ellipticKey>;
export type RsaKey = z.infer<typeof rsaKey>;
export type VersionedKey = Keys['index'][number];

/** Where the keys are: in a file, or the same JSON handed over by whatever keeps the secrets. */
export type KeysFrom = { readonly file: string } | { readonly json: string };

export type KeysProblem = 'keys_missing' | 'keys_unreadable' | 'keys_too_open' | 'keys_invalid';

/** The key file cannot be used; `code` is stable, the message names the place and never the content. */
export class KeysUnusable extends Error {
  override readonly name = 'KeysUnusable';
  readonly code: KeysProblem;

  constructor(code: KeysProblem, message: string) {
    super(message);
    this.code = code;
  }
}

/** Checks the text of a key file. Throws `KeysUnusable` (`keys_invalid`). */
export function parseKeys(json: string): Keys {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    // The parser's own message quotes the text, and the text is made of secrets.
    throw new KeysUnusable('keys_invalid', 'The key file is not JSON.');
  }
  const parsed = keyFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new KeysUnusable('keys_invalid', `The key file is not valid. ${complaints.join('; ')}`);
}

/** Reads and checks the keys wherever they are. Throws `KeysUnusable`. */
export function loadKeys(from: KeysFrom): Keys {
  return 'file' in from ? readKeys(from.file) : parseKeys(from.json);
}

/** Reads and checks the key file. Throws `KeysUnusable`, also when others on the machine may read the file. */
export function readKeys(path: string): Keys {
  let json: string;
  let mode: number;
  try {
    mode = statSync(path).mode;
    json = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) throw new KeysUnusable('keys_missing', `There is no key file at ${path}.`);
    throw new KeysUnusable('keys_unreadable', `The key file at ${path} cannot be read.`);
  }
  if (KEEPS_FILE_MODES && (mode & READABLE_BY_OTHERS) !== 0) {
    throw new KeysUnusable('keys_too_open', `Others may read the key file at ${path}: chmod 600 it.`);
  }
  return parseKeys(json);
}

/** Fresh random keys, in the form the key file has as JSON. */
export function generateKeys(): Keys {
  return {
    signing: [newEllipticKey(), newRsaKey()],
    client: newEllipticKey(),
    cookies: [newSecret()],
    index: [{ version: 1, key: newSecret() }],
    wrapping: [{ version: 1, key: newSecret() }],
    state: [{ version: 1, key: newSecret() }],
    clientSecrets: newSecret(),
  };
}

/** A fresh secret of the lists that hold nothing else. */
export function newSecret(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** A fresh P-256 key; its `kid` is its thumbprint. */
export function newEllipticKey(): EllipticKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y, d } = privateKey.export({ format: 'jwk' }) as { x: string; y: string; d: string };
  const kid = thumbprint({ crv: 'P-256', kty: 'EC', x, y });
  return { kty: 'EC', crv: 'P-256', kid, use: 'sig', alg: 'ES256', x, y, d };
}

/** A fresh RSA key of 2048 bits; its `kid` is its thumbprint. */
export function newRsaKey(): RsaKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const numbers = privateKey.export({ format: 'jwk' }) as Omit<RsaKey, 'kid' | 'use'>;
  return { ...numbers, kid: thumbprint({ e: numbers.e, kty: 'RSA', n: numbers.n }), use: 'sig' };
}

/** RFC 7638: the members in alphabetical order. */
function thumbprint(members: Record<string, string>): string {
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
