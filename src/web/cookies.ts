/** Owns reading one cookie of a request. */
import type { IncomingMessage } from 'node:http';

/** The value under exactly this name, as it was sent; the first of several, which is that of the longest path (RFC 6265 5.4). */
export function cookieIn({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const start = `${name}=`;
  return headers.cookie
    ?.split('; ')
    .find((part) => part.startsWith(start))
    ?.slice(start.length);
}
