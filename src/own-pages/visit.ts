/**
 * Owns who is at a page of the hub itself. Its session is a view of the hub's, as grants are: the cookie names the session and
 * the authentication its own tokens were issued on, so whoever ends that session ends this one, in every process, at once.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { Refusal } from '../errors.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { PersonId } from '../identity/person.ts';
import type { Grants } from '../oidc/grant.ts';
import { readGrantId } from '../oidc/grant-names.ts';
import { touchSession } from '../oidc/own-sessions.ts';
import { type SessionPayload, sessionByUid } from '../oidc/session.ts';
import type { Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import { cookieIn } from '../web/cookies.ts';
import type { OwnPage } from './own-page.ts';

/** One request of somebody who is signed in. */
export interface Visit {
  readonly person: PersonId;
  /** The subject by which this page knows them. */
  readonly account: string;
  readonly authentication: Authentication;
  readonly session: SessionPayload;
  /** Stands in every form of this visit, and comes back with it; absent where a token came instead of a cookie. */
  readonly formToken?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a visit rests on, as the page's own tokens named it. */
interface Ground {
  readonly session: string;
  readonly authentication: string;
  readonly source: string;
  readonly consent: string;
}

interface Kept extends Ground {
  readonly formToken: string;
}

export interface VisitParts {
  readonly page: OwnPage;
  readonly store: Store;
  readonly vault: Vault;
  readonly provider: Provider;
  readonly grants: Grants;
  readonly secure: boolean;
  readonly clock: () => number;
}

export class Visits {
  readonly #parts: VisitParts;
  readonly #cookie: string;
  readonly #context: string;

  constructor(parts: VisitParts) {
    this.#parts = parts;
    // Of this very host: one of a neighbour's would make its owner's page out of whatever somebody types here.
    this.#cookie = `${parts.secure ? '__Host-' : ''}lt_${parts.page.cookie}`;
    this.#context = `${parts.page.cookie} session`;
  }

  /** Begins with the access token that the hub has just issued to the page. Throws `Refusal` `sign_in_needed`. */
  async begin(token: string, response: ServerResponse): Promise<void> {
    const named = await this.#behind(token);
    if (named === undefined) throw new Refusal('sign_in_needed');
    const kept: Kept = { ...named, formToken: randomBytes(24).toString('base64url') };
    this.#setCookie(response, this.#parts.vault.sealState(this.#context, kept).toString('base64url'));
  }

  /** Who is there, by cookie or by access token; nobody when the session has ended. */
  async of(request: IncomingMessage): Promise<Visit | undefined> {
    const bearer = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (request.headers.authorization !== undefined)
      return bearer === undefined ? undefined : this.#visit(await this.#behind(bearer));
    const value = cookieIn(request, this.#cookie);
    if (value === undefined) return undefined;
    const kept = this.#parts.vault.openState(this.#context, Buffer.from(value, 'base64url'));
    return this.#visit(kept as Kept | undefined);
  }

  /** The browser forgets the page; the hub's session stays. */
  end(response: ServerResponse): void {
    this.#setCookie(response, '');
  }

  async #visit(kept: (Ground & Partial<Kept>) | undefined): Promise<Visit | undefined> {
    if (kept === undefined) return undefined;
    const { store, clock, page } = this.#parts;
    const now = clock();
    // The consent also knows what a session cannot: the person was locked, the way it was begun by is blocked or gone.
    const [session, standing] = await Promise.all([
      sessionByUid(store.state, kept.session),
      store.consents.find(kept.consent, page.sector, kept.source, now),
    ]);
    const authentication = session?.authentications?.[kept.authentication];
    if (session === undefined || authentication === undefined || standing === undefined) return undefined;
    const { person } = authentication;
    if (session.accountId !== person || standing.consent.person !== person) return undefined;
    // Whoever reads here is there: the library would not see it.
    await touchSession(store.state, session);
    const { formToken } = kept;
    return { person, account: standing.sub, authentication, session, now, ...(formToken ? { formToken } : {}) };
  }

  /** The session and authentication behind a token that was issued to this page and to nobody else. */
  async #behind(token: string): Promise<Ground | undefined> {
    const { provider, grants, page } = this.#parts;
    const found = await provider.AccessToken.find(token);
    if (found?.clientId !== page.client || found.grantId === undefined) return undefined;
    const release = await grants.release(found.grantId, page.client);
    const session = readGrantId(found.grantId)?.session;
    if (release === undefined || session === undefined) return undefined;
    const { id: authentication, source } = release.authentication;
    return { session, authentication, source, consent: release.consent.id };
  }

  #setCookie(response: ServerResponse, value: string): void {
    const ends = value === '' ? '; Max-Age=0' : '';
    const secure = this.#parts.secure ? '; Secure' : '';
    response.appendHeader('set-cookie', `${this.#cookie}=${value}; Path=/; HttpOnly; SameSite=Lax${ends}${secure}`);
  }
}

/** Whether a form was made for this very visit; compared in constant time. */
export function isFormOf({ formToken }: Visit, given: unknown): boolean {
  if (formToken === undefined) return true;
  const [own, other] = [Buffer.from(formToken), Buffer.from(typeof given === 'string' ? given : '')];
  return own.length === other.length && timingSafeEqual(own, other);
}
