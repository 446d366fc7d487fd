/** Owns gathering everything the hub holds about a person, from wherever it is kept, for them to take along. */
import { z } from 'zod';
import { historyInEnglish } from '../../../views/texts/citizen/history.en.ts';
import { historyInVietnamese } from '../../../views/texts/citizen/history.vi.ts';
import type { Clients } from '../../clients.ts';
import { ITEMS } from '../../consent/items.ts';
import type { Account } from '../../developer/ports.ts';
import type { Acr } from '../../identity/assertion.ts';
import type { Attributes } from '../../identity/authentication.ts';
import type { PersonId } from '../../identity/person.ts';
import type { Sources } from '../../login/choose.ts';
import { claimsOfItem } from '../../oidc/claims.ts';
import { sessionsOf } from '../../oidc/own-sessions.ts';
import { currentAuthentication, type SessionPayload } from '../../oidc/session.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { HistoryRow, Json, OwnConsent, OwnLink, Review, Store } from '../../store.ts';
import type { Alert, Case } from '../ports.ts';
import { isShown } from '../rooms/history-kinds.ts';
import { type ServiceNames, serviceNames } from '../rooms/service-names.ts';
import { seesAll, shortenedAccount, shortenedAddress } from '../shortened.ts';
import type { Receipts } from './own-receipts.ts';
import {
  type OwnCase,
  type OwnDeveloperAccount,
  type OwnEvent,
  type OwnReview,
  type OwnSession,
  type OwnWay,
  type PersonalData,
  type TakenConsent,
  timestamp,
} from './personal-data.ts';

export interface OwnDataParts {
  readonly store: Store;
  readonly clients: Clients;
  readonly sources: Sources;
  readonly receipts: Receipts;
  /** Registered level of a source. */
  readonly levelOf: (source: string) => Acr | undefined;
}

/** Rows of history that are asked for at once. */
const HISTORY_PAGE = 500;

/**
 * Everything the hub holds about whoever visits. Numbers and addresses that the sign-in itself does not show are shortened
 * unless it reaches the strongest level.
 */
export async function ownData(visit: Visit, parts: OwnDataParts): Promise<PersonalData> {
  const { person, authentication } = visit;
  const { store, clients } = parts;
  const { people, own, reviews, developer } = store;
  const [numbers, confirmedAt, links, consents, subjects, sessions] = await Promise.all([
    people.numbersOf(person),
    people.confirmedAt(person),
    people.linksOf(person),
    store.consents.of(person),
    people.subjectsOf(person),
    sessionsOf(store.state, person),
  ]);
  const [blocks, contacts, devices, alerts, cases, waiting, doubts, accounts] = await Promise.all([
    own.blocks.of(person),
    own.contacts.of(person),
    own.devices.of(person),
    own.alerts.of(person),
    own.cases.of(person),
    own.waiting.of(person),
    reviews.of(person),
    developer.accounts.of(person),
  ]);
  const names = serviceNames(clients, consents);
  const all = seesAll(authentication, links, parts.levelOf);
  const { personalNumber } = authentication.attributes;
  return {
    who: {
      attributes: claimsOf(authentication.attributes),
      personal_numbers: numbers.map((one) => (all || one === personalNumber ? one : shortenedAccount(one))),
      ...(all ? {} : { shortened: true }),
      ...(confirmedAt === undefined ? {} : { register_confirmed_at: timestamp(confirmedAt) }),
    },
    ways: links.map((link) => wayOf(link, all || link.source === authentication.source, parts)),
    blocks: blocks.map(({ at, ...block }) => ({ ...block, at: timestamp(at) })),
    contacts: contacts.map(({ kind, address, language, confirmedAt: at }) => {
      const shown = all ? address : shortenedAddress(kind, address);
      return { kind, address: shown, language, confirmed_at: timestamp(at) };
    }),
    consents: await taken(consents, subjects, names, parts.receipts),
    subjects: [...subjects].map(([agency, sub]) => ({ agency, ...agencyName(agency, consents, clients), sub })),
    history: await historyOf(person, store),
    devices: devices.map(({ id, label, known, firstAt, lastAt }) => {
      return { id, label, known, first_at: timestamp(firstAt), last_at: timestamp(lastAt) };
    }),
    alerts: alerts.map(alertOf),
    sessions: sessions.map((session) => sessionOf(session, visit)),
    cases: cases.map(caseOf),
    waiting_changes: waiting.map(({ id, kind, detail, requestedAt, dueAt }) => {
      const shown = all ? detail : shortenedDetail(detail);
      return { id, kind, detail: shown, requested_at: timestamp(requestedAt), due_at: timestamp(dueAt) };
    }),
    reviews: doubts.map(reviewOf),
    developer_accounts: await Promise.all(accounts.map((account) => developerAccountOf(account, all, store))),
  };
}

function claimsOf(attributes: Attributes): Record<string, Json> {
  return Object.assign({}, ...ITEMS.map((item) => claimsOfItem(item, attributes)));
}

const withAddress = z.looseObject({ kind: z.enum(['mail', 'phone']), address: z.string() });

/** Of a contact that waits. */
function shortenedDetail(detail: Json): Json {
  const { data } = withAddress.safeParse(detail);
  return data === undefined ? detail : ({ ...data, address: shortenedAddress(data.kind, data.address) } as Json);
}

function wayOf(
  { source, state, subject, how, firstAt, lastAt }: OwnLink,
  isWhole: boolean,
  { sources, levelOf }: OwnDataParts,
): OwnWay {
  const name = sources.get(source)?.card.name;
  const level = levelOf(source);
  return {
    source,
    ...(name ? { name } : {}),
    ...(level ? { level } : {}),
    state,
    account: isWhole ? subject : shortenedAccount(subject),
    how,
    first_at: timestamp(firstAt),
    last_at: timestamp(lastAt),
  };
}

