/**
 * Owns protection at rest: blind indexes to find, authenticated encryption to read back, keyed hashes for what need only
 * be recognised. Stores keep what comes out of here and nothing else (ARCHITECTURE: Data).
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { framed } from './framing.ts';
import type { Keys, VersionedKey } from './keys.ts';
import { seal, unseal } from './sealing.ts';

/** A keyed hash to find an equal value by, and the version of the key it was made with. */
export interface BlindIndex {
  readonly index: Buffer;
  readonly version: number;
}

/** A person's own key, wrapped by a key that is not in the database. Destroying it makes the person unreadable. */
export interface PersonKey {
  readonly person: string;
  readonly wrapped: Uint8Array;
}

/** Where a sealed value stands, for instance `['link', 'subject', 'tax-code']`. Elsewhere it does not open. */
export type Place = readonly [table: string, column: string, ...row: string[]];

/** A sealed value of a person, or a person's key, does not open: wrong keys, or the row was tampered with. */
export class VaultUnreadable extends Error {
  override readonly name = 'VaultUnreadable';
  readonly code = 'vault_unreadable';
}

export interface Vault {
  /** Versions of the keys that protect what is written; rows of other versions are to be renewed. */
  readonly active: { readonly index: number; readonly wrapping: number };

  /** The blind index of a value under the active key; equal values of different kinds have nothing in common. */
  blindIndex(kind: string, value: string): BlindIndex;
  /** The same under every key in the file, the active one first: what to look for while keys are being changed. */
  blindIndexes(kind: string, value: string): readonly [BlindIndex, ...BlindIndex[]];
  /**
   * The hash under which a secret id is kept. Its key never changes: who is first to use an id is decided by this hash,
   * also between processes of which one has a newer key file than the other.
   */
  hashId(kind: string, id: string): Buffer;

  /** A fresh random key for a person, wrapped. */
  newPersonKey(person: string): PersonKey;
  /** The same key, wrapped by the active one. Throws `VaultUnreadable` when it does not unwrap. */
  wrapAgain(key: PersonKey): PersonKey;
  /** Seals a text under a person's key. Throws `VaultUnreadable` when that key does not unwrap. */
  sealFor(key: PersonKey, place: Place, text: string): Buffer;
  /** Opens what `sealFor` made. Throws `VaultUnreadable` when it was made for another person, place or key. */
  openFor(key: PersonKey, place: Place, sealed: Uint8Array): string;

  /** Seals a value that serialises as JSON, bound to `context`. Also for cookies, as `base64url`. */
  sealState(context: string, value: unknown): Buffer;
  /** Opens what `sealState` made; `undefined` when it was tampered with, is of another context or of a dropped key. */
  openState(context: string, sealed: Uint8Array): unknown;

  /** A secret that the hub shares with itself, the same in every process: for a client that is part of it. */
  ownSecret(purpose: string): string;
  /** What to store of a client secret. */
  hashClientSecret(secret: string): string;
  /** Compares in constant time. */
  matchesClientSecret(secret: string, hash: string): boolean;
}

interface KeyOfVersion {
  readonly version: number;
  readonly key: KeyObject;
}

const VERSION_BYTES = 2;
const SALT_BYTES = 16;
const HEAD_BYTES = VERSION_BYTES + SALT_BYTES;
/** Messages: far below what random vectors allow. */
const SEALED_UNDER_ONE_SALT = 2 ** 20;
/** Anybody can send a made-up salt, and each costs a derivation and a place here, not more. */
const KEYS_REMEMBERED = 256;

