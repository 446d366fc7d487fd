/**
 * Owns what stays of an identification beside the person: what the journal is told, the browser, the doubts an operator has to
 * look at, and the alert to somebody who was there before.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { noticeMessage } from '../citizen/notices/notices.ts';
import type { ClientRegistration } from '../clients.ts';
import type { Acr, Assertion } from '../identity/assertion.ts';
import type { Change, Identification } from '../identity/person.ts';
import { entry, type JournalEntry } from '../journal/events.ts';
import type { Beside, Doubt } from '../store.ts';
import type { SeenBrowser } from './device.ts';

/** Milliseconds for which the link of an alert is good. */
const ALERT_LIFETIME = 10 * 24 * 60 * 60 * 1000;

/** What a person was identified for, and how it came to it. */
export interface Occasion {
  readonly client: ClientRegistration;
  readonly browser: SeenBrowser;
  /** A session is running and only needs a stronger proof. */
  readonly stepUp: boolean;
}

export type IsSomebody = Extract<Identification, { outcome: 'identified' }>;

/** Whether somebody is here for the first time. */
export const isNewcomer = ({ changes }: IsSomebody): boolean => changes.some(({ type }) => type === 'person.created');

export function answeredEntry(
  { source, acr }: Assertion,
  { client_id: client }: ClientRegistration,
  at: number,
): JournalEntry {
  return entry(at, { type: 'source_answered', client, source, acr });
}

/** Somebody, identified in a browser. */
export interface Seen {
  readonly decision: IsSomebody;
  readonly proved: readonly [Assertion, ...Assertion[]];
  readonly occasion: Occasion;
  readonly device: string;
  readonly isNewDevice: boolean;
  /** Has given a contact. */
  readonly isReachable: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function identifiedEntry({ decision, proved, occasion, device, isNewDevice, at }: Seen, acr: Acr): JournalEntry {
  const event = {
    type: 'person_identified',
    client: occasion.client.client_id,
    source: proved[0].source,
    first: isNewcomer(decision),
    acr,
    ...(occasion.stepUp ? { step_up: true as const } : {}),
    ...(isNewDevice ? { new_device: true as const } : {}),
  } as const;
  return entry(at, event, decision.person, device);
}

/** A frozen link is of its former holder, whose device this is not. */
export function linkEntries(changes: readonly Change[], at: number, device?: string): JournalEntry[] {
  return changes.flatMap((change) => {
    if (change.type === 'link.added')
      return [entry(at, { type: 'link_added', source: change.source, how: change.how }, change.person, device)];
    if (change.type === 'link.frozen')
      return [entry(at, { type: 'link_frozen', source: change.source }, change.person)];
    return [];
  });
}

/**
 * The browser, and an alert where somebody who was there before is seen in a new one, or by a new way. Where nobody can be
 * told it is in the history, and nothing more is written.
 */
export function besideOf({ decision, proved, occasion, device: id, isNewDevice, isReachable, at }: Seen): Beside {
  const { person, changes } = decision;
  const { secret, label } = occasion.browser;
  const device = { person, id, ...(secret === undefined ? {} : { secret }), label, isNew: isNewDevice };
  const added = changes.find((change) => change.type === 'link.added');
  if (isNewcomer(decision) || !isReachable || !(isNewDevice || added)) return { device };
  const token = randomBytes(32).toString('base64url');
  const signIn = {
    kind: added ? 'source' : 'device',
    at,
    client: occasion.client.client_id,
    source: added?.source ?? proved[0].source,
  } as const;
  return {
    device,
    alert: { id: randomUUID(), person, ...signIn, device: id, token, expiresAt: at + ALERT_LIFETIME },
    messages: [noticeMessage(person, { type: 'new_sign_in', ...signIn, device: label, token })],
  };
}

/** What an operator has to look at: a link that froze, or an account whom the register could not tell from another. */
export function doubtsOf(decision: Identification, proved: readonly (Assertion | undefined)[], at: number): Doubt[] {
  if (decision.outcome !== 'refused') return [];
  const frozen = decision.changes.find(({ type }) => type === 'link.frozen') as FrozenLink | undefined;
  if (frozen === undefined && decision.reason !== 'ambiguous') return [];
  const about = proved.find((one) => frozen === undefined || isAccountOf(frozen, one)) as Assertion;
  const { source, subject, acr } = about;
  const evidence = { subject, acr, at, attested: attestedBy(about) };
  return frozen === undefined
    ? [{ kind: 'ambiguous', source, subject, evidence }]
    : [{ kind: 'account_changed', source, subject, person: frozen.person, evidence }];
}

type FrozenLink = Extract<Change, { type: 'link.frozen' }>;

const isAccountOf = ({ source, subject }: FrozenLink, assertion: Assertion | undefined) =>
  assertion?.source === source && assertion.subject === subject;

/** No more than what the decision rested on. */
function attestedBy({ attributes: { name, birthDate, personalNumber } }: Assertion): Record<string, string> {
  const attested = { name, birthDate, personalNumber };
  return Object.fromEntries(Object.entries(attested).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

export function doubtEntry({ kind, source, person }: Doubt, at: number): JournalEntry {
  return entry(at, { type: 'review_opened', source, kind }, person);
}
