/** Owns which settings of a service are shown before, or instead of, those that are live: as the client they would become. */
import type { ClientRegistration } from '../clients.ts';
import type { ServiceAccess } from './access.ts';
import type { DeveloperParts } from './parts.ts';
import { clientIdOf, type Environment } from './ports.ts';
import { registrationOf } from './registration-of.ts';
import type { ServiceSettings } from './settings.ts';

type Records = Pick<DeveloperParts, 'store'>;
type Shown = Pick<ServiceAccess, 'service' | 'agency'>;

export interface ShownRegistration {
  readonly registration: ClientRegistration;
  /** Of a service that is already met by people, or only written down. */
  readonly from: 'live' | 'draft';
}

/** As it is being written; without a draft of production what is live there, or the draft of the sandbox that it would carry over. */
export async function draftRegistration(
  records: Records,
  shown: Shown,
  environment: Environment,
): Promise<ShownRegistration | undefined> {
  const own = shown.service[environment].draft;
  if (own !== undefined) return { registration: asClient(shown, environment, own), from: 'draft' };
  const live = await liveRegistration(records, shown, environment);
  if (live !== undefined) return live;
  const carried = shown.service.sandbox.draft;
  return carried && { registration: asClient(shown, environment, carried), from: 'draft' };
}

/** As it is live, or written where it is not live yet. */
export async function presentRegistration(
  records: Records,
  shown: Shown,
  environment: Environment,
): Promise<ShownRegistration | undefined> {
  return (await liveRegistration(records, shown, environment)) ?? draftRegistration(records, shown, environment);
}

async function liveRegistration(
  { store }: Records,
  shown: Shown,
  environment: Environment,
): Promise<ShownRegistration | undefined> {
  const { live } = shown.service[environment];
  if (live === undefined) return undefined;
  const version = await store.developer.services.version(shown.service.id, environment, live);
  return version && { registration: asClient(shown, environment, version.settings), from: 'live' };
}

function asClient({ service, agency }: Shown, environment: Environment, settings: ServiceSettings): ClientRegistration {
  const { credentials, newest, state } = service[environment];
  return registrationOf({
    service: service.id,
    environment,
    agency,
    settings,
    credentials,
    version: Math.max(1, newest),
    suspended: state === 'suspended',
  });
}

/** Id and issuer of the client, by which its people recognise it. */
export function addressOf({ configuration, sandbox }: DeveloperParts, service: string, environment: Environment) {
  const { issuer } = environment === 'sandbox' ? sandbox : configuration;
  return { client_id: clientIdOf(service, environment), issuer };
}

/** What the sources of an environment are called, by id. */
export function sourceNames({ configuration }: Pick<DeveloperParts, 'configuration'>, environment: Environment) {
  const { sources } = environment === 'sandbox' ? configuration.sandbox! : configuration;
  return Object.fromEntries(sources.map(({ id, name }) => [id, name]));
}