/** A vault over checked keys. Keeps no state of its own besides them. */
export function createVault(keys: Keys): Vault {
  const indexKeys = keys.index.map(importKey);
  const wrappingKeys = keys.wrapping.map(importKey);
  const stateKeys = new SaltedKeys(keys.state.map(importKey));
  const clientSecretKey = secretKey(keys.clientSecrets);
  // Derived from the one key that cannot change either, because nobody knows the secrets it hashed.
  const idKey = createSecretKey(mac(clientSecretKey, framed(['key', 'ids of protocol state'])));

  const indexUnder = ({ key, version }: KeyOfVersion, kind: string, value: string): BlindIndex => ({
    index: mac(key, framed(['index', kind, value])),
    version,
  });

  function wrap(person: string, raw: Uint8Array): PersonKey {
    const { key, version } = wrappingKeys[0]!;
    const wrapped = seal(key, framed(['person', 'key', person]), raw);
    return { person, wrapped: Buffer.concat([versionMark(version), wrapped]) };
  }

  function unwrap({ person, wrapped }: PersonKey): Buffer {
    const wrapping = keyOf(wrappingKeys, wrapped);
    const raw = wrapping && unseal(wrapping, framed(['person', 'key', person]), wrapped.subarray(VERSION_BYTES));
    if (!raw) throw new VaultUnreadable('The key of a person does not unwrap.');
    return raw;
  }

  return {
    active: { index: indexKeys[0]!.version, wrapping: wrappingKeys[0]!.version },

    blindIndex: (kind, value) => indexUnder(indexKeys[0]!, kind, value),
    blindIndexes: (kind, value) => everyKey(indexKeys, (key) => indexUnder(key, kind, value)),
    hashId: (kind, id) => mac(idKey, framed(['id', kind, id])),

    newPersonKey: (person) => wrap(person, randomBytes(32)),
    wrapAgain: (key) => wrap(key.person, unwrap(key)),
    sealFor: (key, place, text) => seal(unwrap(key), framed([key.person, ...place]), Buffer.from(text, 'utf8')),
    openFor(key, place, sealed) {
      const text = unseal(unwrap(key), framed([key.person, ...place]), sealed);
      if (!text) throw new VaultUnreadable(`A sealed value of ${place[0]}.${place[1]} does not open.`);
      return text.toString('utf8');
    },

    sealState(context, value) {
      const { head, key } = stateKeys.next();
      const sealed = seal(key, framed([context]), Buffer.from(JSON.stringify(value), 'utf8'));
      return Buffer.concat([head, sealed]);
    },
    openState(context, sealed) {
      const key = stateKeys.keyOf(sealed);
      const json = key && unseal(key, framed([context]), sealed.subarray(HEAD_BYTES));
      return json && JSON.parse(json.toString('utf8'));
    },

    ownSecret: (purpose) => mac(clientSecretKey, framed(['own-secret', purpose])).toString('base64url'),
    hashClientSecret: (secret) => mac(clientSecretKey, framed(['client-secret', secret])).toString('base64url'),
    matchesClientSecret(secret, hash) {
      const expected = Buffer.from(hash, 'base64url');
      const actual = mac(clientSecretKey, framed(['client-secret', secret]));
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    },
  };
}

/**
 * One key may seal 2³² messages under random vectors before two are likely to meet, which a national hub reaches in
 * weeks. So keys are derived from a random salt that stands before what they seal, and no salt serves for long.
 */
class SaltedKeys {
  readonly #keys: readonly KeyOfVersion[];
  /** By salt and version, the latest last: most of what is opened was sealed a moment ago by a few processes. */
  readonly #derived = new Map<string, KeyObject>();
  #current: { readonly head: Buffer; readonly key: KeyObject } | undefined;
  #sealed = 0;

  constructor(keys: readonly KeyOfVersion[]) {
    this.#keys = keys;
  }

  /** What to seal the next message with, and what to write before it. */
  next(): { readonly head: Buffer; readonly key: KeyObject } {
    if (this.#current === undefined || this.#sealed >= SEALED_UNDER_ONE_SALT) {
      const { version } = this.#keys[0]!;
      const head = Buffer.concat([versionMark(version), randomBytes(SALT_BYTES)]);
      this.#current = { head, key: this.keyOf(head)! };
      this.#sealed = 0;
    }
    this.#sealed += 1;
    return this.#current;
  }

  /** The key that the head of a sealed message names; `undefined` when its version is no longer in the key file. */
  keyOf(sealed: Uint8Array): KeyObject | undefined {
    const key = sealed.length < HEAD_BYTES ? undefined : keyOf(this.#keys, sealed);
    if (!key) return undefined;
    const head = Buffer.from(sealed.buffer, sealed.byteOffset, HEAD_BYTES);
    const name = head.toString('latin1');
    const known = this.#derived.get(name);
    if (known) return known;
    const derived = createSecretKey(mac(key, head.subarray(VERSION_BYTES)));
    if (this.#derived.size >= KEYS_REMEMBERED) this.#derived.delete(this.#derived.keys().next().value!);
    this.#derived.set(name, derived);
    return derived;
  }
}

function mac(key: KeyObject, message: Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function everyKey<T>(keys: readonly KeyOfVersion[], make: (key: KeyOfVersion) => T): readonly [T, ...T[]] {
  const [active, ...others] = keys;
  return [make(active!), ...others.map(make)];
}

/** The key that the two leading bytes of a sealed value name, if it is still in the key file. */
function keyOf(keys: readonly KeyOfVersion[], sealed: Uint8Array): KeyObject | undefined {
  if (sealed.length < VERSION_BYTES) return undefined;
  const version = versionOf(sealed);
  return keys.find((one) => one.version === version)?.key;
}

/** The version of the key that sealed or wrapped something: its first two bytes, the higher first. */
export function versionOf(sealed: Uint8Array): number {
  return (sealed[0]! << 8) | sealed[1]!;
}

/** What everything that a key of this version sealed or wrapped begins with. */
export function versionMark(version: number): Buffer {
  const mark = Buffer.alloc(VERSION_BYTES);
  mark.writeUInt16BE(version);
  return mark;
}

function importKey({ key, version }: VersionedKey): KeyOfVersion {
  return { version, key: secretKey(key) };
}

function secretKey(text: string): KeyObject {
  return createSecretKey(Buffer.from(text, 'base64url'));
}
