/** Owns the page of the fault simulator: each fault, what a service has to do at it, and what this one did. */
import type { ConsoleParts } from '../console.ts';
import { API_PATH } from '../contract.ts';
import type { Pages } from '../pages.ts';
import { nameOf } from './service.ts';

const PAGE = '/services/:service/simulator';

export function simulatorPages({ show, form }: Pages, { issuer }: ConsoleParts): void {
  show(PAGE, async ({ params, call }) => {
    const [service, card] = await Promise.all([
      call('getService', { params: { service: params.service ?? '' } }),
      call('getSimulator', { params: { service: params.service ?? '' } }),
    ]);
    const { id, role } = service.values;
    return {
      page: 'developer/simulator',
      id,
      name: nameOf(service.values),
      may: role === 'owner' || role === 'developer',
      api: `${issuer}${API_PATH}/services/${id}/simulator`,
      card: card.values,
    };
  });

  form(PAGE, {
    operation: 'armFault',
    on: PAGE,
    read: ({ fault }, params) => ({ params, body: { fault } }),
    goOn: (_outcome, { params }) => `/services/${params.service}/simulator`,
  });

  form('/services/:service/simulator/disarm', {
    operation: 'disarmFault',
    on: PAGE,
    read: (_fields, params) => ({ params }),
    goOn: (_outcome, { params }) => `/services/${params.service}/simulator`,
  });
}
