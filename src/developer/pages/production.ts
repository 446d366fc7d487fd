/** Owns the page of a service's way into production: what is different, who has to agree, what is live, what ends it. */
import type { ProductionPage, ShownLife } from '../../../views/developer/production.ts';
import type { Looking, Pages } from '../pages.ts';
import { ENVIRONMENTS, type Environment } from '../ports.ts';

const PATH = '/services/:service/production';
const ROLES_THAT_WRITE = new Set(['owner', 'developer']);

export function productionPages({ show, form }: Pages): void {
  show(PATH, productionPage);
  const back = (_outcome: unknown, { params }: Looking) => `/services/${params.service}/production`;
  const serviceOf = ({ service }: Readonly<Record<string, string>>) => ({ params: { service } });

  form(`${PATH}/begin`, {
    operation: 'beginProduction',
    on: PATH,
    read: (_fields, params) => serviceOf(params),
    goOn: (_outcome, { params }) => `/services/${params.service}/production/settings`,
  });
  form(`${PATH}/submission`, {
    operation: 'submitToProduction',
    on: PATH,
    read: (_fields, params) => serviceOf(params),
    goOn: back,
  });
  form(`${PATH}/withdrawal`, {
    operation: 'withdrawSubmission',
    on: PATH,
    read: (_fields, params) => serviceOf(params),
    goOn: back,
  });
  form(`${PATH}/decisions`, {
    operation: 'decide',
    on: PATH,
    read: ({ version, against, as, says, reason }, params) => ({
      ...serviceOf(params),
      body: {
        version: Number(version),
        ...(against ? { against: Number(against) } : {}),
        as,
        says,
        ...(reason?.trim() ? { reason } : {}),
      },
    }),
    goOn: back,
  });

  const about = (path: string, operation: string, body?: (fields: Readonly<Record<string, string>>) => object) =>
    form(`/services/:service/:environment/${path}`, {
      operation,
      on: PATH,
      read: (fields, { service, environment }) => ({
        params: { service, environment },
        ...(body ? { body: body(fields) } : {}),
      }),
      goOn: back,
    });
  about('step-back', 'stepBack');
  about('suspend', 'suspend', ({ reason }) => (reason?.trim() ? { reason } : {}));
  about('resume', 'resume');
  about('retire', 'retire', ({ confirm = '' }) => ({ confirm: confirm.trim() }));
}

async function productionPage({ params, call, actor }: Looking): Promise<ProductionPage> {
  const service = params.service!;
  const [of, review, sandboxVersions, productionVersions] = await Promise.all([
    call('getService', { params: { service } }),
    call('getDifferences', { params: { service } }),
    ...ENVIRONMENTS.map((environment) => call('listVersions', { params: { service, environment } })),
  ]);
  const { role, agency, id, sandbox, production } = of.values;
  const { submission, draft, submitted, live } = review.values;
  const lives = [
    lifeOf('sandbox', sandbox, role, sandboxVersions),
    lifeOf('production', production, role, productionVersions),
  ];
  const reviewer = role === 'owner' || role === 'registrar' ? role : undefined;
  const isAuthor = submission?.authors.includes(actor.account) ?? false;
  const mayDecide = submission?.state === 'open' && !isAuthor ? reviewer : undefined;
  return {
    page: 'developer/production',
    id,
    name: (production.draft ?? sandbox.draft)?.name ?? { vi: id, en: id },
    agency,
    mayWrite: ROLES_THAT_WRITE.has(role) && production.state !== 'retired',
    ...(mayDecide ? { mayDecide } : {}),
    isAuthor: isAuthor && reviewer !== undefined,
    ...(live === undefined ? {} : { live }),
    // What nobody has handed in is nobody else's matter.
    ...(draft && role !== 'registrar' ? { draft } : {}),
    ...(submission ? { submission } : {}),
    ...(submitted ? { submitted } : {}),
    lives,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: as the operations answer
function lifeOf(environment: Environment, standing: any, role: string, versions: any): ShownLife {
  const { client_id: clientId, issuer, state, live, previous, suspended_by: suspendedBy } = standing;
  const mayChange = environment === 'production' ? role === 'owner' : ROLES_THAT_WRITE.has(role);
  const isRegistrar = environment === 'production' && role === 'registrar';
  const isThere = state === 'live' || state === 'suspended';
  return {
    environment,
    clientId,
    issuer,
    state,
    ...(suspendedBy ? { suspendedBy } : {}),
    ...(live === undefined ? {} : { live }),
    versions: versions.values.versions,
    may: {
      stepBack: mayChange && isThere && previous !== undefined,
      suspend: state === 'live' ? mayChange || isRegistrar : isRegistrar && suspendedBy === 'agency',
      resume: state === 'suspended' && (isRegistrar || (mayChange && suspendedBy !== 'registrar')),
      retire: isThere && (mayChange || isRegistrar),
    },
  };
}
