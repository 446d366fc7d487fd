/** Owns what a worker and its primary say to each other; other messages on their channel are none of this business. */
import cluster, { type Worker } from 'node:cluster';

/** What a worker tells: it serves; it ends because somebody told it so, not the primary; why it does not start. */
export type Told =
  | { readonly type: 'worker:ready' }
  | { readonly type: 'worker:ending' }
  | { readonly type: 'worker:refused'; readonly problems: readonly string[] };

/** What a worker is told: to end; `idle` as in `Hub.close`. */
export interface Stop {
  readonly type: 'worker:stop';
  readonly idle: number;
}

/** In a worker: tells the primary; resolves when it has been handed over, or when there is no primary any more. */
export function tellPrimary(message: Told): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, undefined, {}, () => resolve());
    else resolve();
  });
}

/** In a worker: calls the listener when the primary wants it to end. */
export function whenStopped(listener: (stop: Stop) => void): void {
  process.on('message', (message: Partial<Stop> | null) => {
    if (cluster.isWorker && message?.type === 'worker:stop') listener(message as Stop);
  });
}

/** In the primary: tells a worker to end; one that is gone already does not hear it. */
export function tellToStop(worker: Worker, idle: number): void {
  if (worker.isConnected()) worker.send({ type: 'worker:stop', idle } satisfies Stop, () => {});
}

/** In the primary: whether a message is one of a worker's. */
export function isTold(message: unknown): message is Told {
  const { type } = (message ?? {}) as Partial<Told>;
  return type === 'worker:ready' || type === 'worker:ending' || type === 'worker:refused';
}
