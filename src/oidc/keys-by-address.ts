/**
 * Owns the keys that a client keeps at an address (`jwks_uri`): fetched when they are needed, and again when they are old or
 * one is asked for that is not among them. The library would go on taking a key that has left the address for as long as it
 * is used, and for as long as the address wishes.
 */
import Provider, { errors } from 'oidc-provider';
import { z } from 'zod';
import { type ClientKey, isAlive, MOST_KEYS, weaknessOf } from '../client-keys.ts';
import type { Log } from '../web/log.ts';
import { type Outgoing, OutgoingRefused } from '../web/outgoing.ts';

/** Milliseconds for which fetched keys are good, whatever the address says: so long a key that left it is still taken. */
const FRESH = 60_000;
/** Fetches in that time that nothing but an unknown key asks for: anybody can send one. */
const MOST_EXTRA = 5;
/** Milliseconds after which an address that failed is asked again. */
const AFTER_FAILURE = 2_000;

/** What the library calls of a client's keys. */
export interface KeyStore {
  clear(): void;
  add(key: ClientKey): void;
  fresh(): boolean;
  stale(): boolean;
  refresh(): Promise<void>;
  selectForVerify(options: object): readonly ClientKey[];
  selectForEncrypt(options: { readonly alg: string }): readonly ClientKey[];
}

export interface KeysByAddressParts {
  readonly outgoing: Pick<Outgoing, 'fetch'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

/** Makes a client's key store keep to the address. `refresh` throws `InvalidClient` when there are no keys to be had. */
export function fetchKeysFrom(
  address: string,
  client: string,
  store: KeyStore,
  { outgoing, clock, log }: KeysByAddressParts,
): void {
  const select = store.selectForVerify.bind(store);
  let fetched = Number.NEGATIVE_INFINITY;
  let failed = Number.NEGATIVE_INFINITY;
  let extra = 0;
  let wanted = false;
  /** Requests that had their fetch: a proof that still fits no key is none. */
  const served = new WeakSet<object>();
  let fetching: Promise<void> | undefined;
  const isOld = () => clock() >= fetched + FRESH || clock() < fetched;

  Object.assign(store, {
    stale: isOld,
    // Asked only after a proof that fits none of the keys.
    fresh: () => {
      if (isOld()) return false;
      const { ctx } = Provider;
      if (!ctx || served.has(ctx) || extra >= MOST_EXTRA) return true;
      served.add(ctx);
      wanted = true;
      return false;
    },
    refresh: async () => {
      if (!isOld() && !wanted) return;
      fetching ??= fetchNow().finally(() => {
        fetching = undefined;
      });
      await fetching;
    },
    // What is old is not looked at: the library then asks for a refresh.
    selectForVerify: (options: object) => (isOld() ? [] : select(options).filter((key) => isAlive(key, clock()))),
  });

  async function fetchNow(): Promise<void> {
    extra = isOld() ? 0 : extra + 1;
    wanted = false;
    if (clock() >= failed && clock() < failed + AFTER_FAILURE) throw unavailable();
    try {
      const keys = usable(await fetchKeySet(address, outgoing), clock());
      store.clear();
      for (const key of keys) store.add(key);
      fetched = clock();
    } catch (cause) {
      failed = clock();
      fetched = Number.NEGATIVE_INFINITY;
      log('client_keys_unavailable', {
        client,
        error: cause instanceof OutgoingRefused ? cause.code : 'not_a_key_set',
      });
      throw unavailable();
    }
  }
}

/** The keys at an address. Throws `OutgoingRefused`, or another error for what is no set of keys. */
export async function fetchKeySet(
  address: string,
  outgoing: KeysByAddressParts['outgoing'],
): Promise<readonly ClientKey[]> {
  const answer = await outgoing.fetch(address, { headers: { accept: 'application/jwk-set+json, application/json' } });
  if (answer.status !== 200) throw new Error(`the address of keys answers ${answer.status}`);
  return keySet.parse(await answer.json()).keys;
}

/** The keys of a set that somebody may be trusted by; there may be others among them that are for others (RFC 7517 5). */
function usable(keys: readonly ClientKey[], now: number): readonly ClientKey[] {
  // Whoever publishes the private half has published it to everybody.
  return keys.filter((key) => weaknessOf(key) === undefined && isAlive(key, now)).slice(0, MOST_KEYS);
}

const unavailable = () => new errors.InvalidClient('the keys of this client cannot be had from its jwks_uri', '');
