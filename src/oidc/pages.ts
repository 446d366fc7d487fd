/** Owns the pages the OpenID library asks for: errors without a way back, sign-out, form-post. */
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Page } from '../../views/pages.ts';
import type { ClientRegistration, Clients } from '../clients.ts';
import { type ErrorCode, errorOf } from '../errors.ts';
import type { SignInRequests } from '../login/request.ts';
import { shownService } from '../shown-service.ts';
import { StoreUnavailable } from '../store.ts';
import type { Log } from '../web/log.ts';
import type { Presentation } from '../web/presentation.ts';
import { clientsOf, type LeftClient } from './back-channel-logout.ts';
import { ClientSuspended } from './client-models.ts';
import type { OpenIdPages } from './provider.ts';
import { AnsweredAlready, type SessionPayload } from './session.ts';
import type { Left, SignedOutNotes } from './signed-out-notes.ts';
import { answerStoreTrouble } from './store-trouble.ts';
import { subjectInSession } from './subject.ts';

export interface LibraryPagesParts {
  readonly presentation: Presentation;
  readonly clients: Clients;
  readonly signedOut: SignedOutNotes;
  /** Signs a person out everywhere; tells which sessions there were. */
  readonly endSessionsOf: (person: string) => Promise<readonly SessionPayload[]>;
  /** Known only after the provider is built, which needs these pages. */
  readonly later: () => { readonly provider: Provider; readonly requests: SignInRequests };
  readonly log: Log;
}

const NOTHING_LEFT: Left = { clients: [], sources: [] };

