/**
 * Owns doing something in one process at a time, across all that share the protocol state. Who has a lease renews it;
 * who ends gives it back; from who died it passes on when it has run out.
 */
import { randomUUID } from 'node:crypto';
import type { ProtocolState } from '../store.ts';

const KIND = 'Lease';

export class Lease {
  readonly #state: ProtocolState;
  readonly #what: string;
  readonly #lifetime: number;
  readonly #holder = randomUUID();

  /** `lifetime` in seconds: how long it holds without being renewed. */
  constructor(state: ProtocolState, what: string, lifetime: number) {
    this.#state = state;
    this.#what = what;
    this.#lifetime = lifetime;
  }

  /** Takes or renews it; `false` while another process has it. Never `true` for two at once. */
  async hold(): Promise<boolean> {
    const kept = await this.#state.get(KIND, this.#what);
    if (kept === undefined) return this.#state.putIfAbsent(KIND, this.#what, this.#holder, this.#lifetime);
    if (kept.value !== this.#holder) return false;
    return this.#state.replace(KIND, this.#what, kept.version, this.#holder, this.#lifetime);
  }

  /** Gives it back, if this process has it. */
  async release(): Promise<void> {
    const kept = await this.#state.get(KIND, this.#what);
    if (kept?.value === this.#holder) await this.#state.delete(KIND, this.#what, kept.version);
  }
}
