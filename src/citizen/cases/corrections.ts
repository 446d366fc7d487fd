/**
 * Owns what becomes of a request to correct something: it is handed to the register that holds it, and the register's
 * decision is the answer to the case. The hub itself corrects nothing, because it keeps nothing of it.
 */
import { setInterval } from 'node:timers';
import type { Carried, Carrier } from '../../background/delivery.ts';
import { Lease } from '../../background/lease.ts';
import { type LeasedMessage, type Message, type Store, StoreUnavailable } from '../../store.ts';
import type { Log } from '../../web/log.ts';
import { NOTICE_LIFETIME } from '../notices/notices.ts';
import type { Case } from '../ports.ts';
import { advanceCase, type Correctable, contentOf } from './cases.ts';

/** The kind of these messages in the outbox. */
export const CORRECTION = 'correction';
/** Their target: the one register there is. */
const REGISTER = 'population-register';

/** Milliseconds between questions to the register, and for which one is waited. */
const ASK_INTERVAL = 60_000;
const PATIENCE = 10_000;
/** For which somebody who looks at their case waits. */
const PATIENCE_OF_PAGE = 2_000;
/** In one round, until the register counts as down. */
const MOST_FAILURES = 3;
/** Seconds for which one process asks. */
const LEASE = 3 * 60;

/** A correction as the register is told of it. */
export interface Correction {
  /** Number of the case: to tell it a second time is the same as once. */
  readonly case: string;
  readonly number: string;
  readonly attribute: Correctable;
  readonly shouldBe: string;
  readonly said: string;
}

/** `unknown`: the register never heard of it. */
export type CorrectionState =
  | { readonly state: 'open' | 'unknown' }
  | { readonly state: 'decided'; readonly answer: string };

/** A register that takes corrections. Both throw when it does not answer. */
export interface TakesCorrections {
  /** `refused`: it never will take this one. */
  submit(correction: Correction, signal: AbortSignal): Promise<'taken' | 'refused'>;
  /** What it decided on a case. */
  stateOf(caseNumber: string, signal: AbortSignal): Promise<CorrectionState>;
}

export interface CorrectionParts {
  readonly store: Store;
  readonly register: TakesCorrections;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  /** Milliseconds between questions, when not the usual ones. */
  readonly interval?: number | undefined;
  readonly clock: () => number;
  readonly log: Log;
}

/** A correction as a message; nothing for a case that is none, or one for operators. */
export function correctionMessage(opened: Pick<Case, 'number' | 'kind' | 'content'>): Message | undefined {
  const { attribute, should_be, said = '', number } = contentOf(opened);
  if (opened.kind !== 'correct' || attribute === undefined || should_be === undefined || number === undefined)
    return undefined;
  const payload = { case: opened.number, number, attribute, shouldBe: should_be, said };
  return { kind: CORRECTION, target: REGISTER, key: opened.number, payload };
}

export class Corrections implements Carrier {
  readonly #parts: CorrectionParts;
  readonly #lease: Lease;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  /** Told once, until the register has answered again. */
  #silent = false;

  constructor(parts: CorrectionParts) {
    this.#parts = parts;
    this.#lease = new Lease(parts.store.state, 'corrections', LEASE);
  }

  /** Asks the register again and again what it has decided. Returns at once. */
  start(): void {
    this.#ask();
    this.#timer = setInterval(() => this.#ask(), this.#parts.interval ?? ASK_INTERVAL).unref();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#round;
    await this.#lease.release().catch(() => {});
  }

  /** Hands one to the register. */
  async carry({ payload }: LeasedMessage, signal: AbortSignal): Promise<Carried> {
    const correction = payload as unknown as Correction;
    const { store, register, wake } = this.#parts;
    const taken = await register.submit(correction, signal);
    const found = await store.own.cases.find(correction.case);
    if (found === undefined || found.state === 'answered' || found.state === 'forwarded') return 'pointless';
    // What the register does not take waits for an operator.
    if (taken === 'taken' || found.state === 'open')
      await this.#advance(found, { state: taken === 'taken' ? 'forwarded' : 'acknowledged' });
    wake();
    return taken === 'taken' ? 'taken' : 'pointless';
  }

  /** The case as the register sees it by now, for somebody who looks at it; as it was when the register is slow. */
  async lookedAt(known: Case): Promise<Case> {
    if (known.state !== 'forwarded') return known;
    const decided = await this.#follow(known, PATIENCE_OF_PAGE).catch(() => false);
    return decided ? ((await this.#parts.store.own.cases.find(known.number)) ?? known) : known;
  }

  #ask(): void {
    this.#round = this.#round
      .then(() => this.#askAll())
      .then(() => {
        this.#silent = false;
      })
      .catch((cause) => {
        const code = cause instanceof StoreUnavailable ? cause.code : 'register_unavailable';
        if (!this.#silent && !this.#closing.signal.aborted) this.#parts.log(code, { cause });
        this.#silent = true;
      });
  }

  async #askAll(): Promise<void> {
    const { store, wake } = this.#parts;
    if (!(await this.#lease.hold())) return;
    const waiting = (await store.own.cases.waiting()).filter(({ kind }) => kind === 'correct');
    // After days of silence the outbox gives up; a citizen's right does not run out so soon.
    const untaken = waiting.filter(({ state }) => state === 'open').flatMap((one) => correctionMessage(one) ?? []);
    await store.outbox.enqueue(untaken, NOTICE_LIFETIME);
    if (untaken.length > 0) wake();
    let failures = 0;
    for (const one of waiting.filter(({ state }) => state === 'forwarded')) {
      if (this.#closing.signal.aborted || !(await this.#lease.hold())) return;
      await this.#follow(one, PATIENCE).catch((error) => {
        failures += 1;
        // One of which it cannot tell must not keep the others from being heard; a register that is down is left alone.
        if (failures === MOST_FAILURES || error instanceof StoreUnavailable) throw error;
      });
    }
  }

  /** Whether the register has decided; the case is answered by it. */
  async #follow(known: Case, patience: number): Promise<boolean> {
    const { register, wake } = this.#parts;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(patience)]);
    const found = await register.stateOf(known.number, signal);
    if (found.state !== 'decided') return false;
    await this.#advance(known, { state: 'answered', answer: found.answer });
    wake();
    return true;
  }

  #advance(known: Case, step: { readonly state: 'acknowledged' | 'forwarded' | 'answered'; readonly answer?: string }) {
    return advanceCase(this.#parts.store, known, { ...step, at: this.#parts.clock() });
  }
}
