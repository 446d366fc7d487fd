/**
 * Owns taking back a consent: first it ends, and with it every code and token that rests on it; who has to be told of that is
 * written in the same unit, so that no crash leaves an agency that believes in it; then the running sessions let go of the
 * agency.
 */
import { Refusal } from '../../errors.ts';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import { type BackChannelLogout, clientsOf } from '../../oidc/back-channel-logout.ts';
import { leaveClient, sessionsOf } from '../../oidc/own-sessions.ts';
import { isOwnClient } from '../../own-pages/own-page.ts';
import type { Consent, OwnConsent, Store } from '../../store.ts';

export interface WithdrawalParts {
  readonly store: Store;
  readonly logout: Pick<BackChannelLogout, 'messages' | 'tell'>;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly clock: () => number;
}

const MOST_TRIES = 5;

/** Whether a consent still counts at `now`. */
export const isInForce = ({ endReason, to }: Pick<OwnConsent, 'endReason' | 'to'>, now: number): boolean =>
  endReason === undefined && to > now;

export class Withdrawals {
  readonly #parts: WithdrawalParts;

  constructor(parts: WithdrawalParts) {
    this.#parts = parts;
  }

  /**
   * Takes back what a person agreed to with a client. Where nothing is in force any more it sees to the sessions only: a
   * form pressed twice, or a crash in between, ends well. Throws `Refusal` `not_found` for a client they never agreed to,
   * `withdrawal_not_possible` where the law asks for it.
   */
  async withdraw(person: PersonId, client: string): Promise<void> {
    const { store, logout, clock } = this.#parts;
    const consents = await store.consents.of(person);
    if (isOwnClient(client) || !consents.some((one) => one.client === client)) throw new Refusal('not_found');
    const told = new Set<string>();
    // Another tab may replace it in between; then it is the one that stands by then.
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const standing = await store.consents.inForce(person, client, clock());
      if (standing === undefined) break;
      if (standing.basis === 'law') throw new Refusal('withdrawal_not_possible');
      if (await this.#end(standing, told)) break;
    }
    await leaveClient(store.state, person, client, (who, left) =>
      logout.tell(
        who,
        left.filter(({ sid }) => !told.has(sid)),
      ),
    );
  }

  /** Ends a consent and has its agency told of every session it is in; `told` gets by which names it knows them. */
  async #end({ id, person, client }: Consent, told: Set<string>): Promise<boolean> {
    const { store, logout, wake, clock } = this.#parts;
    const sessions = await sessionsOf(store.state, person);
    const left = sessions.flatMap((session) => clientsOf(session)).filter((one) => one.client === client);
    const messages = logout.messages(person, left);
    const now = clock();
    const event = { type: 'consent_ended', client, reason: 'withdrawn', told: messages.length } as const;
    const ended = await store.consents.end(person, id, now, 'withdrawn', {
      entries: [entry(now, event, person)],
      messages,
    });
    if (!ended) return false;
    wake();
    for (const { sid } of left) told.add(sid);
    return true;
  }
}
