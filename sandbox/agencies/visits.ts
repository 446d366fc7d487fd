/** Owns what an agency remembers of a browser: its presses of the login button and who signed in. In memory only. */
import { randomBytes } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import type { Press, SignedIn } from './relying-party.ts';

export interface RememberedPress extends Press {
  /** Set by the first answer that arrives; a repeated answer waits for the same outcome instead of failing. */
  outcome?: Promise<SignedIn>;
}

export interface Visit {
  id: string;
  language: 'vi' | 'en';
  readonly presses: Map<string, RememberedPress>;
  signedIn?: SignedIn | undefined;
  seenAt: number;
}

const LIFETIME = 30 * 60_000;
const MOST_VISITS = 5_000;
/** As many tabs as anybody starts to sign in from at once. */
const MOST_PRESSES = 20;

// Lax suffices because all ports of one machine are one site. An agency elsewhere that uses form_post needs
// `sameSite: 'none', secure: true` for the answer to arrive with its cookie.
const COOKIE: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/' };

/** The visits of one agency, under a cookie name of its own: ports of one machine share their cookies. */
export class Visits {
  readonly #cookie: string;
  readonly #visits = new Map<string, Visit>();

  constructor(cookie: string) {
    this.#cookie = cookie;
  }

  /** The visit this browser is on, begun now if there is none. */
  of(request: Request, response: Response): Visit {
    const now = Date.now();
    const known = this.#visits.get(this.#idIn(request));
    if (known !== undefined && now - known.seenAt < LIFETIME) {
      known.seenAt = now;
      return known;
    }
    this.#sweep(now);
    const visit: Visit = { id: newId(), language: 'vi', presses: new Map(), seenAt: now };
    this.#keep(visit, response);
    return visit;
  }

  /** Remembers a press for the answer that will come back with its state. */
  remember(visit: Visit, press: Press): void {
    visit.presses.set(press.state, press);
    for (const state of visit.presses.keys()) {
      if (visit.presses.size <= MOST_PRESSES) break;
      visit.presses.delete(state);
    }
  }

  /**
   * Signs the browser in under a new id, so that an id planted before is worth nothing. What was pressed under the old one
   * can still be answered: the browser may have let go of this answer, and its new cookie, for a second press.
   */
  signIn(visit: Visit, signedIn: SignedIn, response: Response): void {
    this.#keep({ ...visit, id: newId(), signedIn }, response);
    visit.signedIn = undefined;
  }

  /** Signs out every browser that the hub's session of this name signed in. */
  signOut(sid: string): void {
    for (const visit of this.#visits.values()) if (visit.signedIn?.claims.sid === sid) visit.signedIn = undefined;
  }

  #keep(visit: Visit, response: Response): void {
    this.#visits.set(visit.id, visit);
    response.cookie(this.#cookie, visit.id, COOKIE);
  }

  #idIn(request: Request): string {
    const pairs = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
    return pairs.find(([name]) => name === this.#cookie)?.[1] ?? '';
  }

  #sweep(now: number): void {
    if (this.#visits.size < MOST_VISITS) return;
    for (const [id, visit] of this.#visits) if (now - visit.seenAt >= LIFETIME) this.#visits.delete(id);
    for (const id of this.#visits.keys()) {
      if (this.#visits.size < MOST_VISITS) break;
      this.#visits.delete(id);
    }
  }
}

const newId = () => randomBytes(24).toString('base64url');
