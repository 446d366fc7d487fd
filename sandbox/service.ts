/** Owns what every web service of the country has in common: strict headers, no traces of its making, quiet failures. */
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import type { Listener } from './listener.ts';

/** Content security policy, by directive; everything not named is forbidden. */
export type AllowedContent = Readonly<Record<string, readonly string[]>>;

/** An express application with strict headers; add routes to it, then hand it to {@link serve}. */
export function createService(allowed: AllowedContent = {}): Express {
  const application = express();
  application.disable('x-powered-by');
  application.disable('etag');
  const directives = { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"], ...allowed };
  application.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: Object.fromEntries(Object.entries(directives).map(([name, sources]) => [name, [...sources]])),
      },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: false, // plain http on this machine
    }),
  );
  application.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  return application;
}

/** Express tells strangers its stack otherwise. */
const quietFailure: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = Number(error?.status) || 500;
  if (status >= 500) console.error(error);
  response.status(status).json({ error: status >= 500 ? 'server_error' : 'invalid_request' });
};

/** Puts a finished service behind its listener. */
export function serve(application: Express, listener: Listener): void {
  application.use((_request, response) => void response.status(404).json({ error: 'no_such_address' }));
  application.use(quietFailure);
  listener.serve(application);
}
