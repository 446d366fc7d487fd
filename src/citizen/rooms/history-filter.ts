/**
 * Owns which part of a history is asked for, and how it is found in one look each however long the history is. What somebody
 * types into the search is compared here, with names; the store is asked only for types, clients and sources.
 */
import { z } from 'zod';
import type { HistoryPage } from '../../../views/citizen/history.ts';
import type { Localised, Service } from '../../../views/pages.ts';
import { english } from '../../../views/texts/en.ts';
import { vietnamese } from '../../../views/texts/vi.ts';
import type { Sources } from '../../login/choose.ts';
import type { HistoryQuestion, HistoryRow } from '../../store.ts';
import { GROUP_OF, HISTORY_GROUPS, isShown, SHOWN_EVENT_TYPES, type ShownEventType } from './history-kinds.ts';
import type { ServiceNames } from './service-names.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Names of clients in one question; where more of them fit, rows are read and looked through instead. */
const MOST_CLIENTS = 50;

/** A form sends its empty fields, too. */
const given = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional();

/** What the address of the page may say. */
export const historyInput = z.strictObject({
  group: given(z.enum(HISTORY_GROUPS)),
  agency: given(z.string().max(100)),
  source: given(z.string().max(100)),
  from: given(z.iso.date()),
  until: given(z.iso.date()),
  search: given(z.string().trim().max(100)),
  after: given(z.string().regex(/^\d{1,15}\.[\w-]{1,64}$/)),
});
export type HistoryInput = z.infer<typeof historyInput>;

/** One question to the store, and which of its rows are meant. */
export interface Part extends Pick<HistoryQuestion, 'clients' | 'sources'> {
  readonly types: readonly ShownEventType[];
  /** Every row of it is meant. */
  readonly isExact: boolean;
}

export interface Wanted {
  readonly parts: readonly Part[];
  readonly fits: (row: HistoryRow) => boolean;
  /** Milliseconds since the epoch, in Viet Nam's days. */
  readonly from?: number;
  readonly until?: number;
}

export interface KnownNames {
  readonly services: ServiceNames;
  readonly sources: Sources;
  /** Every client that is registered, or that the person agreed to. */
  readonly clients: readonly string[];
}

/** What of a history is wanted. */
export function wanted(input: HistoryInput, names: KnownNames): Wanted {
  const { group, agency, source, from, until, search } = input;
  const types = SHOWN_EVENT_TYPES.filter((type) => group === undefined || GROUP_OF[type] === group);
  const clients =
    agency === undefined ? undefined : names.clients.filter((one) => names.services.agencyOf(one) === agency);
  const whole = part({ types, clients, sources: source === undefined ? undefined : [source] });
  const found = search ? matching(search, names) : undefined;
  const both = <T>(some: readonly T[] | undefined, others: readonly T[]) =>
    some === undefined ? others : some.filter((one) => others.includes(one));
  const parts =
    found === undefined
      ? [whole]
      : [
          { ...whole, types: both(types, found.types) },
          part({ ...whole, types, clients: both(clients, found.clients) }),
          { ...whole, sources: both(whole.sources, found.sources) },
          ...(found.claims.length > 0 ? [{ ...whole, types: both(types, WITH_CLAIMS), isExact: false }] : []),
        ];
  return {
    parts: parts.filter(canFit),
    fits: (row) =>
      (clients === undefined || isAmong(row, 'client', clients)) && (found === undefined || isFound(row, found)),
    ...(from === undefined ? {} : { from: startOf(from) }),
    ...(until === undefined ? {} : { until: startOf(until) + DAY }),
  };
}

interface Restriction {
  readonly types: readonly ShownEventType[];
  readonly clients?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
}

function part({ types, clients, sources }: Restriction): Part {
  const isExact = clients === undefined || clients.length <= MOST_CLIENTS;
  return { types, ...(clients && isExact ? { clients } : {}), ...(sources ? { sources } : {}), isExact };
}

function canFit({ types, clients, sources }: Part): boolean {
  return types.length > 0 && clients?.length !== 0 && sources?.length !== 0;
}

interface Found {
  readonly types: readonly ShownEventType[];
  readonly clients: readonly string[];
  readonly sources: readonly string[];
  /** Claims and items. */
  readonly claims: readonly string[];
}

/** Events that name claims or items. */
const WITH_CLAIMS: readonly ShownEventType[] = ['claims_released', 'tokens_issued', 'consent_given'];

/** Everything whose name, in either language, holds what was typed; marks and capitals make no difference. */
function matching(typed: string, { services, sources, clients }: KnownNames): Found {
  const plain = plainly(typed);
  const holds = (...names: readonly (string | undefined)[]) =>
    names.some((name) => name !== undefined && plainly(name).includes(plain));
  const says = ({ agency, name }: Service) => [agency, name].some((one) => plainName(one).includes(plain));
  const [vi, en] = [vietnamese, english].map(({ citizen, consent }) => ({
    kind: citizen.history.kind,
    group: citizen.history.group,
    claims: { ...consent.items, ...citizen.history.claim } as Readonly<Record<string, string>>,
  })) as [Words, Words];
  const isType = (type: ShownEventType) =>
    holds(vi.kind[type], en.kind[type], vi.group[GROUP_OF[type]], en.group[GROUP_OF[type]]);
  return {
    types: SHOWN_EVENT_TYPES.filter(isType),
    clients: clients.filter((client) => says(services.of(client))),
    sources: [...sources]
      .filter(
        ([
          ,
          {
            card: { name, authority },
          },
        ]) => says({ agency: authority, name }),
      )
      .map(([id]) => id),
    claims: Object.keys(vi.claims).filter((claim) => holds(claim, vi.claims[claim], en.claims[claim])),
  };
}

interface Words {
  readonly kind: typeof vietnamese.citizen.history.kind;
  readonly group: typeof vietnamese.citizen.history.group;
  readonly claims: Readonly<Record<string, string>>;
}

function isFound(row: HistoryRow, { types, clients, sources, claims }: Found): boolean {
  const { event } = row;
  if (isShown(event.type) && types.includes(event.type)) return true;
  if (isAmong(row, 'client', clients) || isAmong(row, 'source', sources)) return true;
  const named = 'claims' in event ? event.claims : 'items' in event ? event.items : undefined;
  return named?.some((one) => claims.includes(one)) ?? false;
}

function isAmong({ event }: HistoryRow, name: 'client' | 'source', ids: readonly string[]): boolean {
  const id = (event as { readonly client?: string; readonly source?: string })[name];
  return id !== undefined && ids.includes(id);
}

/** A name in both languages, kept: there may be thousands of them, and each search looks at all. */
function plainName(name: Localised): string {
  const kept = plainNames.get(name) ?? `${plainly(name.vi)}\n${plainly(name.en)}`;
  plainNames.set(name, kept);
  return kept;
}
const plainNames = new WeakMap<Localised, string>();

/** Without the marks of Vietnamese, which not every keyboard has, and in small letters. */
function plainly(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
}

/** Midnight in Viet Nam, which has no summer time. */
function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00+07:00`);
}

/** What was asked for, as the page says it again. */
export function filtersOf({ after: _after, ...filters }: HistoryInput): HistoryPage['filters'] {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== ''));
}
