/** Owns the headers that keep other sites, and injected text, from doing anything with a page of the hub. */
import helmet from 'helmet';

/**
 * The strict policy of every page: nothing but our own style, fonts, pictures and the scripts of three pages.
 * `fetches` where the page's script asks the hub again. Chromium applies `form-action` to the whole redirect chain of a form, so its targets name where a chain may end.
 */
export function contentSecurityPolicy(formTargets: readonly string[] = [], fetches = false): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "script-src 'self'",
    ...(fetches ? ["connect-src 'self'"] : []),
    ["form-action 'self'", ...new Set(formTargets)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Middleware for all that is the same on every answer. `secure` when the hub is reached over https. */
export function securityHeaders(secure: boolean) {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Agencies load the button from here.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    // Addresses of steps are nobody else's business; `no-referrer` would hide the origin of our own forms from us too.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    xFrameOptions: { action: 'deny' },
  });
}
