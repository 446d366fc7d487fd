/**
 * Owns the pictures of services. They were drawn by others: whatever one of them holds, a browser that is led to its
 * address runs nothing and fetches nothing.
 */
import express, { type Router } from 'express';
import { Refusal } from '../errors.ts';

export interface Logo {
  /** Of the content, as it was checked when the logo was taken in. */
  readonly type: string;
  readonly body: Uint8Array;
}

/** The only types that are ever served, by the ending of the address. */
const TYPES: Readonly<Record<string, string>> = { svg: 'image/svg+xml', png: 'image/png' };

/** The SHA-256 of the content, in base64url, and what it is. */
const LOGO = /^[A-Za-z0-9_-]{43}\.(svg|png)$/;

const HEADERS = {
  // The address is the hash of the content.
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * GET `/logos/HASH.svg` and `/logos/HASH.png`, as `read` gets them. Refuses with `not_found` what has another form,
 * what nobody has, and what is there under the other type.
 */
export function logosRoute(read: (id: string) => Promise<Logo | undefined>): Router {
  const router = express.Router();
  router.get('/logos/:id', async (request, response) => {
    const { id } = request.params;
    const ending = LOGO.exec(id)?.[1];
    const logo = ending === undefined ? undefined : await read(id);
    if (logo === undefined || ending === undefined || logo.type !== TYPES[ending]) throw new Refusal('not_found');
    response.set({ ...HEADERS, 'content-type': logo.type }).end(logo.body);
  });
  return router;
}
