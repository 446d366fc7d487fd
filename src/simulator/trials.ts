/**
 * Owns what a service did when it met a fault, by what the hub itself sees of it: whether it went on with the sign-in. That
 * nothing more came only says something of a service that otherwise does come (its baseline).
 */
import { createHash } from 'node:crypto';
import type { Json, ProtocolState } from '../store.ts';
import { FAULTS, type Fault, type FaultId, faultOf, isFault, type RefusingFault } from './faults.ts';
import type { FaultTrial, FaultTrials, TrialDecision, TrialOutcome } from './ports.ts';

/** Milliseconds after a faulty answer by which a service that accepts it has gone on. */
export const PATIENCE = 10_000;
/** Milliseconds for which a result counts. */
export const RESULTS_COUNT = 90 * 24 * 60 * 60 * 1000;
/**
 * Milliseconds in which a service that finds the level too low has gone back to ask for its level. Less than a person takes who
 * presses the button again, more than a browser on its way.
 */
export const ASKS_AGAIN = 5_000;
/** Seconds for which what was delivered is recognised: as long as an access token lives, and clocks may differ. */
const RECOGNISED = 700;

/** Why an outcome is what it is, where the outcome alone does not say. */
export const REASONS = [
  /** The access token that came beside the faulty id token was used: the service had accepted it. */
  'token_used',
  /** The access token was not used in time, though nothing was wrong with the sign-in. */
  'token_not_used',
  /** The service came for tokens although it had been told of an error instead of a code. */
  'tokens_requested',
  /** The last good sign-in did not use its access token either: its absence says nothing. */
  'no_baseline',
  /** The access token was used, but the service went back at once to ask for its level: nobody has come in. */
  'asked_again',
] as const;
export type TrialReason = (typeof REASONS)[number];

export interface Score {
  readonly fault: FaultId;
  readonly expects: Fault['expects'];
  readonly outcome: 'not_run' | TrialOutcome;
  /** Milliseconds since the epoch: when it was decided, or delivered while it is not. */
  readonly at?: number;
  readonly reason?: TrialReason;
}

export interface ScoreCard {
  /** Of every fault, in the order of the list. */
  readonly results: readonly Score[];
  /** Whether all of them were passed. */
  readonly full: boolean;
}

export interface TrialParts {
  readonly state: ProtocolState;
  readonly faultTrials: FaultTrials;
  /** Milliseconds, when not the usual. */
  readonly patience?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface Delivered {
  readonly client: string;
  readonly fault: FaultId;
  readonly deliveredAt: number;
}

/** A level that was too low, and the session at the hub it was for. */
interface LowLevel extends Delivered {
  readonly session: string;
}

/** The last good sign-in of a client. */
interface Baseline {
  /** Fingerprint of its access token. */
  readonly token: string;
  readonly at: number;
  readonly used: boolean;
  /** What was so before it, for while it is too early to say. */
  readonly before: boolean;
}

export class Trials {
  readonly #parts: TrialParts;
  readonly #patience: number;

  constructor(parts: TrialParts) {
    this.#parts = parts;
    this.#patience = parts.patience ?? PATIENCE;
  }

  /**
   * A faulty id token, or one that came in a trying way, is about to leave beside this access token. `session` is the hub's own
   * of the browser that signs in.
   */
  async deliveredToken(client: string, fault: FaultId, token: string, session = ''): Promise<void> {
    const { state, clock } = this.#parts;
    const deliveredAt = clock();
    const baseline = faultOf(fault).expects === 'success' || this.#isUsed(await this.#baseline(client), deliveredAt);
    await this.#begin('FaultToken', token, { client, fault, deliveredAt }, state, baseline ? undefined : 'no_baseline');
    if (fault === 'acr_too_low')
      await state.put('FaultLevel', client, { client, fault, deliveredAt, session } satisfies LowLevel, RECOGNISED);
  }

  /** An error is about to leave instead of a code; `challenge` is the request's PKCE challenge. */
  async deliveredError(client: string, fault: RefusingFault, challenge: string | undefined): Promise<void> {
    const { state, clock } = this.#parts;
    await this.#begin('FaultError', requestOf(client, challenge), { client, fault, deliveredAt: clock() }, state);
  }

  async #begin(
    kind: string,
    id: string,
    delivered: Delivered,
    state: ProtocolState,
    reason?: TrialReason,
  ): Promise<void> {
    const begun = this.#parts.faultTrials.begin({ ...delivered, ...(reason ? { reason } : {}) });
    await Promise.all([begun, state.put(kind, id, { ...delivered }, RECOGNISED)]);
  }

  /** A sign-in without any fault ends beside this access token. */
  async deliveredWell(client: string, token: string): Promise<void> {
    const { state, clock } = this.#parts;
    const at = clock();
    const before = this.#isUsed(await this.#baseline(client), at);
    const baseline = { token: fingerprint(token), at, used: false, before } satisfies Baseline;
    await state.put('FaultBaseline', client, baseline, RESULTS_COUNT / 1000);
  }

  /** An access token is used: whoever uses it has accepted the id token that came with it. */
  async used(client: string, token: string): Promise<void> {
    const { state, clock } = this.#parts;
    const [kept, baseline] = await Promise.all([state.get('FaultToken', token), state.get('FaultBaseline', client)]);
    const delivered = kept?.value as unknown as Delivered | undefined;
    if (delivered) return this.#usedInTrial(delivered, clock());
    const last = baseline?.value as unknown as Baseline | undefined;
    if (!last || last.used || last.token !== fingerprint(token)) return;
    const now = { ...last, used: true } as unknown as Json;
    // When another sign-in ends at this moment, that is the last one.
    await state.replace('FaultBaseline', client, baseline!.version, now, RESULTS_COUNT / 1000);
  }

