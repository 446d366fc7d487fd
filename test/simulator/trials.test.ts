/** What a service is said to have done, by what the hub saw of it; over a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/store.ts';
import type { FaultId } from '../../src/simulator/faults.ts';
import { ASKS_AGAIN, PATIENCE, RESULTS_COUNT, Trials } from '../../src/simulator/trials.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

const vault = createVault(generateKeys());
const CLIENT = 'land-office-sandbox';

let now: number;
let store: EmbeddedStore;
let trials: Trials;
beforeEach(() => {
  now = Date.UTC(2026, 0, 5, 8);
  const clock = () => now;
  store = openEmbeddedStore({ directory: ':memory:', vault, clock });
  trials = new Trials({ state: store.state, faultTrials: store.faultTrials, clock });
});
afterEach(() => store.close());

const scoreOf = async (fault: FaultId, client = CLIENT) =>
  (await trials.card(client)).results.find((score) => score.fault === fault);

async function goodSignIn(token = 'good'): Promise<void> {
  await trials.deliveredWell(CLIENT, token);
  now += 100;
  await trials.used(CLIENT, token);
}

describe('E11 a fault that has to be refused', () => {
  test('is passed when the token beside it stays unused, by a service that uses its tokens', async () => {
    await goodSignIn();
    await trials.deliveredToken(CLIENT, 'wrong_nonce', 'faulty');
    const deliveredAt = now;
    now += PATIENCE - 1;
    expect(await scoreOf('wrong_nonce')).toEqual({
      fault: 'wrong_nonce',
      expects: 'refusal',
      outcome: 'waiting',
      at: deliveredAt,
    });
    now += 1;
    expect(await scoreOf('wrong_nonce')).toEqual({
      fault: 'wrong_nonce',
      expects: 'refusal',
      outcome: 'passed',
      at: now,
    });
    expect(await scoreOf('wrong_nonce', 'library')).toMatchObject({ outcome: 'not_run' });
  });

  test.each(['at once', 'after it seemed passed'])('is failed when the token beside it is used, %s', async (when) => {
    await goodSignIn();
    await trials.deliveredToken(CLIENT, 'expired', 'faulty');
    if (when !== 'at once') {
      now += PATIENCE;
      expect(await scoreOf('expired')).toMatchObject({ outcome: 'passed' });
    }
    await trials.used(CLIENT, 'faulty');
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'failed', reason: 'token_used' });
    now += PATIENCE;
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'failed', reason: 'token_used' });
  });

  test('is undecided for a service that never uses its tokens, until it does', async () => {
    await trials.deliveredWell(CLIENT, 'never used');
    now += PATIENCE;
    await trials.deliveredToken(CLIENT, 'expired', 'faulty');
    expect(await scoreOf('expired')).not.toHaveProperty('reason');
    now += PATIENCE;
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'undecided', reason: 'no_baseline' });
    await trials.used(CLIENT, 'faulty');
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'failed', reason: 'token_used' });
  });

  test('is measured by the last good sign-in, and by the one before while that is too young to tell', async () => {
    await goodSignIn('first');
    await trials.deliveredWell(CLIENT, 'second');
    await trials.deliveredToken(CLIENT, 'expired', 'faulty');
    await trials.deliveredWell(CLIENT, 'third');
    now += PATIENCE;
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'passed' });
    await trials.deliveredToken(CLIENT, 'wrong_issuer', 'also faulty');
    now += PATIENCE;
    expect(await scoreOf('wrong_issuer')).toMatchObject({ outcome: 'undecided', reason: 'no_baseline' });
  });

  test('does not become failed by another client’s token', async () => {
    await goodSignIn();
    await trials.deliveredToken(CLIENT, 'expired', 'faulty');
    await trials.used('library', 'another');
    now += PATIENCE;
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'passed' });
  });
});

describe('E11 a level too low, at a service that looks at it only after userinfo', () => {
  const tooLow = async () => {
    await goodSignIn();
    await trials.deliveredToken(CLIENT, 'acr_too_low', 'faulty', 'session');
    now += 100;
    await trials.used(CLIENT, 'faulty');
    expect(await scoreOf('acr_too_low')).toMatchObject({ outcome: 'failed', reason: 'token_used' });
  };

  test('is passed when the service goes back at once to ask for its level', async () => {
    await tooLow();
    now += ASKS_AGAIN - 101;
    await trials.levelRequested(CLIENT, 'session');
    expect(await scoreOf('acr_too_low')).toMatchObject({ outcome: 'passed', reason: 'asked_again' });
    // Whoever goes on all the same with what it has been given has accepted it.
    await trials.used(CLIENT, 'faulty');
    expect(await scoreOf('acr_too_low')).toMatchObject({ outcome: 'failed', reason: 'token_used' });
  });

  test('stays failed when another service, another browser, or somebody later asks', async () => {
    await tooLow();
    await trials.levelRequested('library', 'session');
    await trials.levelRequested(CLIENT, 'another');
    now += ASKS_AGAIN;
    await trials.levelRequested(CLIENT, 'session');
    expect(await scoreOf('acr_too_low')).toMatchObject({ outcome: 'failed' });
  });

  test('stays failed when it is the next trial that asks', async () => {
    await tooLow();
    await trials.nextBegins(CLIENT);
    await trials.levelRequested(CLIENT, 'session');
    expect(await scoreOf('acr_too_low')).toMatchObject({ outcome: 'failed' });
  });

  test('of another fault nothing is undone', async () => {
    await goodSignIn();
    await trials.deliveredToken(CLIENT, 'expired', 'faulty', 'session');
    await trials.used(CLIENT, 'faulty');
    await trials.levelRequested(CLIENT, 'session');
    expect(await scoreOf('expired')).toMatchObject({ outcome: 'failed' });
  });
});

describe('E11 an error instead of a code', () => {
  test('is passed when nobody comes for tokens', async () => {
    await trials.deliveredError(CLIENT, 'access_denied', 'challenge');
    await trials.requestedWithoutCode(CLIENT, 'challenge of another sign-in');
    await trials.requestedWithoutCode('library', 'challenge');
    expect(await scoreOf('access_denied')).toMatchObject({ outcome: 'waiting' });
    now += PATIENCE;
    expect(await scoreOf('access_denied')).toMatchObject({ outcome: 'passed' });
  });

  test.each(['challenge', undefined])('is failed when somebody does all the same (PKCE %s)', async (challenge) => {
    await trials.deliveredError(CLIENT, 'temporarily_unavailable', challenge);
    await trials.requestedWithoutCode(CLIENT, challenge);
    now += PATIENCE;
    expect(await scoreOf('temporarily_unavailable')).toMatchObject({ outcome: 'failed', reason: 'tokens_requested' });
  });
});

describe('E11 a fault at which the service has to go on', () => {
  test('is passed when it does in time, however late somebody looks', async () => {
    await trials.deliveredToken(CLIENT, 'rotated_key', 'right');
    now += PATIENCE - 1;
    await trials.used(CLIENT, 'right');
    now += PATIENCE;
    expect(await scoreOf('rotated_key')).toMatchObject({ outcome: 'passed', expects: 'success' });
  });

  test.each(['never', 'too late'])('is failed when it does %s', async (when) => {
    await trials.deliveredToken(CLIENT, 'slow_answer', 'right');
    now += PATIENCE;
    if (when === 'too late') await trials.used(CLIENT, 'right');
    expect(await scoreOf('slow_answer')).toMatchObject({ outcome: 'failed', reason: 'token_not_used' });
  });
});

test('E11 results count for 90 days, the latest of each fault', async () => {
  await trials.deliveredError(CLIENT, 'access_denied', 'a');
  const first = now;
  now += PATIENCE;
  expect(await scoreOf('access_denied')).toMatchObject({ outcome: 'passed' });
  now = first + RESULTS_COUNT - 1;
  expect(await scoreOf('access_denied')).toMatchObject({ outcome: 'passed' });
  now += 1;
  expect(await scoreOf('access_denied')).toEqual({ fault: 'access_denied', expects: 'refusal', outcome: 'not_run' });
  await trials.deliveredError(CLIENT, 'access_denied', 'b');
  expect(await scoreOf('access_denied')).toMatchObject({ outcome: 'waiting' });
});
