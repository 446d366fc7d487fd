/** Owns the choice of a source: which ones a request can use, and why it cannot use the others. */
import type { Source } from '../../providers/source.ts';
import type { ClosedReason, Page, SourceCard } from '../../views/pages.ts';
import { type ErrorValues, Refusal } from '../errors.ts';
import { reportedAcr } from '../oidc/policy.ts';
import type { Notice, SignInRequest } from './request.ts';

/** The configured sources, in the order in which they are shown. */
export type Sources = ReadonlyMap<string, Source>;

/** Why a source cannot be used for a request; nothing when it can. Asked again when the source has answered. */
export function whyClosed(source: Source, request: SignInRequest): ClosedReason | undefined {
  const { client, required } = request;
  if (client.sources !== undefined && !client.sources.includes(source.id)) return 'not_for_this_service';
  return reportedAcr(source.acr, required) === undefined ? 'not_strong_enough' : undefined;
}

/** The chosen source, if the request may use it. Throws `Refusal` `source_not_allowed`, also for a forced POST. */
export function chosenSource(sources: Sources, id: string, request: SignInRequest): Source {
  const source = sources.get(id);
  if (source === undefined || whyClosed(source, request) !== undefined) throw new Refusal('source_not_allowed');
  return source;
}

/** Whether any source can meet the request at all. */
export function anySource(sources: Sources, request: SignInRequest): boolean {
  return [...sources.values()].some((source) => whyClosed(source, request) === undefined);
}

/** The page of the choice, with what went wrong at the source just tried. */
export function choicePage(sources: Sources, request: SignInRequest, notice?: Notice): Page {
  return {
    page: 'choose-source',
    service: { agency: request.client.agency.name, name: request.client.service },
    action: `/sign-in/${request.uid}/source`,
    cancelAction: `/sign-in/${request.uid}/cancel`,
    sources: [...sources.values()].map((source): SourceCard => {
      const closed = whyClosed(source, request);
      return closed === undefined ? source.card : { ...source.card, closed };
    }),
    ...(notice ? { reason: notice.code, values: namesOf(sources, notice.source) } : {}),
  };
}

/** What texts may name of a source. */
export function namesOf(sources: Sources, id: string | undefined): ErrorValues {
  const card = id === undefined ? undefined : sources.get(id)?.card;
  return card ? { source: card.name, authority: card.authority } : {};
}
