/**
 * Owns writing a service: the record, what it is found by, what becomes a client of an issuer, and the trail, all in one
 * unit. Whatever goes live here is in every process in seconds; whatever does not touches no client.
 */
import { type ClientRegistration, parseRegistration, RegistrationInvalid } from '../clients.ts';
import { Refusal } from '../errors.ts';
import type { JournalEntry } from '../journal/events.ts';
import type { Message } from '../store.ts';
import type { DeveloperParts } from './parts.ts';
import {
  type Agency,
  clientIdOf,
  ENVIRONMENTS,
  type Environment,
  type Offices,
  type PublishedClient,
  type Service,
  type ServiceIndex,
  type Standing,
  type TrailEntry,
  type Version,
} from './ports.ts';
import { hostsOf, thumbprintOf } from './problems.ts';
import { Objections } from './refusals.ts';
import { registrationOf } from './registration-of.ts';
import { folded } from './words.ts';

/** Days before the end of a credential at which its agency is warned; and that it has ended. */
export const WARNINGS: readonly number[] = [60, 30, 7];
export const ENDED = 0;
export const DAY = 24 * 60 * 60 * 1000;

export interface Change {
  readonly service: Service;
  readonly agency: Pick<Agency, 'id' | 'name'>;
  readonly trail: readonly TrailEntry[];
  readonly entries?: readonly JournalEntry[];
  readonly messages?: readonly Message[];
  /** Versions made by it. */
  readonly versions?: readonly Version[];
  /** Environments whose client is other than before. */
  readonly publish?: readonly Environment[];
  /** Offices in which somebody agreed to it: `edited_meanwhile` when they have been lost by the time it is written. */
  readonly restsOn?: Offices;
}

type SavingParts = Pick<DeveloperParts, 'configuration' | 'store' | 'clients' | 'sandbox' | 'wake'>;

/**
 * Writes a change. Throws `Refusal` `edited_meanwhile` when somebody else wrote the service since it was read, and
 * `Objections` when the provider does not take what would go live.
 */
export async function saveService(parts: SavingParts, change: Change): Promise<void> {
  const { service, trail, entries, messages, versions = [], publish = [], restsOn } = change;
  const live = new Map<Environment, Version>();
  for (const environment of ENVIRONMENTS) {
    const version = await liveVersion(parts, service, environment, versions);
    if (version) live.set(environment, version);
  }
  const clients = publish.map((environment) => clientOf(parts, change, environment, live.get(environment)));
  const saved = await parts.store.developer.services.save(
    service,
    indexOf(service, change.agency, [...live.values()]),
    {
      trail,
      versions,
      clients,
      ...(entries ? { entries } : {}),
      ...(messages ? { messages } : {}),
      ...(restsOn ? { restsOn } : {}),
    },
  );
  if (saved === 'conflict') throw new Refusal('edited_meanwhile');
  if (messages?.length) parts.wake();
  // Here at once; elsewhere as soon as it is announced.
  if (publish.length > 0) await Promise.all([parts.clients.look(), parts.sandbox.clients.look()]);
}

/** The version that is live in an environment, if any is. */
export async function liveVersion(
  { store }: Pick<DeveloperParts, 'store'>,
  service: Service,
  environment: Environment,
  made: readonly Version[] = [],
): Promise<Version | undefined> {
  const { live } = service[environment];
  if (live === undefined) return undefined;
  const isIt = (one: Version) => one.environment === environment && one.number === live;
  return made.find(isIt) ?? (await store.developer.services.version(service.id, environment, live));
}

/** The client of one environment as it is from now on. Retired, it is none. */
function clientOf(
  parts: SavingParts,
  { service, agency }: Change,
  environment: Environment,
  version: Version | undefined,
): PublishedClient {
  const standing: Standing = service[environment];
  const issuer = environment === 'sandbox' ? ('sandbox' as const) : ('hub' as const);
  const id = clientIdOf(service.id, environment);
  if (version === undefined || standing.state === 'none' || standing.state === 'retired') return { issuer, id };
  const registration = registrationOf({
    service: service.id,
    environment,
    agency: { id: agency.id, name: version.agency },
    settings: version.settings,
    credentials: standing.credentials,
    version: version.number,
    suspended: standing.state === 'suspended',
    tokensSince: standing.tokensSince,
  });
  const taking = environment === 'sandbox' ? parts.sandbox.clients : parts.clients;
  if (!isReadable(registration, parts, environment) || taking.objections([{ registration, hash: '' }]).length > 0)
    throw new Objections('settings_invalid', [{ field: '', code: 'registration_refused' }]);
  return { issuer, id, registration: registration as never };
}

/** Whether processes take it: of what they cannot read they would go on serving what was there before, suspended or not. */
function isReadable(
  registration: ClientRegistration,
  { configuration }: SavingParts,
  environment: Environment,
): boolean {
  try {
    parseRegistration(registration, environment === 'sandbox' ? 'sandbox' : configuration.mode);
    return true;
  } catch (error) {
    if (error instanceof RegistrationInvalid) return false;
    throw error;
  }
}

/** By what a service is found: all that is written of it, live or not. */
function indexOf(service: Service, agency: Pick<Agency, 'id' | 'name'>, live: readonly Version[]): ServiceIndex {
  const settings = [
    ...ENVIRONMENTS.flatMap((environment) => service[environment].draft ?? []),
    ...live.map((one) => one.settings),
  ];
  const credentials = ENVIRONMENTS.flatMap((environment) => service[environment].credentials);
  const names = settings.flatMap(({ name, short_name }) => [name.vi, name.en, short_name.vi, short_name.en]);
  // Of what people have agreed to: nobody takes a name from others by writing it into a draft.
  const reviewed = live.filter(({ environment }) => environment === 'production').map((one) => one.settings);
  const hosts = new Map(reviewed.flatMap(hostsOf).map((one) => [one.host, one]));
  const ends = credentials.flatMap(nextMoment);
  return {
    search: folded([service.id, agency.id, agency.name.vi, agency.name.en, ...new Set(names)].join(' ')),
    hosts: [...hosts.values()],
    thumbprints: [...new Set(credentials.flatMap(({ jwk }) => (jwk ? [thumbprintOf(jwk)] : [])))],
    ...(ends.length > 0 ? { nextEnd: Math.min(...ends) } : {}),
  };
}

/** When a credential is next to be warned of, or ends; never, once its end has been told. */
function nextMoment({ endsAt, warned }: Standing['credentials'][number]): number[] {
  const due = [...WARNINGS, ENDED].filter((days) => !warned.includes(days)).map((days) => endsAt - days * DAY);
  return due.length > 0 ? [Math.min(...due)] : [];
}

/** Of which days a credential that lives this long needs no warning: it never was so far from its end. */
export function needlessWarnings(lifetime: number): readonly number[] {
  return WARNINGS.filter((days) => days * DAY >= lifetime);
}
