/** Owns authorization requests by POST (OpenID Connect Core 3.1.2.1), which the library takes only with weaker cookies. */
import express, { type RequestHandler, Router } from 'express';

/** Bytes of an authorization request, whichever way it comes. */
const LARGEST_REQUEST = 12_000;

/**
 * Answers POST as the same request by GET. Our session cookie is `SameSite=Lax` and so does not come with a POST from
 * an agency's site; the browser is then sent once more by GET, with which it does.
 */
export function postAuthorize(): Router {
  const read = express.text({ type: 'application/x-www-form-urlencoded', limit: LARGEST_REQUEST });
  const asGet: RequestHandler = (request, response, next) => {
    const parameters = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    // Never into an address (policy.ts).
    if (!parameters.has('request_uri')) parameters.delete('login_hint');
    const address = `/authorize?${parameters}`;
    if (request.headers['sec-fetch-site'] === 'cross-site') return response.redirect(303, address);
    request.method = 'GET';
    request.url = address;
    request.originalUrl = address;
    for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete request.headers[name];
    return next();
  };
  const router = Router();
  router.post('/authorize', read, asGet);
  return router;
}
