/**
 * Owns how the lists of a key file change: a key is added behind the others and so accepted everywhere before it is used,
 * then becomes the first, then the former one goes. Nothing here touches a file.
 */
import { createHash } from 'node:crypto';
import { type Keys, newEllipticKey, newRsaKey, newSecret } from './keys.ts';

/** Keys that rotate. `client` and `clientSecrets` do not: the file holds one of each. */
export const KEY_KINDS = ['signing-ec', 'signing-rsa', 'cookies', 'state', 'wrapping', 'index'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** One key as it may be shown: never what it is made of. */
export interface ListedKey {
  readonly kind: KeyKind;
  /** The version, the `kid`, or of a cookie key its fingerprint. */
  readonly id: string;
  /** `active`: protects what is written. `accepted`: only reads, or is only published. */
  readonly state: 'active' | 'accepted';
}

export type RotationProblem = 'key_unknown' | 'key_not_exact' | 'key_active' | 'versions_exhausted';

/** A list cannot be changed so; `code` is stable. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
  readonly code: RotationProblem;

  constructor(code: RotationProblem) {
    super(code);
    this.code = code;
  }
}

const HIGHEST_VERSION = 0xffff;
const FINGERPRINT_LENGTH = 12;

type Key = Keys['signing'][number] | Keys['index'][number] | string;

/** Every key that rotates, by kind, the active one of each first. */
export function listKeys(keys: Keys): readonly ListedKey[] {
  return KEY_KINDS.flatMap((kind) =>
    listOf(keys, kind).map((key, at) => ({ kind, id: idOf(key), state: at === 0 ? 'active' : 'accepted' }) as const),
  );
}

/** The same keys and a fresh one, which is only accepted. Throws `RotationRefused`. */
export function addKey(keys: Keys, kind: KeyKind): { readonly keys: Keys; readonly id: string } {
  const list = listOf(keys, kind);
  const fresh = freshKey(kind, list);
  return { keys: withList(keys, kind, [...list, fresh]), id: idOf(fresh) };
}

/** The same keys, of which this one now protects what is written. Throws `RotationRefused`. */
export function activateKey(keys: Keys, kind: KeyKind, id: string): Keys {
  const list = listOf(keys, kind);
  const chosen = find(list, id);
  return withList(keys, kind, [chosen, ...list.filter((key) => key !== chosen)]);
}

/** The keys without this one. Throws `RotationRefused`, always for the active one. */
export function retireKey(keys: Keys, kind: KeyKind, id: string): Keys {
  const list = listOf(keys, kind);
  const chosen = find(list, id);
  if (chosen === list[0]) throw new RotationRefused('key_active');
  const left = list.filter((key) => key !== chosen);
  return withList(keys, kind, left);
}

/** The whole id of a key that is named by it, or by how no other id of its kind begins. Throws `RotationRefused`. */
export function exactId(keys: Keys, kind: KeyKind, id: string): string {
  return idOf(find(listOf(keys, kind), id));
}

function listOf(keys: Keys, kind: KeyKind): readonly Key[] {
  switch (kind) {
    case 'signing-ec':
      return keys.signing.filter(({ kty }) => kty === 'EC');
    case 'signing-rsa':
      return keys.signing.filter(({ kty }) => kty === 'RSA');
    default:
      return keys[kind];
  }
}

function withList(keys: Keys, kind: KeyKind, list: readonly Key[]): Keys {
  if (kind !== 'signing-ec' && kind !== 'signing-rsa') return { ...keys, [kind]: list };
  const others = keys.signing.filter(({ kty }) => kty !== (kind === 'signing-ec' ? 'EC' : 'RSA'));
  const signing = list as Keys['signing'];
  return { ...keys, signing: kind === 'signing-ec' ? [...signing, ...others] : [...others, ...signing] };
}

function freshKey(kind: KeyKind, list: readonly Key[]): Key {
  if (kind === 'signing-ec') return newEllipticKey();
  if (kind === 'signing-rsa') return newRsaKey();
  if (kind === 'cookies') return newSecret();
  const version = 1 + Math.max(...list.map((key) => (key as Keys['index'][number]).version));
  if (version > HIGHEST_VERSION) throw new RotationRefused('versions_exhausted');
  return { version, key: newSecret() };
}

function idOf(key: Key): string {
  if (typeof key === 'string')
    return createHash('sha256').update(`cookie key ${key}`).digest('hex').slice(0, FINGERPRINT_LENGTH);
  return 'kid' in key ? key.kid : String(key.version);
}

function find(list: readonly Key[], id: string): Key {
  const exact = list.find((key) => idOf(key) === id);
  if (exact !== undefined) return exact;
  // Versions are short, and `1` must never be taken for `12`.
  const alike = list.filter((key) => (typeof key === 'string' || 'kid' in key) && idOf(key).startsWith(id));
  if (id === '' || alike[0] === undefined) throw new RotationRefused('key_unknown');
  if (alike.length > 1) throw new RotationRefused('key_not_exact');
  return alike[0];
}
