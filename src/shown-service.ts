/** Owns how a registered service is named, and pictured, on pages that citizens see. */
import type { Service } from '../views/pages.ts';
import type { ClientRegistration } from './clients.ts';

export function shownService({ agency, service, logo }: ClientRegistration): Service {
  return { agency: agency.name, name: service, ...(logo === undefined ? {} : { logo }) };
}
