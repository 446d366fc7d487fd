/**
 * Owns telling agencies that a session has ended (OpenID Connect Back-Channel Logout 1.0). The library would try once,
 * while the citizen waits; here each agency gets an entry in the outbox, and a token of its own at every try.
 */
import { randomUUID } from 'node:crypto';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { Carried, Carrier } from '../background/delivery.ts';
import type { Clients } from '../clients.ts';
import { entry, type JournalEntry } from '../journal/events.ts';
import type { LeasedMessage, Message, Store } from '../store.ts';
import type { Outgoing } from '../web/outgoing.ts';
import type { SessionPayload } from './session.ts';

/** The kind of its messages in the outbox. */
export const LOGOUT = 'logout';
/** Seconds after which an agency's own session is over anyway. */
const WORTH_TELLING = 24 * 60 * 60;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** A client's part in a session that has ended. */
export interface LeftClient {
  readonly client: string;
  readonly sid: string;
}

/** `own`: the agency cannot be told, the citizen signs out there. */
export type Told = 'told' | 'waiting' | 'own';

export interface LogoutParts {
  readonly clients: Clients;
  readonly store: Store;
  readonly outgoing: Outgoing;
  /** Known only when the provider is built. */
  readonly provider: () => Provider;
  /** Has the outbox looked through: a message was put in. */
  readonly wake: () => void;
  readonly clock: () => number;
}

export class BackChannelLogout implements Carrier {
  readonly #parts: LogoutParts;

  constructor(parts: LogoutParts) {
    this.#parts = parts;
  }

  /** Sees to it that these clients are told, some time; durable when it resolves. Returns how many of them can be told. */
  async tell(person: string, left: readonly LeftClient[]): Promise<number> {
    const messages = this.messages(person, left);
    if (messages.length === 0) return 0;
    await this.#parts.store.outbox.enqueue(messages, WORTH_TELLING);
    this.#parts.wake();
    return messages.length;
  }

  /** What those of them are told that can be, for who puts it into the outbox together with something else. */
  messages(person: string, left: readonly LeftClient[]): readonly Message[] {
    const reachable = left.filter((one) => this.#address(one.client) !== undefined);
    return reachable.map((one) => ({ ...messageOf(one), payload: { person, sid: one.sid } }));
  }

  /** Who of them has been told, by client; of several sessions at one, when it was told of all. */
  async result(left: readonly LeftClient[]): Promise<ReadonlyMap<string, Told>> {
    const waiting = await this.#parts.store.outbox.waiting(left.map(messageOf));
    const results = new Map<string, Told>();
    for (const { client, sid } of left) {
      if (this.#address(client) === undefined) results.set(client, 'own');
      else if (waiting.has(sid)) results.set(client, 'waiting');
      else if (!results.has(client)) results.set(client, 'told');
    }
    return results;
  }

  /** Tries once to tell one client. */
  async carry({ target, payload }: LeasedMessage, signal: AbortSignal): Promise<Carried> {
    const address = this.#address(target);
    // No longer registered, or without an address by now.
    if (address === undefined) return 'pointless';
    const { person, sid } = payload as { person: string; sid: string };
    const body = new URLSearchParams({ logout_token: await this.#logoutToken(target, person, sid) });
    const { status } = await this.#parts.outgoing.fetch(address, { method: 'POST', body, signal });
    return status === 200 || status === 204 ? 'taken' : 'not_taken';
  }

  record({ target, tries, payload }: LeasedMessage, end: 'sent' | 'given_up'): readonly JournalEntry[] {
    const event = { type: `logout_${end}`, client: target, tries } as const;
    return [entry(this.#parts.clock(), event, (payload as { person?: string } | undefined)?.person)];
  }

  /**
   * The library calls this where a citizen keeps the hub's session but leaves one client. Where the session ends it does,
   * too, but there the end itself tells everybody (session.ts).
   */
  replaceTheLibrarys(provider: Provider): void {
    const tell = this.tell.bind(this);
    // biome-ignore lint/suspicious/noExplicitAny: the library types none of its clients' methods
    const Client = provider.Client as any;
    Client.prototype.backchannelLogout = async function (this: { clientId: string }, person: string, sid?: string) {
      const parameters = (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc.params;
      if (parameters?.logout === undefined && sid !== undefined) await tell(person, [{ client: this.clientId, sid }]);
    };
  }

  #address(client: string): string | undefined {
    return this.#parts.clients.get(client)?.backchannel_logout_uri;
  }

  /**
   * A fresh logout token (2.4), made as the library makes its own. Of a person who has been erased the agency is told the
   * session only: there is no subject any more, and none is made for them.
   */
  async #logoutToken(client: string, person: string, sid: string): Promise<string> {
    const provider = this.#parts.provider();
    const isThere = (await this.#parts.store.people.stateOf(person)) !== undefined;
    // biome-ignore lint/suspicious/noExplicitAny: the library types neither this model nor its use without a request
    const IdToken = (provider as any).IdToken;
    const token = new IdToken({ sub: person }, { client: await provider.Client.find(client), ctx: undefined });
    if (isThere) token.mask = { sub: null };
    token.set('events', { [EVENT]: {} });
    token.set('jti', randomUUID());
    token.set('sid', sid);
    return token.issue({ use: 'logout' });
  }
}

/** The clients that a session signed in to, with the names they know it by. */
export function clientsOf({ authorizations = {} }: Pick<SessionPayload, 'authorizations'>): readonly LeftClient[] {
  return Object.entries(authorizations).flatMap(([client, { sid, persistsLogout }]) =>
    // Set by the library where it issues a code; a request that was merely begun is nobody's session.
    sid !== undefined && persistsLogout ? [{ client, sid }] : [],
  );
}

function messageOf({ client, sid }: LeftClient): Omit<Message, 'payload'> {
  return { kind: LOGOUT, target: client, key: sid };
}
