/** Owns what the id of a grant says: on which consent, session and authentication it rests. Nothing else keeps that. */
import { randomBytes } from 'node:crypto';
import type { Authentication } from '../identity/authentication.ts';
import type { Vault } from '../vault/vault.ts';

export interface GrantName {
  readonly consent: string;
  readonly session: string;
  readonly authentication: string;
  /** Of that authentication; absent in ids of before it stood there. */
  readonly source: string | undefined;
}

/** A grant for one code: the last part makes each code's tokens revocable on their own (RFC 6749 4.1.2). */
export function newGrantId(consent: string, session: string, { id, source }: Authentication): string {
  return [consent, session, id, source, randomBytes(12).toString('base64url')].join('~');
}

export function readGrantId(grantId: string): GrantName | undefined {
  const parts = grantId.split('~');
  const [consent, session, authentication] = parts;
  if (!consent || !session || !authentication) return undefined;
  return { consent, session, authentication, source: parts.length > 4 ? parts[3] : undefined };
}

/** What an access token names: its grant, its client, and the items that were granted, where it was issued with them. */
export type TokenContent = readonly [grantId: string, client: string, granted?: readonly string[]];

const TOKEN = 'access token';

export function sealToken(vault: Vault, content: TokenContent): string {
  return vault.sealState(TOKEN, content).toString('base64url');
}

/** What a token names, whether or not it is still one. */
export function openToken(vault: Vault, token: string): TokenContent | undefined {
  return vault.openState(TOKEN, Buffer.from(token, 'base64url')) as TokenContent | undefined;
}
