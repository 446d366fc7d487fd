/** Owns the tax authority as an OpenID provider: one client (the hub), a password each time, no session, no consent. */
import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, {
  type AdapterPayload,
  type Configuration,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { Registers, TaxEntry } from '../registers.ts';
import { errorPage } from './pages.ts';
import { memoryStorage } from './storage.ts';

/** What a password at the tax authority is worth, in its own words; the hub translates it to its ladder. */
export const TAX_ACR = 'urn:sandbox:tax:password';

export interface TaxClient {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly jwks: { readonly keys: readonly JWK[] };
}

export interface TaxProviderSettings {
  readonly issuer: string;
  readonly registers: Registers;
  /** The authority's own private key. */
  readonly signingKey: JWK;
  readonly hub: TaxClient;
}

/** What the authority tells about an account; what its register does not hold is left out. */
export function claimsOf(entry: TaxEntry): { sub: string; [claim: string]: unknown } {
  return {
    sub: entry.taxCode,
    tax_code: entry.taxCode,
    name: entry.name,
    ...(entry.birthDate === null ? {} : { birthdate: entry.birthDate }),
    ...(entry.idNumber === null ? {} : { id_number: entry.idNumber }),
    taxpayer_kind: entry.kind === 'company' ? 'company' : 'individual',
    status: entry.status,
  };
}

/** Asks for the password at every request, whatever a browser still holds, and never for consent. */
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
function withoutSessions(provider: Provider): void {
  provider.use(async (ctx, next) => {
    const kept = (ctx.headers.cookie ?? '').split('; ').filter((cookie) => !cookie.startsWith('tax_session'));
    ctx.headers.cookie = kept.join('; ');
    await next();
    const set = [ctx.response.headers['set-cookie'] ?? []].flat().map(String);
    const left = set.filter((cookie) => !cookie.startsWith('tax_session'));
    if (left.length > 0) ctx.set('set-cookie', left);
    else ctx.remove('set-cookie');
  });
}

/** The one client, as the library takes it. */
function registrationOf({ client_id, redirect_uri, jwks }: TaxClient): AdapterPayload {
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

function configuration({ registers, signingKey, hub }: TaxProviderSettings): Configuration {
  return {
    adapter: memoryStorage(registrationOf(hub)),
    jwks: { keys: [signingKey as never] },
    cookies: {
      // Ports of one machine share their cookies: names of our own keep them apart from the hub's.
      names: { session: 'tax_session', interaction: 'tax_sign_in', resume: 'tax_resume' },
      keys: [randomBytes(32).toString('base64url')],
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    findAccount: (_ctx, taxCode) => {
      const entry = registers.find('tax-code', taxCode);
      return entry && { accountId: taxCode, claims: () => claimsOf(entry) };
    },
    loadExistingGrant: grantEverythingAsked,
    interactions: { policy: policy(), url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    pkce: { required: () => true },
    scopes: ['openid', 'profile'],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['tax_code', 'name', 'birthdate', 'id_number', 'taxpayer_kind', 'status'],
    },
    acrValues: [TAX_ACR],
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
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
      ctx.body = errorPage('vi', out.error).toString();
    },
  };
}

/** The provider itself; its sign-in page is in `sign-in.ts`. */
export function taxProvider(settings: TaxProviderSettings): Provider {
  const provider = new Provider(settings.issuer, configuration(settings));
  withoutSessions(provider);
  provider.on('server_error', (_ctx, error) => console.error(error));
  return provider;
}
