/**
 * Owns waiting for the engines at the start: machines come up in any order, so a hub whose database is not there yet says
 * what it waits for and begins by itself when it has come. Not for ever: who started it wants to know.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Log } from '../web/log.ts';

/** Milliseconds that are waited when nothing else is configured. */
export const START_PATIENCE = 60_000;
/** Milliseconds between tries, and between lines that say what is waited for. */
const BETWEEN_TRIES = 500;
const BETWEEN_LINES = 5_000;

export interface StartPatience {
  /** Milliseconds. */
  readonly patience: number;
  /** Where engines are, by name and without passwords, as far as that is known before the store is open. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** An engine was not there for as long as the start waits; the message names it and where it was looked for. */
export class EngineMissing extends Error {
  override readonly name = 'EngineMissing';
}

/**
 * Opens a store as soon as every engine of it answers. Throws `EngineMissing` when the patience is over, and at once
 * whatever opening throws but `StoreUnavailable`.
 */
export async function openWhenAvailable<Opened extends Store>(
  open: () => Promise<Opened>,
  { patience, addresses = {}, log }: StartPatience,
): Promise<Opened> {
  const begun = performance.now();
  let told = Number.NEGATIVE_INFINITY;
  let store: Opened | undefined;
  for (;;) {
    try {
      store ??= await open();
      await Promise.all(store.engines().map((engine) => engine.ping()));
      return store;
    } catch (error) {
      const waited = performance.now() - begun;
      if (error instanceof StoreUnavailable && waited + BETWEEN_TRIES <= patience) {
        if (waited - told >= BETWEEN_LINES) {
          told = waited;
          log('store_unavailable', { engine: error.engine, ms: Math.round(waited), cause: error });
        }
        await pause(BETWEEN_TRIES);
        continue;
      }
      await store?.close();
      if (!(error instanceof StoreUnavailable)) throw error;
      const known = store?.engines().find(({ name }) => name === error.engine)?.address ?? addresses[error.engine];
      const where = known === undefined ? '' : ` at ${known}`;
      const why = error.cause instanceof Error && error.cause.message ? `: ${error.cause.message}` : '';
      const seconds = Math.round(patience / 1000);
      throw new EngineMissing(`${error.engine}${where} was not available for ${seconds} seconds${why}`, {
        cause: error,
      });
    }
  }
}
