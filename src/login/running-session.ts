/** Owns the session this browser already has when a sign-in ends: another citizen's must not become this one's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { endSession, type SessionEnded } from '../oidc/session.ts';
import type { ProtocolState } from '../store.ts';

export class RunningSessions {
  readonly #provider: Provider;
  readonly #state: ProtocolState;
  readonly #ended: SessionEnded;

  constructor(provider: Provider, state: ProtocolState, ended: SessionEnded) {
    this.#provider = provider;
    this.#state = state;
    this.#ended = ended;
  }

  /**
   * Ends the browser's session when it is somebody else's. The library would sign the other one out by a page that
   * needs scripts, and only after this citizen was sent away.
   */
  async leaveOther(request: IncomingMessage, response: ServerResponse, person: string): Promise<void> {
    const session = await this.#provider.Session.get(this.#provider.createContext(request, response));
    if (session.accountId !== undefined && session.accountId !== person)
      await endSession(this.#state, session.uid, this.#ended);
  }
}