/** One after the other: a signature each, and whoever else is served in between. */
async function taken(
  consents: readonly OwnConsent[],
  subjects: ReadonlyMap<string, string>,
  names: ServiceNames,
  receipts: Receipts,
): Promise<readonly TakenConsent[]> {
  const all: TakenConsent[] = [];
  for (const consent of consents) {
    const { id, client, basis, offered, granted, from, to, endReason, usedAt, terms } = consent;
    const { agency, name: service } = names.of(client);
    const signed = await receipts.sign(consent, subjects);
    all.push({
      id,
      client,
      agency: { id: terms?.agency.id ?? names.agencyOf(client) ?? client, name: agency },
      service,
      purpose: terms?.purpose ?? names.purpose(client, consent.purpose),
      basis,
      offered,
      granted,
      from: timestamp(from),
      to: timestamp(to),
      ...(endReason ? { end_reason: endReason } : {}),
      ...(usedAt === undefined ? {} : { used_at: timestamp(usedAt) }),
      ...(signed ? { receipt: signed.jws } : {}),
    });
  }
  return all;
}

/** What an agency is called, from whatever names it: a consent as it was given, else a registration. */
function agencyName(id: string, consents: readonly OwnConsent[], clients: Clients) {
  const agreed = consents.find(({ terms }) => terms?.agency.id === id)?.terms?.agency.name;
  const registered = () => [...clients.values()].find(({ agency }) => agency.id === id)?.agency.name;
  const name = agreed ?? registered();
  return name ? { name } : {};
}

async function historyOf(person: PersonId, { journal }: Store): Promise<readonly OwnEvent[]> {
  const all: OwnEvent[] = [];
  for (let after: { at: number; id: string } | undefined; ; ) {
    const rows = await journal.historyOf({ person, most: HISTORY_PAGE, ...(after ? { after } : {}) });
    for (const row of rows) all.push(eventOf(row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < HISTORY_PAGE) return all;
    after = { at: last.at, id: last.id };
  }
}

function eventOf({ id, at, event, device }: HistoryRow): OwnEvent {
  const { type, ...detail } = event;
  const { client, source, acr, claims, purpose } = detail as Partial<Record<string, string>> & {
    readonly claims?: readonly string[];
  };
  return {
    id,
    at: timestamp(at),
    kind: type,
    ...(isShown(type) ? { text: { vi: historyInVietnamese.kind[type], en: historyInEnglish.kind[type] } } : {}),
    ...(client ? { agency: client } : {}),
    ...(source ? { source } : {}),
    ...(acr ? { level: acr } : {}),
    ...(claims ? { claims } : {}),
    ...(purpose ? { purpose } : {}),
    ...(device ? { device } : {}),
    ...(Object.keys(detail).length > 0 ? { detail } : {}),
  };
}

function alertOf({ id, kind, at, client, source, device, expiresAt, usedAt }: Alert) {
  return {
    id,
    kind,
    at: timestamp(at),
    client,
    source,
    ...(device ? { device } : {}),
    expires_at: timestamp(expiresAt),
    ...(usedAt === undefined ? {} : { used_at: timestamp(usedAt) }),
  };
}

function sessionOf(session: SessionPayload, visit: Visit): OwnSession {
  const { source, acr } = currentAuthentication(session) ?? {};
  return {
    began_at: timestamp((session.loginTs ?? session.iat) * 1000),
    ...(source ? { source } : {}),
    ...(acr ? { level: acr } : {}),
    agencies: Object.keys(session.authorizations ?? {}),
    current: session.uid === visit.session.uid,
  };
}

function caseOf({ number, kind, state, content, answer, ...dates }: Case): OwnCase {
  return {
    number,
    kind,
    state,
    content,
    ...(answer === undefined ? {} : { answer }),
    opened_at: timestamp(dates.openedAt),
    acknowledge_by: timestamp(dates.acknowledgeBy),
    answer_by: timestamp(dates.answerBy),
    ...(dates.acknowledgedAt === undefined ? {} : { acknowledged_at: timestamp(dates.acknowledgedAt) }),
    ...(dates.answeredAt === undefined ? {} : { answered_at: timestamp(dates.answeredAt) }),
  };
}

/** Somebody has one, if any. */
async function developerAccountOf(
  { id, name, mail, language, since }: Account,
  isWhole: boolean,
  { developer }: Store,
): Promise<OwnDeveloperAccount> {
  const [agencies, tokens] = await Promise.all([developer.agencies.of(id), developer.tokens.of(id)]);
  return {
    account: id,
    name,
    address: isWhole ? mail : shortenedAddress('mail', mail),
    language,
    at: timestamp(since),
    agencies: agencies.map(({ agency }) => agency.id),
    tokens: tokens.map((token) => ({
      id: token.id,
      name: token.name,
      at: timestamp(token.createdAt),
      expires_at: timestamp(token.endsAt),
      ...(token.usedAt === undefined ? {} : { used_at: timestamp(token.usedAt) }),
    })),
  };
}

function reviewOf({ id, kind, source, state, decision, openedAt, decidedAt }: Review): OwnReview {
  return {
    id,
    kind,
    source,
    state,
    ...(decision ? { decision } : {}),
    opened_at: timestamp(openedAt),
    ...(decidedAt === undefined ? {} : { decided_at: timestamp(decidedAt) }),
  };
}
