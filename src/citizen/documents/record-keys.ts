/**
 * Owns that whatever the hub signs for citizens can be verified: its public keys are published before the first signature,
 * stay so after they were rotated away, and are there for everybody at `/record-keys` (RFC 7517).
 */
import express, { type Router } from 'express';
import type { Keys } from '../../vault/keys.ts';
import { type PublishedKeys, publicHalves } from './published-keys.ts';

export const RECORD_KEYS_PATH = '/record-keys';

export class RecordKeys {
  readonly #store: PublishedKeys;
  readonly #keys: Pick<Keys, 'signing'>;
  #published: Promise<void> | undefined;

  constructor(store: PublishedKeys, keys: Pick<Keys, 'signing'>) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Resolves when the keys of this process are published; whoever signs waits for it. After a failure it tries again. */
  published(): Promise<void> {
    this.#published ??= this.#store.publish(publicHalves(this.#keys)).catch((error) => {
      this.#published = undefined;
      throw error;
    });
    return this.#published;
  }
}

/** The published keys, for whoever verifies: from anywhere, also from a page of another origin. */
export function recordKeysRoute(store: PublishedKeys): Router {
  const router = express.Router();
  router.get(RECORD_KEYS_PATH, async (_request, response) => {
    const keys = await store.all();
    response
      .set({
        'content-type': 'application/jwk-set+json; charset=utf-8',
        'cache-control': 'public, max-age=300',
        'access-control-allow-origin': '*',
      })
      .send(JSON.stringify({ keys }));
  });
  return router;
}
