/** Owns the last questions before consent: is this strong enough, still the same citizen, and whom the agency asked for. */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../errors.ts';
import type { Assertion } from '../identity/assertion.ts';
import { type Authentication, authenticationOf } from '../identity/authentication.ts';
import type { PersonId } from '../identity/person.ts';
import { reportedAcr, wantedSubject } from '../oidc/policy.ts';
import type { Store } from '../store.ts';
import type { Identified } from './identify.ts';
import type { LoginResult, SignInRequest } from './request.ts';

export interface Assured extends Pick<Identified, 'known'> {
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
  { person, record, known, device }: Identified,
  clock: () => number,
  vnAuthLevel?: number,
): Assured {
  if (reportedAcr(assertion.acr, request.required) === undefined) throw new Refusal('too_weak');
  const bound = boundTo(request);
  if (bound !== undefined && bound !== person) throw new Refusal('another_person');
  const authentication = {
    ...authenticationOf(randomUUID(), person, assertion, record, Math.floor(clock() / 1000)),
    device,
    ...(vnAuthLevel === undefined ? {} : { vnAuthLevel }),
  };
  const { acr, amr, authTime } = authentication;
  return {
    authentication,
    known,
    login: { accountId: person, authentication, acr, amr, ts: authTime, remember: false },
  };
}

/** Whose session only needs a stronger proof; nobody when anybody may sign in. */
export function boundTo({ prompt, session, progress }: SignInRequest): PersonId | undefined {
  // Where the agency named somebody else than who is signed in, that session is not what is to be made stronger.
  if (!prompt.reasons.includes('assurance') || prompt.reasons.includes('another_person')) return undefined;
  // Once a proof was accepted the request stands on its own, without the session of before, but for the same person.
  return session?.accountId ?? progress.login?.accountId;
}

/** Whether this is whom the agency wants to see (`id_token_hint`, a `sub` in `claims`), if it named anybody. */
export async function isWanted(store: Store, { params, client }: SignInRequest, person: PersonId): Promise<boolean> {
  const wanted = wantedSubject(params);
  return wanted === undefined || wanted === (await store.people.subjectFor(person, client.agency.id));
}
