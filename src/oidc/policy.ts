/**
 * Owns when an authorization request stops for the citizen: nobody signed in, too long ago, too weak, another person
 * wanted, not agreed yet. One ordered minimum replaces the library's equality tests on `acr`.
 */
import { decodeJwt } from 'jose';
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import type { Acr } from '../identity/assertion.ts';
import {
  highestReached,
  isAcr,
  levelOfRunningSession,
  lowestKnown,
  reaches,
  stricterAcr,
} from '../identity/assurance.ts';
import { registrationOf } from './client-models.ts';
import { subjectInSession } from './subject.ts';

const { Check, Prompt, base } = interactionPolicy;

/** What a request says about assurance, by `acr_values` and by an `acr` in `claims` (OpenID Connect Core 5.5.1.1). */
export interface AssuranceRequest {
  readonly acr_values?: string | undefined;
  readonly claims?: string | undefined;
}

export interface RequiredAssurance {
  /** The weakest level that is enough. */
  readonly minimum: Acr;
  /** Levels of an essential `acr`: one of them must be reached and is returned. */
  readonly essential?: readonly string[];
}

/**
 * The level a request requires: the higher of the service's registered minimum, the lowest known value in `acr_values`
 * and, when essential, the lowest known value of `acr` in `claims`. Throws `errors.UnmetAuthenticationRequirements` when
 * an essential list names no level of ours.
 */
export function requiredAssurance(request: AssuranceRequest, client: ClientRegistration): RequiredAssurance {
  let minimum = client.minimum_acr;
  const wished = lowestKnown(request.acr_values?.split(' ') ?? []);
  if (wished !== undefined) minimum = stricterAcr(minimum, wished);
  const asked = request.claims === undefined ? undefined : JSON.parse(request.claims)?.id_token?.acr;
  const values: unknown = asked?.values ?? (asked?.value === undefined ? undefined : [asked.value]);
  if (values === undefined) return { minimum };
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string'))
    throw new errors.InvalidRequest('invalid claims.id_token.acr.values type');
  const lowest = lowestKnown(values);
  if (asked.essential !== true) return { minimum: lowest === undefined ? minimum : stricterAcr(minimum, lowest) };
  if (lowest === undefined)
    throw new errors.UnmetAuthenticationRequirements('none of the requested levels is known here');
  return { minimum: stricterAcr(minimum, lowest), essential: values };
}

/** The level told to the agency: what was reached, or the highest listed level not above it. Undefined when too weak. */
export function reportedAcr(reached: Acr, required: RequiredAssurance): Acr | undefined {
  if (!reaches(reached, required.minimum)) return undefined;
  return required.essential === undefined ? reached : highestReached(required.essential, reached);
}

/** The prompts of this hub; one interaction answers all of them, so a sign-in with consent stops once. */
export function createPolicy(
  clients: Clients,
  isClosed: (ctx: KoaContextWithOIDC) => boolean,
): InstanceType<typeof Prompt>[] {
  const policy = base();
  const login = policy.get('login')!;
  for (const reason of ['essential_acrs', 'essential_acr', 'id_token_hint', 'claims_id_token_sub_value'])
    login.checks.remove(reason);
  login.checks.add(
    new Check('another_person', 'somebody else is signed in', 'login_required', async (ctx) => {
      const wanted = wantedSubject(ctx.oidc.params as SubjectRequest);
      if (wanted === undefined || wanted === (await subjectInSession(ctx))) return false;
      // The citizen just proved who they are: asking again would only go round in circles.
      if (hasJustSignedIn(ctx)) throw new errors.LoginRequired('somebody else signed in');
      return true;
    }),
  );
  login.checks.add(
    new Check('way_closed', 'the way this session was begun by is closed', 'login_required', (ctx) => isClosed(ctx)),
  );
  login.checks.add(
    new Check('assurance', 'the session is not strong enough', 'login_required', (ctx) => {
      const { session } = ctx.oidc;
      const registration = registrationOf(clients, ctx.oidc.client);
      const required = requiredAssurance(ctx.oidc.params as AssuranceRequest, registration);
      if (!session?.accountId || session.acr === undefined || !isAcr(session.acr)) return false;
      const level = hasJustSignedIn(ctx) ? session.acr : levelOfRunningSession(session.acr);
      const reported = reportedAcr(level, required);
      // The code, and so the id token, takes its `acr` from here.
      if (reported !== undefined) Object.defineProperty(ctx.oidc, 'acr', { value: reported, configurable: true });
      return reported === undefined;
    }),
  );

  const consent = policy.get('consent')!;
  for (const reason of [
    'native_client_prompt',
    'op_scopes_missing',
    'op_claims_missing',
    'rs_scopes_missing',
    'rar_prompt',
  ])
    consent.checks.remove(reason);
  consent.checks.add(
    // Grants are views on consents (grant.ts): one with an id is a consent that covers this very request.
    new Check(
      'consent_missing',
      'the citizen has not agreed to this request',
      'consent_required',
      (ctx) => !ctx.oidc.entities.Grant?.jti,
    ),
  );

  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  const sight = new Check(
    'unseen',
    'the citizen has not seen whom they are about to be',
    'interaction_required',
    isSilentForTheFirstTime,
  );
  policy.add(new Prompt({ name: 'continue_as', requestable: false }, sight), policy.indexOf(consent));
  return policy;
}

const hasJustSignedIn = (ctx: KoaContextWithOIDC) =>
  (ctx.oidc.result as { login?: unknown } | undefined)?.login !== undefined;

/**
 * Single sign-on that this browser has not shown yet: a session, perhaps of somebody else at a shared computer, would
 * speak for the citizen at an agency where it never did. Once it has been used there it is no surprise any more.
 */
function isSilentForTheFirstTime(ctx: KoaContextWithOIDC): boolean {
  const { session, client, prompts, result } = ctx.oidc;
  if (hasJustSignedIn(ctx) || prompts.has('none') || (result as { select_account?: unknown })?.select_account)
    return false;
  const authorization = session!.authorizations?.[client!.clientId];
  // Set when a code was given; an entry without it is there as soon as an earlier consent was found.
  return authorization?.persistsLogout !== true;
}

/** What a request says about whom it is for. */
export interface SubjectRequest {
  readonly id_token_hint?: string | undefined;
  readonly claims?: string | undefined;
}

/** Whom the agency wants to see again: `id_token_hint`, or a value of `sub` in `claims` (Core 3.1.2.1 and 5.5.1). */
export function wantedSubject({ id_token_hint: hint, claims }: SubjectRequest): unknown {
  const byClaims = claims === undefined ? undefined : JSON.parse(claims).id_token?.sub?.value;
  // Its signature was verified when the request came (the library's checkIdTokenHint).
  return byClaims ?? (hint === undefined ? undefined : decodeJwt(hint).sub);
}
