/** Owns the first page of the console: introducing oneself, one's agencies, bringing one in. */
import type { Pages } from '../pages.ts';
import { SECTORS } from '../ports.ts';

export function overviewPages({ show, form }: Pages): void {
  show('/', async ({ call }) => {
    const { account, name, mail, agencies } = (await call('getAccount')).values;
    return {
      page: 'developer/overview',
      account,
      ...(name === undefined ? {} : { self: { name, mail } }),
      agencies,
      sectors: SECTORS,
    };
  });

  form('/account', {
    operation: 'putAccount',
    on: '/',
    read: ({ name, mail, language }) => ({ body: { name, mail, ...(language ? { language } : {}) } }),
    goOn: () => '',
  });

  form('/agencies', {
    operation: 'createAgency',
    on: '/',
    read: ({ id, name_vi, name_en, sector, mail }) => ({
      body: { ...(id ? { id } : {}), name: { vi: name_vi, en: name_en }, sector, contact: { mail } },
    }),
    goOn: ({ values }) => `/agencies/${values.id}`,
  });
}
