/** Owns the OpenID provider of an authority: one client (the hub), a proof each time, no session, no consent. */
import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, {
  type AdapterPayload,
  type Configuration,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { errorPage } from './pages.ts';
import type { AuthorityProfile } from './profile.ts';
import { memoryStorage } from './storage.ts';

/** The hub, as an authority knows it. */
export interface HubAsClient {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly jwks: { readonly keys: readonly JWK[] };
}

export interface ProviderSettings {
  readonly issuer: string;
  readonly profile: AuthorityProfile;
  /** The authority's own private key. */
  readonly signingKey: JWK;
  readonly hub: HubAsClient;
}

/** Asks for a proof at every request, whatever a browser still holds, and never for consent. */
function policy() {
  const { Check } = interactionPolicy;
  const prompts = interactionPolicy.base();
  prompts.remove('consent');
  const login = prompts.get('login');
  login?.checks.clear();
  login?.checks.add(
    new Check(
      'every_time',
      'the password is asked at every sign-in',
      'login_required',
      (ctx) => ctx.oidc.result?.login === undefined,
    ),
  );
  return prompts;
}

/** The citizen agreed by typing the password: the authority's own page says what goes to whom. */
async function grantEverythingAsked(ctx: KoaContextWithOIDC) {
  const { client, session, provider, params } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(String(params?.scope ?? 'openid'));
  await grant.save();
  return grant;
}

/** The library keeps a session in a cookie; without one in either direction nothing of a citizen stays behind. */
function withoutSessions(provider: Provider, name: string): void {
  provider.use(async (ctx, next) => {
    const kept = (ctx.headers.cookie ?? '').split('; ').filter((cookie) => !cookie.startsWith(name));
    ctx.headers.cookie = kept.join('; ');
    await next();
    const set = [ctx.response.headers['set-cookie'] ?? []].flat().map(String);
    const left = set.filter((cookie) => !cookie.startsWith(name));
    if (left.length > 0) ctx.set('set-cookie', left);
    else ctx.remove('set-cookie');
  });
}

/** The one client, as the library takes it. */
function registrationOf({ client_id, redirect_uri, jwks }: HubAsClient): AdapterPayload {
  return {
    client_id,
    redirect_uris: [redirect_uri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: jwks.keys as never },
    id_token_signed_response_alg: 'ES256',
  };
}

function configuration({ issuer, profile, signingKey, hub }: ProviderSettings): Configuration {
  const { prefix, accounts, claims, levels } = profile;
  return {
    adapter: memoryStorage(registrationOf(hub)),
    jwks: { keys: [signingKey as never] },
    cookies: {
      // Ports of one machine share their cookies: names of our own keep them apart from the hub's and each other's.
      names: { session: `${prefix}_session`, interaction: `${prefix}_sign_in`, resume: `${prefix}_resume` },
      keys: [randomBytes(32).toString('base64url')],
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    findAccount: (_ctx, subject, token) => {
      const level = token !== undefined && 'acr' in token ? token.acr : undefined;
      const told = accounts.claims(subject, level);
      return told && { accountId: subject, claims: () => told };
    },
    loadExistingGrant: grantEverythingAsked,
    interactions: { policy: policy(), url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    pkce: { required: () => true },
    scopes: ['openid', 'profile'],
    claims: { openid: [...claims.openid], profile: [...claims.profile] },
    acrValues: [...levels],
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    ...(profile.signOut === undefined ? {} : { discovery: { end_session_endpoint: `${issuer}${profile.signOut}` } }),
    // Nobody has a session here that a code or token could end with.
    expiresWithSession: () => false,
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    ttl: { Interaction: 600, AuthorizationCode: 60, AccessToken: 300, IdToken: 300, Session: 600, Grant: 300 },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = errorPage(profile, 'vi', out.error).toString();
    },
  };
}

/** The provider itself; its pages are in `sign-in.ts`. */
export function authorityProvider(settings: ProviderSettings): Provider {
  const provider = new Provider(settings.issuer, configuration(settings));
  withoutSessions(provider, `${settings.profile.prefix}_session`);
  provider.on('server_error', (_ctx, error) => console.error(error));
  return provider;
}
