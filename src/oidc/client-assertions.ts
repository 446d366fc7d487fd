/** Owns what a client assertion (RFC 7523) must be beyond what the library asks of it: short-lived. */
import { errors } from 'oidc-provider';

/** Seconds. A stolen assertion should not be good for long, nor must its `jti` be remembered for years. */
const LONGEST_LIFE = 600;

/** Refuses an assertion of the future, and one good for longer than ten minutes from now (RFC 7523 3, 4 and 6). */
export function assertShortLived(claims: { readonly exp?: unknown; readonly iat?: unknown }, tolerance: number): void {
  const now = Math.floor(Date.now() / 1000);
  if (Number(claims.exp) > now + LONGEST_LIFE + tolerance)
    throw new errors.InvalidClientAuth('client assertion expires too far in the future');
  if (claims.iat !== undefined && Number(claims.iat) > now + tolerance)
    throw new errors.InvalidClientAuth('client assertion was issued in the future');
}
