/** Owns the page of sign-ins: in pictures and tables how they ended, and why the last ones failed. */
import type { ConsoleParts } from '../console.ts';
import type { Pages } from '../pages.ts';
import { sourceNames } from '../shown-registration.ts';
import { nameOf } from './service.ts';
import { environmentIn } from './settings.ts';

/** Days to choose from. */
const CHOICES = [7, 30, 90];

export function signInPages({ show }: Pages, parts: ConsoleParts): void {
  show('/services/:service/:environment/sign-ins', async ({ params, query, call }) => {
    const environment = environmentIn(params);
    const days = CHOICES.find((choice) => String(choice) === query.days) ?? 30;
    const of = { service: params.service ?? '' };
    const [service, seen] = await Promise.all([
      call('getService', { params: of }),
      call('getSignIns', { params: { ...of, environment }, query: { days } }),
    ]);
    return {
      page: 'developer/sign-ins',
      id: service.values.id,
      name: nameOf(service.values),
      environment,
      days,
      choices: CHOICES,
      sources: sourceNames(parts, environment),
      seen: seen.values,
    };
  });
}
