/**
 * Owns how often somebody may begin: sign-ins, and tries at sources. Counted by network address and by browser, never by
 * account: whoever tries somebody else's number a thousand times slows themselves, and its holder elsewhere notices nothing.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, errorOf, Refusal } from '../errors.ts';
import { Allowances } from './allowances.ts';

export interface LimitSettings {
  /** A minute's sign-ins begun, and as many tries at sources, from one address: an office, or a carrier's customers. */
  readonly perAddress: number;
  /** The same of one browser. */
  readonly perBrowser: number;
  /** A minute's pushed requests of one agency, which has proved who it is. */
  readonly perClient: number;
}

export interface LimitParts {
  readonly settings: LimitSettings;
  /** Sign the browser's cookie; the first signs, all are accepted. */
  readonly cookieKeys: readonly string[];
  readonly secure: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

declare module 'node:http' {
  interface IncomingMessage {
    /** What this request is counted under (client-address.ts). */
    clientAddress?: string;
  }
}

/** Over a limit: `too_many_requests`, and when to come again. */
export class OverLimit extends Refusal {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('too_many_requests');
    this.retryAfter = retryAfter;
  }
}

/** What a try that failed costs beside what beginning it has cost: guessing runs dry five times sooner than using. */
const COST_OF_FAILING = 4;
/** Seconds. The counters forget sooner; longer would only be a name for somebody's browser. */
const COOKIE_LIFETIME = 60 * 60;

/** One thing that is counted, under both keys: whoever is over either limit has to wait. */
class Counted {
  readonly #byAddress: Allowances;
  readonly #byBrowser: Allowances;

  constructor({ perAddress, perBrowser }: LimitSettings, clock: () => number) {
    this.#byAddress = new Allowances({ perMinute: perAddress, clock });
    this.#byBrowser = new Allowances({ perMinute: perBrowser, clock });
  }

  /** Takes from both, or from none: a browser that is over its limit does not use up its neighbours' share. */
  take(address: string, browser: string | undefined): void {
    const wait = Math.max(this.#byAddress.wait(address), browser === undefined ? 0 : this.#byBrowser.wait(browser));
    if (wait > 0) throw new OverLimit(wait);
    this.charge(address, browser, 1);
  }

  charge(address: string, browser: string | undefined, tokens: number): void {
    this.#byAddress.take(address, tokens);
    if (browser !== undefined) this.#byBrowser.take(browser, tokens);
  }
}

export class Limits {
  readonly #starting: Counted;
  readonly #trying: Counted;
  readonly #pushing: Allowances;
  readonly #keys: readonly string[];
  readonly #secure: boolean;

  constructor({ settings, cookieKeys, secure, clock }: LimitParts) {
    this.#starting = new Counted(settings, clock);
    this.#trying = new Counted(settings, clock);
    this.#pushing = new Allowances({ perMinute: settings.perClient, clock });
    this.#keys = cookieKeys;
    this.#secure = secure;
  }

  /**
   * A sign-in is begun. A browser that cannot show our cookie gets one, and is counted by its address alone. Throws
   * `OverLimit`.
   */
  starting(request: IncomingMessage, response: ServerResponse): void {
    const browser = this.#browserOf(request);
    this.#starting.take(addressOf(request), browser);
    if (browser === undefined) this.#giveCookie(response);
  }

  /** A source is chosen, or told something on a page of ours. Throws `OverLimit`. */
  trying(request: IncomingMessage): void {
    this.#trying.take(addressOf(request), this.#browserOf(request));
  }

  /** A try ended in a refusal. What is nobody's guess costs nothing: a source that is down, a citizen who changed their mind. */
  failed(request: IncomingMessage, code: ErrorCode): void {
    if (errorOf(code).oauth !== 'access_denied' || code === 'source_cancelled') return;
    this.#trying.charge(addressOf(request), this.#browserOf(request), COST_OF_FAILING);
  }

  /** An agency, known by its proof, pushes a request. Throws `OverLimit`. */
  pushing(client: string): void {
    const wait = this.#pushing.wait(client);
    if (wait > 0) throw new OverLimit(wait);
    this.#pushing.take(client);
  }

  #browserOf({ headers }: IncomingMessage): string | undefined {
    const prefix = `${this.#cookieName}=`;
    const cookie = headers.cookie?.split('; ').find((part) => part.startsWith(prefix));
    const [id = '', seal = ''] = cookie?.slice(prefix.length).split('.') ?? [];
    const given = Buffer.from(seal);
    // Without the seal anybody could be a new browser at each request, or pretend to be somebody else's.
    const sealed = this.#keys.some((key) => {
      const own = Buffer.from(sealOf(id, key));
      return own.length === given.length && timingSafeEqual(own, given);
    });
    return sealed ? id : undefined;
  }

  #giveCookie(response: ServerResponse): void {
    const id = randomBytes(12).toString('base64url');
    const secure = this.#secure ? '; Secure' : '';
    response.appendHeader(
      'set-cookie',
      `${this.#cookieName}=${id}.${sealOf(id, this.#keys[0]!)}; Path=/; Max-Age=${COOKIE_LIFETIME}; HttpOnly; SameSite=Lax${secure}`,
    );
  }

  get #cookieName(): string {
    return this.#secure ? '__Host-lt_browser' : 'lt_browser';
  }
}

const sealOf = (id: string, key: string) => createHmac('sha256', key).update(`browser ${id}`).digest('base64url');
const addressOf = ({ clientAddress, socket }: IncomingMessage) => clientAddress ?? socket.remoteAddress ?? '';
