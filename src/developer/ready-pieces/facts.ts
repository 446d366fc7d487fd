/** Owns what has to be known of a service to write a login for it. No secret is among it. */
import type { ClientRegistration } from '../../clients.ts';
import { ACR_LADDER, type Acr } from '../../identity/assertion.ts';

export interface ServiceFacts
  extends Pick<
    ClientRegistration,
    | 'client_id'
    | 'scopes'
    | 'minimum_acr'
    | 'require_pushed_authorization_requests'
    | 'id_token_signed_response_alg'
    | 'id_token_encrypted_response_alg'
    | 'userinfo_signed_response_alg'
    | 'userinfo_encrypted_response_alg'
    | 'backchannel_logout_uri'
    | 'login_uri'
  > {
  /** Where the service signs citizens in: its sandbox's or the hub's. */
  readonly issuer: string;
  readonly service: ClientRegistration['service'];
  readonly token_endpoint_auth_method: ClientRegistration['authentication']['method'];
  /** One at least; the first is the one the piece answers at. */
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uri?: string | undefined;
}

/** The same, as it is registered. */
export function factsOf(issuer: string, registration: ClientRegistration): ServiceFacts {
  const { authentication, post_logout_redirect_uris } = registration;
  return {
    ...registration,
    issuer,
    token_endpoint_auth_method: authentication.method,
    post_logout_redirect_uri: post_logout_redirect_uris[0],
  };
}

/** Everything that the templates ask, worked out once for all three pieces. */
export interface Blueprint {
  readonly facts: ServiceFacts;
  readonly redirectUri: URL;
  /** Path of the login, next to the redirect address unless a login address of the same site is registered. */
  readonly home: string;
  readonly login: string;
  readonly signOut: string;
  /** Where it is registered that these come, if on this very site. */
  readonly postLogoutPath: string | undefined;
  readonly backchannelPath: string | undefined;
  readonly acceptedLevels: readonly Acr[];
  readonly byKey: boolean;
  /** The algorithms it needs keys for to open what is sent to it. */
  readonly encryptionAlgs: readonly string[];
  readonly hasKeys: boolean;
  /** Where userinfo is a signed token: by which algorithm. */
  readonly userinfoAlg: string | undefined;
  /** Only a sandbox on this machine has no TLS. */
  readonly withoutTls: boolean;
  /** Where the piece listens unless told: at the redirect address's port, if that is on this machine. */
  readonly port: number;
}

/** Nothing while there is no address that a sign-in could come back to, as in a draft. */
export function blueprintOf(facts: ServiceFacts): Blueprint | undefined {
  const redirectUri = webAddress(facts.redirect_uris[0]);
  if (redirectUri === undefined) return undefined;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(redirectUri.hostname);
  const home = new URL('.', redirectUri).pathname;
  const signOut = `${home}sign-out`;
  const registered = webAddress(facts.login_uri);
  const taken = [home, signOut, redirectUri.pathname];
  const isOurs =
    registered !== undefined && registered.origin === redirectUri.origin && !taken.includes(registered.pathname);
  const signedOut = webAddress(facts.post_logout_redirect_uri);
  const isPage = signedOut?.origin === redirectUri.origin && !taken.includes(signedOut.pathname);
  const { id_token_encrypted_response_alg, userinfo_encrypted_response_alg } = facts;
  const encryptionAlgs = new Set([id_token_encrypted_response_alg ?? [], userinfo_encrypted_response_alg ?? []].flat());
  const byKey = facts.token_endpoint_auth_method === 'private_key_jwt';
  return {
    facts,
    redirectUri,
    home,
    login: isOurs ? registered.pathname : `${home}login`,
    signOut,
    postLogoutPath: isPage ? signedOut.pathname : undefined,
    backchannelPath: webAddress(facts.backchannel_logout_uri)?.pathname,
    acceptedLevels: ACR_LADDER.slice(ACR_LADDER.indexOf(facts.minimum_acr)),
    byKey,
    encryptionAlgs: [...encryptionAlgs],
    hasKeys: byKey || encryptionAlgs.size > 0,
    // What the hub encrypts it always signs as well, by this one unless told (src/oidc/client-metadata.ts).
    userinfoAlg: facts.userinfo_signed_response_alg ?? (userinfo_encrypted_response_alg && 'ES256'),
    withoutTls: facts.issuer.startsWith('http:'),
    port: isLocal ? Number(redirectUri.port || 80) : 8080,
  };
}

function webAddress(written: string | undefined): URL | undefined {
  const address = URL.parse(written ?? '');
  return address !== null && /^https?:$/.test(address.protocol) ? address : undefined;
}
