/**
 * Owns one sign-in by phone from the typed numbers to its one outcome, kept in the store between the page's requests: the
 * code before the push, one push, one outcome told once. A signature that comes after a cancel is nobody's.
 */
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import type { Assertion } from '../../src/identity/assertion.ts';
import type { Kept, ProtocolState } from '../../src/store.ts';
import { challenge, type MobileId, type SignInOrder } from './mobile-id.ts';
import { wasNotSent } from './operator.ts';
import { PUSH_LIFETIME, type PushLimits } from './push-limits.ts';

export interface AttemptParts {
  readonly mobileId: MobileId;
  readonly limits: PushLimits;
  readonly state: ProtocolState;
}

/** Seconds: time to read the code, and all the time the phone may take. */
const LIFETIME = 120 + PUSH_LIFETIME;
const ATTEMPT = 'MobileAttempt';
/** Its presence says that the push was sent, or is being sent. */
const PUSHED = 'MobileAttemptPushed';

const attempt = z.strictObject({
  challenge,
  sent: z.strictObject({ session: z.string(), ticket: z.string() }).optional(),
});
type Attempt = z.infer<typeof attempt>;

/** An attempt that is under way, as its page shows it. */
export interface Standing {
  readonly code: string;
  /** Whether the phone was asked. */
  readonly sent: boolean;
}

export class MobileAttempts {
  readonly #mobileId: MobileId;
  readonly #limits: PushLimits;
  readonly #state: ProtocolState;

  constructor({ mobileId, limits, state }: AttemptParts) {
    this.#mobileId = mobileId;
    this.#limits = limits;
    this.#state = state;
  }

  /**
   * Makes the challenge and returns the code to show; the phone is not asked yet. `id` is a secret of this browser and
   * step, used for nothing else. Throws `Refusal` `request_expired` when it was used before.
   */
  async begin(id: string, order: SignInOrder): Promise<string> {
    const made = this.#mobileId.begin(order);
    if (await this.#state.putIfAbsent(ATTEMPT, id, { challenge: made }, LIFETIME)) return made.code;
    throw new Refusal('request_expired');
  }

  /**
   * The code of an attempt that is under way, and whether its phone was asked; nothing when none was begun. Throws
   * `Refusal` `request_expired` when it is over.
   */
  async standing(id: string): Promise<Standing | undefined> {
    const kept = await this.#state.get(ATTEMPT, id);
    if (kept === undefined) return undefined;
    if (isOver(kept)) throw new Refusal('request_expired');
    const { challenge, sent } = read(kept);
    return { code: challenge.code, sent: sent !== undefined };
  }

  /**
   * Rings the phone, once however often it is called. Throws `Refusal` with `too_many_requests`, `source_unavailable`, or
   * `request_expired` when the attempt is over; each ends it.
   */
  async push(id: string): Promise<void> {
    const kept = await this.#underWay(id);
    if (!(await this.#state.putIfAbsent(PUSHED, id, true, LIFETIME))) return;
    try {
      const sent = await this.#ring(read(kept).challenge);
      const noted = { ...read(kept), sent } satisfies Attempt;
      if (await this.#state.replace(ATTEMPT, id, kept.version, noted, LIFETIME)) return;
    } catch (error) {
      await this.cancel(id);
      throw error;
    }
    throw new Refusal('request_expired'); // cancelled while the push was on its way
  }

  /**
   * Waits about two seconds for the outcome; nothing while there is none. The outcome goes to exactly one caller; others,
   * and whoever comes after {@link cancel}, get `request_expired`. Throws `Refusal` as {@link MobileId.finish} does, or
   * `source_unavailable`.
   */
  async poll(id: string, signal: AbortSignal): Promise<Assertion | undefined> {
    const { challenge, sent } = read(await this.#underWay(id));
    if (sent === undefined) return undefined;
    const answer = await this.#mobileId.poll(sent.session, signal).catch(async (refusal) => {
      await this.#takeOutcome(id);
      throw refusal;
    });
    if (answer.state === 'RUNNING') return undefined;
    if (answer.result === 'NOT_MID_CLIENT') await this.#limits.neverRang(challenge.phone, sent.ticket);
    else await this.#limits.ended(challenge.phone, sent.ticket);
    await this.#takeOutcome(id);
    return this.#mobileId.finish(challenge, answer);
  }

  /**
   * The citizen changed their mind: whatever the phone says later is ignored. The interface cannot recall a push, so the
   * phone counts as ringing until it must have stopped. `false` when the attempt was over already.
   */
  async cancel(id: string): Promise<boolean> {
    return this.#state.consume(ATTEMPT, id);
  }

  async #ring(made: Attempt['challenge']): Promise<NonNullable<Attempt['sent']>> {
    const ticket = await this.#limits.take(made.phone);
    try {
      return { session: await this.#mobileId.push(made), ticket };
    } catch (refusal) {
      if (wasNotSent(refusal)) await this.#limits.neverRang(made.phone, ticket);
      throw refusal;
    }
  }

  async #underWay(id: string): Promise<Kept> {
    const kept = await this.#state.get(ATTEMPT, id);
    if (kept === undefined || isOver(kept)) throw new Refusal('request_expired');
    return kept;
  }

  /** Decided in the store: however many wait and cancel at once, one of them ends the attempt. */
  async #takeOutcome(id: string): Promise<void> {
    if (!(await this.#state.consume(ATTEMPT, id))) throw new Refusal('request_expired');
  }
}

const isOver = ({ consumedAt }: Kept) => consumedAt !== undefined;
const read = ({ value }: Kept): Attempt => attempt.parse(value);
