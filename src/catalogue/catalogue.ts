/**
 * Owns which services the public catalogue lists, and how they are found: those that citizens can sign in to now, by
 * occasion in life and by words. Made anew when a registration has changed, and asked without the store.
 */
import type { Localised } from '../../views/pages.ts';
import { type ClientRegistration, type Clients, LIFE_SITUATIONS } from '../clients.ts';
import { folded } from '../developer/words.ts';

export type LifeSituation = (typeof LIFE_SITUATIONS)[number];

/** A service as everybody may see it. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: Localised;
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly purpose: Localised;
  readonly logo?: string;
  /** Lowest level a sign-in has to have. */
  readonly level: ClientRegistration['minimum_acr'];
  readonly situations: readonly LifeSituation[];
  /** Where a sign-in starts. */
  readonly login: string;
  /** The service's public page. */
  readonly home?: string;
}

export interface CatalogueQuestion {
  readonly situation?: LifeSituation | undefined;
  /** Words, each of which must occur. */
  readonly words: string;
  /** From 1. */
  readonly page: number;
}

export interface CataloguePart {
  readonly entries: readonly CatalogueEntry[];
  readonly found: number;
  readonly pages: number;
  /** Which of them it is. */
  readonly shown: number;
}

/** On one page. */
export const EACH_PAGE = 24;
const MOST_WORDS = 8;

interface Made {
  readonly revision: number;
  readonly entries: readonly { readonly entry: CatalogueEntry; readonly search: string }[];
  readonly counts: ReadonlyMap<LifeSituation, number>;
}

export interface CatalogueParts {
  readonly clients: Clients & { readonly revision: number };
  /** Where everything is for trying, services for trying are what there is to list. */
  readonly mode: 'production' | 'sandbox';
}

export class Catalogue {
  readonly #parts: CatalogueParts;
  #made: Made | undefined;

  constructor(parts: CatalogueParts) {
    this.#parts = parts;
  }

  /** How many services there are for each occasion, of those that have any. */
  counts(): ReadonlyMap<LifeSituation, number> {
    return this.#current().counts;
  }

  get size(): number {
    return this.#current().entries.length;
  }

  /** One page of those that were asked for; the last one there is where a later one was. */
  find({ situation, words, page }: CatalogueQuestion): CataloguePart {
    const wanted = folded(words).split(' ').filter(Boolean).slice(0, MOST_WORDS);
    const found = this.#current().entries.filter(
      ({ entry, search }) =>
        (situation === undefined || entry.situations.includes(situation)) &&
        wanted.every((word) => search.includes(word)),
    );
    const pages = Math.max(1, Math.ceil(found.length / EACH_PAGE));
    const shown = Math.min(Math.max(1, page), pages);
    const entries = found.slice((shown - 1) * EACH_PAGE, shown * EACH_PAGE).map(({ entry }) => entry);
    return { entries, found: found.length, pages, shown };
  }

  #current(): Made {
    const { clients } = this.#parts;
    if (this.#made?.revision !== clients.revision) this.#made = this.#make(clients.revision);
    return this.#made!;
  }

  #make(revision: number): Made {
    const listed = [...this.#parts.clients.values()].filter((client) => this.#isListed(client));
    const order = new Intl.Collator('vi');
    const entries = listed
      .map((client) => ({ entry: entryOf(client), search: searchOf(client) }))
      .toSorted(
        (one, other) =>
          order.compare(one.entry.name.vi, other.entry.name.vi) || (one.entry.id < other.entry.id ? -1 : 1),
      );
    const counts = new Map<LifeSituation, number>();
    for (const situation of LIFE_SITUATIONS) {
      const count = entries.filter(({ entry }) => entry.situations.includes(situation)).length;
      if (count > 0) counts.set(situation, count);
    }
    return { revision, entries, counts };
  }

  #isListed({ role, environment, suspended, login_uri }: ClientRegistration): boolean {
    const isReal = environment === 'live' || this.#parts.mode === 'sandbox';
    return role === 'service' && isReal && suspended !== true && login_uri !== undefined;
  }
}

function entryOf(client: ClientRegistration): CatalogueEntry {
  const { client_id: id, service: name, agency, purpose, logo, minimum_acr: level, life_situations = [] } = client;
  return {
    id,
    name,
    agency: { id: agency.id, name: agency.name },
    purpose,
    ...(logo === undefined ? {} : { logo }),
    level,
    // Whoever says nothing of it is found all the same.
    situations: life_situations.length > 0 ? life_situations : ['other'],
    login: client.login_uri!,
    ...(client.home_uri === undefined ? {} : { home: client.home_uri }),
  };
}

function searchOf({ service, agency, purpose }: ClientRegistration): string {
  return folded([service, agency.name, purpose].flatMap(({ vi, en }) => [vi, en]).join(' '));
}
