/** Owns the downstream face: the OpenID provider that agencies talk to, as the library is told to be it. */
import Provider, { errors, type KoaContextWithOIDC, type Configuration as LibraryConfiguration } from 'oidc-provider';
import { LANGUAGES } from '../../views/pages.ts';
import { KEY_ENCRYPTION } from '../client-keys.ts';
import type { Clients } from '../clients.ts';
import type { Configuration } from '../config.ts';
import { SCOPES } from '../consent/items.ts';
import { ACR_LADDER } from '../identity/assertion.ts';
import { reaches } from '../identity/assurance.ts';
import type { SourceSettings } from '../sources.ts';
import type { Store } from '../store.ts';
import type { Keys } from '../vault/keys.ts';
import type { Vault } from '../vault/vault.ts';
import type { Limits } from '../web/limits.ts';
import type { Log } from '../web/log.ts';
import type { Outgoing } from '../web/outgoing.ts';
import { CLOCK_TOLERANCE, createAdapterFactory, readCodeAhead } from './adapter.ts';
import type { BackChannelLogout } from './back-channel-logout.ts';
import { ASSURANCE_METADATA, CLAIMS_BY_SCOPE, releasedClaims } from './claims.ts';
import { assertShortLived } from './client-assertions.ts';
import { installClientModels } from './client-models.ts';
import { Grants } from './grant.ts';
import { type Interactions, signInPath } from './interaction.ts';
import { createPolicy } from './policy.ts';
import { beginWithAnEvent, journalProtocol } from './protocol-events.ts';
import { createRequestRules } from './request-rules.ts';
import { installSessions, type SessionEnded, sessionLifetime } from './session.ts';
import { SIGN_IN_LIFETIME } from './sign-in-lifetime.ts';
import { normaliseVerifiedClaims } from './verified-claims.ts';

