/** Owns the pages of what was done in an agency, and to a service. */
import type { TrailPage } from '../../../views/developer/production.ts';
import type { Looking, Pages } from '../pages.ts';

export function trailPages({ show }: Pages): void {
  show('/agencies/:agency/trail', (looking) => trailPage(looking, 'agency', 'getAgencyTrail'));
  show('/services/:service/trail', (looking) => trailPage(looking, 'service', 'getServiceTrail'));
}

async function trailPage(
  { params, query, call }: Looking,
  kind: 'agency' | 'service',
  operation: string,
): Promise<TrailPage> {
  const id = params[kind]!;
  const { after } = query;
  const { values } = await call(operation, { params: { [kind]: id }, query: after ? { after } : {} });
  return {
    page: 'developer/trail',
    of: { kind, id },
    entries: values.entries,
    ...(values.after ? { after: values.after } : {}),
  };
}
