/**
 * Owns one sign-in while it is under way: the library's interaction, read for the browser that began it and for no
 * other, and what has been reached in it so far.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import { type ErrorCode, Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { PendingProof } from '../identity/double-proof.ts';
import type { PersonId } from '../identity/person.ts';
import { type RequestedItems, requestedItems } from '../oidc/claims.ts';
import { type RequiredAssurance, requiredAssurance } from '../oidc/policy.ts';
import { type SessionPayload, sessionByUid } from '../oidc/session.ts';
import type { Store } from '../store.ts';

/** Parameters of the authorization request, already checked by the library. */
export interface RequestParameters {
  readonly client_id: string;
  readonly scope?: string;
  readonly claims?: string;
  readonly acr_values?: string;
  readonly prompt?: string;
  readonly ui_locales?: string;
  readonly idp_hint?: string;
  readonly id_token_hint?: string;
}

/** What went wrong at the last step, shown when the citizen's browser asks for the page again. */
export interface Notice {
  readonly code: ErrorCode;
  readonly source?: string;
  readonly incident: string;
}

/** What has been reached; the library reads `login`, `consent`, `select_account` and `error` when the request resumes. */
export interface Progress {
  readonly login?: LoginResult;
  readonly consent?: Record<string, never>;
  readonly select_account?: Record<string, never>;
  readonly error?: string;
  readonly error_description?: string;
  readonly notice?: Notice;
  /** Led to a source without being asked, by `idp_hint` or for want of another; going back must not run into it again. */
  readonly ledStraight?: true;
  /** An account that could not say alone whose it is; a second one may (rule 4). Only in this request and browser. */
  readonly pending?: PendingProof;
  /** Both were proved and agree: the citizen is asked whether both are theirs. */
  readonly offer?: { readonly second: Assertion; readonly person: PersonId };
  /** Said at the choice: the browser keeps no session (oidc/session.ts reads it at the end). */
  readonly sharedComputer?: boolean;
  /** The try at a source that asks on pages of the hub. */
  readonly attempt?: { readonly source: string; readonly id: string };
}

export interface LoginResult {
  readonly accountId: string;
  readonly authentication: Authentication;
  readonly acr: string;
  readonly amr: readonly string[];
  /** Seconds since the epoch. */
  readonly ts: number;
  /** Never beyond the browser's own session: many citizens share a computer. */
  readonly remember: false;
}

interface Interaction {
  readonly uid: string;
  readonly returnTo: string;
  readonly exp: number;
  readonly params: RequestParameters;
  readonly prompt: { readonly name: string; readonly reasons: readonly string[] };
  session?: { uid: string; accountId: string };
  result?: Progress;
  persist(): Promise<void>;
}

export interface SignInRequest {
  readonly uid: string;
  readonly client: ClientRegistration;
  readonly params: RequestParameters;
  readonly required: RequiredAssurance;
  readonly requested: RequestedItems;
  /** Why the library stopped: prompt and reasons of its policy. */
  readonly prompt: { readonly name: string; readonly reasons: readonly string[] };
  /** The session that was running when the request came, if it still is. */
  readonly session: SessionPayload | undefined;
  progress: Progress;
  /** As the library keeps it. */
  readonly interaction: Interaction;
}

/** Seconds for which a form whose request is already answered counts as pressed twice, not as old. */
const MOMENT = 60;

/** Reads and writes the sign-ins under way. */
export class SignInRequests {
  readonly #provider: Provider;
  readonly #store: Store;
  readonly #clients: Clients;

  constructor(provider: Provider, store: Store, clients: Clients) {
    this.#provider = provider;
    this.#store = store;
    this.#clients = clients;
  }

  /**
   * The request of this address, for the browser that began it: its cookie must name the very same request. Throws
   * `Refusal` `other_browser` or `request_expired`.
   */
  async open(request: IncomingMessage, response: ServerResponse, uid: string): Promise<SignInRequest> {
    const { cookies } = this.#provider.createContext(request, response);
    if (cookies.get(this.#provider.cookieName('interaction'), { signed: true }) !== uid) throw await this.refusal(uid);
    return this.#read(uid);
  }

  /** The request a source's answer belongs to; the caller has bound the browser by other means. */
  async resume(uid: string): Promise<SignInRequest> {
    return this.#read(uid);
  }

  async #read(uid: string): Promise<SignInRequest> {
    const interaction = await this.#interaction(uid);
    const client = interaction && this.#clients.get(interaction.params.client_id);
    if (interaction === undefined || client === undefined) throw new Refusal('request_expired');
    const session = interaction.session && (await sessionByUid(this.#store.state, interaction.session.uid));
    // Signed out, or somebody else signed in, in another tab meanwhile.
    if (interaction.session && session?.accountId !== interaction.session.accountId && !interaction.result?.login)
      throw new Refusal('request_expired');
    return {
      uid,
      client,
      params: interaction.params,
      required: requiredAssurance(interaction.params, client),
      requested: requestedItems(interaction.params, client),
      prompt: interaction.prompt,
      session,
      progress: interaction.result ?? {},
      interaction,
    };
  }

  /** Keeps what has been reached. */
  async save(signIn: SignInRequest, progress: Progress): Promise<void> {
    signIn.progress = progress;
    signIn.interaction.result = progress;
    // A fresh sign-in stands on its own; the library would refuse it when the session of before is gone.
    if (progress.login) delete signIn.interaction.session;
    await signIn.interaction.persist();
  }

  /** Ends the citizen's part; the returned address is the library's, which answers the agency. */
  async finish(signIn: SignInRequest, progress: Progress): Promise<string> {
    await this.save(signIn, progress);
    return signIn.interaction.returnTo;
  }

  async #interaction(uid: string): Promise<Interaction | undefined> {
    return (await this.#provider.Interaction.find(uid)) as unknown as Interaction | undefined;
  }

  /** The agency behind a request, also one that is over: what is needed to offer a new start. */
  async agencyBehind(uid: string): Promise<ClientRegistration | undefined> {
    const kept = (await this.#store.state.get('Interaction', uid))?.value as { params?: RequestParameters } | undefined;
    return kept?.params && this.#clients.get(kept.params.client_id);
  }

  /** The agency whose request was answered a moment ago: so lately that its page may still stand on the screen. */
  async agencyJustAnswered(uid: string): Promise<ClientRegistration | undefined> {
    const kept = (await this.#store.state.get('Interaction', uid))?.value as { answered?: number } | undefined;
    const lately = Math.floor(Date.now() / 1000) - (kept?.answered ?? 0) < MOMENT;
    return lately ? this.agencyBehind(uid) : undefined;
  }

  /** Why a browser that cannot show the request's cookie is refused: it is another one, or the request is over. */
  async refusal(uid: string): Promise<Refusal> {
    return new Refusal((await this.#interaction(uid)) ? 'other_browser' : 'request_expired');
  }
}
