/**
 * Owns the way to a source and back. The answer must come to the browser that was sent: a sealed cookie per `state`
 * holds what proves it, and each `state` is taken once. The state itself is sealed too, so that a link that strays into
 * another browser can still be led back to its agency.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Source } from '../../providers/source.ts';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { levelOfCredential } from '../identity/assurance.ts';
import type { Json, Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import { languageOf } from '../web/presentation.ts';
import type { SignInRequest } from './request.ts';

/** Seconds the citizen may take at the source. */
const LEG_LIFETIME = 15 * 60;
/** Milliseconds the citizen waits for the source to be reached, at most. */
export const PATIENCE = 4_500;

interface Leg {
  readonly uid: string;
  readonly source: string;
  /** Seconds since the epoch. */
  readonly begun: number;
}

interface LegCookie extends Leg {
  readonly memory: Json;
}

/** The leg's own context of sealing: a cookie does not open as a state, nor one leg's as another's. */
const STATE = 'source-leg state';
const cookieContext = (state: string) => `source-leg cookie ${state}`;
const cookieName = (state: string) => `lt_leg_${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
const callbackPath = (source: string) => `/sources/${source}/callback`;

export class SourceLegs {
  readonly #vault: Vault;
  readonly #store: Store;
  readonly #secure: boolean;

  constructor(vault: Vault, store: Store, secure: boolean) {
    this.#vault = vault;
    this.#store = store;
    this.#secure = secure;
  }

  /** Sends the browser to the source; returns the address. Throws `Refusal` `source_unavailable`. */
  async begin(
    source: Source,
    request: SignInRequest,
    http: { request: IncomingMessage; response: ServerResponse },
  ): Promise<URL> {
    const leg: Leg = { uid: request.uid, source: source.id, begun: seconds() };
    const state = this.#vault
      .sealState(STATE, { ...leg, r: randomBytes(9).toString('base64url') })
      .toString('base64url');
    const language = languageOf(http.request);
    const { redirect, memory } = await source.begin({ state, language, signal: AbortSignal.timeout(PATIENCE) });
    const sealed = this.#vault
      .sealState(cookieContext(state), { ...leg, memory } satisfies LegCookie)
      .toString('base64url');
    this.#setCookie(http.response, source.id, state, sealed, LEG_LIFETIME);
    return redirect;
  }

  /** Which request an answer claims to belong to, whoever brings it; nothing proven yet. */
  claimedRequest(state: string | null): string | undefined {
    return state === null ? undefined : this.#openState(state)?.uid;
  }

  /**
   * Takes an answer at `address`: right browser, right source, first time, in time, verified by the source's provider.
   * Throws `Refusal` with `other_browser`, `request_expired`, `source_answer_invalid` or the source's own reason.
   */
  async finish(
    source: Source,
    address: URL,
    http: { request: IncomingMessage; response: ServerResponse },
    signal: AbortSignal,
  ): Promise<Assertion> {
    const state = address.searchParams.get('state');
    const leg = state === null ? undefined : this.#openState(state);
    if (state === null || leg === undefined || leg.source !== source.id) throw new Refusal('source_answer_invalid');
    const cookie = this.#openCookie(http.request, state);
    if (cookie === undefined || cookie.uid !== leg.uid || cookie.source !== source.id)
      throw new Refusal('other_browser');
    this.#setCookie(http.response, source.id, state, '', 0);
    if (seconds() - leg.begun > LEG_LIFETIME) throw new Refusal('request_expired');
    if (!(await this.#store.state.putIfAbsent('UsedSourceState', state, true, LEG_LIFETIME + 60)))
      throw new Refusal('request_expired');
    const assertion = await source.finish({ address, state, memory: cookie.memory, signal });
    // A source never vouches for more than it is registered for, whatever it says.
    return { ...assertion, acr: levelOfCredential({ asserted: assertion.acr, registered: source.acr }) };
  }

  #openState(state: string): Leg | undefined {
    return this.#vault.openState(STATE, Buffer.from(state, 'base64url')) as Leg | undefined;
  }

  #openCookie(request: IncomingMessage, state: string): LegCookie | undefined {
    const name = `${cookieName(state)}=`;
    const value = request.headers.cookie?.split('; ').find((part) => part.startsWith(name));
    if (value === undefined) return undefined;
    return this.#vault.openState(cookieContext(state), Buffer.from(value.slice(name.length), 'base64url')) as
      | LegCookie
      | undefined;
  }

  #setCookie(response: ServerResponse, source: string, state: string, value: string, maxAge: number): void {
    const secure = this.#secure ? '; Secure' : '';
    response.appendHeader(
      'set-cookie',
      `${cookieName(state)}=${value}; Path=${callbackPath(source)}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`,
    );
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
