/** Owns how two tabs that write one session at once both get their way. */
import { errors } from 'oidc-provider';
import type { Authentication } from '../identity/authentication.ts';
import type { Authorization, SessionPayload } from './session.ts';

/** Seconds for which a second tab may still come with the cookie of before the sign-in. */
const FORMER_ID_HONOURED = 30;
const AUTHENTICATIONS_KEPT = 5;

const now = () => Math.floor(Date.now() / 1000);

/** The latest few: a token lives for ten minutes, so nobody signs in so often that an earlier one is still needed. */
export function latest(authentications: Record<string, Authentication>): Record<string, Authentication> {
  return Object.fromEntries(Object.entries(authentications).slice(-AUTHENTICATIONS_KEPT));
}

/** The id before a sign-in never opens the session after it, unless it already belonged to the same person (fixation). */
export function currentIds(
  ids: SessionPayload['ids'],
  id: string,
  former: string | undefined,
  samePerson: boolean,
): SessionPayload['ids'] {
  const others = ids.filter(
    (one) => one.id !== id && one.id !== former && (one.until === undefined || one.until > now()),
  );
  const retired = former !== undefined && samePerson ? [{ id: former, until: now() + FORMER_ID_HONOURED }] : [];
  return [...others.slice(-8), ...retired, { id }];
}

export function staysSamePerson(before: SessionPayload | undefined, after: SessionPayload): boolean {
  return before?.accountId !== undefined && before.accountId === after.accountId;
}

/**
 * Three-way merge: what this request changed against what it had read (`base`) goes over what the store holds now. A
 * two-way union would bring back authorizations that another tab just removed.
 */
export function mergeSessions(
  base: SessionPayload | undefined,
  mine: SessionPayload,
  theirs: SessionPayload | undefined,
): SessionPayload {
  if (theirs === undefined) return { ...mine, ids: mine.ids ?? [] };
  if (mine.accountId !== undefined && theirs.accountId !== undefined && mine.accountId !== theirs.accountId)
    throw new errors.SessionNotFound('another person signed in to this session meanwhile');
  const merged: Record<string, unknown> = { ...theirs };
  for (const field of new Set([...Object.keys(mine), ...Object.keys(base ?? {})]) as Set<keyof SessionPayload>) {
    if (field === 'authorizations' || field === 'authentications' || field === 'ids') continue;
    if (JSON.stringify(mine[field]) !== JSON.stringify(base?.[field])) merged[field] = mine[field];
  }
  const authorizations: Record<string, Authorization> = { ...theirs.authorizations };
  for (const client of new Set([
    ...Object.keys(mine.authorizations ?? {}),
    ...Object.keys(base?.authorizations ?? {}),
  ])) {
    const own = mine.authorizations?.[client];
    if (JSON.stringify(own) === JSON.stringify(base?.authorizations?.[client])) continue;
    if (own === undefined) delete authorizations[client];
    else authorizations[client] = own;
  }
  return {
    ...(merged as unknown as SessionPayload),
    authorizations,
    authentications: latest({ ...theirs.authentications, ...mine.authentications }),
    ids: theirs.ids,
  };
}
