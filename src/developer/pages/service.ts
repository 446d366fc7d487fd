/** Owns the page of one service: both environments side by side, what is missing in each, and the one thing that comes next. */
import type { NextStep, ShownStanding } from '../../../views/developer/services.ts';
import type { Pages } from '../pages.ts';
import { ENVIRONMENTS, type Environment } from '../ports.ts';

/** A standing as `getService` has it. */
// biome-ignore lint/suspicious/noExplicitAny: as its contract says
type Told = any;

export function servicePage({ show, form }: Pages): void {
  show('/services/:service', async ({ params, call }) => {
    const { values: service } = await call('getService', { params });
    const may = service.role === 'owner' || service.role === 'developer';
    return {
      page: 'developer/service',
      id: service.id,
      name: nameOf(service),
      agency: service.agency,
      role: service.role,
      may,
      next: nextOf(service, may),
      standings: ENVIRONMENTS.map((environment) => shownStanding(environment, service[environment])),
    };
  });

  form('/services/:service/sandbox/publication', {
    operation: 'publishSandbox',
    on: '/services/:service',
    read: (_fields, params) => ({ params }),
    goOn: (_outcome, { params }) => `/services/${params.service}`,
  });
}

/** What a service is called while it may not have been named yet. */
export function nameOf({ id, sandbox, production }: Told): { readonly vi: string; readonly en: string } {
  const { name } = production.draft ?? sandbox.draft ?? { name: { vi: id, en: id } };
  return { vi: name.vi || id, en: name.en || name.vi || id };
}

/** Problems that a secret or a key ends, and no word in the form. */
export const OF_CREDENTIALS: ReadonlySet<string> = new Set([
  'authentication_without_key',
  'authentication_without_secret',
  'encryption_without_key',
]);

/** The one thing to do next: first whatever keeps the service from being tried, then what keeps it from everybody. */
function nextOf({ sandbox, production }: Told, may: boolean): NextStep {
  if (!may) return 'nothing';
  if (production.state === 'suspended' || sandbox.state === 'suspended') return 'suspended';
  if (production.submission === 'changes_asked') return 'mend';
  if (production.submission === 'open') return 'wait';
  if (production.state === 'live' || sandbox.state === 'retired') return 'nothing';
  if (sandbox.problems.some(({ code }: { code: string }) => !OF_CREDENTIALS.has(code))) return 'settings';
  if (sandbox.problems.length > 0) return 'credentials';
  if (sandbox.live === undefined) return 'publish';
  return production.draft === undefined ? 'try' : 'production';
}

function shownStanding(environment: Environment, standing: Told): ShownStanding {
  const { client_id, issuer, state, live, suspended_by, submission, problems, credentials, draft } = standing;
  const alive = credentials.filter(({ ended }: { ended: boolean }) => !ended);
  const of = (kind: string) => alive.filter((one: { kind: string }) => one.kind === kind).length;
  const ends: string[] = alive.map((one: { ends: string }) => one.ends).toSorted();
  return {
    environment,
    client_id,
    issuer,
    state,
    ...(live === undefined ? {} : { live }),
    ...(suspended_by === undefined ? {} : { suspended_by }),
    ...(submission === undefined ? {} : { submission }),
    problems,
    secrets: of('secret'),
    keys: of('key'),
    ...(ends[0] === undefined ? {} : { ends: ends[0] }),
    begun: draft !== undefined,
  };
}
