/**
 * Owns many processes of the hub on one machine: starts workers that share the port, replaces one that dies, renews them
 * one by one so that none is missing meanwhile, and ends them all. Itself it serves nobody and opens no store.
 */
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import { START_PATIENCE } from '../watching/start-patience.ts';
import type { Log } from '../web/log.ts';
import { FINISH } from '../web/stop-serving.ts';
import { isTold, tellToStop } from './messages.ts';

/** Milliseconds, here and below. For a start, besides waiting for engines. */
const STARTING = 30_000;
/** A worker that ended sooner than this after the start did so for a reason that will be there again. */
const SOON = 10_000;
const FIRST_PAUSE = 100;
/** Where one had served: whatever ends it, citizens wait for the next one. Where none could start, only its operator does. */
const LONGEST_PAUSE_OF_SERVICE = 500;
const LONGEST_PAUSE = 10_000;
/** Connections nothing is under way on live as long: five seconds, and one for the last request to arrive. */
const IDLE_KEPT = 6_000;
/** For an end, besides waiting for requests. */
const ENDING = 3_000;

export interface WorkersParts {
  readonly count: number;
  /** As in the configuration: how long a worker waits for its engines, and before it takes no more requests. */
  readonly startPatience?: number | undefined;
  readonly drain?: number | undefined;
  readonly log: Log;
}

/** No worker could be started; `problems` says why in lines for a terminal. */
export class WorkersUnstartable extends Error {
  override readonly name = 'WorkersUnstartable';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

interface Kept {
  readonly worker: Worker;
  readonly begun: number;
  state: 'starting' | 'ready' | 'stopping';
  /** Resolves when it serves; rejects with `WorkersUnstartable` when it ended instead. */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

export class Workers {
  readonly #parts: WorkersParts;
  readonly #kept = new Set<Kept>();
  readonly #stopping = new AbortController();
  /** Deaths in a row, each soon after its start. */
  #deaths = 0;
  #renewal: Promise<void> | undefined;
  #renewAgain = false;

  private constructor(parts: WorkersParts) {
    this.#parts = parts;
  }

  /**
   * Starts so many workers and resolves when all of them serve. The first one goes ahead: when it cannot start none can,
   * and its problems are told once, by `WorkersUnstartable`.
   */
  static async start(parts: WorkersParts): Promise<Workers> {
    // Workers take connections from one socket themselves. Handed round by the primary, one that was on its way to a
    // worker that is killed would never be answered and never be closed.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const workers = new Workers(parts);
    try {
      await workers.#add().ready;
      await Promise.all(Array.from({ length: parts.count - 1 }, () => workers.#add().ready));
    } catch (error) {
      await workers.stop();
      throw error;
    }
    return workers;
  }

  /** Every worker process there is; the ones that end, or have not begun to serve, too. Changes as they come and go. */
  all(): readonly Worker[] {
    return Array.from(this.#kept, ({ worker }) => worker);
  }

  /**
   * Puts a new worker in the place of each one there is now: first the new one serves, then the old one ends. Stops where
   * a new one cannot start. Asked again meanwhile it begins again at the end; resolves when there is nothing left to do.
   */
  renew(): Promise<void> {
    if (this.#renewal) this.#renewAgain = true;
    this.#renewal ??= this.#renewAll().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Ends all workers at once: what is under way is answered first. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(Array.from(this.#kept, (kept) => this.#end(kept, 0)));
  }

  async #renewAll(): Promise<void> {
    const { log } = this.#parts;
    do {
      this.#renewAgain = false;
      for (const old of [...this.#kept].filter(({ state }) => state === 'ready')) {
        if (this.#stopping.signal.aborted) return;
        if (!this.#serves(old)) continue;
        const fresh = this.#add();
        try {
          await fresh.ready;
        } catch (error) {
          // The others go on as they were: it is for the operator to mend what is wrong and ask again.
          if (error instanceof WorkersUnstartable)
            for (const problem of error.problems) log('configuration_invalid', { error: problem });
          return;
        }
        // One that ended meanwhile was replaced as well, so the new one is too many.
        await this.#end(this.#serves(old) ? old : fresh, IDLE_KEPT);
      }
    } while (this.#renewAgain);
    log('workers_renewed');
  }

  #serves(kept: Kept): boolean {
    return kept.state === 'ready' && this.#kept.has(kept);
  }

  #add(): Kept {
    const { log, startPatience = START_PATIENCE } = this.#parts;
    const worker = cluster.fork();
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const kept: Kept = {
      worker,
      begun: performance.now(),
      state: 'starting',
      ready: ready.promise,
      ended: ended.promise,
    };
    this.#kept.add(kept);
    const late = setTimeout(() => worker.process.kill('SIGKILL'), startPatience + STARTING);
    // Who waits for it is told; nobody may, once all is being ended.
    ready.promise.catch(() => {});
    worker.on('message', (message: unknown) => {
      if (!isTold(message)) return;
      switch (message.type) {
        case 'worker:refused':
          return ready.reject(new WorkersUnstartable(message.problems));
        case 'worker:ending':
          if (kept.state === 'ready') void this.#handOver(kept);
          return;
        case 'worker:ready':
          clearTimeout(late);
          if (kept.state === 'starting') kept.state = 'ready';
          log('worker_ready', { worker: worker.process.pid });
          return ready.resolve();
      }
    });
    // An error of its channel is followed by its end.
    worker.on('error', () => worker.process.kill('SIGKILL'));
    worker.once('exit', (code: number | null, signal: string | null) => {
      clearTimeout(late);
      this.#kept.delete(kept);
      const how = signal ?? `exit ${code}`;
      ready.reject(new WorkersUnstartable([`a worker ended before it served (${how})`]));
      ended.resolve();
      const isLost = kept.state === 'ready';
      log(isLost ? 'internal_error' : 'worker_ended', { worker: worker.process.pid, error: how });
      if (isLost) void this.#replace(performance.now() - kept.begun < SOON, LONGEST_PAUSE_OF_SERVICE);
    });
    return kept;
  }

  /** It answers what is under way, and another one takes its place meanwhile. */
  async #handOver(kept: Kept): Promise<void> {
    kept.state = 'stopping';
    await Promise.all([this.#replace(false), this.#end(kept, IDLE_KEPT)]);
  }

  async #replace(soon: boolean, longestPause = LONGEST_PAUSE): Promise<void> {
    this.#deaths = soon ? this.#deaths + 1 : 0;
    const { signal } = this.#stopping;
    // The first time at once; when it goes on like that, not faster than anybody can look.
    const wait = this.#deaths <= 1 ? 0 : Math.min(FIRST_PAUSE * 2 ** (this.#deaths - 2), longestPause);
    await pause(wait, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const fresh = this.#add();
    try {
      await fresh.ready;
    } catch (error) {
      await fresh.ended;
      for (const problem of (error as WorkersUnstartable).problems ?? [])
        this.#parts.log('internal_error', { worker: fresh.worker.process.pid, error: problem });
      await this.#replace(true);
    }
  }

  async #end(kept: Kept, idle: number): Promise<void> {
    const starting = kept.state === 'starting';
    kept.state = 'stopping';
    if (starting) kept.worker.process.kill('SIGTERM');
    else tellToStop(kept.worker, idle);
    const impatience = setTimeout(
      () => kept.worker.process.kill('SIGKILL'),
      (this.#parts.drain ?? 0) + FINISH + ENDING,
    );
    await kept.ended;
    clearTimeout(impatience);
  }
}
