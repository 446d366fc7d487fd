/**
 * Owns how the citizen's API refuses: operations there are not, bodies nobody reads, sign-ins that are not good enough. All
 * of it is JSON with a code of the table of errors.
 */
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { errorOf, Refusal } from '../errors.ts';
import type { Acr } from '../identity/assertion.ts';
import { currentTrace } from '../watching/trace.ts';
import type { Log } from '../web/log.ts';
import { COME_AGAIN, newIncident } from '../web/presentation.ts';
import { errorCodeOf } from '../web/refused.ts';
import { FRESH, type Needed, RECENT } from './strength.ts';

/** One operation of the API, and the page or form of the same path. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /** Below `/citizen/api`, as Express writes it. */
  readonly path: string;
}

export interface KnownOperations {
  /** Of all rooms; those that `openapi.yaml` describes. */
  readonly operations: readonly Operation[];
  /** Refuses whatever of the API no room answers. */
  readonly noOperation: RequestHandler;
  add(method: Operation['method'], path: string): void;
}

/** What the rooms answer, and the refusal of everything else: another method of what there is, or what there is not. */
export function knownOperations(): KnownOperations {
  const operations: Operation[] = [];
  const [known, noOperation] = [express.Router(), express.Router()];
  noOperation.use(known, (_request, response) => {
    throw new Refusal(response.hasHeader('allow') ? 'method_not_allowed' : 'not_found');
  });
  const add = (method: Operation['method'], path: string) => {
    operations.push({ method, path });
    known.all(path, (_request, response, next) => {
      response.append('allow', method);
      next();
    });
  };
  return { operations, noOperation, add };
}

/** After all rooms: what the API knows nothing of, and how it tells what went wrong. */
export function endOfApi(
  { noOperation }: Pick<KnownOperations, 'noOperation'>,
  log: Log,
): [RequestHandler, ErrorRequestHandler] {
  // Beside the rooms rather than in a router of its own, which errors of theirs would pass by.
  const wrong: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const code = errorCodeOf(error);
    request.incident ??= newIncident();
    log(code, { incident: request.incident, cause: error });
    const trace = currentTrace();
    if (trace) trace.error = code;
    const { status, text } = errorOf(code);
    const more = error instanceof NotFreshEnough ? error.challenge : {};
    if (status === 401 || error instanceof NotFreshEnough) response.set('www-authenticate', askFor(request, more));
    if (status === 503) response.set('retry-after', String(COME_AGAIN));
    response
      .status(status)
      .set('cache-control', 'no-store')
      .json({ error: code, error_description: text.en, incident: request.incident, ...more });
  };
  return [noOperation, wrong];
}

interface Challenge {
  readonly acr_values?: string;
  readonly max_age: number;
}

/** Says which sign-in would be enough, in the words of RFC 9470 (section 3). */
export class NotFreshEnough extends Refusal {
  readonly challenge: Challenge;

  constructor(needed: Needed, strongest: Acr) {
    super(needed === 'strongest' ? 'stronger_sign_in_needed' : 'sign_in_needed');
    this.challenge =
      needed === 'strongest' ? { acr_values: strongest, max_age: FRESH / 1000 } : { max_age: RECENT / 1000 };
  }
}

/** What is missing, as RFC 6750 (section 3) and RFC 9470 (section 3) have it. */
function askFor(request: Request, challenge: Partial<Challenge>): string {
  const asked = Object.entries(challenge).map(([name, value]) => `${name}="${value}"`);
  if (asked.length > 0) return `Bearer ${['error="insufficient_user_authentication"', ...asked].join(', ')}`;
  return request.headers.authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
}
