/**
 * Owns how each source is doing: seen in the hub's own calls to it, never in what a browser brings, so that nobody closes a
 * source by inventing its errors. After a few failures in a row nobody is sent there for a short while, then one try goes
 * through. Kept in memory: each process sees for itself, and after a restart looks anew.
 */
import { type Source, tellsHealth } from '../../providers/source.ts';
import type { Outgoing } from '../web/outgoing.ts';

/** Failures in a row after which a source is closed. */
const FAILURES_TO_CLOSE = 3;
/** Milliseconds for which it is closed at first, twice as long each time, and at most. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 60_000;
/** Milliseconds one try may take before another is let through. */
const PROBE = 10_000;
/** Milliseconds for which an answer of a source tells that it is there. */
const FRESH = 5_000;

interface Standing {
  failures: number;
  /** How often it was closed without an answer in between. */
  pauses: number;
  /** Until when nobody is sent there, and until when one try is awaited; milliseconds since the epoch. */
  closedUntil: number;
  probedUntil: number;
  answeredAt: number;
  lookedAt: number;
  look?: Promise<void> | undefined;
}

export interface SourceHealthSettings {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Milliseconds that a look at a source may take. */
  readonly patience: number;
}

export class SourceHealth {
  readonly #clock: () => number;
  readonly #patience: number;
  readonly #standings = new Map<string, Standing>();
  readonly #ending = new AbortController();

  constructor({ clock, patience }: SourceHealthSettings) {
    this.#clock = clock;
    this.#patience = patience;
  }

  /** The outgoing client for one source: what becomes of its calls is what is known of it. */
  watch(id: string, outgoing: Outgoing): Outgoing {
    return {
      close: outgoing.close,
      fetch: async (input, init) => {
        try {
          const response = await outgoing.fetch(input, init);
          if (response.status >= 500) this.#failed(id);
          else this.#answered(id);
          return response;
        } catch (error) {
          // A citizen who left tells nothing of the source.
          if ((error as Error).name !== 'AbortError') this.#failed(id);
          throw error;
        }
      },
    };
  }

  /** Whether citizens are kept from a source now. */
  isClosed(id: string): boolean {
    const { failures, closedUntil, probedUntil } = this.#of(id);
    return failures >= FAILURES_TO_CLOSE && this.#clock() < Math.max(closedUntil, probedUntil);
  }

  /** Whether a try may go through; after a pause one may, and the others wait for what becomes of it. */
  admits(id: string): boolean {
    if (this.isClosed(id)) return false;
    const standing = this.#of(id);
    if (standing.failures >= FAILURES_TO_CLOSE) standing.probedUntil = this.#clock() + PROBE;
    return true;
  }

  /**
   * Looks whether a source is there before a citizen is sent to it, unless it has just answered; all who ask meanwhile
   * share one look. Throws the `Refusal` of a source that is not. A source that cannot tell is taken to be there.
   */
  async look(source: Source): Promise<void> {
    if (!tellsHealth(source)) return;
    const standing = this.#of(source.id);
    if (this.#clock() - standing.answeredAt < FRESH) return;
    standing.lookedAt = this.#clock();
    const signal = AbortSignal.any([AbortSignal.timeout(this.#patience), this.#ending.signal]);
    standing.look ??= source.reachable(signal).finally(() => {
      standing.look = undefined;
    });
    await standing.look;
  }

  /** Looks at sources in trouble while nobody waits for it, so that they open again without a citizen's try. */
  lookInPassing(sources: Iterable<Source>): void {
    const now = this.#clock();
    for (const source of sources) {
      const { failures, closedUntil, lookedAt } = this.#of(source.id);
      if (failures > 0 && now >= closedUntil && now - lookedAt >= FRESH) this.look(source).catch(() => undefined);
    }
  }

  /** Ends the looks under way. */
  close(): void {
    this.#ending.abort();
  }

  #answered(id: string): void {
    Object.assign(this.#of(id), { failures: 0, pauses: 0, closedUntil: 0, probedUntil: 0, answeredAt: this.#clock() });
  }

  #failed(id: string): void {
    const standing = this.#of(id);
    const now = this.#clock();
    standing.failures += 1;
    standing.answeredAt = 0;
    // Calls that were under way when it closed fail too; the pause is no longer for that.
    if (standing.failures < FAILURES_TO_CLOSE || now < standing.closedUntil) return;
    standing.closedUntil = now + Math.min(FIRST_PAUSE * 2 ** standing.pauses, LONGEST_PAUSE);
    standing.probedUntil = 0;
    standing.pauses += 1;
  }

  #of(id: string): Standing {
    const known = this.#standings.get(id);
    if (known !== undefined) return known;
    const fresh = { failures: 0, pauses: 0, closedUntil: 0, probedUntil: 0, answeredAt: 0, lookedAt: 0 };
    this.#standings.set(id, fresh);
    return fresh;
  }
}