  async #usedInTrial(delivered: Delivered, now: number): Promise<void> {
    const { faultTrials } = this.#parts;
    const decided = { ...delivered, decidedAt: now };
    // Late or not: who uses it has accepted it.
    if (faultOf(delivered.fault).expects === 'refusal')
      await faultTrials.decide({ ...decided, ...TOKEN_USED, from: ['waiting', 'passed', 'undecided'] });
    else if (this.#isOver(delivered, now)) await faultTrials.decide({ ...decided, ...NOT_USED, from: ['waiting'] });
    // Somebody may have looked at the card while this was on its way.
    else await faultTrials.decide({ ...decided, outcome: 'passed', from: ['waiting', 'failed'] });
  }

  /** A client asks for tokens and has no code; `challenge` is that of the verifier it brings. */
  async requestedWithoutCode(client: string, challenge: string | undefined): Promise<void> {
    const { state, faultTrials, clock } = this.#parts;
    const kept = await state.get('FaultError', requestOf(client, challenge));
    if (kept === undefined) return;
    const delivered = kept.value as unknown as Delivered;
    await faultTrials.decide({ ...delivered, ...REQUESTED, decidedAt: clock(), from: ['waiting', 'passed'] });
  }

  /**
   * A client asks for a level in this session. Some libraries can look at the level only when they have fetched userinfo: a
   * service that then goes back at once for the level it needs has let nobody in.
   */
  async levelRequested(client: string, session: string): Promise<void> {
    const { state, faultTrials, clock } = this.#parts;
    const low = (await state.get('FaultLevel', client))?.value as unknown as LowLevel | undefined;
    const now = clock();
    if (low?.session !== session || now >= low.deliveredAt + ASKS_AGAIN) return;
    const { deliveredAt, fault } = low;
    await faultTrials.decide({
      client,
      fault,
      deliveredAt,
      ...ASKED_AGAIN,
      decidedAt: now,
      from: ['waiting', 'failed'],
    });
  }

  /** The client's next sign-in is a trial of its own, and no answer to the last one. */
  async nextBegins(client: string): Promise<void> {
    await this.#parts.state.delete('FaultLevel', client);
  }

  /** What the client has shown so far. Decides what can be decided by now. */
  async card(client: string): Promise<ScoreCard> {
    const { faultTrials, clock } = this.#parts;
    const now = clock();
    let trials = await faultTrials.of(client);
    const over = trials.filter((trial) => trial.outcome === 'waiting' && this.#isOver(trial, now));
    if (over.length > 0) {
      await Promise.all(over.map((trial) => faultTrials.decide(withoutSign(trial, now))));
      trials = await faultTrials.of(client);
    }
    const results = FAULTS.map((fault) => scoreOf(fault, trials, now));
    return { results, full: results.every(({ outcome }) => outcome === 'passed') };
  }

  async #baseline(client: string): Promise<Baseline | undefined> {
    return (await this.#parts.state.get('FaultBaseline', client))?.value as unknown as Baseline | undefined;
  }

  #isUsed(baseline: Baseline | undefined, now: number): boolean {
    if (baseline === undefined) return false;
    return baseline.used || (baseline.before && now < baseline.at + this.#patience);
  }

  #isOver({ deliveredAt }: Pick<FaultTrial, 'deliveredAt'>, now: number): boolean {
    return now >= deliveredAt + this.#patience;
  }
}

const TOKEN_USED = { outcome: 'failed', reason: 'token_used' } as const;
const NOT_USED = { outcome: 'failed', reason: 'token_not_used' } as const;
const ASKED_AGAIN = { outcome: 'passed', reason: 'asked_again' } as const;
const REQUESTED = { outcome: 'failed', reason: 'tokens_requested' } as const;

/** What a trial comes to when the service did nothing in time. */
function withoutSign({ client, fault, deliveredAt, reason }: FaultTrial, decidedAt: number): TrialDecision {
  const decided = { client, fault, deliveredAt, decidedAt, from: ['waiting'] } as const;
  if (!isFault(fault) || faultOf(fault).expects === 'success') return { ...decided, ...NOT_USED };
  return reason === 'no_baseline' ? { ...decided, outcome: 'undecided', reason } : { ...decided, outcome: 'passed' };
}

function scoreOf({ id: fault, expects }: Fault, trials: readonly FaultTrial[], now: number): Score {
  const trial = trials.find((one) => one.fault === fault);
  if (trial === undefined || now - trial.deliveredAt >= RESULTS_COUNT) return { fault, expects, outcome: 'not_run' };
  const { outcome, decidedAt, deliveredAt, reason } = trial;
  // While it waits nothing is said of how it might end.
  const said = outcome !== 'waiting' && REASONS.find((known) => known === reason);
  return { fault, expects, outcome, at: decidedAt ?? deliveredAt, ...(said ? { reason: said } : {}) };
}

/** By which a token request is known to belong to a sign-in that ended in an error. */
function requestOf(client: string, challenge: string | undefined): string {
  return JSON.stringify([client, challenge ?? null]);
}

function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
