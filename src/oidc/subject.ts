/** Owns the `sub` by which an agency knows a person, as the library computes it. */
import type { KoaContextWithOIDC } from 'oidc-provider';

/** The `sub` of whoever is signed in to this browser, for the client of this request; `undefined` when nobody is. */
export async function subjectInSession(ctx: KoaContextWithOIDC): Promise<unknown> {
  const { session, client, provider } = ctx.oidc;
  if (!session?.accountId || !client) return undefined;
  const claims = new provider.Claims({ sub: session.accountId }, { ctx, client });
  claims.scope('openid');
  return (await claims.result()).sub;
}
