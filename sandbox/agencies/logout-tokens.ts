/** Owns an agency's check of logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6), with a stock `jose`. */
import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export class LogoutTokens {
  readonly #keys: JWTVerifyGetKey;
  readonly #expected: Parameters<typeof jwtVerify>[2];
  /** Seconds since the epoch at which a token ends, by its `jti`: each is taken once. */
  readonly #taken = new Map<string, number>();

  constructor(keys: URL, issuer: string, audience: string) {
    this.#keys = createRemoteJWKSet(keys);
    this.#expected = {
      issuer,
      audience,
      typ: 'logout+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['iat', 'exp', 'jti', 'events', 'sid'],
      clockTolerance: 10,
    };
  }

  /** The hub's session that has ended, as id tokens named it. Throws what is wrong with the token. */
  async sessionIn(token: string): Promise<string> {
    const { payload } = await jwtVerify(token, this.#keys, this.#expected);
    const { events, jti, sid, exp } = payload as { events: unknown; jti: string; sid: unknown; exp: number };
    if (typeof events !== 'object' || events === null || !(EVENT in events)) throw new Error('not about a logout');
    if ('nonce' in payload) throw new Error('an id token in disguise');
    if (typeof sid !== 'string') throw new Error('names no session');
    const now = Math.floor(Date.now() / 1000);
    for (const [old, end] of this.#taken) if (end + 10 < now) this.#taken.delete(old);
    if (this.#taken.has(jti)) throw new Error('was here before');
    this.#taken.set(jti, exp);
    return sid;
  }
}
