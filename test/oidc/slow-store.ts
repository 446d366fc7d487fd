/** Owns a hub whose store takes its time, as over a network, so that requests meet between a decision and its writing. */
import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { TestCountry } from '../country.ts';

const STEPS = ['get', 'put', 'putIfAbsent', 'consume', 'delete', 'deleteGroup'] as const;

/**
 * Lets every step of the hub's protocol state wait some turns before and after it; `jest.restoreAllMocks` ends that.
 * In one process and without this, a race hardly ever happens, and a test of it could not fail.
 */
export function slowStore(country: TestCountry): void {
  const { state } = country.runningHub().store;
  for (const step of STEPS) {
    // biome-ignore lint/suspicious/noExplicitAny: whatever a step takes and gives passes through
    const take: (...given: any[]) => Promise<any> = state[step].bind(state);
    jest.spyOn(state, step).mockImplementation(async (...given: unknown[]) => {
      await someTurns();
      const result = await take(...given);
      await someTurns();
      return result;
    });
  }
}

/** Mostly few, at times many: the order changes while the average stays short. */
async function someTurns(): Promise<void> {
  for (let turns = Math.floor(Math.random() ** 2 * 12); turns > 0; turns -= 1) await turn();
}
