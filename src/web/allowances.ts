/**
 * Owns counting who has asked how often: a bucket of tokens for each key, filled evenly, emptied by asking. Kept in the
 * memory of this process, on purpose: to refuse must cost less than to serve, so no store is asked. What has to hold
 * across processes and restarts (one-use decisions, pushes to a phone) is decided in the store instead.
 */

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch at which `tokens` was true. */
  at: number;
}

export interface AllowanceSettings {
  /** How much each key may take in a minute; as much may come at once after a quiet minute. */
  readonly perMinute: number;
  /** Keys remembered at a time; about 150 bytes each. */
  readonly mostKeys?: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export class Allowances {
  readonly #perMinute: number;
  readonly #mostKeys: number;
  readonly #clock: () => number;
  /** Least lately touched first, since a touched key is put at the end. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perMinute, mostKeys = 50_000, clock }: AllowanceSettings) {
    this.#perMinute = perMinute;
    this.#mostKeys = mostKeys;
    this.#clock = clock;
  }

  /** Seconds until the next token; 0 when there is one now. */
  wait(key: string): number {
    const { tokens } = this.#bucket(key);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60) / this.#perMinute);
  }

  /** Takes tokens, also more than there are: what is owed is waited for, though never longer than a minute. */
  take(key: string, tokens = 1): void {
    const bucket = this.#bucket(key);
    bucket.tokens = Math.max(bucket.tokens - tokens, 1 - this.#perMinute);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    // A key untouched for two minutes is as full as a new one, so under any load but a flood of addresses nothing is
    // forgotten that counts. Under such a flood the oldest are forgiven: that bounds memory.
    if (this.#buckets.size > this.#mostKeys) this.#buckets.delete(this.#buckets.keys().next().value!);
  }

  #bucket(key: string): Bucket {
    const now = this.#clock();
    const known = this.#buckets.get(key);
    if (known === undefined) return { tokens: this.#perMinute, at: now };
    const filled = ((now - known.at) / 60_000) * this.#perMinute;
    return { tokens: Math.min(this.#perMinute, known.tokens + Math.max(0, filled)), at: now };
  }
}
