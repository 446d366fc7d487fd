/**
 * Owns whether this process should be sent citizens: every engine of its store answers, and it neither starts nor stops.
 * Each look asks the engines anew, so that it is true a moment after a fault and a moment after its end.
 */
import type { Engine } from '../store.ts';

/** Milliseconds after which an engine that has not answered is taken to be down. */
const PATIENCE = 1_000;

export interface ReadinessReport {
  readonly ready: boolean;
  /** What keeps it from being ready: `starting`, `stopping`, names of engines. */
  readonly red: readonly string[];
  readonly engines: Readonly<Record<string, boolean>>;
}

export class Readiness {
  #engines: readonly Engine[] = [];
  #standing: 'starting' | 'running' | 'stopping' = 'starting';
  /** Asked now; who looks meanwhile shares the answer. */
  readonly #asked = new Map<Engine, Promise<boolean>>();

  /** The engines are known; from now on they are asked. */
  restsOn(engines: readonly Engine[]): void {
    this.#engines = engines;
  }

  running(): void {
    this.#standing = 'running';
  }

  /** Red from now on, for good. */
  stopping(): void {
    this.#standing = 'stopping';
  }

  /** Looks now; takes a second at most. */
  async look(): Promise<ReadinessReport> {
    const asked = this.#engines.map(async (engine) => [engine.name, await this.#isUp(engine)] as const);
    const engines = Object.fromEntries(await Promise.all(asked));
    const down = Object.keys(engines).filter((name) => !engines[name]);
    const red = this.#standing === 'running' ? down : [this.#standing, ...down];
    return { ready: red.length === 0, red, engines };
  }

  #isUp(engine: Engine): Promise<boolean> {
    const known = this.#asked.get(engine);
    if (known) return known;
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), PATIENCE);
    const answer = engine.ping().then(
      () => true,
      () => false,
    );
    const first = Promise.race([answer, late.promise]).finally(() => {
      clearTimeout(timer);
      this.#asked.delete(engine);
    });
    this.#asked.set(engine, first);
    return first;
  }
}
