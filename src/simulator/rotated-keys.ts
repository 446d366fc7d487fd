/**
 * Owns keys that sign one id token each: published at `/jwks` before the token leaves, by every process, as after a rotation.
 * Only public halves are kept: the private half is forgotten with the signature, so nothing else can ever be signed with it.
 */
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Json, ProtocolState } from '../store.ts';

const KIND = 'RotatedKey';
const GROUP = 'rotated keys';
/** Seconds for which a key stays published: id tokens live for five minutes, services and their caches are slower. */
const PUBLISHED = 60 * 60;

export interface FreshKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK & { readonly kid: string };
}

/** A key nobody has seen yet, for one algorithm; its `kid` is its thumbprint. */
export async function freshKey(alg: string): Promise<FreshKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicJwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg } };
}

interface Published {
  readonly jwk: JWK;
  /** The one its token was issued to. */
  readonly client: string;
}

export class RotatedKeys {
  readonly #state: ProtocolState;

  constructor(state: ProtocolState) {
    this.#state = state;
  }

  /** In place of the client's last one: however often it asks, everybody else reads one key more. */
  async publish(client: string, { publicJwk }: FreshKey): Promise<void> {
    const published = { jwk: publicJwk, client } as unknown as Json;
    await this.#state.put(KIND, client, published, PUBLISHED, GROUP);
  }

  /** Those that are published now, in an order that stays. */
  async all(): Promise<readonly JWK[]> {
    const kept = await this.#state.inGroup(GROUP);
    const keys = kept.map(({ value }) => (value as unknown as Published).jwk);
    return keys.toSorted((one, other) => (one.kid! < other.kid! ? -1 : 1));
  }

  /** The key of this `kid`, if its token was issued to this client. */
  async find(client: string, kid: string): Promise<JWK | undefined> {
    const published = (await this.#state.get(KIND, client))?.value as Published | undefined;
    return published?.jwk.kid === kid ? published.jwk : undefined;
  }
}
