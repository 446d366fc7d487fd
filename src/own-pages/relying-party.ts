/**
 * Owns the sign-in of a page of the hub itself: at the hub, by the code flow with PKCE, state and nonce, like any agency's.
 * What it asks the hub's server goes to this machine's own port, because the issuer's address may not be reachable from inside.
 */
import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as client from 'openid-client';
import { Refusal } from '../errors.ts';
import type { Acr } from '../identity/assertion.ts';
import type { Vault } from '../vault/vault.ts';
import { cookieIn } from '../web/cookies.ts';
import { type OwnPage, ownPageSecret } from './own-page.ts';

/** Seconds a sign-in may take. */
const LIFETIME = 60 * 60;

/** What a sign-in is to be good for. */
export interface Wish {
  /** Where on the page it leads back to. */
  readonly back: string;
  /** A new sign-in rather than the one that is running. */
  readonly fresh: boolean;
  readonly level?: Acr;
  /** Straight to this source (`idp_hint`). */
  readonly source?: string;
}

interface Begun extends Pick<Wish, 'back'> {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

interface Browser {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface RelyingPartyParts {
  readonly page: OwnPage;
  readonly issuer: string;
  readonly vault: Vault;
  /** Where this hub listens, once it does. */
  readonly hub: () => string;
  readonly clock: () => number;
}

export class OwnRelyingParty {
  readonly #parts: RelyingPartyParts;
  readonly #configuration: client.Configuration;
  readonly #secure: boolean;

  constructor(parts: RelyingPartyParts) {
    this.#parts = parts;
    const { issuer, vault, page } = parts;
    this.#secure = issuer.startsWith('https:');
    const at = (path: string) => `${issuer}${path}`;
    const server = {
      issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      jwks_uri: at('/jwks'),
    };
    const secret = ownPageSecret(page, vault);
    const metadata = { id_token_signed_response_alg: 'ES256' };
    this.#configuration = new client.Configuration(server, page.client, metadata, client.ClientSecretBasic(secret));
    client.enableNonRepudiationChecks(this.#configuration);
    if (!this.#secure) client.allowInsecureRequests(this.#configuration);
    this.#configuration[client.customFetch] = (address, options) =>
      fetch(address.replace(issuer, parts.hub()), {
        ...options,
        headers: { ...options.headers, connection: 'close' },
      } as RequestInit);
  }

  /** Begins a sign-in; returns the address to lead the browser to. */
  async begin(wish: Wish, { response }: Pick<Browser, 'response'>): Promise<string> {
    const { vault, issuer, clock, page } = this.#parts;
    const state = client.randomState();
    const begun: Begun = {
      back: wish.back,
      state,
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      until: clock() + LIFETIME * 1000,
    };
    this.#setCookie(response, state, vault.sealState(this.#cookie(), begun).toString('base64url'), LIFETIME);
    const address = client.buildAuthorizationUrl(this.#configuration, {
      redirect_uri: `${issuer}${page.path}/callback`,
      scope: 'openid',
      state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      ...(wish.fresh ? { prompt: 'login' } : {}),
      ...(wish.level ? { acr_values: wish.level } : {}),
      ...(wish.source ? { idp_hint: wish.source } : {}),
    });
    return address.href;
  }

  /**
   * Ends a sign-in with the hub's answer: the access token, and where it leads back to. `token` is absent when the citizen
   * turned back. Throws `Refusal` `other_browser`, `request_expired`, `source_answer_invalid`.
   */
  async end(address: URL, { request, response }: Browser): Promise<{ readonly back: string; readonly token?: string }> {
    const state = address.searchParams.get('state') ?? '';
    const begun = this.#begun(request, state);
    if (begun === undefined) throw new Refusal('other_browser');
    this.#setCookie(response, state, '', 0);
    if (begun.until < this.#parts.clock()) throw new Refusal('request_expired');
    const { back, nonce, verifier } = begun;
    if (address.searchParams.has('error')) return { back };
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    try {
      const { access_token: token } = await client.authorizationCodeGrant(this.#configuration, address, checks);
      return { back, token };
    } catch (cause) {
      throw new Refusal('source_answer_invalid', {}, { cause });
    }
  }

  #begun(request: IncomingMessage, state: string): Begun | undefined {
    const value = cookieIn(request, this.#cookie(state));
    if (value === undefined) return undefined;
    const begun = this.#parts.vault.openState(this.#cookie(), Buffer.from(value, 'base64url'));
    return (begun as Begun | undefined)?.state === state ? (begun as Begun) : undefined;
  }

  /** One for each tab that signs in; without a state what they have in common. */
  #cookie(state?: string): string {
    const tab = state === undefined ? '' : hash('sha256', state, 'hex').slice(0, 16);
    return `lt_${this.#parts.page.cookie}_begun_${tab}`;
  }

  #setCookie(response: ServerResponse, state: string, value: string, maxAge: number): void {
    const secure = this.#secure ? '; Secure' : '';
    const path = `${this.#parts.page.path}/callback`;
    response.appendHeader(
      'set-cookie',
      `${this.#cookie(state)}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`,
    );
  }
}
