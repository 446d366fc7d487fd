/**
 * Owns the leg to a source that is an OpenID provider: discovery, code flow, PKCE, state, nonce, `iss`, private_key_jwt,
 * signatures verified. What its claims mean is told by whoever configures it (`read`).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import * as client from 'openid-client';
import { z } from 'zod';
import { Refusal } from '../../src/errors.ts';
import type { Assertion } from '../../src/identity/assertion.ts';
import type { SettingsOf } from '../../src/sources.ts';
import type { Outgoing } from '../../src/web/outgoing.ts';
import type { BeginRequest, Begun, Health, RedirectSource, SourceAnswer } from '../source.ts';

export interface OpenIdSourceParts {
  readonly settings: SettingsOf<'tax-code' | 'openid'>;
  /** The redirect address that only this source knows (RFC 9700 2.1: mix-up). */
  readonly redirectUri: string;
  /** The hub's own key at sources (RFC 7523). */
  readonly key: client.PrivateKey;
  readonly outgoing: Outgoing;
  readonly scope: string;
  /** What the source's verified claims say. Throws `Refusal` when they say something the hub cannot use. */
  readonly read: (claims: SourceClaims) => Assertion;
}

/** Verified claims: of the id token, and of userinfo for the same `sub`. */
export interface SourceClaims {
  readonly idToken: client.IDToken;
  readonly userInfo: client.UserInfoResponse;
}

const memory = z.strictObject({ verifier: z.string(), nonce: z.string() });

/** Milliseconds for which a source's metadata and keys are used without asking again. */
const METADATA_FRESH = 10 * 60 * 1000;
/** The one algorithm a source signs with here; anything else is refused whatever its metadata says. */
const SIGNED_WITH = 'ES256';
const OUR_METADATA: Partial<client.ClientMetadata> = { id_token_signed_response_alg: SIGNED_WITH };

export class OpenIdSource implements RedirectSource, Health {
  readonly id: string;
  readonly acr: RedirectSource['acr'];
  readonly card: RedirectSource['card'];
  readonly #parts: OpenIdSourceParts;
  #known: { readonly configuration: client.Configuration; readonly until: number } | undefined;
  /** What is fetched for a call ends when the citizen's patience does. */
  readonly #patience = new AsyncLocalStorage<AbortSignal>();

  constructor(parts: OpenIdSourceParts) {
    const { id, acr, name, authority, asks, icon } = parts.settings;
    this.id = id;
    this.acr = acr;
    this.card = { id, name, authority, asks, icon };
    this.#parts = parts;
  }

  /** Its discovery document is read, and serves the sign-ins that follow. */
  async reachable(signal: AbortSignal): Promise<void> {
    await this.#patience.run(signal, () => this.#discover());
  }

  begin(request: BeginRequest): Promise<Begun> {
    return this.#patience.run(request.signal, () => this.#begin(request));
  }

  finish(answer: SourceAnswer): Promise<Assertion> {
    return this.#patience.run(answer.signal, () => this.#finish(answer));
  }

  async #begin({ state, language }: BeginRequest): Promise<Begun> {
    const configuration = await this.#configuration();
    const verifier = client.randomPKCECodeVerifier();
    const nonce = client.randomNonce();
    const redirect = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#parts.redirectUri,
      scope: this.#parts.scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ui_locales: language,
      // The level is that of the credential used now: a session at the source proves nothing.
      prompt: 'login',
    });
    return { redirect, memory: { verifier, nonce } };
  }

  async #finish(answer: SourceAnswer): Promise<Assertion> {
    const configuration = await this.#configuration();
    const { verifier, nonce } = memory.parse(answer.memory);
    try {
      const tokens = await client.authorizationCodeGrant(configuration, answer.address, {
        pkceCodeVerifier: verifier,
        expectedState: answer.state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const idToken = tokens.claims();
      if (idToken === undefined || [idToken.aud].flat().length !== 1) throw new Refusal('source_answer_invalid');
      const userInfo = await client.fetchUserInfo(configuration, tokens.access_token, idToken.sub);
      return this.#parts.read({ idToken, userInfo });
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** The source's `end_session_endpoint` (OpenID Connect RP-Initiated Logout 1.0); no id token is kept to hint with. */
  async signOutAddress(signal: AbortSignal): Promise<URL | undefined> {
    const { issuer, client_id } = this.#parts.settings;
    const metadata = await this.#patience
      .run(signal, () => this.#configuration())
      .then(
        (configuration) => configuration.serverMetadata(),
        () => undefined,
      );
    const address = URL.parse(metadata?.end_session_endpoint ?? '');
    // A page of the hub links there: only to the place that signed the citizen in.
    if (address === null || address.origin !== new URL(issuer).origin) return undefined;
    address.searchParams.set('client_id', client_id);
    return address;
  }

  /** What the source says of itself, and its keys, used for a while without asking again. */
  async #configuration(): Promise<client.Configuration> {
    const known = this.#known;
    return known === undefined || known.until < Date.now() ? this.#discover() : known.configuration;
  }

  /** Reads what the source says of itself. Throws `Refusal` `source_unavailable`. */
  async #discover(): Promise<client.Configuration> {
    const { settings, key } = this.#parts;
    try {
      const proof = client.PrivateKeyJwt(key);
      const configuration = await client.discovery(new URL(settings.issuer), settings.client_id, OUR_METADATA, proof, {
        [client.customFetch]: (url, options) =>
          this.#parts.outgoing.fetch(url, { ...options, signal: this.#patience.getStore() } as never),
        // The id token comes over TLS, yet its signature is checked: it is the evidence the identity rests on.
        execute: [...this.#plain, client.enableNonRepudiationChecks],
      });
      this.#known = { configuration, until: Date.now() + METADATA_FRESH };
      return configuration;
    } catch (cause) {
      throw new Refusal('source_unavailable', {}, { cause });
    }
  }

  /** http only where the outgoing client allows it, too: in the sandbox. */
  get #plain(): ((configuration: client.Configuration) => void)[] {
    return new URL(this.#parts.settings.issuer).protocol === 'http:' ? [client.allowInsecureRequests] : [];
  }
}

/** What a failed answer is for the citizen: the source's own refusal, a source in trouble, or an answer not to be believed. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof client.AuthorizationResponseError) {
    if (error.error === 'access_denied') {
      const locked = error.error_description === 'account_locked';
      return new Refusal(locked ? 'source_account_locked' : 'source_cancelled', {}, { cause: error });
    }
    return new Refusal('source_unavailable', {}, { cause: error });
  }
  if (isUnreachable(error)) return new Refusal('source_unavailable', {}, { cause: error });
  return new Refusal('source_answer_invalid', {}, { cause: error });
}

/** Codes of the outgoing client that say that the source is in trouble, rather than that it lies. */
const IN_TROUBLE = ['unreachable', 'too_slow'];

function isUnreachable(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; depth < 5; at = (at as Error).cause, depth += 1) {
    if (at instanceof Response) return at.status >= 500;
    // What lies deeper is content of the answer, and the source's word is not what decides here.
    if (!(at instanceof Error || at instanceof DOMException)) return false;
    if ('code' in at && IN_TROUBLE.includes(String(at.code))) return true;
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return true;
    if (at instanceof client.ResponseBodyError) return at.status >= 500;
  }
  return false;
}
