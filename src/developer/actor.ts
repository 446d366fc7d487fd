/**
 * Owns who asks the console for something: somebody who is signed in to it, by its cookie, or a script with one of their
 * personal API tokens. A token can do less, never more, and nothing that asks for a sign-in.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RECENT } from '../citizen/strength.ts';
import { Refusal } from '../errors.ts';
import type { Acr } from '../identity/assertion.ts';
import { reaches } from '../identity/assurance.ts';
import type { Visit, Visits } from '../own-pages/visit.ts';
import type { Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import type { AccountId, TokenScope } from './ports.ts';

export interface Actor {
  readonly account: AccountId;
  /** `session`, or the id of the token: as the trail has it. */
  readonly through: string;
  /** Everything, where it is not a token. */
  readonly scopes: ReadonlySet<TokenScope> | 'all';
  /** Of the sign-in, where there is one. */
  readonly visit?: Visit;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What every token begins with, for scanners of leaked secrets to find it by. */
export const TOKEN_MARK = 'lt_pat_';
const TOKEN = new RegExp(`^Bearer (${TOKEN_MARK}[\\w-]{43})$`, 'i');

export interface ActorParts {
  readonly store: Pick<Store, 'developer'>;
  readonly visits: Visits;
  readonly vault: Vault;
  readonly clock: () => number;
}

/** A new token, to be shown once, and what is kept of it. */
export function newToken(vault: Vault): { readonly token: string; readonly hash: string } {
  const token = `${TOKEN_MARK}${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOf(vault, token) };
}

/** Under which a token, or the secret of an invitation, is kept. */
export const hashOf = (vault: Vault, secret: string): string =>
  vault.hashId('developer secret', secret).toString('base64url');

/** Who asks; nobody when neither cookie nor token is good (any more). */
export async function actorOf(
  { store, visits, vault, clock }: ActorParts,
  request: IncomingMessage,
): Promise<Actor | undefined> {
  const { authorization } = request.headers;
  const sent = TOKEN.exec(authorization ?? '')?.[1];
  if (sent !== undefined) {
    const now = clock();
    const token = await store.developer.tokens.use(hashOf(vault, sent), now);
    return token && { account: token.account, through: token.id, scopes: new Set(token.scopes), now };
  }
  // Whoever sends a token wants to be known by it, and not by a cookie that happens to be there.
  if (authorization !== undefined) return undefined;
  const visit = await visits.of(request);
  return visit && { account: visit.account, through: 'session', scopes: 'all', visit, now: visit.now };
}

/** The level of the sign-in behind what is asked; none where a token asks. */
export const levelOf = ({ visit }: Actor): Acr | undefined => visit?.authentication.acr;

/**
 * What others rely on is decided with a strong sign-in of just now: not by a token, nor in a session that somebody left open.
 * Throws `Refusal` `stronger_sign_in_needed`.
 */
export function mustBeStrong({ visit, now }: Actor): void {
  if (visit === undefined) throw new Refusal('stronger_sign_in_needed');
  const { acr, authTime } = visit.authentication;
  if (!reaches(acr, 'loa3') || now - authTime * 1000 > RECENT) throw new Refusal('stronger_sign_in_needed');
}
