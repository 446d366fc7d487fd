/** Owns the versions of a service: looking at those there were, and the one step back to what was live before. */
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { serviceFor } from '../access.ts';
import { clientChanged, type Production, withWhole } from '../going-live.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import { peopleFor, type ShownPerson } from '../people.ts';
import { clientIdOf, type Environment, type Service, type Version } from '../ports.ts';
import { credentialObjections } from '../readiness.ts';
import { Objections } from '../refusals.ts';
import { differencesOfVersions } from '../reviewing.ts';
import { saveService } from '../saving.ts';
import { trailEntry } from '../trail.ts';

export function versionOperations(operations: Operations, parts: DeveloperParts): void {
  const { store } = parts;
  const { services } = store.developer;

  operations.define('listVersions', 'read', async (actor, { params }) => {
    const { service, agency, as } = await serviceFor(store, actor, params.service, 'reader');
    const environment = params.environment as Environment;
    const versions = await services.versions(service.id, environment);
    const people = await peopleFor(
      parts,
      agency,
      as,
      versions.map(({ by }) => by),
    );
    return { values: { versions: versions.map((one) => shownVersion(one, service, people(one.by))) } };
  });

  operations.define('getVersion', 'read', async (actor, { params }) => {
    const { service, agency, as } = await serviceFor(store, actor, params.service, 'reader');
    const version = await services.version(service.id, params.environment as Environment, Number(params.number));
    if (version === undefined) throw new Refusal('not_found');
    const people = await peopleFor(parts, agency, as, [version.by]);
    const { settings, agency: name } = version;
    return { values: { ...shownVersion(version, service, people(version.by)), agency: name, settings } };
  });

  operations.define('stepBack', 'write', async (actor, { params }) => {
    const environment = params.environment as Environment;
    const least = environment === 'production' ? 'owner' : 'developer';
    const { service, agency } = await serviceFor(store, actor, params.service, least, false);
    const { previous, live, ...rest } = service[environment];
    const isThere = rest.state === 'live' || rest.state === 'suspended';
    if (!isThere || previous === undefined || live === undefined) throw new Refusal('not_possible_now');
    const [from, to] = await Promise.all([
      services.version(service.id, environment, live),
      services.version(service.id, environment, previous),
    ]);
    if (from === undefined || to === undefined) throw new Error('a service without its version');
    const missing = await credentialObjections(parts, { service, agency }, to, actor.now);
    if (missing.length > 0) throw new Objections('settings_invalid', missing);
    const standing = withoutApprovals({ ...rest, live: previous });
    const done = {
      agency: agency.id,
      service: service.id,
      action: `${environment}.stepped_back`,
      before: { version: live },
      after: { version: previous },
    };
    const differences = differencesOfVersions(from, to);
    await saveService(parts, {
      service: withWhole(service, environment, standing),
      agency,
      trail: [trailEntry(actor, done)],
      ...(environment === 'production' ? { entries: [clientChanged(service, actor.now, 'changed', differences)] } : {}),
      publish: [environment],
    });
    const { issuer } = environment === 'sandbox' ? parts.sandbox : parts.configuration;
    return { values: { client_id: clientIdOf(service.id, environment), issuer, version: previous } };
  });
}

/** What was handed in stays so, but everybody who agreed held it against something else. */
function withoutApprovals(standing: Production): Production {
  const { submission } = standing;
  return submission?.state === 'open' ? { ...standing, submission: { ...submission, decisions: [] } } : standing;
}

function shownVersion({ number, environment, at }: Version, service: Service, by: ShownPerson) {
  const { live, previous } = service[environment];
  const submission = environment === 'production' ? service.production.submission : undefined;
  const standing =
    number === live
      ? 'live'
      : number === previous
        ? 'previous'
        : submission?.state === 'open' && submission.version === number
          ? 'submitted'
          : 'past';
  return { number, by, at: moment(at), standing };
}
