/**
 * Owns what the OpenID face answers when the store fails in the middle of a request. The library turns what it does not know
 * into `server_error`, and where it looks for a token even into "no such token"; both would be lies. Here it is always the
 * same: nothing is promised to anybody, no agency is told anything through the browser, come again in a moment.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { errorOf } from '../errors.ts';
import { StoreUnavailable } from '../store.ts';
import { currentTrace } from '../watching/trace.ts';
import type { Log } from '../web/log.ts';
import { COME_AGAIN, type Presentation } from '../web/presentation.ts';

export interface StoreTroubleParts {
  readonly presentation: Presentation;
  readonly log: Log;
}

/** What programs call; whatever they accept, they read JSON (RFC 6749 5.2). All others are pages. */
const CALLED_BY_PROGRAMS = /^\/(par|token|userinfo|introspect|revoke|jwks|\.well-known\/)/;

/** Middleware of the library, before all others. */
export function answerStoreTrouble({ presentation, log }: StoreTroubleParts) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    let trouble: StoreUnavailable | undefined;
    try {
      await next();
      trouble = currentTrace()?.trouble;
    } catch (error) {
      trouble = error instanceof StoreUnavailable ? error : currentTrace()?.trouble;
      if (trouble === undefined) throw error;
    }
    if (trouble === undefined) return;
    const { incident } = ctx.req;
    log('store_unavailable', { incident, engine: trouble.engine, cause: trouble });
    const trace = currentTrace();
    if (trace) trace.error = 'store_unavailable';
    // What was to be set belongs to an answer that is not given: a session's new cookie, above all.
    for (const name of ['set-cookie', 'location', 'www-authenticate']) ctx.remove(name);
    if (CALLED_BY_PROGRAMS.test(ctx.path)) {
      ctx.body = { error: errorOf('store_unavailable').oauth, error_description: 'come again in a moment' };
      ctx.set({ 'cache-control': 'no-store', 'retry-after': String(COME_AGAIN) });
    } else {
      const page = presentation.render(ctx.req, { page: 'error', code: 'store_unavailable' });
      ctx.body = page.html;
      ctx.set({ ...page.headers });
    }
    ctx.status = errorOf('store_unavailable').status;
  };
}
