/** Owns how requests of agencies' sites come in: by GET, or by POST, which the library takes only with weaker cookies. */
import express, { type Request, type RequestHandler, Router } from 'express';

/** Bytes of an authorization request, whichever way it comes. */
const LARGEST_REQUEST = 12_000;

/**
 * Answers POST (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2) as the same request by GET. Our session cookie is `SameSite=Lax` and so
 * does not come with a POST from an agency's site; the browser is then sent once more by GET, with which it does.
 */
export function incomingRequest(): Router {
  const read = express.text({ type: 'application/x-www-form-urlencoded', limit: LARGEST_REQUEST });
  const fromForm: RequestHandler = (request, response, next) => {
    const address = addressOf(request.path, new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
    if (request.headers['sec-fetch-site'] === 'cross-site') return response.redirect(303, address);
    request.method = 'GET';
    for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete request.headers[name];
    readAs(request, address);
    return next();
  };
  const fromAddress: RequestHandler = (request, _response, next) => {
    const { searchParams } = new URL(request.url, 'http://here');
    if (searchParams.has('login_hint')) readAs(request, addressOf(request.path, searchParams));
    next();
  };
  const router = Router();
  router.post(['/authorize', '/session/end'], read, fromForm);
  router.get('/authorize', fromAddress);
  return router;
}

/** `login_hint` may be a number of somebody: it is taken only by PAR, and goes unread into no address, page or store. */
function addressOf(path: string, parameters: URLSearchParams): string {
  parameters.delete('login_hint');
  return `${path}?${parameters}`;
}

function readAs(request: Request, address: string): void {
  request.url = address;
  request.originalUrl = address;
}
