/** Owns gathering what the rules for settings have to know: of the hub, of other services, of what is kept. */
import { english } from '../../views/texts/en.ts';
import { vietnamese } from '../../views/texts/vi.ts';
import type { DeveloperParts } from './parts.ts';
import type { Agency, Environment, Service } from './ports.ts';
import { type Facts, hostsOf, thumbprintOf } from './problems.ts';
import type { ServiceSettings } from './settings.ts';

/** What the hub calls itself: nobody else may. */
export const HUB_NAMES = [vietnamese.hub, english.hub];

/** Everything the settings of a service in one environment are held against, at one moment. */
export async function factsFor(
  { store: { developer }, configuration, sandbox }: Pick<DeveloperParts, 'store' | 'configuration' | 'sandbox'>,
  agency: Pick<Agency, 'id'>,
  service: Service,
  environment: Environment,
  settings: ServiceSettings,
  now: number,
): Promise<Facts> {
  const { credentials } = service[environment];
  const skeletons = [...new Set(hostsOf(settings).map(({ skeleton }) => skeleton))];
  const thumbprints = credentials.flatMap(({ jwk }) => (jwk ? [thumbprintOf(jwk)] : []));
  const [hosts, keys, logo] = await Promise.all([
    skeletons.length > 0 ? developer.services.hostsLike(skeletons) : [],
    thumbprints.length > 0 ? developer.services.keysAmong(thumbprints) : [],
    settings.logo === undefined ? undefined : developer.logos.find(settings.logo),
  ]);
  const { sources } = environment === 'sandbox' ? configuration.sandbox! : configuration;
  return {
    environment,
    mode: configuration.mode,
    issuers: [configuration.issuer, sandbox.issuer],
    agency: agency.id,
    hosts: hosts.map(({ host, agency: owner }) => ({ host, agency: owner })),
    hubNames: HUB_NAMES,
    sources: sources.map(({ id, acr }) => ({ id, acr })),
    credentials,
    thumbprintsElsewhere: new Set(
      keys.filter(({ service: other }) => other !== service.id).map(({ thumbprint }) => thumbprint),
    ),
    logoKnown: logo !== undefined,
    now,
  };
}
