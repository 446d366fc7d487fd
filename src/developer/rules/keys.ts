/** Owns which keys a service may hand in: public, strong, of use to the hub, and nobody else's. Pure. */
import { createPublicKey, hash } from 'node:crypto';
import type { JWK } from 'jose';
import { type KeyEncryption, weaknessOf } from '../../client-keys.ts';
import type { KeyCode } from './codes.ts';

/** What has to be known to judge a key. */
export interface KeyFacts {
  /** Keys this service has already. */
  readonly own: readonly JWK[];
  /** RFC 7638 thumbprints of these keys that other services use. */
  readonly thumbprintsElsewhere: ReadonlySet<string>;
}

/** Members of a public key that mean something here; certificates and addresses beside it do not. */
const PUBLIC_MEMBERS = {
  EC: ['kty', 'crv', 'x', 'y'],
  RSA: ['kty', 'n', 'e'],
} as const;
/** Required members in the order of RFC 7638 3.3, for keys this hub takes. */
const THUMBPRINT_MEMBERS = { EC: ['crv', 'kty', 'x', 'y'], RSA: ['e', 'kty', 'n'] } as const;

const SIGNS_ON: Readonly<Record<string, readonly string[]>> = { 'P-256': ['ES256'], RSA: ['RS256', 'PS256'] };
const CURVES = ['P-256', 'P-384', 'P-521'];
/** More costs the hub at every signature, and protects nobody better. */
const MOST_RSA_BYTES = 1024;
/** A whole key in JSON is far below. */
const MOST_CHARACTERS = 8000;
/** Products of small primes below 2000 are found at once; a modulus that shares one is no product of two large primes. */
const SMALL_PRIMES = primesBelow(2000);

/** What is wrong with a key as it was handed in, the first thing found; nothing when it may be used. */
export function keyProblem(input: unknown, facts: KeyFacts): KeyCode | undefined {
  return intrinsicProblem(input) ?? relationProblem(jwkOf(input) as JWK, facts);
}

/** The public key in what was handed in, with a key id; nothing when it is none that may be used. */
export function jwkOf(input: unknown): JWK | undefined {
  if (intrinsicProblem(input) !== undefined) return undefined;
  const given = input as Record<string, string>;
  const members = [...PUBLIC_MEMBERS[given.kty as 'EC' | 'RSA'], 'use', 'alg'] as const;
  const key: JWK = Object.fromEntries(
    members.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  return { ...key, kid: given.kid ?? thumbprintOf(key) };
}

/** RFC 7638, SHA-256, of an EC or RSA key. */
export function thumbprintOf(key: JWK): string {
  const members = THUMBPRINT_MEMBERS[key.kty as 'EC' | 'RSA'];
  return hash('sha256', JSON.stringify(Object.fromEntries(members.map((name) => [name, key[name]]))), 'base64url');
}

/** Whether a service can prove with this key who it is. */
export function canSign(key: JWK): boolean {
  return (
    key.use !== 'enc' && algorithmsOf(key, 'sig').some((algorithm) => key.alg === undefined || key.alg === algorithm)
  );
}

/** What may be encrypted with it, or signed by its other half. */
function algorithmsOf(key: JWK, use: 'sig' | 'enc'): readonly string[] {
  if (use === 'sig') return SIGNS_ON[key.kty === 'RSA' ? 'RSA' : (key.crv ?? '')] ?? [];
  return [(key.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES') satisfies KeyEncryption];
}

function intrinsicProblem(input: unknown): KeyCode | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'key_malformed';
  const key = input as Record<string, unknown>;
  if (key.kty === 'oct') return 'key_symmetric';
  if (weaknessOf(key) === 'is a public key') return 'key_private';
  if (JSON.stringify(key).length > MOST_CHARACTERS) return 'key_too_large';
  if (typeof key.kty !== 'string') return 'key_malformed';
  if (key.kty !== 'EC' && key.kty !== 'RSA') return 'key_type';
  if (key.kty === 'EC' && !CURVES.includes(key.crv as string)) return 'key_type';
  if (!isReadable(key)) return 'key_malformed';
  return (key.kty === 'RSA' ? rsaProblem(key as { n: string; e: string }) : undefined) ?? purposeProblem(key);
}

function isReadable(key: Record<string, unknown>): boolean {
  for (const name of ['x', 'y', 'n', 'e'])
    if (key[name] !== undefined && !(typeof key[name] === 'string' && /^[A-Za-z0-9_-]+$/.test(key[name]))) return false;
  if (key.kid !== undefined && !(typeof key.kid === 'string' && /^[\x21-\x7e]{1,200}$/.test(key.kid))) return false;
  try {
    const read = createPublicKey({ key: key as JWK, format: 'jwk' }).export({ format: 'jwk' });
    // Written otherwise, with zeros in front or loose bits at the end, one key would have many thumbprints.
    return PUBLIC_MEMBERS[key.kty as 'EC' | 'RSA'].every((name) => read[name] === key[name]);
  } catch {
    return false;
  }
}

function rsaProblem(key: { n: string; e: string }): KeyCode | undefined {
  const modulus = Buffer.from(key.n, 'base64url');
  if (modulus.length > MOST_RSA_BYTES) return 'key_too_large';
  if (weaknessOf({ ...key, kty: 'RSA' }) === 'is a strong key') return 'key_weak';
  const exponent = Buffer.from(key.e, 'base64url');
  // Small ones are known to break (1 encrypts nothing), huge ones make each use of it dear.
  if (exponent.length > 4 || exponent.readUIntBE(0, exponent.length) < 65_537 || (exponent.at(-1) ?? 0) % 2 === 0)
    return 'key_weak';
  const number = BigInt(`0x${modulus.toString('hex')}`);
  return SMALL_PRIMES.some((prime) => number % prime === 0n) ? 'key_weak' : undefined;
}

/** `use` and `alg` say what the key is for; what the hub cannot do with it would first be noticed at a sign-in. */
function purposeProblem(key: Record<string, unknown>): KeyCode | undefined {
  const { use, alg, key_ops: operations } = key;
  if (use !== undefined && use !== 'sig' && use !== 'enc') return 'key_use';
  if (operations !== undefined) {
    const known = { verify: 'sig', encrypt: 'enc', wrapKey: 'enc', deriveKey: 'enc', deriveBits: 'enc' };
    if (!Array.isArray(operations)) return 'key_use';
    const uses = operations.map((operation) => known[operation as keyof typeof known]);
    if (uses.some((meant) => meant === undefined || (use !== undefined && meant !== use))) return 'key_use';
    // The hub keeps `use` only: what a key says only here would be lost.
    if (use === undefined) return 'key_use';
  }
  const possible = (['sig', 'enc'] as const)
    .filter((one) => use === undefined || use === one)
    .flatMap((one) => algorithmsOf(key as JWK, one));
  return possible.length === 0 || (alg !== undefined && !possible.includes(alg as string))
    ? 'key_algorithm'
    : undefined;
}

function relationProblem(key: JWK, { own, thumbprintsElsewhere }: KeyFacts): KeyCode | undefined {
  const thumbprint = thumbprintOf(key);
  if (own.some((other) => thumbprintOf(other) === thumbprint)) return 'key_twice';
  if (own.some((other) => other.kid === key.kid)) return 'key_id_twice';
  return thumbprintsElsewhere.has(thumbprint) ? 'key_elsewhere' : undefined;
}

function primesBelow(limit: number): readonly bigint[] {
  const primes: number[] = [];
  for (let number = 2; number < limit; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes.map(BigInt);
}
