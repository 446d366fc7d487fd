/** Owns watching one hub from its first moment to its last: its readiness, its numbers, and the port that tells them. */
import type { Event } from '../journal/events.ts';
import type { Store } from '../store.ts';
import { Metrics, type MetricsParts, type Queues } from './metrics.ts';
import { Readiness } from './readiness.ts';
import { openWatchPort, type WatchPort } from './watch-port.ts';
import { type StoreWatcher, watchStore } from './watched-store.ts';
import type { WorkerReport } from './workers-together.ts';

export interface WatchAddress {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

export interface WatchedParts extends Pick<MetricsParts, 'client' | 'sources' | 'kinds' | 'isUp'> {
  /** Told of each event that is durable, too. */
  readonly happened: (event: Event) => void;
}

export class Watching {
  readonly readiness = new Readiness();
  /** Whether somebody reads the numbers: then those of the process are counted, too. */
  readonly #isRead: boolean;
  #metrics: Metrics | undefined;
  #port: WatchPort | undefined;

  private constructor(isRead: boolean) {
    this.#isRead = isRead;
  }

  /**
   * Begins, not ready yet; with an address the port opens at once, to say so. A worker has none: its primary asks it for
   * its `report`. Rejects with what Node says when the address cannot be listened at.
   */
  static async begin(at: WatchAddress | undefined, isWorker = false): Promise<Watching> {
    const watching = new Watching(at !== undefined || isWorker);
    if (at !== undefined)
      watching.#port = await openWatchPort(at, {
        readiness: () => watching.readiness.look(),
        metrics: async () => (await watching.#metrics?.text()) ?? '',
      });
    return watching;
  }

  /** Where it is watched, if it has a port. */
  get url(): string | undefined {
    return this.#port?.url;
  }

  /** The numbers of a hub on this store, and the store with its calls being counted. */
  over<Watched extends Store>(
    store: Watched,
    parts: WatchedParts,
  ): { readonly store: Watched; readonly metrics: Metrics } {
    const { readiness } = this;
    readiness.restsOn(store.engines());
    const { happened, ...known } = parts;
    const metrics = new Metrics({ ...known, readiness, queues: () => queuesOf(store), ofProcess: this.#isRead });
    this.#metrics = metrics;
    const watcher: StoreWatcher = {
      answered: (call, seconds) => metrics.answered(call, seconds),
      happened(event) {
        metrics.happened(event);
        happened(event);
      },
    };
    return { store: watchStore(store, watcher), metrics };
  }

  /** What a primary is told of this worker. */
  async report(): Promise<WorkerReport> {
    const [readiness, metrics] = await Promise.all([this.readiness.look(), this.#metrics?.values() ?? []]);
    return { readiness, metrics };
  }

  async close(): Promise<void> {
    await this.#port?.close();
  }
}

async function queuesOf({ outbox, reviews }: Store): Promise<Queues> {
  const [waiting, open] = await Promise.all([outbox.lengths(), reviews.length()]);
  return { outbox: waiting, reviews: open };
}
