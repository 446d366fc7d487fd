/**
 * Owns one sign-in while it is under way: the library's interaction, read for the browser that began it and for no
 * other, and what has been reached in it so far.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientRegistration, Clients } from '../clients.ts';
import type { AgreedTerms } from '../consent/terms.ts';
import { type ErrorCode, Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { PendingProof } from '../identity/double-proof.ts';
import type { PersonId } from '../identity/person.ts';
import type { JournalEntry } from '../journal/events.ts';
import { type RequestedItems, requestedItems } from '../oidc/claims.ts';
import type { Agreed } from '../oidc/grant.ts';
import { type InteractionPayload, type Interactions, readSignInId } from '../oidc/interaction.ts';
import { type RequiredAssurance, requiredAssurance } from '../oidc/policy.ts';
import { type SessionPayload, sessionByUid } from '../oidc/session.ts';
import { beginningOf } from '../oidc/sign-in-lifetime.ts';
import type { Store } from '../store.ts';
import { noteBeginning } from '../watching/trace.ts';

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
  /** A second proof by this source would not have been strong enough to link the first: it counts by itself. */
  readonly tooWeakFor?: string;
  /** Said at the choice: the browser keeps no session (oidc/session.ts reads it at the end). */
  readonly sharedComputer?: boolean;
  /** What the store knew of the person and this agency when they were identified. */
  readonly known?: Known;
  /** The consent that lets the request be answered; the library is spared looking it up (oidc/grant.ts). */
  readonly agreed?: Agreed;
  /** What happened and is told with what happens next. */
  readonly untold?: readonly JournalEntry[];
  /** The try at a source that asks on pages of the hub. */
  readonly attempt?: { readonly source: string; readonly id: string };
}

/** A person as the agency of a request knows them. */
export interface Known {
  readonly consent?: AgreedTerms;
  readonly sub?: string;
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

export interface SignInRequest {
  /** As it stands in addresses. */
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
  /** As it is kept. */
  readonly interaction: InteractionPayload;
  readonly browser: Browser;
}

/** The browser a step answers, which keeps the request. */
export interface Browser {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Seconds for which a form whose request is already answered counts as pressed twice, not as old. */
const MOMENT = 60;

/** Reads and writes the sign-ins under way. */
export class SignInRequests {
  readonly #interactions: Interactions;
  readonly #store: Store;
  readonly #clients: Clients;

  constructor(interactions: Interactions, store: Store, clients: Clients) {
    this.#interactions = interactions;
    this.#store = store;
    this.#clients = clients;
  }

  /** The request of this address, for the browser that began it. Throws `Refusal` `other_browser`, `request_expired`. */
  async open(browser: Browser, uid: string): Promise<SignInRequest> {
    const address = readSignInId(uid);
    const interaction = address && (await this.#interactions.read(browser.request, address.uid));
    if (interaction === undefined) throw await this.refusal(uid);
    const { client_id } = interaction.params;
    const client = this.#clients.get(client_id);
    if (interaction.exp <= seconds() || client === undefined || client_id !== address!.client)
      throw new Refusal('request_expired');
    if (client.suspended) throw new Refusal('client_suspended');
    noteBeginning(beginningOf(interaction));
    const params = interaction.params as RequestParameters;
    const begun = interaction.session as { uid: string; accountId?: string } | undefined;
    const progress = (interaction.result ?? {}) as Progress;
    const session = begun?.accountId === undefined ? undefined : await sessionByUid(this.#store.state, begun.uid);
    // Signed out, or somebody else signed in, in another tab meanwhile.
    if (begun?.accountId !== session?.accountId && !progress.login) throw new Refusal('request_expired');
    return {
      uid,
      client,
      params,
      required: requiredAssurance(params, client),
      requested: requestedItems(params, client),
      prompt: interaction.prompt as SignInRequest['prompt'],
      session,
      progress,
      interaction,
      browser,
    };
  }

  /** Keeps what has been reached. */
  async save(signIn: SignInRequest, progress: Progress): Promise<void> {
    signIn.progress = progress;
    const { session, ...interaction } = signIn.interaction;
    // A fresh sign-in stands on its own; the library would refuse it when the session of before is gone.
    const kept = { ...interaction, result: progress, ...(progress.login ? {} : { session }) };
    await this.#interactions.write(signIn.browser, readSignInId(signIn.uid)!.uid, kept as InteractionPayload);
  }

  /** Adds to what is told of this request together with what becomes of it. */
  tellLater(signIn: SignInRequest, entry: JournalEntry): void {
    signIn.progress = { ...signIn.progress, untold: [...(signIn.progress.untold ?? []), entry] };
  }

  /** What is still to be told of this request; whoever takes it records it. */
  takeUntold(signIn: SignInRequest): readonly JournalEntry[] {
    const { untold = [], ...progress } = signIn.progress;
    signIn.progress = progress;
    return untold;
  }

  /** Ends the citizen's part; the returned address is the library's, which answers the agency. */
  async finish(signIn: SignInRequest, progress: Progress): Promise<string> {
    const { untold = [], ...end } = progress;
    if (untold.length > 0) await this.#store.journal.record(untold);
    await this.save(signIn, end);
    // Should the address stray into another browser, that one can still be led back to the agency.
    return `${signIn.interaction.returnTo}?client=${signIn.client.client_id}`;
  }

  /** The agency that an address names: what is needed to offer a new start. */
  agencyBehind(uid: string): ClientRegistration | undefined {
    const address = readSignInId(uid);
    return address && this.#clients.get(address.client);
  }

  /** The agency whose request was answered a moment ago: so lately that its page may still stand on the screen. */
  async agencyJustAnswered(uid: string): Promise<ClientRegistration | undefined> {
    const ended = await this.#interactions.ended(readSignInId(uid)?.uid ?? uid);
    const client = ended && seconds() - ended.answered < MOMENT ? this.#clients.get(ended.client_id) : undefined;
    return client?.suspended ? undefined : client;
  }

  /** Why a browser that has no such request is refused: it is over, or another browser's. */
  async refusal(uid: string): Promise<Refusal> {
    const isOver = (await this.#interactions.ended(readSignInId(uid)?.uid ?? uid)) !== undefined;
    return new Refusal(isOver ? 'request_expired' : 'other_browser');
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
