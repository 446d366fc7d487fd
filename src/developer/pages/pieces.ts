/** Owns the page of the ready pieces: whole logins for this service, to read and to take along. */
import type { Pages } from '../pages.ts';
import { nameOf } from './service.ts';

export function piecePages({ show }: Pages): void {
  show('/services/:service/pieces', async ({ params, query, call }) => {
    const environment = query.environment === 'production' ? 'production' : 'sandbox';
    const of = { service: params.service ?? '' };
    const [service, listed] = await Promise.all([
      call('getService', { params: of }),
      call('listReadyPieces', { params: { ...of, environment } }),
    ]);
    const { client_id: clientId, ...rest } = listed.values;
    const { id } = service.values;
    return { page: 'developer/pieces', id, name: nameOf(service.values), environment, clientId, ...rest };
  });
}
