/**
 * Owns the room of the history: everything that happened to somebody here, a page at a time. A page costs the same however
 * long the history is.
 */
import { z } from 'zod';
import type { Choice, EventPage, HistoryPage } from '../../../views/citizen/history.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import type { Sources } from '../../login/choose.ts';
import { CITIZEN, isOwnClient } from '../../own-pages/own-page.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { HistoryRow, OwnConsent, Store } from '../../store.ts';
import { caseAbout, denyRow, type NotMeParts } from '../notices/not-me.ts';
import type { Rooms } from '../rooms.ts';
import { historyEntry, type Names } from './history-entries.ts';
import { filtersOf, type HistoryInput, historyInput, type Part, type Wanted, wanted } from './history-filter.ts';
import { isShown } from './history-kinds.ts';
import { type ServiceNames, serviceNames } from './service-names.ts';

export interface HistoryParts extends NotMeParts {
  readonly store: Store;
  readonly clients: Clients;
  readonly sources: Sources;
}

const PATH = '/history';
const PAGE = 50;
/** Rows read at once where not all of them are meant. */
const LOOKED_THROUGH = 400;

// Whatever is no id is one of nobody: not found, like somebody else's.
const eventId = z.strictObject({ event: z.string().max(200) });
const ID = /^[\w-]{1,64}$/;

export function historyRoom(rooms: Rooms, parts: HistoryParts): void {
  rooms.show(PATH, historyInput, (visit, input) => history(visit, input, parts));
  rooms.show(`${PATH}/:event`, eventId, async (visit, { event }) =>
    eventPage(visit, await rowOf(visit, event, parts), parts),
  );
  rooms.change(`${PATH}/not-me`, 'recent', eventId, async (visit, { event }) => {
    const row = await rowOf(visit, event, parts);
    const number = await denyRow(visit, row, parts);
    // Shown at once: the session in which it was said may have ended by it.
    const shown = { ...(await eventPage(visit, row, parts)), case: number };
    return { see: `${PATH}/${encodeURIComponent(event)}`, shown, result: { case: number } };
  });
}

async function history(visit: Visit, input: HistoryInput, parts: HistoryParts): Promise<HistoryPage> {
  const { store, clients, sources } = parts;
  const consents = await store.consents.of(visit.person);
  const services = serviceNames(clients, consents);
  const registered = [...clients.values()].map(({ client_id }) => client_id);
  const known = { services, sources, clients: [...new Set([...services.own, ...registered])] };
  const { rows, next } = await read(visit, wanted(input, known), input.after, store);
  const devices = await store.own.devices.of(visit.person, devicesOf(rows));
  const names: Names = { services, sources, devices };
  return {
    page: 'citizen/history',
    filters: filtersOf(input),
    agencies: agenciesOf(consents, services),
    sources: [...sources].map(([id, { card }]) => ({ id, name: card.name })),
    entries: rows.flatMap((row) => historyEntry(row, names) ?? []),
    ...(next === undefined ? {} : { older: `${CITIZEN.path}${PATH}?${queryOf(input, next)}` }),
  };
}

interface Key {
  readonly at: number;
  readonly id: string;
}

/**
 * The next rows that are wanted. Each part is asked for once; a part that had more to give is known only down to its last
 * row, so nothing older than that is shown yet.
 */
async function read({ person }: Visit, { parts, fits, ...days }: Wanted, cursor: string | undefined, store: Store) {
  const after = cursor === undefined ? undefined : keyOf(cursor);
  const ask = async (part: Part) => {
    const { isExact, ...question } = part;
    const most = isExact ? PAGE + 1 : LOOKED_THROUGH;
    const rows = await store.journal.historyOf({ person, ...question, ...days, ...(after ? { after } : {}), most });
    return { rows, until: rows.length < most ? undefined : rows.at(-1) };
  };
  const answers = await Promise.all(parts.map(ask));
  const horizon = answers.flatMap(({ until }) => until ?? []).toSorted(newestFirst)[0];
  const unique = new Map(answers.flatMap(({ rows }) => rows).map((row) => [row.id, row]));
  const known = [...unique.values()]
    .filter((row) => fits(row) && (horizon === undefined || newestFirst(row, horizon) <= 0))
    .toSorted(newestFirst);
  const rows = known.slice(0, PAGE);
  return { rows, next: known.length > PAGE ? rows.at(-1) : horizon };
}

/** In the order in which the store has them. */
function newestFirst(one: Key, other: Key): number {
  if (one.at !== other.at) return other.at - one.at;
  return one.id === other.id ? 0 : one.id < other.id ? 1 : -1;
}

function keyOf(cursor: string): Key {
  const [at = '', id = ''] = cursor.split('.');
  return { at: Number(at), id };
}

function queryOf(input: HistoryInput, { at, id }: Key): URLSearchParams {
  return new URLSearchParams({ ...filtersOf(input), after: `${at}.${id}` });
}

/** Of the services a person agreed to, each agency once. */
function agenciesOf(consents: readonly OwnConsent[], services: ServiceNames): readonly Choice[] {
  const own = consents.filter(({ client }) => !isOwnClient(client));
  const byId = new Map(own.map(({ client }) => [services.agencyOf(client) ?? client, services.of(client).agency]));
  return [...byId].map(([id, name]) => ({ id, name }));
}

const devicesOf = (rows: readonly HistoryRow[]) => [...new Set(rows.flatMap(({ device }) => device ?? []))];

async function rowOf({ person }: Visit, event: string, { store }: HistoryParts): Promise<HistoryRow> {
  const row = ID.test(event) ? await store.journal.find(person, event) : undefined;
  if (row === undefined || !isShown(row.event.type)) throw new Refusal('not_found');
  return row;
}

async function eventPage({ person }: Visit, row: HistoryRow, parts: HistoryParts): Promise<EventPage> {
  const { store, clients, sources } = parts;
  const [consents, devices, number] = await Promise.all([
    store.consents.of(person),
    store.own.devices.of(person, devicesOf([row])),
    caseAbout(person, row.id, parts),
  ]);
  const entry = historyEntry(row, { services: serviceNames(clients, consents), sources, devices })!;
  return {
    page: 'citizen/event',
    entry,
    deniable: row.event.type === 'person_identified' && number === undefined,
    ...(number === undefined ? {} : { case: number }),
  };
}
