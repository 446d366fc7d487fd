/** Owns an agency's side of OpenID Connect: a stock `openid-client`, as any agency would use it. */
import { importJWK, type JWK } from 'jose';
import * as client from 'openid-client';
import { LogoutTokens } from './logout-tokens.ts';

export type ClientProof =
  | { readonly method: 'private_key_jwt'; readonly key: JWK }
  | { readonly method: 'client_secret_basic'; readonly secret: string };

export interface RelyingPartySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly redirectUri: string;
  readonly signedOutUri: string;
  readonly scopes: readonly string[];
  readonly responseMode: 'query' | 'form_post';
}

/** One press of the login button: what must come back with its answer. */
export interface Press {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly maxAge: number | undefined;
}

export interface SignedIn {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly idToken: string;
}

const SECONDS_TO_WAIT = 10;

/** The hub does not tell its configuration: it is down, or slow. */
class HubUnreachable extends Error {
  override readonly name = 'HubUnreachable';
}

/** The agency as a client of the hub. It discovers the hub at the first press, not before: the hub may start later. */
export class RelyingParty {
  readonly #settings: RelyingPartySettings;
  #discovered: Promise<client.Configuration> | undefined;
  #logoutTokens: LogoutTokens | undefined;

  constructor(settings: RelyingPartySettings) {
    this.#settings = settings;
  }

  /** A fresh press and the address that it leads to; `asked` adds or replaces request parameters. */
  async begin(asked: Readonly<Record<string, string>>): Promise<{ press: Press; address: URL }> {
    const configuration = await this.#configuration();
    const press: Press = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
      maxAge: asked.max_age === undefined ? undefined : Number(asked.max_age),
    };
    const address = client.buildAuthorizationUrl(configuration, {
      scope: this.#settings.scopes.join(' '),
      ...(this.#settings.responseMode === 'query' ? {} : { response_mode: this.#settings.responseMode }),
      ...asked,
      redirect_uri: this.#settings.redirectUri,
      state: press.state,
      nonce: press.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(press.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { press, address };
  }

  /** Checks the hub's answer against the press it belongs to, redeems the code and asks for the claims. */
  async finish(answer: URL | Request, press: Press): Promise<SignedIn> {
    const configuration = await this.#configuration();
    const tokens = await client.authorizationCodeGrant(configuration, answer, {
      expectedState: press.state,
      expectedNonce: press.nonce,
      pkceCodeVerifier: press.codeVerifier,
      idTokenExpected: true,
      ...(press.maxAge === undefined ? {} : { maxAge: press.maxAge }),
    });
    const proven = tokens.claims();
    if (proven === undefined || tokens.id_token === undefined) throw new Error('no id token');
    const told = await client.fetchUserInfo(configuration, tokens.access_token, proven.sub);
    return { claims: { ...told, ...proven }, idToken: tokens.id_token };
  }

  /** Where a citizen goes to sign out at the hub too. */
  async signOutAddress(idToken: string): Promise<URL> {
    return client.buildEndSessionUrl(await this.#configuration(), {
      id_token_hint: idToken,
      post_logout_redirect_uri: this.#settings.signedOutUri,
    });
  }

  /** The hub's session that a logout token says has ended. Throws what is wrong with the token. */
  async sessionLeft(logoutToken: string): Promise<string> {
    const { jwks_uri } = (await this.#configuration()).serverMetadata();
    this.#logoutTokens ??= new LogoutTokens(new URL(jwks_uri!), this.#settings.issuer, this.#settings.clientId);
    return this.#logoutTokens.sessionIn(logoutToken);
  }

  #configuration(): Promise<client.Configuration> {
    this.#discovered ??= this.#discover().catch((cause) => {
      this.#discovered = undefined; // the next press tries again
      throw new HubUnreachable('discovery', { cause });
    });
    return this.#discovered;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, proof } = this.#settings;
    return client.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: 'ES256' },
      await authentication(proof),
      // The sandbox runs on plain http on one machine; a live agency leaves this line out.
      { execute: [client.allowInsecureRequests], timeout: SECONDS_TO_WAIT },
    );
  }
}

async function authentication(proof: ClientProof): Promise<client.ClientAuth> {
  if (proof.method === 'client_secret_basic') return client.ClientSecretBasic(proof.secret);
  const key = (await importJWK(proof.key, 'ES256')) as CryptoKey;
  return client.PrivateKeyJwt(proof.key.kid === undefined ? key : { key, kid: proof.key.kid });
}

/** The hub's own error code of a failed sign-in, or one of ours when it never came to an answer. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return error.error;
  if (error instanceof HubUnreachable) return 'hub_unavailable';
  return 'answer_not_accepted';
}
