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
import { currentIds, latest, mergeSessions, staysSamePerson } from './session-merge.ts';
import { hasToBeDecided, leaveTogether } from './together.ts';

/** Seconds without use, and in all, after which a session ends. */
export const SESSION_IDLE = 30 * 60;
export const SESSION_LONGEST = 12 * 60 * 60;
/** Seconds a sign-in at a shared computer is remembered for its tokens alone: code, access token, clocks that differ. */
const ON_SHARED_COMPUTER = 60 + 600 + 10;

export interface Authorization {
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

export interface KeptSession {
  readonly session: SessionPayload;
  readonly version: number;
}

interface SessionModel extends Omit<SessionPayload, 'ids'> {
  id: string;
  jti: string;
  oldId?: string;
  touched: boolean;
  destroyed?: boolean;
  /** What the store held when this request read it: the common ancestor of the merge. */
  loaded?: KeptSession;
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
  return (await keptSession(state, uid))?.session;
}

/** The same, with the version it was read in. */
export async function keptSession(state: ProtocolState, uid: string): Promise<KeptSession | undefined> {
  const kept = await state.get('Session', uid);
  const session = kept?.value as unknown as SessionPayload | undefined;
  return kept && session && session.exp > now() ? { session, version: kept.version } : undefined;
}

/** The sessions of a person are listed together, so that all of them can be ended. */
export const groupOf = (person: string) => `sessions of ${person}`;

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
  for (const { value } of await state.inGroup(groupOf(person))) {
    const session = await endSession(state, (value as unknown as SessionPayload).uid, ended);
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

  const modelOf = (kept: KeptSession, id: string): SessionModel => {
    const { ids: _ids, ...fields } = kept.session;
    const session = new Session({ ...fields, jti: id, kind: 'Session' });
    // A copy: the library changes what it was given in place.
    setLoaded(session, structuredClone(kept));
    return session;
  };

  Session.get = async (ctx: import('koa').Context) => {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const oidc = (ctx as any).oidc;
    const cookie: string | undefined = (oidc?.cookies ?? ctx.cookies).get(provider.cookieName('session'), {
      signed: true,
    });
    const uid = cookie?.split('.')[0];
    const kept = uid ? await keptSession(state, uid) : undefined;
    const known = kept !== undefined && cookie !== undefined && opens(kept.session, cookie);
    // An unknown cookie starts afresh and writes nothing: the session it once named may live on under a newer one.
    const session: SessionModel = known ? modelOf(kept, cookie) : new Session();
    if (!known) session.jti = newId(session.uid);
    oidc?.entity?.('Session', session);
    return session;
  };

  Session.findByUid = async (uid: string) => {
    const kept = await keptSession(state, uid);
    return kept && modelOf(kept, kept.session.ids.at(-1)?.id ?? newId(uid));
  };

  /** Over what this request read; when another tab wrote meanwhile, over what is there by then. */
  async function write(model: SessionModel, mine: SessionPayload, ttl: number): Promise<void> {
    for (let kept = model.loaded; ; kept = await keptSession(state, model.uid)) {
      // Signed out in another tab meanwhile: what has ended does not come back.
      if (kept === undefined && model.loaded !== undefined) return;
      const theirs = kept?.session;
      const merged = mergeSessions(model.loaded?.session, mine, theirs);
      merged.ids = merged.sharedComputer
        ? []
        : currentIds(theirs?.ids ?? [], model.jti, model.oldId, staysSamePerson(model.loaded?.session, merged));
      const value = merged as unknown as Json;
      const group = merged.accountId && groupOf(merged.accountId);
      const written =
        kept === undefined
          ? await state.putIfAbsent('Session', model.uid, value, ttl, group)
          : await state.replace('Session', model.uid, kept.version, value, ttl, group);
      if (!written) continue;
      setLoaded(model, { session: merged, version: (kept?.version ?? 0) + 1 });
      return;
    }
  }

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
      const ctx = Provider.ctx ?? this;
      // A session that is there already must not be made anybody's by a request that may not go on.
      if (this.loaded !== undefined && hasToBeDecided(ctx) && !(await leaveTogether(ctx))) throw new AnsweredAlready();
      const [, won] = await Promise.all([write(this, mine, ttl), leaveTogether(ctx)]);
      if (!won) {
        await state.delete('Session', this.uid);
        (Provider.ctx as import('koa').Context | undefined)?.res.removeHeader('set-cookie');
        throw new AnsweredAlready();
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

/** Not among the fields that the library stores. */
function setLoaded(session: SessionModel, kept: KeptSession): void {
  Object.defineProperty(session, 'loaded', { value: kept, writable: true, configurable: true });
}

/** Another request of the same browser was first to end this sign-in: a form was pressed twice. */
export class AnsweredAlready extends errors.SessionNotFound {
  constructor() {
    super('this sign-in has been answered already');
  }
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

function opens(session: SessionPayload, cookie: string): boolean {
  const given = Buffer.from(cookie);
  return session.ids.some(({ id, until }) => {
    const known = Buffer.from(id);
    return (until === undefined || until > now()) && known.length === given.length && timingSafeEqual(known, given);
  });
}
