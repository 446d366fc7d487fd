/**
 * Owns the ready pieces of a service: whole logins in three libraries, written for that very service. What goes in is what
 * anybody may know of it; secrets and keys stay in its environment and its folder.
 */
import { authlibPiece } from './authlib.ts';
import { blueprintOf, type ServiceFacts } from './facts.ts';
import { modAuthOpenidcPiece } from './mod-auth-openidc.ts';
import { openidClientPiece } from './openid-client.ts';
import type { ReadyPiece } from './piece.ts';

/** All pieces, also those whose library cannot do what this service asks for; none without a redirect address. */
export function readyPiecesFor(facts: ServiceFacts): readonly ReadyPiece[] {
  const blueprint = blueprintOf(facts);
  if (blueprint === undefined) return [];
  return [openidClientPiece(blueprint), modAuthOpenidcPiece(blueprint), authlibPiece(blueprint)];
}
