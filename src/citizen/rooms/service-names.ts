/**
 * Owns what the services of a person's consents and events are called: as the page named them when the person agreed, else as
 * they are registered now, else by their id, since a registration may be gone while what happened stays.
 */
import type { Localised, Service } from '../../../views/pages.ts';
import type { Clients } from '../../clients.ts';
import type { OwnConsent } from '../../store.ts';

export interface ServiceNames {
  of(client: string): Service;
  /** The same with the picture that the service has today, if its agency is still the one that was agreed to. */
  pictured(client: string): Service;
  /** Id of the agency behind a client; of one that is gone, and was never agreed to, nobody knows it any more. */
  agencyOf(client: string): string | undefined;
  /** A purpose as it was recorded, in the other language, too, where that is known. */
  purpose(client: string, recorded: string): Localised;
  /** Clients that the person has agreed to, latest first. */
  readonly own: readonly string[];
}

/** The names for a person with these consents (newest first). */
export function serviceNames(clients: Clients, consents: readonly OwnConsent[]): ServiceNames {
  const terms = new Map(consents.toReversed().flatMap((one) => (one.terms ? [[one.client, one.terms] as const] : [])));
  const of = (client: string): Service => {
    const { agency, service } = terms.get(client) ?? clients.get(client) ?? {};
    const id = { vi: client, en: client };
    return { agency: agency?.name ?? id, name: service ?? id };
  };
  const agencyOf = (client: string) => (terms.get(client) ?? clients.get(client))?.agency.id;
  return {
    own: [...new Set(consents.map(({ client }) => client))],
    of,
    pictured(client) {
      const { agency, logo } = clients.get(client) ?? {};
      return logo !== undefined && agency?.id === agencyOf(client) ? { ...of(client), logo } : of(client);
    },
    agencyOf,
    purpose(client, recorded) {
      const known = [...consents.filter((one) => one.client === client).map((one) => one.terms), clients.get(client)];
      return known.find((one) => one?.purpose.vi === recorded)?.purpose ?? { vi: recorded, en: recorded };
    },
  };
}
