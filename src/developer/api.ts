/**
 * Owns how the developer API is reached and how it refuses: bodies, methods, who asks. All of it is JSON with a code of the
 * table of errors, and where somebody's work is wrong, everything that is wrong in it.
 */
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { reasonOf } from '../../views/texts/developer/problems.ts';
import { type ErrorCode, errorOf, Refusal } from '../errors.ts';
import { isFormOf } from '../own-pages/visit.ts';
import { currentTrace } from '../watching/trace.ts';
import { OverLimit } from '../web/limits.ts';
import { COME_AGAIN, newIncident } from '../web/presentation.ts';
import { errorCodeOf, jsonOnly } from '../web/refused.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { type Actor, actorOf } from './actor.ts';
import type { ConsoleParts } from './console.ts';
import type { Operations } from './operations.ts';
import { Objections } from './refusals.ts';

/** Room for a logo as base64, and for every setting a service has. */
const LARGEST_BODY = '256kb';
const CHANGES = new Set(['POST', 'PUT', 'DELETE']);

/** The API, for the console to mount: what it answers, and its refusals. */
export function apiRoutes(operations: Operations, parts: ConsoleParts): (RequestHandler | ErrorRequestHandler)[] {
  const exactly = { strict: true, caseSensitive: true };
  const api = express.Router(exactly);
  const known = express.Router(exactly);
  for (const { method, path } of operations.all()) {
    const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
    known.all(path, (_request, response, next) => {
      response.locals.allow = [...(response.locals.allow ?? []), ...methods];
      next();
    });
  }
  api.use(fromOwnPagesOrByToken(parts.issuer), jsonOnly, express.json({ limit: LARGEST_BODY }));
  for (const operation of operations.all()) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    api[method](
      operation.path,
      operations.handler(operation, (request) => asking(parts, request)),
    );
  }
  return [noStore, known, otherMethods, api, answerError(parts)];
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store');
  next();
};

/** Before anything of a request is looked at: what no operation has. */
const otherMethods: RequestHandler = (request, response, next) => {
  const allow: readonly string[] | undefined = response.locals.allow;
  if (allow === undefined) throw new Refusal('not_found');
  if (allow.includes(request.method)) return next();
  response.set('allow', allow.join(', '));
  throw new Refusal('method_not_allowed');
};

/** A token is no cookie: whoever sends it is the one who asks. */
function fromOwnPagesOrByToken(issuer: string): RequestHandler {
  const sameSite = sameSiteOnly(issuer);
  return (request, response, next) =>
    CHANGES.has(request.method) && request.headers.authorization === undefined
      ? sameSite(request, response, next)
      : next();
}

/** Who asks. A change that comes with the cookie proves with the token of the visit's forms that its page sent it. */
async function asking(parts: ConsoleParts, request: Request): Promise<Actor | undefined> {
  const actor = await actorOf(parts, request);
  if (actor?.visit && CHANGES.has(request.method) && !isFormOf(actor.visit, request.headers['x-form-token']))
    throw new Refusal('form_outdated');
  return actor;
}

function answerError({ log }: ConsoleParts): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const code = errorCodeOf(error);
    request.incident ??= newIncident();
    log(code, { incident: request.incident, cause: error });
    const trace = currentTrace();
    if (trace) trace.error = code;
    const { status, text } = errorOf(code);
    const challenge = challengeOf(code, request);
    if (challenge !== undefined) response.set('www-authenticate', challenge);
    if (status === 503) response.set('retry-after', String(COME_AGAIN));
    if (error instanceof OverLimit) response.set('retry-after', String(error.retryAfter));
    const problems =
      error instanceof Objections
        ? { problems: error.objections.map((one) => ({ ...one, reason: reasonOf(one.code) })) }
        : {};
    response
      .status(status)
      .set('cache-control', 'no-store')
      .json({ error: code, error_description: text.en, incident: request.incident, ...problems });
  };
}

/** What would be enough (RFC 6750 3, RFC 9470 3). */
function challengeOf(code: ErrorCode, { headers }: Request): string | undefined {
  if (code === 'sign_in_needed') return headers.authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  if (code === 'scope_missing') return 'Bearer error="insufficient_scope"';
  if (code === 'stronger_sign_in_needed')
    return 'Bearer error="insufficient_user_authentication", acr_values="loa3", max_age="900"';
  return undefined;
}
