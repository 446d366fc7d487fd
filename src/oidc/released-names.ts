/**
 * Owns the names of the claims about the person that an answer will carry, found out before it is given: the record of a
 * release is written with the look that allows it. The library's own masks say what remains, so the two cannot differ.
 */
import { hash } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Authentication } from '../identity/authentication.ts';
import { releasedClaims } from './claims.ts';

/** What an answer is made from. */
export interface Released {
  readonly use: 'userinfo' | 'id_token';
  /** In which the claims are looked for, and by which they are told. */
  readonly scopes: { readonly asked: string; readonly told: string };
  /** The `claims` parameter of the request. */
  readonly claims: Readonly<Record<string, Record<string, unknown> | undefined>> | undefined;
  readonly authentication: Authentication;
  readonly granted: readonly string[];
  readonly grant: InstanceType<Provider['Grant']>;
}

export async function releasedNames(ctx: KoaContextWithOIDC, released: Released): Promise<readonly string[]> {
  const { use, scopes, claims, authentication, granted, grant } = released;
  const wished = claims?.[use] ?? {};
  const available = releasedClaims(authentication, new Set(granted), { scope: scopes.asked, claims: wished });
  const answer = new ctx.oidc.provider.Claims(available, { ctx, client: ctx.oidc.client! });
  answer.scope(scopes.told);
  const allowed = new Set(grant.getOIDCClaimsFiltered(new Set(Object.keys(wished))));
  answer.mask(Object.fromEntries(Object.entries(wished).filter(([name]) => allowed.has(name))));
  answer.rejected(grant.getRejectedOIDCClaims());
  return namesIn(await answer.result());
}

/** The names in claims; those inside `verified_claims` once more with where they stand. */
export function namesIn(claims: Readonly<Record<string, unknown>>): readonly string[] {
  const verified = [claims.verified_claims ?? []].flat() as { readonly claims?: object }[];
  const inside = verified.flatMap((one) => Object.keys(one.claims ?? {}));
  return [...Object.keys(claims), ...new Set(inside.map((name) => `verified_claims.${name}`))];
}

/** The same release has the same id, however often it is made; of a grant it says nothing to who does not know it. */
export function releaseId(grantId: string, names: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify(['claims released', grantId, names]), 'hex');
  // As a UUID whose bits are its maker's (RFC 9562, version 8).
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
