/** Owns the last question before consent: is this strong enough, and is it still the same citizen. */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { type Authentication, authenticationOf } from '../identity/authentication.ts';
import { reportedAcr } from '../oidc/policy.ts';
import type { Identified } from './identify.ts';
import type { LoginResult, SignInRequest } from './request.ts';

export interface Assured {
  readonly authentication: Authentication;
  readonly login: LoginResult;
}

/**
 * Turns an identified assertion into an authentication the session can rest on. Throws `Refusal` `too_weak`, or
 * `another_person` when a session that only needed a stronger proof would become somebody else's.
 */
export function assurePerson(
  request: SignInRequest,
  assertion: Assertion,
  { person, record }: Identified,
  clock: () => number,
): Assured {
  if (reportedAcr(assertion.acr, request.required) === undefined) throw new Refusal('too_weak');
  const stepsUp = request.prompt.reasons.includes('assurance');
  if (stepsUp && request.session !== undefined && request.session.accountId !== person)
    throw new Refusal('another_person');
  const authentication = authenticationOf(randomUUID(), person, assertion, record, Math.floor(clock() / 1000));
  const { acr, amr, authTime } = authentication;
  return {
    authentication,
    login: { accountId: person, authentication, acr, amr, ts: authTime, remember: false },
  };
}
