/** Owns the pushes under way: each begun by the hub, ended once by its phone, by its register entry or by time. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** What the hub asked one phone to sign. */
export interface PushRequest {
  readonly phone: string;
  /** Who asks, as the operator registered them. */
  readonly relyingParty: string;
  readonly hash: Uint8Array;
  readonly hashType: string;
  readonly language: string;
  readonly displayText: string;
  /** The four digits the phone shows. */
  readonly code: string;
}

/** How a session ended: what the hub is told. */
export type Completed = Readonly<Record<string, unknown>> & { readonly state: 'COMPLETE' };

export interface Session extends PushRequest {
  readonly id: string;
}

interface Kept {
  readonly session: Session;
  readonly ended: PromiseWithResolvers<Completed>;
  result: Completed | undefined;
}

/** Ended sessions can still be asked about for so long (milliseconds). */
const KEPT = 5 * 60 * 1000;

export class Sessions {
  readonly #kept = new Map<string, Kept>();
  readonly #patience: number;

  /** `patience`: milliseconds a phone has to confirm. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  open(request: PushRequest): Session {
    const session = { ...request, id: randomUUID() };
    this.#kept.set(session.id, { session, ended: Promise.withResolvers(), result: undefined });
    // None of the timers keeps the sandbox alive.
    setTimeout(() => this.end(session.id, { state: 'COMPLETE', result: 'TIMEOUT' }), this.#patience).unref();
    setTimeout(() => this.#kept.delete(session.id), this.#patience + KEPT).unref();
    return session;
  }

  /** Ends a session; `false` when it had ended already, or never was. */
  end(id: string, result: Completed): boolean {
    const kept = this.#kept.get(id);
    if (kept === undefined || kept.result !== undefined) return false;
    kept.result = result;
    kept.ended.resolve(result);
    return true;
  }

  /** How the session ended, or that it is still running after so many milliseconds; `undefined` for an unknown one. */
  async status(id: string, milliseconds: number): Promise<Completed | { readonly state: 'RUNNING' } | undefined> {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    const running = wait(milliseconds, { state: 'RUNNING' } as const, { ref: false });
    return Promise.race([kept.ended.promise, running]);
  }

  /** What a phone shows: its oldest request that nobody answered. */
  waitingAt(phone: string): Session | undefined {
    for (const { session, result } of this.#kept.values())
      if (session.phone === phone && result === undefined) return session;
    return undefined;
  }

  /** Forgets everything, for an empty country. */
  clear(): void {
    this.#kept.clear();
  }
}
