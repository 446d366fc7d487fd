/** Owns which page a sign-in under way is due: read from the persisted request alone, so that asking again shows it again. */
import type { Page } from '../../views/pages.ts';
import type { ErrorCode } from '../errors.ts';
import type { Authentication } from '../identity/authentication.ts';
import { currentAuthentication } from '../oidc/session.ts';
import { shownService } from '../shown-service.ts';
import { anySource, namesOf, type Sources, type SourcesNow } from './choose.ts';
import type { Pair } from './identify.ts';
import type { Notice, SignInRequest } from './request.ts';

/** What the citizen has to do next. */
export type Due =
  | { readonly step: 'choose'; readonly notice?: Notice }
  | { readonly step: 'read-notice'; readonly notice: Notice }
  | { readonly step: 'continue-as'; readonly authentication: Authentication }
  | { readonly step: 'link'; readonly pair: Omit<Pair, 'newPersonId'> }
  | { readonly step: 'agree'; readonly authentication: Authentication };

/** Refusals after which the citizen simply chooses again; every other one is told on a page of its own. */
const BACK_TO_CHOICE: readonly string[] = [
  'source_cancelled',
  'source_timeout',
  'source_account_locked',
  'source_unavailable',
  'source_answer_invalid',
  'source_not_allowed',
  'phone_absent',
  'delivery_error',
  'sim_error',
  'signature_invalid',
  'not_a_subscriber',
] satisfies ErrorCode[];

/** The step that is due. An authentication counts when it was made in this request, or when the library only asks about it. */
export function dueStep(signIn: SignInRequest): Due {
  const { progress, prompt, session } = signIn;
  const { notice } = progress;
  if (notice)
    return BACK_TO_CHOICE.includes(notice.code) ? { step: 'choose', notice } : { step: 'read-notice', notice };
  if (progress.pending && progress.offer && !progress.login) {
    const { second, person } = progress.offer;
    return { step: 'link', pair: { pending: progress.pending, second, offeredTo: person } };
  }
  if (progress.login || prompt.name === 'consent' || progress.select_account) {
    const authentication = progress.login?.authentication ?? currentAuthentication(session);
    if (authentication) return { step: 'agree', authentication };
  }
  if (prompt.name === 'select_account' || prompt.name === 'continue_as') {
    const authentication = currentAuthentication(session);
    if (authentication) return { step: 'continue-as', authentication };
  }
  return { step: 'choose' };
}

/** The page of a refusal: what happened, another way where there is one, and the way back to the agency. */
export function noticePage(
  sources: Sources,
  now: SourcesNow,
  minimumAge: number,
  signIn: SignInRequest,
  notice: Notice,
): Page {
  const age = String(minimumAge);
  return {
    page: 'error',
    code: notice.code,
    values: { ...namesOf(sources, notice.source), age: { vi: age, en: age } },
    service: shownService(signIn.client),
    cancelAction: `/sign-in/${signIn.uid}/cancel`,
    ...(anySource(sources, signIn, now) ? { otherSource: `/sign-in/${signIn.uid}/choose` } : {}),
  };
}

/** "Continue as …, or not me": whom the running session would make of the citizen. */
export function continuePage(signIn: SignInRequest, { attributes }: Authentication): Page {
  return {
    page: 'continue-as',
    service: shownService(signIn.client),
    action: `/sign-in/${signIn.uid}/account`,
    name: attributes.name ?? '',
  };
}

/** Both accounts by name: the explicit question before one is linked to the other's person. */
export function linkPage(
  sources: Sources,
  signIn: SignInRequest,
  { pending, second }: Omit<Pair, 'newPersonId'>,
): Page {
  const nameOf = (id: string) => sources.get(id)?.card.name ?? { vi: id, en: id };
  return {
    page: 'link',
    service: shownService(signIn.client),
    action: `/sign-in/${signIn.uid}/link`,
    sources: [nameOf(pending.assertion.source), nameOf(second.source)],
  };
}