/** The library's pages in the hub's own form and language. */
export function createLibraryPages(parts: LibraryPagesParts): OpenIdPages {
  const { presentation, clients, later, log } = parts;
  const storeTrouble = answerStoreTrouble({ presentation, log });
  return { error, signOut, signedOut, aroundSignOut, formPost, storeTrouble };

  async function error(ctx: KoaContextWithOIDC, thrown: Error): Promise<void> {
    // Answered without asking the store for more (store-trouble.ts).
    if (thrown instanceof StoreUnavailable) return;
    const uid = ctx.path.match(/^\/authorize\/([\w-]{10,100})$/)?.[1];
    if (uid !== undefined && thrown instanceof AnsweredAlready) {
      // The answer to the first press is on its way, but the browser has let go of it.
      const agency = await later().requests.agencyJustAnswered(uid);
      if (agency?.login_uri) return leadOn(ctx, agency.login_uri);
    }
    const suspended = thrown instanceof ClientSuspended ? clients.get(thrown.clientId) : undefined;
    const client =
      suspended ?? clientOf(ctx) ?? (uid === undefined ? undefined : clients.get(String(ctx.query.client)));
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
      // From a suspended service the way back is not into it.
      ...(trusted?.login_uri && !suspended ? { restart: trusted.login_uri } : {}),
      ...(trusted ? { service: shownService(trusted) } : {}),
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

  function leadOn(ctx: KoaContextWithOIDC, address: string): void {
    ctx.status = 303;
    ctx.redirect(address);
  }

  /**
   * Sign-out asked for by an agency (OpenID Connect RP-Initiated Logout 1.0). With an `id_token_hint` of the very person
   * signed in, the citizen has already said so at the agency; without one they are asked.
   */
  async function signOut(ctx: KoaContextWithOIDC): Promise<void> {
    const { session, client, entities } = ctx.oidc;
    const languages = uiLocales(ctx);
    const hinted = (entities.IdTokenHint as { payload?: { sub?: string } } | undefined)?.payload?.sub;
    if (client && hinted !== undefined && hinted === (await subjectInSession(ctx))) return signOutNow(ctx);
    show(ctx, {
      page: 'sign-out',
      action: `${ctx.oidc.urlFor('end_session_confirm')}${languages ? `?ui_locales=${encodeURIComponent(languages)}` : ''}`,
      fields: { xsrf: String(session?.state?.secret ?? '') },
      ...serviceOf(clientOf(ctx)),
    });
  }

  async function signOutNow(ctx: KoaContextWithOIDC): Promise<void> {
    await ctx.oidc.session?.destroy();
    ctx.cookies.set(later().provider.cookieName('session'), null, { path: '/' });
    await leadOut(ctx, leftBy(ctx));
  }

  /** What the session that ended in this request had been used for. */
  function leftBy({ oidc }: KoaContextWithOIDC): Left {
    const session = oidc.session as (SessionPayload & { destroyed?: boolean }) | undefined;
    if (!session?.destroyed) return NOTHING_LEFT;
    const sources = Object.values(session.authentications ?? {}).map(({ source }) => source);
    return { clients: clientsOf(session), sources: [...new Set(sources)] };
  }

  /**
   * Around the library's sign-out. Where nobody is signed in there is nothing to ask (the library would send a page that
   * needs scripts), and our page at the end says whose service was left, in the language it was asked in.
   */
  async function aroundSignOut(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
    await next();
    const { oidc } = ctx;
    if (oidc?.route === 'end_session' && ctx.status === 200 && !oidc.session?.accountId)
      await leadOut(ctx, NOTHING_LEFT);
    if (oidc?.route !== 'end_session_confirm') return;
    const here = leftBy(ctx);
    const left = { ...here, clients: [...here.clients, ...(await leftElsewhere(ctx))] };
    if (ctx.response.get('location') === oidc.urlFor('end_session_success'))
      ctx.redirect((await signedOutAddress(ctx, left)).href);
  }

  /** "Sign out everywhere": this browser's session is over, and with it come the person's others. */
  async function leftElsewhere({ oidc }: KoaContextWithOIDC): Promise<readonly LeftClient[]> {
    const session = oidc.session as (SessionPayload & { destroyed?: boolean }) | undefined;
    // The library has compared its token against forged requests before it ended anything.
    if (oidc.params?.logout !== 'everywhere' || !session?.destroyed || !session.accountId) return [];
    return (await parts.endSessionsOf(session.accountId)).flatMap(clientsOf);
  }

  /** Back to the agency, if it said where, else to our own page. */
  async function leadOut(ctx: KoaContextWithOIDC, left: Left): Promise<void> {
    const { post_logout_redirect_uri: target, state } = (ctx.oidc.params ?? {}) as Record<string, string | undefined>;
    const address = target === undefined ? await signedOutAddress(ctx, left) : new URL(target);
    if (target !== undefined && state !== undefined) address.searchParams.set('state', state);
    ctx.status = 303;
    ctx.redirect(address.href);
  }

  async function signedOutAddress(ctx: KoaContextWithOIDC, left: Left): Promise<URL> {
    const address = new URL(ctx.oidc.urlFor('end_session_success'));
    if (ctx.oidc.client) address.searchParams.set('client_id', ctx.oidc.client.clientId);
    const languages = uiLocales(ctx);
    if (languages) address.searchParams.set('ui_locales', languages);
    const note = await parts.signedOut.write(left);
    if (note) address.searchParams.set('left', note);
    return address;
  }

  async function signedOut(ctx: KoaContextWithOIDC): Promise<void> {
    const client = clientOf(ctx);
    const { left } = ctx.query;
    show(ctx, {
      page: 'signed-out',
      ...(await parts.signedOut.read(typeof left === 'string' ? left : undefined)),
      ...serviceOf(client),
      ...(client?.home_uri ? { home: client.home_uri } : {}),
    });
  }

  async function formPost(ctx: KoaContextWithOIDC, action: string, fields: Record<string, string>): Promise<void> {
    show(ctx, { page: 'form-post', action, fields }, [new URL(action).origin]);
  }

  function show(ctx: KoaContextWithOIDC, page: Page, formTargets: readonly string[] = []): void {
    ctx.req.uiLocales = uiLocales(ctx);
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
}

function uiLocales(ctx: KoaContextWithOIDC): string | undefined {
  return (ctx.oidc?.params?.ui_locales ?? ctx.query.ui_locales) as string | undefined;
}

function serviceOf(client: ClientRegistration | undefined) {
  return client ? { service: shownService(client) } : {};
}

/** The table's code for what the library threw. */
function codeOf(ctx: KoaContextWithOIDC, thrown: Error): ErrorCode {
  if (thrown instanceof ClientSuspended) return 'client_suspended';
  if (thrown instanceof errors.SessionNotFound || thrown instanceof errors.InvalidRequestUri) return 'request_expired';
  if (thrown instanceof errors.InvalidClient) return 'client_unknown';
  if (thrown instanceof errors.InvalidRedirectUri) return 'redirect_uri_unknown';
  if (ctx.path.startsWith('/session/end')) return 'sign_out_invalid';
  return thrown instanceof errors.OIDCProviderError && thrown.statusCode < 500 ? 'request_invalid' : 'internal_error';
}
