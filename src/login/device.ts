/**
 * Owns by what a browser is known again: a cookie of random bits, and what the browser says of itself in plain words. It
 * opens nothing; it only tells a citizen's own browsers from others, so that a sign-in in another one is told to them.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Bowser from 'bowser';
import type { DeviceLabel } from '../citizen/ports.ts';
import { cookieIn } from '../web/cookies.ts';

/** Seconds. */
const COOKIE_LIFETIME = 365 * 24 * 60 * 60;
/** What 32 random bytes are in base64url. */
const SECRET = /^[\w-]{43}$/;
/** Characters of a header that are read; what browsers say of themselves is shorter. */
const LONGEST_READ = 512;

/** The browser somebody is being identified in. */
export interface SeenBrowser {
  /** Of its cookie; absent where it is to keep none. */
  readonly secret?: string;
  /** It has the cookie already. */
  readonly isKept: boolean;
  readonly label: DeviceLabel;
}

export class BrowserMemory {
  readonly #secure: boolean;

  constructor(secure: boolean) {
    this.#secure = secure;
  }

  /** With a secret for it to keep, should it have none. A browser that others use, too, is none of anybody's. */
  see(request: IncomingMessage, isShared: boolean): SeenBrowser {
    const label = labelOf(request.headers['user-agent']);
    if (isShared) return { isKept: false, label: { ...label, shared: true } };
    const value = cookieIn(request, this.#name);
    const isKept = value !== undefined && SECRET.test(value);
    return { secret: isKept ? value : randomBytes(32).toString('base64url'), isKept, label };
  }

  /** Has the browser keep its secret: somebody was identified in it. */
  keep({ secret, isKept }: SeenBrowser, response: ServerResponse): void {
    if (secret === undefined || isKept) return;
    const secure = this.#secure ? '; Secure' : '';
    response.appendHeader(
      'set-cookie',
      `${this.#name}=${secret}; Path=/; Max-Age=${COOKIE_LIFETIME}; HttpOnly; SameSite=Lax${secure}`,
    );
  }

  get #name(): string {
    return this.#secure ? '__Host-lt_device' : 'lt_device';
  }
}

/** What a browser says it is. Anybody can send anything as `User-Agent`, and it goes into letters: only known names count. */
export function labelOf(userAgent: string | undefined): DeviceLabel {
  const said = userAgent?.slice(0, LONGEST_READ).trim();
  if (!said) return { form: 'unknown' };
  const { browser, os, platform } = Bowser.parse(said);
  return {
    ...(BROWSERS.has(browser.name) ? { browser: browser.name as string } : {}),
    ...(SYSTEMS.has(os.name) ? { system: os.name as string } : {}),
    form: FORMS.find((form) => form === platform.type) ?? 'unknown',
  };
}

const FORMS = ['desktop', 'mobile', 'tablet'] as const;
const BROWSERS: ReadonlySet<string | undefined> = new Set(Object.values(Bowser.BROWSER_MAP));
const SYSTEMS: ReadonlySet<string | undefined> = new Set(Object.values(Bowser.OS_MAP));
