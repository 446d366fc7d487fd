/**
 * Owns the session of one browser: kept under its `uid`, found by a cookie that changes at every sign-in, merged when
 * two tabs write at once, gone with everything it held when it ends.
 *
 * The library's own session is last-write-wins under the cookie's id: of two tabs with two agencies one would be lost,
 * and a late request with a rotated cookie would write an empty session over a good one.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import Provider, { errors } from 'oidc-provider';
import type { Authentication } from '../identity/authentication.ts';
import type { Json, ProtocolState } from '../store.ts';

/** Seconds without use, and in all, after which a session ends. */
export const SESSION_IDLE = 30 * 60;
export const SESSION_LONGEST = 12 * 60 * 60;
/** Seconds for which a second tab may still come with the cookie of before the sign-in. */
const FORMER_ID_HONOURED = 30;
const AUTHENTICATIONS_KEPT = 5;

interface Authorization {
  sid?: string;
  grantId?: string;
  persistsLogout?: boolean;
}

export interface SessionPayload {
  uid: string;
  iat: number;
  exp: number;
  accountId?: string;
  loginTs?: number;
  acr?: string;
  amr?: string[];
  transient?: boolean;
  state?: Json;
  /** Id of the authentication in force. */
  authentication?: string;
  /** It, and the latest earlier ones, which tokens of this session still refer to. Register attributes live only here. */
  authentications?: Record<string, Authentication>;
  authorizations?: Record<string, Authorization>;
  ids: { id: string; until?: number }[];
}

interface SessionModel extends Omit<SessionPayload, 'ids'> {
  id: string;
  jti: string;
  oldId?: string;
  touched: boolean;
  destroyed?: boolean;
  /** What the store held when this request read it: the common ancestor of the merge. */
  loaded?: SessionPayload;
  emit(event: string): void;
  getValueAndPayload(): Promise<{ payload: SessionPayload }>;
}

/** What the session module tells when a session ends. */
export type SessionEnded = (session: SessionPayload) => Promise<void>;

const now = () => Math.floor(Date.now() / 1000);
const newId = (uid: string) => `${uid}.${randomBytes(24).toString('base64url')}`;

/** Seconds a session lives from now: 30 minutes after the last use, 12 hours after the sign-in at most. */
export function sessionLifetime(session: { loginTs?: number }): number {
  return Math.max(1, Math.min(SESSION_IDLE, (session.loginTs ?? now()) + SESSION_LONGEST - now()));
}

/** Reads a session by its `uid`; `undefined` when it ended. */
export async function sessionByUid(state: ProtocolState, uid: string): Promise<SessionPayload | undefined> {
  const kept = await state.get('Session', uid);
  const session = kept?.value as unknown as SessionPayload | undefined;
  return session && session.exp > now() ? session : undefined;
}

/** Ends a session: the authentications in it, and with them every token, stop working at once. */
export async function endSession(state: ProtocolState, uid: string, ended: SessionEnded): Promise<void> {
  const session = await sessionByUid(state, uid);
  if (session === undefined) return;
  await state.delete('Session', uid);
  await ended(session);
}

/** Replaces the library's session persistence of `provider` by the one described above. */
export function installSessions(provider: Provider, state: ProtocolState, ended: SessionEnded): void {
  // biome-ignore lint/suspicious/noExplicitAny: the library types neither its models' internals nor their statics
  const Session = provider.Session as any;
  const inherited: string[] = Session.IN_PAYLOAD;
  Object.defineProperty(Session, 'IN_PAYLOAD', { get: () => [...inherited, 'authentication', 'authentications'] });

  const modelOf = (payload: SessionPayload, id: string): SessionModel => {
    const { ids: _ids, ...fields } = payload;
    const session = new Session({ ...fields, jti: id, kind: 'Session' });
    // A copy: the library changes what it was given in place.
    Object.defineProperty(session, 'loaded', { value: structuredClone(payload), writable: true, configurable: true });
    return session;
  };

  Session.get = async (ctx: import('koa').Context) => {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const oidc = (ctx as any).oidc;
    const cookie: string | undefined = (oidc?.cookies ?? ctx.cookies).get(provider.cookieName('session'), {
      signed: true,
    });
    const uid = cookie?.split('.')[0];
    const payload = uid ? await sessionByUid(state, uid) : undefined;
    const known = payload !== undefined && cookie !== undefined && opens(payload, cookie);
    // An unknown cookie starts afresh and writes nothing: the session it once named may live on under a newer one.
    const session: SessionModel = known ? modelOf(payload, cookie) : new Session();
    if (!known) session.jti = newId(session.uid);
    oidc?.entity?.('Session', session);
    return session;
  };

  Session.findByUid = async (uid: string) => {
    const payload = await sessionByUid(state, uid);
    return payload && modelOf(payload, payload.ids.at(-1)?.id ?? newId(uid));
  };

  Object.assign(Session.prototype, {
    resetIdentifier(this: SessionModel) {
      this.oldId = this.jti;
      this.jti = newId(this.uid);
      this.touched = true;
    },

    async save(this: SessionModel, ttl: number) {
      this.exp = now() + ttl;
      const { payload: mine } = await this.getValueAndPayload();
      for (;;) {
        const kept = await state.get('Session', this.uid);
        // Signed out in another tab meanwhile: what has ended does not come back.
        if (kept === undefined && this.loaded !== undefined) break;
        const theirs = kept?.value as unknown as SessionPayload | undefined;
        const merged = mergeSessions(this.loaded, mine, theirs);
        merged.ids = currentIds(theirs?.ids ?? [], this.jti, this.oldId, staysSamePerson(this.loaded, merged));
        const written =
          kept === undefined
            ? await state.putIfAbsent('Session', this.uid, merged as unknown as Json, ttl)
            : await state.replace('Session', this.uid, kept.version, merged as unknown as Json, ttl);
        if (!written) continue;
        Object.defineProperty(this, 'loaded', { value: merged, writable: true, configurable: true });
        break;
      }
      this.touched = false;
      return this.jti;
    },

    async destroy(this: SessionModel) {
      await endSession(state, this.uid, ended);
      this.destroyed = true;
    },
  });

  const { loginAccount } = Session.prototype;
  Session.prototype.loginAccount = function (this: SessionModel, details: unknown) {
    loginAccount.call(this, details);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const login = (Provider.ctx as any)?.oidc.entities.Interaction?.result?.login;
    const made = login.authentication as Authentication;
    this.authentication = made.id;
    this.authentications = latest({ ...this.authentications, [made.id]: made });
  };
}

/** The authentication in force in a session. */
export function currentAuthentication(session: SessionPayload | undefined): Authentication | undefined {
  return session?.authentications?.[session.authentication ?? ''];
}

/** The latest few: a token lives for ten minutes, so nobody signs in so often that an earlier one is still needed. */
function latest(authentications: Record<string, Authentication>): Record<string, Authentication> {
  return Object.fromEntries(Object.entries(authentications).slice(-AUTHENTICATIONS_KEPT));
}

function opens(session: SessionPayload, cookie: string): boolean {
  const given = Buffer.from(cookie);
  return session.ids.some(({ id, until }) => {
    const known = Buffer.from(id);
    return (until === undefined || until > now()) && known.length === given.length && timingSafeEqual(known, given);
  });
}

/** The id before a sign-in never opens the session after it, unless it already belonged to the same person (fixation). */
function currentIds(
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

function staysSamePerson(before: SessionPayload | undefined, after: SessionPayload): boolean {
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
