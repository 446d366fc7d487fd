/** Owns what every store must do with results of the fault simulator: of each client and fault the latest, decided once. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TrialDecision } from '../../src/simulator/ports.ts';
import type { Store } from '../../src/store.ts';
import type { OpenStore } from './conformance-database.ts';

const START = Date.UTC(2026, 0, 5, 8);
const TRIAL = { client: 'land-office', fault: 'wrong_nonce', deliveredAt: START } as const;
const PASSED: TrialDecision = { ...TRIAL, from: ['waiting'], outcome: 'passed', decidedAt: START + 1 };
const FAILED: TrialDecision = { ...PASSED, outcome: 'failed', reason: 'token_used' };

export function faultTrialConformance(name: string, open: OpenStore): void {
  describe(`${name}: results of the fault simulator`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open(() => START);
    });
    afterEach(() => store.close());

    test('E11 wait until they are decided, and belong to one client', async () => {
      expect(await store.faultTrials.of('land-office')).toEqual([]);
      await store.faultTrials.begin(TRIAL);
      await store.faultTrials.begin({ ...TRIAL, fault: 'expired', reason: 'no_baseline' });
      await store.faultTrials.begin({ ...TRIAL, client: 'library' });
      const trials = await store.faultTrials.of('land-office');
      expect(trials).toHaveLength(2);
      expect(trials).toContainEqual({ ...TRIAL, outcome: 'waiting' });
      expect(trials).toContainEqual({ ...TRIAL, fault: 'expired', outcome: 'waiting', reason: 'no_baseline' });
      expect(await store.faultTrials.decide(FAILED)).toBe(true);
      expect(await store.faultTrials.of('land-office')).toContainEqual({
        ...TRIAL,
        outcome: 'failed',
        reason: 'token_used',
        decidedAt: START + 1,
      });
      expect(await store.faultTrials.of('library')).toEqual([{ ...TRIAL, client: 'library', outcome: 'waiting' }]);
    });

    test('E11 are replaced by the next trial, and not decided by what belonged to the former', async () => {
      await store.faultTrials.begin(TRIAL);
      await store.faultTrials.decide(FAILED);
      await store.faultTrials.begin({ ...TRIAL, deliveredAt: START + 5 });
      expect(await store.faultTrials.decide(FAILED)).toBe(false);
      expect(await store.faultTrials.of('land-office')).toEqual([
        { ...TRIAL, deliveredAt: START + 5, outcome: 'waiting' },
      ]);
    });

    test('E11 change only from the outcomes that are named, and for one of many', async () => {
      expect(await store.faultTrials.decide(PASSED)).toBe(false);
      await store.faultTrials.begin(TRIAL);
      const decided = await Promise.all(Array.from({ length: 20 }, () => store.faultTrials.decide(PASSED)));
      expect(decided.filter(Boolean)).toHaveLength(1);
      expect(await store.faultTrials.decide(FAILED)).toBe(false);
      expect(await store.faultTrials.decide({ ...FAILED, from: ['waiting', 'passed', 'undecided'] })).toBe(true);
      expect(await store.faultTrials.of('land-office')).toMatchObject([{ outcome: 'failed', reason: 'token_used' }]);
    });
  });
}
