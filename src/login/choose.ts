/** Owns the choice of a source: which ones a request can use, and why it cannot use the others. */
import type { Source } from '../../providers/source.ts';
import type { ClosedReason, Page, SourceCard } from '../../views/pages.ts';
import { type ErrorValues, Refusal } from '../errors.ts';
import { reportedAcr } from '../oidc/policy.ts';
import { shownService } from '../shown-service.ts';
import type { Notice, SignInRequest } from './request.ts';
import type { SourceHealth } from './source-health.ts';
import type { SourceSwitches } from './source-switches.ts';

/** The configured sources, in the order in which they are shown. */
export type Sources = ReadonlyMap<string, Source>;

/** What changes about sources while the hub runs. */
export interface SourcesNow {
  readonly switches: Pick<SourceSwitches, 'isOff' | 'notice'>;
  readonly health: Pick<SourceHealth, 'isClosed' | 'admits'>;
}

/** Why a source is never enough for a request; nothing when it is. */
function whyUnsuitable(source: Source, { client, required }: SignInRequest): ClosedReason | undefined {
  if (client.sources !== undefined && !client.sources.includes(source.id)) return 'not_for_this_service';
  return reportedAcr(source.acr, required) === undefined ? 'not_strong_enough' : undefined;
}

/** Why a source cannot be chosen for a request now; nothing when it can. */
export function whyClosed(
  source: Source,
  request: SignInRequest,
  { switches, health }: SourcesNow,
): ClosedReason | undefined {
  const unavailable = switches.isOff(source.id) || health.isClosed(source.id);
  return whyUnsuitable(source, request) ?? (unavailable ? 'unavailable' : undefined);
}

/**
 * A source whose answer the request may use: allowed, strong enough, not switched off. Asked again at each answer. Throws
 * `Refusal` `source_not_allowed` or `source_unavailable`.
 */
export function usableSource(sources: Sources, id: string, request: SignInRequest, { switches }: SourcesNow): Source {
  const source = sources.get(id);
  if (source === undefined || whyUnsuitable(source, request) !== undefined) throw new Refusal('source_not_allowed');
  if (switches.isOff(id)) throw new Refusal('source_unavailable');
  return source;
}

/** The chosen source, if somebody may be sent there now, also by a forced POST. Throws `Refusal` as above. */
export function chosenSource(sources: Sources, id: string, request: SignInRequest, now: SourcesNow): Source {
  const source = usableSource(sources, id, request, now);
  if (!now.health.admits(id)) throw new Refusal('source_unavailable');
  return source;
}

/** Whether any source can meet the request now. */
export function anySource(sources: Sources, request: SignInRequest, now: SourcesNow): boolean {
  return [...sources.values()].some((source) => whyClosed(source, request, now) === undefined);
}

/**
 * The source to go to without asking: the one the agency hints at, or the only one that can ever be enough. One that is out
 * of use, or about which the operator has something to say, is shown instead.
 */
export function straightTo(sources: Sources, request: SignInRequest, now: SourcesNow): string | undefined {
  const { idp_hint: hint } = request.params;
  if (hint && sources.has(hint)) return hint;
  const [only, ...others] = [...sources.values()].filter((source) => whyUnsuitable(source, request) === undefined);
  if (only === undefined || others.length > 0) return undefined;
  const isPlain = whyClosed(only, request, now) === undefined && now.switches.notice(only.id) === undefined;
  return isPlain ? only.id : undefined;
}

/** The page of the choice, with what went wrong at the source just tried. */
export function choicePage(sources: Sources, request: SignInRequest, now: SourcesNow, notice?: Notice): Page {
  return {
    page: 'choose-source',
    service: shownService(request.client),
    action: `/sign-in/${request.uid}/source`,
    cancelAction: `/sign-in/${request.uid}/cancel`,
    sources: [...sources.values()].map((source): SourceCard => {
      const closed = whyClosed(source, request, now);
      const said = now.switches.notice(source.id);
      return { ...source.card, ...(closed ? { closed } : {}), ...(said ? { notice: said } : {}) };
    }),
    sharedComputer: request.progress.sharedComputer ?? false,
    ...(notice ? { reason: notice.code, values: namesOf(sources, notice.source) } : {}),
  };
}

/** What texts may name of a source. */
export function namesOf(sources: Sources, id: string | undefined): ErrorValues {
  const card = id === undefined ? undefined : sources.get(id)?.card;
  return card ? { source: card.name, authority: card.authority } : {};
}
