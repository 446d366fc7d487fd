/**
 * Owns the way to a source and back. The answer must come to the browser that was sent: a sealed cookie per `state`
 * holds what proves it, and each `state` is taken once. The state itself is sealed too, so that a link that strays into
 * another browser can still be led back to its agency.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RedirectSource } from '../../providers/source.ts';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import type { Json, Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import { cookieIn } from '../web/cookies.ts';
import { languageOf } from '../web/presentation.ts';
import type { SignInRequest } from './request.ts';

/** Seconds the citizen may take at the source. */
const LEG_LIFETIME = 15 * 60;
/** Seconds by which a source's clock may differ from ours. */
const CLOCKS_DIFFER = 60;

interface Leg {
  readonly uid: string;
  readonly source: string;
  /** Seconds since the epoch. */
  readonly begun: number;
}

/** A leg as the browser that was sent keeps it, sealed. */
export interface LegInBrowser extends Leg {
  readonly memory: Json;
}

interface Browser {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
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
    source: RedirectSource,
    signIn: SignInRequest,
    { request, response }: Browser,
    signal: AbortSignal,
  ): Promise<URL> {
    const leg: Leg = { uid: signIn.uid, source: source.id, begun: seconds() };
    // Random for uniqueness; sealed, so that a strayed link tells which request it was of and nothing else.
    const state = this.#vault
      .sealState(STATE, { ...leg, r: randomBytes(9).toString('base64url') })
      .toString('base64url');
    const { redirect, memory } = await source.begin({ state, language: languageOf(request), signal });
    const sealed = this.#vault.sealState(cookieContext(state), { ...leg, memory } satisfies LegInBrowser);
    this.#setCookie(response, leg, state, sealed.toString('base64url'), LEG_LIFETIME);
    return redirect;
  }

  /** Which request an answer claims to belong to, whoever brings it; nothing proven yet. */
  claimedRequest(address: URL): string | undefined {
    const state = address.searchParams.get('state');
    return state === null ? undefined : this.#openState(state)?.uid;
  }

  /**
   * Takes an answer at `address`: this source's, in the browser that was sent, in time, for the first time. Throws
   * `Refusal` with `source_answer_invalid`, `other_browser` or `request_expired`.
   */
  async take(source: RedirectSource, address: URL, { request, response }: Browser): Promise<LegInBrowser> {
    const state = address.searchParams.get('state');
    const leg = state === null ? undefined : this.#openState(state);
    if (state === null || leg === undefined || leg.source !== source.id) throw new Refusal('source_answer_invalid');
    const own = this.#openCookie(request, state);
    if (own === undefined || own.uid !== leg.uid || own.source !== source.id) throw new Refusal('other_browser');
    this.#setCookie(response, leg, state, '', 0);
    if (seconds() - leg.begun > LEG_LIFETIME) throw new Refusal('request_expired');
    if (!(await this.#store.state.putIfAbsent('UsedSourceState', state, true, LEG_LIFETIME + 60)))
      throw new Refusal('request_expired');
    return own;
  }

  /** What a taken answer proves. Throws `Refusal` with `source_answer_invalid` or the source's own reason. */
  async prove(
    source: RedirectSource,
    { memory, begun }: LegInBrowser,
    address: URL,
    signal: AbortSignal,
  ): Promise<Assertion> {
    const state = address.searchParams.get('state') ?? '';
    const assertion = await source.finish({ address, state, memory, signal });
    // The credential was used for this very request: a source that lets an old session through proves nothing now.
    if (assertion.authTime < begun - CLOCKS_DIFFER || assertion.authTime > seconds() + CLOCKS_DIFFER)
      throw new Refusal('source_answer_invalid');
    return assertion;
  }

  #openState(state: string): Leg | undefined {
    return this.#vault.openState(STATE, Buffer.from(state, 'base64url')) as Leg | undefined;
  }

  #openCookie(request: IncomingMessage, state: string): LegInBrowser | undefined {
    const value = cookieIn(request, cookieName(state));
    if (value === undefined) return undefined;
    return this.#vault.openState(cookieContext(state), Buffer.from(value, 'base64url')) as LegInBrowser | undefined;
  }

  #setCookie(response: ServerResponse, leg: Leg, state: string, value: string, maxAge: number): void {
    const secure = this.#secure ? '; Secure' : '';
    response.appendHeader(
      'set-cookie',
      `${cookieName(state)}=${value}; Path=${callbackPath(leg.source)}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`,
    );
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
