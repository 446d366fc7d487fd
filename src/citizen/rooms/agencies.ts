/**
 * Owns the room of the agencies: who may receive what, on which ground and until when, who has received it, and how that is
 * stopped. What is shown is what was agreed to, not what the registration says today.
 */
import { z } from 'zod';
import {
  type AgenciesPage,
  type AgencyPage,
  CONSENT_ENDS,
  type ConsentEnd,
  type LogoutState,
  type ShownAgency,
  type ShownConsent,
} from '../../../views/citizen/agencies.ts';
import type { ConsentItemId } from '../../../views/pages.ts';
import { moment } from '../../calendar.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import { CITIZEN, isOwnClient } from '../../own-pages/own-page.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { OwnConsent, Store } from '../../store.ts';
import type { Receipts } from '../documents/own-receipts.ts';
import { nothing, type Rooms } from '../rooms.ts';
import { type ServiceNames, serviceNames } from './service-names.ts';
import { isInForce, type Withdrawals } from './withdrawal.ts';

export interface AgenciesParts {
  readonly store: Store;
  readonly clients: Clients;
  readonly withdrawals: Withdrawals;
  readonly receipts: Receipts;
}

/** Logout events that are looked at after a withdrawal; a person has not more sessions at one agency. */
const MOST_TOLD = 100;

/** Earlier consents that a page lists, the latest; all of them are in the archive. */
const MOST_EARLIER = 50;

// Whatever is no id is one of nobody: not found, like somebody else's.
const id = z.string().max(200);

export function agenciesRoom(rooms: Rooms, parts: AgenciesParts): void {
  const { withdrawals, receipts } = parts;
  rooms.show('/agencies', nothing, (visit) => agencies(visit, parts));
  rooms.show('/agencies/:client', z.strictObject({ client: id }), (visit, { client }) => agency(visit, client, parts));
  rooms.change('/agencies/withdraw', 'recent', z.strictObject({ client: id }), async ({ person }, { client }) => {
    await withdrawals.withdraw(person, client);
    return { see: pathOf(client) };
  });
  rooms.download('/receipts/:consent', 'session', z.strictObject({ consent: id }), async (visit, { consent }) =>
    receipts.take(visit.person, consent),
  );
}

/** By the client, each with its consents, newest first; those in force before the others. */
function byClient(consents: readonly OwnConsent[], now: number): readonly (readonly [OwnConsent, ...OwnConsent[]])[] {
  const others = consents.filter(({ client }) => !isOwnClient(client));
  const groups = [...Map.groupBy(others, ({ client }) => client).values()].map((group) => {
    const counts = group.find((one) => isInForce(one, now)) ?? group[0]!;
    return [counts, ...group.filter((one) => one !== counts)] as const;
  });
  const [standing, ended] = [
    groups.filter(([one]) => isInForce(one, now)),
    groups.filter(([one]) => !isInForce(one, now)),
  ];
  return [...standing, ...ended];
}

async function agencies({ person, now }: Visit, { store, clients }: AgenciesParts): Promise<AgenciesPage> {
  const consents = await store.consents.of(person);
  const names = serviceNames(clients, consents);
  return { page: 'citizen/agencies', agencies: byClient(consents, now).map(([one]) => shownAgency(one, names, now)) };
}

async function agency({ person, now }: Visit, client: string, parts: AgenciesParts): Promise<AgencyPage> {
  const consents = await parts.store.consents.of(person);
  const own = byClient(consents, now).find(([one]) => one.client === client);
  if (own === undefined) throw new Refusal('not_found');
  const [counts, ...earlier] = own;
  const names = serviceNames(parts.clients, consents);
  const registration = parts.clients.get(client);
  const agencyId = names.agencyOf(client);
  const isOver = !isInForce(counts, now);
  return {
    page: 'citizen/agency',
    ...shownAgency(counts, names, now),
    withdrawal: isOver ? 'over' : counts.basis === 'law' ? 'law' : 'possible',
    ...(counts.endReason === 'withdrawn' ? { logout: await logoutAfter(counts, parts) } : {}),
    ...(registration ? { minimum: registration.minimum_acr } : {}),
    ...(registration?.home_uri ? { home: registration.home_uri } : {}),
    history: `${CITIZEN.path}/history${agencyId ? `?${new URLSearchParams({ agency: agencyId })}` : ''}`,
    earlier: earlier.slice(0, MOST_EARLIER).map((one) => shownConsent(one, names, now)),
  };
}

/** What the journal says of telling the agency, since the withdrawal. */
async function logoutAfter(
  { person, client, to }: OwnConsent,
  { store, clients }: AgenciesParts,
): Promise<LogoutState> {
  const rows = await store.journal.historyOf({
    person,
    types: ['consent_ended', 'logout_sent', 'logout_given_up'],
    clients: [client],
    from: to,
    most: MOST_TOLD,
  });
  const events = rows.map(({ event }) => event);
  const [ended] = events.flatMap((event) => (event.type === 'consent_ended' ? [event] : []));
  const sent = events.filter(({ type }) => type === 'logout_sent').length;
  const givenUp = events.filter(({ type }) => type === 'logout_given_up').length;
  const expected = ended?.told ?? 0;
  if (expected === 0) return clients.get(client)?.backchannel_logout_uri === undefined ? 'own' : 'nothing';
  if (sent >= expected) return 'told';
  return sent + givenUp >= expected ? 'given_up' : 'waiting';
}

const pathOf = (client: string) => `/agencies/${encodeURIComponent(client)}`;

function shownAgency(consent: OwnConsent, names: ServiceNames, now: number): ShownAgency {
  const { client } = consent;
  return {
    client,
    service: names.pictured(client),
    consent: shownConsent(consent, names, now),
    see: `${CITIZEN.path}${pathOf(client)}`,
  };
}

function shownConsent(consent: OwnConsent, names: ServiceNames, now: number): ShownConsent {
  const { id, client, purpose, terms, basis, granted, offered, from, to, usedAt } = consent;
  const told = granted.flatMap((item) => {
    const of = terms?.items?.[item];
    return of ? [{ item: item as ConsentItemId, ...of }] : [];
  });
  return {
    id,
    purpose: terms?.purpose ?? names.purpose(client, purpose),
    basis,
    granted: granted as readonly ConsentItemId[],
    leftOut: offered.filter((item) => !granted.includes(item)) as readonly ConsentItemId[],
    ...(told.length > 0 ? { itemTerms: told } : {}),
    since: moment(from),
    until: moment(to),
    ...(usedAt === undefined ? {} : { lastUsed: moment(usedAt) }),
    ...(isInForce(consent, now) ? {} : { ended: endOf(consent) }),
    receipt: `${CITIZEN.path}/receipts/${encodeURIComponent(id)}`,
  };
}

/** One that ran out without anybody looking has no reason yet. */
function endOf({ endReason = 'expired' }: OwnConsent): ConsentEnd {
  return CONSENT_ENDS.find((end) => end === endReason) ?? 'ended';
}