export interface OpenIdParts {
  readonly configuration: Configuration;
  readonly keys: Keys;
  readonly clients: Clients;
  readonly store: Store;
  readonly vault: Vault;
  readonly outgoing: Outgoing;
  readonly limits: Limits;
  readonly pages: OpenIdPages;
  /** Told when a session ends, however it ends. */
  readonly ended: SessionEnded;
  readonly logout: BackChannelLogout;
  readonly interactions: Interactions;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

/** The pages the library asks for; drawn elsewhere (pages.ts). */
export interface OpenIdPages {
  error(ctx: KoaContextWithOIDC, error: Error): Promise<void>;
  signOut(ctx: KoaContextWithOIDC): Promise<void>;
  signedOut(ctx: KoaContextWithOIDC): Promise<void>;
  aroundSignOut(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void>;
  formPost(ctx: KoaContextWithOIDC, action: string, fields: Record<string, string>): Promise<void>;
  /** Around everything: what is answered when the store fails. */
  storeTrouble(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void>;
}

export interface OpenIdFace {
  readonly provider: Provider;
  readonly grants: Grants;
}

const SIGNING = ['ES256', 'RS256', 'PS256'] as const;
const CONTENT_ENCRYPTION = ['A256GCM'] as const;
const HOUR = 60 * 60;

/** Builds the provider. Lifetimes: code 60 s, access token 10 min, id token 5 min; no refresh tokens. */
export function createOpenIdFace(parts: OpenIdParts): OpenIdFace {
  const { configuration, keys, clients, store, outgoing, pages } = parts;
  // Assigned below: the library wants its settings before it exists, and only calls these later.
  let grants: Grants;
  const secure = configuration.issuer.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;

  const settings: LibraryConfiguration = {
    adapter: createAdapterFactory(store.state, () => grants, clients),
    jwks: { keys: keys.signing.map((key) => ({ ...key })) },
    cookies: {
      keys: [...keys.cookies],
      // A neighbouring host can set cookies for all of a domain, but none with these prefixes (RFC 6265bis 4.1.3).
      names: {
        session: secure ? '__Host-lt_session' : 'lt_session',
        interaction: secure ? '__Secure-lt_interaction' : 'lt_interaction',
        resume: secure ? '__Secure-lt_resume' : 'lt_resume',
      },
      long: cookie,
      // They only name a sign-in; what it is, is sealed (interaction.ts).
      short: { ...cookie, signed: false },
    },
    routes: {
      authorization: '/authorize',
      pushed_authorization_request: '/par',
      token: '/token',
      userinfo: '/userinfo',
      introspection: '/introspect',
      revocation: '/revoke',
      jwks: '/jwks',
      end_session: '/session/end',
    },
    scopes: [...SCOPES],
    claims: CLAIMS_BY_SCOPE,
    acrValues: [...ACR_LADDER],
    responseTypes: ['code'],
    subjectTypes: ['pairwise', 'public'],
    clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    enabledJWA: {
      idTokenSigningAlgValues: [...SIGNING],
      userinfoSigningAlgValues: [...SIGNING],
      clientAuthSigningAlgValues: [...SIGNING],
      dPoPSigningAlgValues: [...SIGNING],
      idTokenEncryptionAlgValues: [...KEY_ENCRYPTION],
      idTokenEncryptionEncValues: [...CONTENT_ENCRYPTION],
      userinfoEncryptionAlgValues: [...KEY_ENCRYPTION],
      userinfoEncryptionEncValues: [...CONTENT_ENCRYPTION],
    },
    pkce: { required: (_ctx, client) => clients.get(client.clientId)?.pkce !== 'optional_in_sandbox' },
    // The library asks this of every request, whether or not the parameter came.
    extraParams: { idp_hint: createRequestRules(clients, configuration.sources, parts.limits) },
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: CLOCK_TOLERANCE,
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims) => assertShortLived(claims, CLOCK_TOLERANCE),
    // Tokens end with their authentication (grant.ts), which ends with the session; the library need not know.
    expiresWithSession: () => false,
    issueRefreshToken: () => false,
    loadExistingGrant: (ctx) => grants.forRequest(ctx),
    interactions: {
      policy: createPolicy(clients, (ctx) => grants.isClosed(ctx)),
      url: (_ctx, { uid, params }) => signInPath({ uid, client: params.client_id as string }),
    },
    findAccount: (_ctx, accountId, token) => ({
      accountId,
      claims: async (use, scope) => {
        const release = await grants.release(token?.grantId as string | undefined);
        if (!release) return { sub: accountId };
        const asked = (token as { claims?: Record<string, Record<string, unknown>> } | undefined)?.claims;
        const released = { scope, claims: asked?.[use] ?? {} };
        // About the sign-in, so beside `acr`; where none is registered there is none.
        const signIn = use === 'id_token' ? { vn_auth_level: release.authentication.vnAuthLevel } : {};
        return {
          sub: accountId,
          ...signIn,
          ...releasedClaims(release.authentication, new Set(release.consent.granted), released),
        };
      },
    }),
    pairwiseIdentifier: (ctx, accountId, client) =>
      (ctx && grants.knownSubject(ctx, accountId, client.clientId)) ??
      store.people.subjectFor(accountId, clients.get(client.clientId)?.agency.id ?? client.clientId),
    fetch: (url, options) => outgoing.fetch(url as string, options as never),
    renderError: (ctx, _out, error) => pages.error(ctx, error),
    ttl: {
      AuthorizationCode: 60,
      AccessToken: 600,
      IdToken: 300,
      Interaction: SIGN_IN_LIFETIME,
      Grant: HOUR,
      Session: (_ctx, session) => sessionLifetime(session as { loginTs?: number }),
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: false },
      claimsParameter: {
        enabled: true,
        assertClaimsParameter: async (ctx, claims) => {
          const asked = claims as unknown as Record<string, unknown>;
          if (!normaliseVerifiedClaims(asked))
            throw new errors.InvalidRequest('verified_claims has not the standard form');
          ctx.oidc.params!.claims = JSON.stringify(asked);
        },
      },
      dPoP: { enabled: true },
      jwtUserinfo: { enabled: true },
      encryption: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client) => clients.get(client.clientId)?.role === 'resource_server',
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      pushedAuthorizationRequests: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => pages.signOut(ctx),
        postLogoutSuccessSource: (ctx) => pages.signedOut(ctx),
      },
    },
  };

  const provider = new HubProvider(configuration.issuer, settings, pages);
  // The hub itself sets the scheme and host of every request before the library sees it (web/server.ts).
  provider.proxy = true;
  grants = new Grants(provider, store, clients, parts.vault);
  installClientModels(provider, parts);
  installSessions(provider, store.state, parts.ended);
  parts.interactions.install(provider);
  beginWithAnEvent(provider, parts);
  parts.logout.replaceTheLibrarys(provider);
  overrideOneUse(provider, parts);
  provider.use((ctx, next) => pages.storeTrouble(ctx as KoaContextWithOIDC, next));
  provider.use(completeDiscovery(configuration.sources));
  provider.use((ctx, next) => pages.aroundSignOut(ctx as KoaContextWithOIDC, next));
  provider.use((ctx, next) => journalProtocol(ctx as KoaContextWithOIDC, next, parts));
  return { provider, grants };
}

