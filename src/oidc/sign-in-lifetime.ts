/** Owns how long a sign-in may take, and so when one began whose end is known. */

/** Seconds from its beginning. */
export const SIGN_IN_LIFETIME = 60 * 60;

/** Milliseconds since the epoch at which a sign-in began; its end (`exp`) is set then, once and to the second. */
export function beginningOf({ exp }: { readonly exp: number }): number {
  return (exp - SIGN_IN_LIFETIME) * 1000;
}
