/**
 * Owns the session of one browser: kept under its `uid`, found by a cookie that changes at every sign-in, merged when
 * two tabs write at once, gone with everything it held when it ends.
 *
 * The library's own session is last-write-wins under the cookie's id: of two tabs with two agencies one would be lost,
 * and a late request with a rotated cookie would write an empty session over a good one.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import Provider, { errors } from 'oidc-provider';
import type { Authentication } from '../identity/authentication.ts';
import type { Json, ProtocolState } from '../store.ts';
import { rememberSession, sessionsOf } from './person-sessions.ts';

/** Seconds without use, and in all, after which a session ends. */
export const SESSION_IDLE = 30 * 60;
export const SESSION_LONGEST = 12 * 60 * 60;
/** Seconds for which a second tab may still come with the cookie of before the sign-in. */
const FORMER_ID_HONOURED = 30;
/** Seconds a sign-in at a shared computer is remembered for its tokens alone: code, access token, clocks that differ. */
const ON_SHARED_COMPUTER = 60 + 600 + 10;
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
  /** Others use this computer: no cookie opens the session, which lasts as long as the tokens that need it. */
  sharedComputer?: boolean;
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
  sidFor(client: string, value?: string): string | undefined;
  getValueAndPayload(): Promise<{ payload: SessionPayload }>;
}

/** Who hears that a session ends. */
export interface SessionEnded {
  /** While it is still there, perhaps more than once: what has to follow is seen to, whatever happens in between. */
  before(session: SessionPayload): Promise<void>;
  /** Once, when it is gone. */
  after(session: SessionPayload): Promise<void>;
}

const now = () => Math.floor(Date.now() / 1000);
const newId = (uid: string) => `${uid}.${randomBytes(24).toString('base64url')}`;

/** Seconds a session lives from now: 30 minutes after the last use, 12 hours after the sign-in at most. */
export function sessionLifetime(session: { loginTs?: number; sharedComputer?: boolean }): number {
  if (session.sharedComputer) return ON_SHARED_COMPUTER;
  return Math.max(1, Math.min(SESSION_IDLE, (session.loginTs ?? now()) + SESSION_LONGEST - now()));
}

/** Reads a session by its `uid`; `undefined` when it ended. */
export async function sessionByUid(state: ProtocolState, uid: string): Promise<SessionPayload | undefined> {
  const kept = await state.get('Session', uid);
  const session = kept?.value as unknown as SessionPayload | undefined;
  return session && session.exp > now() ? session : undefined;
}

/** Ends a session: the authentications in it, and with them every token, stop working at once. */
export async function endSession(
  state: ProtocolState,
  uid: string,
  ended: SessionEnded,
): Promise<SessionPayload | undefined> {
  for (;;) {
    const kept = await state.get('Session', uid);
    if (kept === undefined) return undefined;
    const session = kept.value as unknown as SessionPayload;
    await ended.before(session);
    // Another tab may just have signed in to one more agency, which has to be told, too.
    if (!(await state.delete('Session', uid, kept.version))) continue;
    await ended.after(session);
    return session;
  }
}

/** Ends every session of a person, on whatever device; tells which there were. */
export async function endSessionsOf(
  state: ProtocolState,
  person: string,
  ended: SessionEnded,
): Promise<readonly SessionPayload[]> {
  const sessions: SessionPayload[] = [];
  for (const uid of await sessionsOf(state, person, now())) {
    const session = await endSession(state, uid, ended);
    if (session !== undefined) sessions.push(session);
  }
  return sessions;
}

/**
 * By which name a client knows a session. Computed, not drawn: two tabs that sign in to the same agency at once get the
 * same one, so the one that reaches the store is the one both were told.
 */
function sidOf(uid: string, client: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['sid', uid, client]))
    .digest('base64url');
}

/** Replaces the library's session persistence of `provider` by the one described above. */
export function installSessions(provider: Provider, state: ProtocolState, ended: SessionEnded): void {
  // biome-ignore lint/suspicious/noExplicitAny: the library types neither its models' internals nor their statics
  const Session = provider.Session as any;
  const inherited: string[] = Session.IN_PAYLOAD;
  Object.defineProperty(Session, 'IN_PAYLOAD', {
    get: () => [...inherited, 'authentication', 'authentications', 'sharedComputer'],
  });

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
    ensureClientContainer(this: SessionModel, client: string) {
      if (!this.sidFor(client)) this.sidFor(client, sidOf(this.uid, client));
    },

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
        // First, because a session that nobody finds again could not be ended from elsewhere.
        if (merged.accountId !== undefined && (!staysSamePerson(theirs, merged) || merged.loginTs !== theirs?.loginTs))
          await rememberSession(state, merged.accountId, this.uid, (merged.loginTs ?? now()) + SESSION_LONGEST, now());
        merged.ids = merged.sharedComputer
          ? []
          : currentIds(theirs?.ids ?? [], this.jti, this.oldId, staysSamePerson(this.loaded, merged));
        const written =
          kept === undefined
            ? await state.putIfAbsent('Session', this.uid, merged as unknown as Json, ttl)
            : await state.replace('Session', this.uid, kept.version, merged as unknown as Json, ttl);
        if (!written) continue;
        Object.defineProperty(this, 'loaded', { value: merged, writable: true, configurable: true });
        break;
      }
      this.touched = false;
      if (this.sharedComputer) takeCookieBack(provider);
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
    const { login, sharedComputer } = (Provider.ctx as any)?.oidc.entities.Interaction?.result ?? {};
    const made = login.authentication as Authentication;
    if (sharedComputer) this.sharedComputer = true;
    this.authentication = made.id;
    this.authentications = latest({ ...this.authentications, [made.id]: made });
  };
}

/** The library has just put the session's cookie into its answer: instead the browser is told to forget it. */
function takeCookieBack(provider: Provider): void {
  // biome-ignore lint/suspicious/noExplicitAny: the library types no cookies of its own context
  const cookies = (Provider.ctx as any)?.oidc.cookies;
  const secure = provider.issuer.startsWith('https:');
  const same = { httpOnly: true, sameSite: 'lax', secure, signed: true, overwrite: true, path: '/' };
  cookies?.set(provider.cookieName('session'), null, same);
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
