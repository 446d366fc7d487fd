/** Owns the pages the OpenID library asks for: errors without a way back, sign-out, form-post. */
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Page } from '../../views/pages.ts';
import type { ClientRegistration, Clients } from '../clients.ts';
import { type ErrorCode, errorOf } from '../errors.ts';
import type { SignInRequests } from '../login/request.ts';
import type { Presentation } from '../web/presentation.ts';
import type { OpenIdPages } from './provider.ts';

export interface LibraryPagesParts {
  readonly presentation: Presentation;
  readonly clients: Clients;
  /** Known only after the provider is built, which needs these pages. */
  readonly later: () => { readonly provider: Provider; readonly requests: SignInRequests };
  readonly log: (code: string, details: Readonly<Record<string, unknown>>) => void;
}

/** The library's pages in the hub's own form and language. */
export function createLibraryPages({ presentation, clients, later, log }: LibraryPagesParts): OpenIdPages {
  return { error, signOut, signedOut, formPost };

  async function error(ctx: KoaContextWithOIDC, thrown: Error): Promise<void> {
    const uid = ctx.path.match(/^\/authorize\/([\w-]{10,100})$/)?.[1];
    const client = uid === undefined ? clientOf(ctx) : await later().requests.agencyBehind(uid);
    const code = uid === undefined ? codeOf(ctx, thrown) : (await later().requests.refusal(uid)).code;
    const known =
      code === 'internal_error'
        ? code
        : thrown instanceof errors.SessionNotFound || uid === undefined
          ? code
          : codeOf(ctx, thrown);
    // Nobody who is not registered is linked to, and a wrong redirect address makes the rest of the request doubtful.
    const trusted = known === 'client_unknown' || known === 'redirect_uri_unknown' ? undefined : client;
    show(ctx, {
      page: 'error',
      code: known,
      ...(trusted?.login_uri ? { restart: trusted.login_uri } : {}),
      ...(trusted ? { service: { agency: trusted.agency.name, name: trusted.service } } : {}),
    });
    const { incident } = ctx.req;
    const detail = thrown as { error?: string; error_description?: string };
    log(known, {
      incident,
      severity: errorOf(known).severity,
      client: client?.client_id,
      error: detail.error,
      ...(known === 'internal_error' ? { cause: thrown } : {}),
    });
  }

  /**
   * Sign-out asked for by an agency (OpenID Connect RP-Initiated Logout 1.0). With an `id_token_hint` of the very person
   * signed in, the citizen has already said so at the agency; without one they are asked.
   */
  async function signOut(ctx: KoaContextWithOIDC): Promise<void> {
    const { session, client, entities } = ctx.oidc;
    const hinted = (entities.IdTokenHint as { payload?: { sub?: string } } | undefined)?.payload?.sub;
    if (
      client &&
      hinted !== undefined &&
      session?.accountId &&
      hinted === (await subjectOf(ctx, session.accountId, client))
    )
      return signOutNow(ctx);
    show(ctx, {
      page: 'sign-out',
      action: ctx.oidc.urlFor('end_session_confirm'),
      fields: { xsrf: String(session?.state?.secret ?? '') },
      ...serviceOf(clientOf(ctx)),
    });
  }

  async function signOutNow(ctx: KoaContextWithOIDC): Promise<void> {
    const { session, params } = ctx.oidc;
    const { provider } = later();
    await session?.destroy();
    ctx.cookies.set(provider.cookieName('session'), null, { path: '/' });
    const target = params?.post_logout_redirect_uri as string | undefined;
    const address = new URL(target ?? ctx.oidc.urlFor('end_session_success', {}));
    if (target !== undefined && params?.state !== undefined) address.searchParams.set('state', String(params.state));
    if (target === undefined) address.searchParams.set('client_id', ctx.oidc.client!.clientId);
    ctx.status = 303;
    ctx.redirect(address.href);
  }

  async function signedOut(ctx: KoaContextWithOIDC): Promise<void> {
    const client = clientOf(ctx);
    show(ctx, {
      page: 'signed-out',
      agencies: [],
      ...serviceOf(client),
      ...(client?.home_uri ? { home: client.home_uri } : {}),
    });
  }

  async function formPost(ctx: KoaContextWithOIDC, action: string, fields: Record<string, string>): Promise<void> {
    show(ctx, { page: 'form-post', action, fields }, [new URL(action).origin]);
  }

  function show(ctx: KoaContextWithOIDC, page: Page, formTargets: readonly string[] = []): void {
    ctx.req.uiLocales = (ctx.oidc?.params?.ui_locales ?? ctx.query.ui_locales) as string | undefined;
    ctx.req.pagePath = ctx.method === 'GET' ? ctx.originalUrl : '/';
    const client = clientOf(ctx);
    const origins = client ? client.post_logout_redirect_uris.map((uri) => new URL(uri).origin) : [];
    const { status, html, headers } = presentation.render(ctx.req, page, [...formTargets, ...origins]);
    ctx.status = status;
    ctx.set({ ...headers });
    ctx.body = html;
  }

  function clientOf(ctx: KoaContextWithOIDC): ClientRegistration | undefined {
    const id = ctx.oidc?.client?.clientId;
    return id === undefined ? undefined : clients.get(id);
  }

  async function subjectOf(
    ctx: KoaContextWithOIDC,
    person: string,
    client: NonNullable<KoaContextWithOIDC['oidc']['client']>,
  ): Promise<unknown> {
    const claims = new (later().provider.Claims)({ sub: person }, { ctx, client });
    claims.scope('openid');
    return (await claims.result()).sub;
  }
}

function serviceOf(client: ClientRegistration | undefined) {
  return client ? { service: { agency: client.agency.name, name: client.service } } : {};
}

/** The table's code for what the library threw. */
function codeOf(ctx: KoaContextWithOIDC, thrown: Error): ErrorCode {
  if (thrown instanceof errors.SessionNotFound) return 'request_expired';
  if (thrown instanceof errors.InvalidClient) return 'client_unknown';
  if (thrown instanceof errors.InvalidRedirectUri) return 'redirect_uri_unknown';
  if (ctx.path.startsWith('/session/end')) return 'sign_out_invalid';
  return thrown instanceof errors.OIDCProviderError && thrown.statusCode < 500 ? 'request_invalid' : 'internal_error';
}
