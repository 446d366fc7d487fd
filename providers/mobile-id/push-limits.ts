/**
 * Owns how often a phone may ring: one push outstanding, three an hour, whoever asks from wherever. Each decision is one
 * atomic write, so a hundred requests at once ring it once.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import type { ProtocolState } from '../../src/store.ts';

/** The right to ring one phone once; the number itself stays out of it. */
export type PushTicket = string;

export interface PushLimitSettings {
  readonly state: ProtocolState;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Seconds after which a push rings no more, whatever was heard of it: the operators' own limit is about two minutes. */
export const PUSH_LIFETIME = 150;
const MOST_AN_HOUR = 3;
const HOUR = 60 * 60;

const KIND = 'MobilePushes';
/** A lost race means that somebody else took a right; more lost than this and it is a flood, which is refused. */
const MOST_RACES = 50;

/** Pushes of the last hour, oldest first: which, when (milliseconds since the epoch), and whether it may still ring. */
const pushes = z.array(z.object({ ticket: z.string(), at: z.number(), outstanding: z.boolean() }));
type Push = z.infer<typeof pushes>[number];

export class PushLimits {
  readonly #state: ProtocolState;
  readonly #clock: () => number;

  constructor({ state, clock }: PushLimitSettings) {
    this.#state = state;
    this.#clock = clock;
  }

  /** Takes the right to ring a phone (E.164). Throws `Refusal` `too_many_requests`. */
  async take(phone: string): Promise<PushTicket> {
    const ticket = randomUUID();
    const taken = await this.#rewrite(phone, (before) => {
      if (before.length >= MOST_AN_HOUR || before.some((push) => this.#rings(push))) return undefined;
      return [...before, { ticket, at: this.#clock(), outstanding: true }];
    });
    if (!taken) throw new Refusal('too_many_requests');
    return ticket;
  }

  /** The push has ended: the next one may follow, within the hour's number. */
  async ended(phone: string, ticket: PushTicket): Promise<void> {
    await this.#rewrite(phone, (before) =>
      before.map((push) => (push.ticket === ticket ? { ...push, outstanding: false } : push)),
    );
  }

  /**
   * The phone did not ring: the operator could not be asked, or knows no such pair. What never rang counts for nothing, so
   * that a stranger who guesses personal numbers does not use up a subscriber's three.
   */
  async neverRang(phone: string, ticket: PushTicket): Promise<void> {
    await this.#rewrite(phone, (before) => before.filter((push) => push.ticket !== ticket));
  }

  #rings({ at, outstanding }: Push): boolean {
    return outstanding && this.#clock() - at < PUSH_LIFETIME * 1000;
  }

  /** Changes a phone's pushes by compare-and-set; `false` when the change declines, or the races do not end. */
  async #rewrite(phone: string, change: (lastHour: readonly Push[]) => readonly Push[] | undefined): Promise<boolean> {
    for (let race = 0; race < MOST_RACES; race += 1) {
      const kept = await this.#state.get(KIND, phone);
      const written = kept === undefined ? [] : pushes.parse(kept.value);
      const after = change(written.filter(({ at }) => this.#clock() - at < HOUR * 1000));
      if (after === undefined) return false;
      const done =
        kept === undefined
          ? await this.#state.putIfAbsent(KIND, phone, [...after], HOUR)
          : await this.#state.replace(KIND, phone, kept.version, [...after], HOUR);
      if (done) return true;
    }
    return false;
  }
}
