/** Owns what a row of the history says: everything its event does, by the names that people know things by. */
import { CONSENT_ENDS } from '../../../views/citizen/agencies.ts';
import type { HistoryEntry } from '../../../views/citizen/history.ts';
import type { ConsentItemId } from '../../../views/pages.ts';
import { moment } from '../../calendar.ts';
import { isErrorCode } from '../../errors.ts';
import { ACR_LADDER } from '../../identity/assertion.ts';
import type { Event } from '../../journal/events.ts';
import type { Sources } from '../../login/choose.ts';
import { CITIZEN } from '../../own-pages/own-page.ts';
import type { HistoryRow } from '../../store.ts';
import { ANY_NEW_SOURCE, type Device } from '../ports.ts';
import { GROUP_OF, isShown } from './history-kinds.ts';
import { nameOf } from './overview.ts';
import type { ServiceNames } from './service-names.ts';

export interface Names {
  readonly services: ServiceNames;
  readonly sources: Sources;
  /** The person's own, latest used first. */
  readonly devices: readonly Device[];
}

const ANY_NEW = { vi: 'Mọi cách chưa liên kết', en: 'Any way not linked yet' };

/** The row as it is shown; `undefined` for an event that is not. */
export function historyEntry({ id, at, event, device: deviceId }: HistoryRow, names: Names): HistoryEntry | undefined {
  const { type } = event;
  if (!isShown(type)) return undefined;
  const device = names.devices.find((one) => one.id === deviceId)?.label;
  return {
    id,
    at: moment(at),
    kind: type,
    group: GROUP_OF[type],
    ...about(event, names),
    ...details(event, names),
    ...(device ? { device } : {}),
    see: `${CITIZEN.path}/history/${encodeURIComponent(id)}`,
  };
}

type Details = Partial<HistoryEntry>;

/** With whom and by which way. */
function about(event: Event, { services, sources }: Names): Details {
  const client = 'client' in event ? event.client : undefined;
  const source = 'source' in event ? event.source : undefined;
  const name = source === ANY_NEW_SOURCE ? ANY_NEW : nameOf(sources, source ?? '');
  return {
    ...(client === undefined ? {} : { client, service: services.of(client) }),
    ...(source === undefined ? {} : { source: { id: source, name } }),
  };
}

function details(event: Event, { services }: Names): Details {
  switch (event.type) {
    case 'person_identified':
      return {
        ...levelOf(event.acr),
        ...(event.first ? { first: true } : {}),
        ...(event.new_device ? { newDevice: true } : {}),
        ...(event.step_up ? { stepUp: true } : {}),
      };
    case 'sign_in_refused':
      return isErrorCode(event.reason) ? { reason: event.reason } : {};
    case 'consent_given':
      return {
        items: event.items as readonly ConsentItemId[],
        purpose: services.purpose(event.client, event.purpose),
        until: moment(event.until),
      };
    case 'consent_ended':
      return { ended: CONSENT_ENDS.find((end) => end === event.reason) ?? 'ended' };
    case 'tokens_issued':
      return { ...levelOf(event.acr), ...(event.claims ? { claims: event.claims } : {}) };
    case 'claims_released':
      return {
        claims: event.claims,
        ...(event.purpose === undefined ? {} : { purpose: services.purpose(event.client, event.purpose) }),
      };
    case 'signed_out':
    case 'session_ended':
      return { agencies: event.clients };
    case 'review_decided':
      return { decision: event.decision };
    case 'contact_added':
    case 'contact_removed':
      return { contact: event.kind };
    case 'change_requested':
      return { change: event.change, until: moment(event.due) };
    case 'change_stopped':
      return { change: event.change };
    case 'change_carried_out':
      return { change: event.change, possible: event.possible };
    case 'case_opened':
      return { caseKind: event.kind };
    case 'case_advanced':
      return { caseKind: event.kind, caseState: event.state };
    default:
      return {};
  }
}

function levelOf(acr: string | undefined): Details {
  const level = ACR_LADDER.find((one) => one === acr);
  return level === undefined ? {} : { level };
}