/**
 * The library with our page for `response_mode=form_post`: in the citizen's language, and without scripts too. And with
 * no answer in a fragment, where an agency's server would not see even an error.
 */
class HubProvider extends Provider {
  constructor(issuer: string, settings: LibraryConfiguration, pages: OpenIdPages) {
    beingBuilt.pages = pages;
    super(issuer, settings);
  }

  // Called by the constructor above for each mode; the first registration of a name stands.
  override registerResponseMode(name: string, handler: ResponseMode): void {
    const { pages } = beingBuilt;
    if (name === 'query') beingBuilt.query = handler;
    const ours = { form_post: pages!.formPost, fragment: beingBuilt.query! }[name] as ResponseMode | undefined;
    super.registerResponseMode(name, ours ?? handler);
  }
}

type ResponseMode = Parameters<Provider['registerResponseMode']>[1];

/** Handed past the library's constructor, which calls `registerResponseMode` before fields of ours exist. */
const beingBuilt: { pages?: OpenIdPages; query?: ResponseMode } = {};

/** What the library decides by find-then-write is decided by one write in the store. */
function overrideOneUse(provider: Provider, { store }: OpenIdParts): void {
  // biome-ignore lint/suspicious/noExplicitAny: the library does not type this static
  const ReplayDetection = (provider as any).ReplayDetection;
  ReplayDetection.unique = (issuer: string, jti: string, exp: number) => {
    readCodeAhead(store.state);
    // Twice as long as the library says: it takes a DPoP proof from as far in the future as from the past.
    const lifetime = 2 * Math.max(1, exp - Math.floor(Date.now() / 1000)) + CLOCK_TOLERANCE;
    return store.state.putIfAbsent('UsedJti', JSON.stringify([issuer, jti]), true, lifetime);
  };
}

/** Completes discovery: identity assurance, and only what clients can really use. */
function completeDiscovery(sources: readonly SourceSettings[]) {
  // A stronger sign-in is always good enough for a weaker level.
  const within = ACR_LADDER.filter((level) => sources.some(({ acr }) => reaches(acr, level)));
  const ours = {
    ...ASSURANCE_METADATA,
    acr_values_supported: within,
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['pairwise'],
    response_modes_supported: ['query', 'form_post'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    ui_locales_supported: LANGUAGES,
  };
  return async (ctx: import('koa').Context, next: () => Promise<void>): Promise<void> => {
    await next();
    if ((ctx as KoaContextWithOIDC).oidc?.route === 'discovery') ctx.body = { ...(ctx.body as object), ...ours };
  };
}
