/** Owns the edge: what every request passes on its way in and every answer on its way out. */
import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import type Provider from 'oidc-provider';
import { LANGUAGES, type Language } from '../../views/pages.ts';
import type { Renderer } from '../../views/renderer.ts';
import type { ClientRegistration } from '../clients.ts';
import { Refusal } from '../errors.ts';
import { shownService } from '../shown-service.ts';
import { StoreUnavailable } from '../store.ts';
import { currentTrace, traced } from '../watching/trace.ts';
import { buttonKitRoute } from './button-kit.ts';
import { clientAddress, readProxies } from './client-address.ts';
import { incomingRequest } from './incoming-request.ts';
import { type Limits, OverLimit } from './limits.ts';
import type { Log } from './log.ts';
import { INCIDENT, LANGUAGE_COOKIE, LANGUAGE_HERE_COOKIE, newIncident, type Presentation } from './presentation.ts';
import { errorCodeOf } from './refused.ts';
import { securityHeaders } from './security-headers.ts';

export interface EdgeParts {
  readonly issuer: string;
  /** Networks of the proxies in front (client-address.ts). */
  readonly trustedProxies: readonly string[];
  readonly limits: Limits;
  readonly renderer: Renderer;
  readonly presentation: Presentation;
  readonly login: Router;
  /** Pages of the hub itself: the citizen's, the developers', the catalogue of services. */
  readonly ownPages: readonly Router[];
  /** Whether agencies register their services by themselves. */
  readonly hasConsole: boolean;
  readonly provider: Provider;
  /** The agency behind a sign-in: where a new start can be offered. */
  readonly agencyBehind: (uid: string) => ClientRegistration | undefined;
  readonly log: Log;
  /** Told that a request has come, and then how it ended; watching/metrics.ts. */
  readonly begin: () => (step: string, status: number) => void;
}

/** Nobody waits for the answer any more; no standard's status, but what proxies write into their logs. */
const LEFT = 499;
/** Bytes of headers, and milliseconds for them and for a whole request, as Node enforces them before any of our code runs. */
const LARGEST_HEADERS = 16_384;
const SLOWEST_HEADERS = 6_000;
const SLOWEST_REQUEST = 15_000;
/** Milliseconds between looks for those that take longer; Node's own thirty seconds would be added to what they may take. */
const LOOK_FOR_SLOW = 1_000;
const LANGUAGE_KEPT = 365 * 24 * 60 * 60;

/** The hub as an HTTP server, not yet listening. */
export function createEdge(parts: EdgeParts): Server {
  const handle = createApplication(parts);
  return createServer(
    {
      maxHeaderSize: LARGEST_HEADERS,
      headersTimeout: SLOWEST_HEADERS,
      requestTimeout: SLOWEST_REQUEST,
      connectionsCheckingInterval: LOOK_FOR_SLOW,
    },
    handle,
  );
}

