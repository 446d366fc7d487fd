/**
 * Owns how good a sign-in a change on the citizen's page asks for. Somebody who has only the weakest of a person's
 * passwords must be able to change nothing; so the measure is the strongest way the person has ever linked.
 */
import type { Acr } from '../identity/assertion.ts';
import { reaches } from '../identity/assurance.ts';
import type { Authentication } from '../identity/authentication.ts';

/** `recent`: signed in a moment ago. `strongest`: just now, and with nothing weaker than the strongest way linked. */
export type Needed = 'session' | 'recent' | 'strongest';

/** Milliseconds for which a sign-in counts as one of a moment ago, and as one of just now. */
export const RECENT = 15 * 60 * 1000;
export const FRESH = 5 * 60 * 1000;

/** Whether an authentication is good enough at `now` (milliseconds since the epoch). */
export function isEnough(
  { acr, authTime }: Pick<Authentication, 'acr' | 'authTime'>,
  needed: Needed,
  strongest: Acr,
  now: number,
): boolean {
  const age = now - authTime * 1000;
  if (needed === 'session') return true;
  if (needed === 'recent') return age <= RECENT;
  return age <= FRESH && reaches(acr, strongest);
}
