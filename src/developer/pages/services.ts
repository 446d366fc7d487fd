/** Owns the list of services: looking one up among one's own, or among all for registrars, and beginning a new one. */
import type { Pages } from '../pages.ts';

export function servicePages({ show, form }: Pages): void {
  show('/services', async ({ query, call }) => {
    const { search = '', agency = '', after, all } = query;
    const asked = { search, agency, ...(all === 'yes' ? { all } : {}) };
    const given = Object.fromEntries(Object.entries({ ...asked, after }).filter(([, value]) => value));
    const [{ values }, self] = await Promise.all([call('listServices', { query: given }), call('getAccount')]);
    const onwards = new URLSearchParams({ ...given, after: values.after ?? '' });
    return {
      page: 'developer/services',
      search,
      agency,
      all: all === 'yes',
      services: values.services,
      ...(values.after === undefined ? {} : { next: `/developer/services?${onwards}` }),
      agencies: self.values.agencies,
    };
  });

  form('/services', {
    operation: 'createService',
    on: '/services',
    read: ({ in_agency, id, name_vi, name_en }) => ({
      params: { agency: in_agency },
      body: { ...(id ? { id } : {}), name: { vi: name_vi, en: name_en } },
    }),
    goOn: ({ values }) => `/services/${values.id}/sandbox/settings`,
  });
}