function createApplication(parts: EdgeParts): Express {
  const { issuer, limits, renderer, presentation, login, ownPages, hasConsole, provider, agencyBehind, log, begin } =
    parts;
  const application = express();
  const proxies = readProxies(parts.trustedProxies);
  const { host, protocol } = new URL(issuer);
  application.disable('x-powered-by').disable('etag');

  application.use((request, response, next) => {
    request.clientAddress = clientAddress(request, proxies);
    // Addresses in discovery, and audiences of client assertions, follow these headers: ours, whatever was sent.
    request.headers.host = host;
    for (const name of Object.keys(request.headers)) if (name.startsWith('x-forwarded-')) delete request.headers[name];
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    // A whole address may come in the request line (RFC 9112 3.2.2); its host is no more to be believed.
    if (!request.url.startsWith('/')) request.url = request.originalUrl = pathOf(request.url);
    request.incident = newIncident();
    const begun = performance.now();
    const end = begin();
    traced((trace) => {
      trace.incident = request.incident;
      response.once('close', () => {
        const route = routeOf(request.originalUrl);
        const status = response.writableFinished ? response.statusCode : LEFT;
        const { client, source, error, trips } = trace;
        const ms = Math.round(performance.now() - begun);
        log('request', {
          incident: request.incident,
          method: request.method,
          route,
          status,
          ms,
          client,
          source,
          error,
          trips,
        });
        end(route, status);
      });
      next();
    });
  });
  application.use(securityHeaders(protocol === 'https:'));

  application.use((request, response, next) => {
    const asset = request.method === 'GET' || request.method === 'HEAD' ? renderer.assets.get(request.path) : undefined;
    if (asset === undefined) return next();
    response.set({ 'content-type': asset.type, ...asset.headers });
    response.send(asset.body);
  });

  application.get('/', (request, response) => presentation.send(request, response, { page: 'home', hasConsole }));
  application.get('/help', (request, response) => {
    const { incident } = request.query;
    if (typeof incident === 'string' && INCIDENT.test(incident)) request.shownIncident = incident;
    presentation.send(request, response, { page: 'help' });
  });
  application.use(buttonKitRoute(presentation, issuer));
  application.get('/language/:language', (request, response) => {
    const language = request.params.language as Language;
    const back = localPath(request.query.back);
    if (!LANGUAGES.includes(language)) throw new Refusal('not_found');
    response.append(
      'set-cookie',
      `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${LANGUAGE_KEPT}; SameSite=Lax; HttpOnly`,
    );
    const step = back.match(/^\/sign-in\/[\w.-]+/)?.[0];
    if (step)
      response.append(
        'set-cookie',
        `${LANGUAGE_HERE_COOKIE}=${language}; Path=${step}; Max-Age=3600; SameSite=Lax; HttpOnly`,
      );
    response.redirect(303, back.replace(/([?&])ui_locales=[^&]*/, `$1ui_locales=${language}`));
  });

  const library = provider.callback();
  const fromAgencies = express.Router();
  fromAgencies.use(incomingRequest());
  fromAgencies.use((request, response) => {
    // Each one costs the hub something, whoever asks. What is resumed has been counted when it was begun.
    if (/^\/authorize(?!\/[\w-])/.test(request.path)) limits.starting(request, response);
    return library(request, response);
  });
  // What the library does not know it answers without a page.
  application.use((request, response, next) =>
    OF_LIBRARY.test(request.path) ? fromAgencies(request, response, next) : next(),
  );
  application.use(login);
  for (const own of ownPages) application.use(own);
  application.use((request) => {
    throw new Refusal(request.method === 'GET' || request.method === 'HEAD' ? 'not_found' : 'method_not_allowed');
  });

  const onError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const code = errorCodeOf(error);
    const trace = currentTrace();
    if (trace) trace.error = code;
    // Known without the store, which may be what has failed.
    const agency = request.signInUid === undefined ? undefined : agencyBehind(request.signInUid);
    const engine = error instanceof StoreUnavailable ? error.engine : undefined;
    log(code, { incident: request.incident, route: routeOf(request.originalUrl), engine, cause: error });
    if (response.headersSent) return void response.destroy();
    if (error instanceof OverLimit) response.set('retry-after', String(error.retryAfter));
    presentation.send(request, response, {
      page: 'error',
      code,
      ...(error instanceof Refusal ? { values: error.values } : {}),
      ...(request.wayBack === undefined ? {} : { back: request.wayBack }),
      ...(agency?.login_uri && !agency.suspended ? { restart: agency.login_uri } : {}),
      ...(agency ? { service: shownService(agency) } : {}),
    });
  };
  application.use(onError);
  // Should even the error page fail: no stack trace, neither to the browser nor to the terminal.
  const lastResort: ErrorRequestHandler = (cause: unknown, request, response, _next) => {
    log('internal_error', { incident: request.incident, cause });
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(request.incident);
  };
  application.use(lastResort);
  return application;
}

/** A path on this hub, never an address elsewhere; `/` for anything doubtful. */
function localPath(back: unknown): string {
  if (typeof back !== 'string' || back.length > 4_000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(back) || back.includes('\\'))
    return '/';
  return back;
}

/** The path and query of a request line that is not a path: `http://elsewhere/jwks`, or `*`. */
function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Paths by their first word; the rest of them is ids, or whatever somebody mistyped, and none of the log's business. */
const ROUTES =
  /^\/(authorize|par|token|userinfo|introspect|revoke|jwks|session|\.well-known|sign-in|sources|citizen|developer|services|logos|record-keys|language|help|assets|button)(?:\/|$)/;
const STEPS = /\/(source|choose|prove|wait|give-up|consent|account|cancel|callback|confirm|success)$/;

/** Paths the library answers. */
const OF_LIBRARY = /^\/(authorize|par|token|userinfo|introspect|revoke|jwks|session\/end|\.well-known\/)/;

/** What a log may say of an address. */
function routeOf(url: string): string {
  const path = url.split('?')[0] ?? '';
  if (path === '/') return path;
  const route = ROUTES.exec(path)?.[1];
  return route === undefined ? '(unknown)' : `/${route}${STEPS.exec(path)?.[0] ?? ''}`;
}
