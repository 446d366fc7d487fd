/** Owns how a page leaves the hub: its language, its incident number, its headers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Frame, LANGUAGES, type Language, type Page } from '../../views/pages.ts';
import type { Renderer } from '../../views/renderer.ts';
import { errorOf } from '../errors.ts';
import { publicRandom } from '../vault/sealing.ts';
import { cookieIn } from './cookies.ts';
import { contentSecurityPolicy } from './security-headers.ts';

declare module 'node:http' {
  interface IncomingMessage {
    /** Number of this request that the citizen can tell the hotline and that the log carries. */
    incident?: string;
    /** The number of an earlier request that this page is about. */
    shownIncident?: string;
    /** `ui_locales` of the authorization request this page belongs to (OpenID Connect Core 3.1.2.1). */
    uiLocales?: string | undefined;
    /** Path under which this page can be asked for again by GET. */
    pagePath?: string;
    /** The sign-in this request belongs to: where a new start can be offered. */
    signInUid?: string;
    originalUrl?: string;
    /** A path from which whoever met an error can go on. */
    wayBack?: string;
  }
}

const INCIDENT_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** What such a number looks like. */
export const INCIDENT = /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/;

/** A number short enough to be read out on the telephone, random, said about nobody. */
export function newIncident(): string {
  let letters = '';
  // 32 letters: five bits of a byte are as random as the byte.
  for (const byte of publicRandom(8)) letters += INCIDENT_LETTERS[byte & 31];
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Seconds after which whoever found something out of order may come again. */
export const COME_AGAIN = 5;

export const LANGUAGE_COOKIE = 'lt_language';
/** Chosen on the pages of one sign-in; counts more there than the agency's `ui_locales`. */
export const LANGUAGE_HERE_COOKIE = 'lt_language_here';

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((language) => language === text);

/** The language of a page: chosen here, asked by the agency, chosen before, the browser's, Vietnamese. */
export function languageOf(request: IncomingMessage): Language {
  const { 'accept-language': accepted } = request.headers;
  const first = (list: string | undefined, separator: RegExp) =>
    list
      ?.split(separator, 10)
      .map((tag) => tag.trim().slice(0, 2).toLowerCase())
      .find(isLanguage);
  const here = cookieIn(request, LANGUAGE_HERE_COOKIE);
  if (isLanguage(here)) return here;
  const asked = first(request.uiLocales, /\s+/);
  if (asked !== undefined) return asked;
  const before = cookieIn(request, LANGUAGE_COOKIE);
  return isLanguage(before) ? before : (first(accepted, /,/) ?? 'vi');
}

export interface Rendered {
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class Presentation {
  readonly #renderer: Renderer;
  readonly #hotline: string;

  constructor(renderer: Renderer, hotline: string) {
    this.#renderer = renderer;
    this.#hotline = hotline;
  }

  /** Renders a page for the request that led to it. `formTargets` are the origins its forms may end at. */
  render(request: IncomingMessage, page: Page, formTargets: readonly string[] = []): Rendered {
    const language = languageOf(request);
    const path = request.pagePath ?? request.originalUrl ?? request.url ?? '/';
    const inLanguage = (other: Language) => `/language/${other}?back=${encodeURIComponent(path)}`;
    request.incident ??= newIncident();
    // Two slashes would lead to another host.
    const here = request.pagePath ?? (request.method === 'GET' && /^\/(?![/\\])/.test(path) ? path : undefined);
    const frame: Frame = {
      language,
      inLanguage: { vi: inLanguage('vi'), en: inLanguage('en') },
      incident: request.shownIncident ?? request.incident,
      hotline: this.#hotline,
      ...(here === undefined ? {} : { here }),
    };
    // What was sent to the developer console and is wrong comes back with its reasons (RFC 9110 15.5.21).
    const status = page.page === 'error' ? errorOf(page.code).status : 'attempt' in page ? 422 : 200;
    return {
      status,
      html: this.#renderer.render(page, frame),
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-language': language,
        'content-security-policy': contentSecurityPolicy(formTargets, page.page === 'mobile-wait'),
        'cache-control': 'no-store',
        ...(status === 503 ? { 'retry-after': String(COME_AGAIN) } : {}),
      },
    };
  }

  /** Renders a page as the whole answer. */
  send(request: IncomingMessage, response: ServerResponse, page: Page, formTargets: readonly string[] = []): void {
    const { status, html, headers } = this.render(request, page, formTargets);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(html) }).end(html);
  }
}
