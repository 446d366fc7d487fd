/** Owns what may be shared: the terms a page states, whether an earlier consent covers a request, the next consent. */
import { hash, randomUUID } from 'node:crypto';
import type { ItemTerms } from '../../views/pages.ts';
import type { ClientRegistration } from '../clients.ts';
import type { PersonId } from '../identity/person.ts';
import type { Consent, ConsentTerms } from '../store.ts';
import { ITEMS, type Item, registeredItems } from './items.ts';

/** What a consent says of itself where it is used. */
export type AgreedTerms = Pick<Consent, 'id' | 'person' | 'client' | 'version' | 'offered' | 'granted' | 'to'>;

const DAY = 24 * 60 * 60 * 1000;

/** Fingerprint of everything the consent page would say of a client beyond the values: a change of it asks again. */
export function termsVersion(client: ClientRegistration): string {
  const known = versions.get(client);
  if (known !== undefined) return known;
  const terms = [
    client.agency,
    client.service,
    client.purpose,
    client.basis,
    client.consent_days,
    registeredItems(client),
    client.optional_items,
    // What was agreed to before there were such terms stays agreed to.
    ...(client.item_terms ? [termsOfItems(client.item_terms)] : []),
  ];
  const version = hash('sha256', JSON.stringify(terms), 'base64url');
  versions.set(client, version);
  return version;
}

/** In one order, whatever order they were written in. */
function termsOfItems(terms: NonNullable<ClientRegistration['item_terms']>): readonly unknown[] {
  return ITEMS.flatMap((item) => {
    const of = terms[item];
    return of ? [[item, of.purpose.vi, of.purpose.en, of.basis, of.legal_basis ?? null]] : [];
  });
}

/** What a registration says of one item, where it tells them one by one. */
export function itemTerms({ item_terms: terms }: ClientRegistration, item: Item): ItemTerms | undefined {
  const of = terms?.[item];
  if (of === undefined) return undefined;
  const { purpose, basis, legal_basis: citation } = of;
  return { purpose, basis, ...(citation === undefined ? {} : { citation }) };
}

function offeredTerms(client: ClientRegistration, offered: readonly string[]): Pick<ConsentTerms, 'items'> {
  const items = offered.flatMap((item) => {
    const terms = itemTerms(client, item as Item);
    return terms === undefined ? [] : [[item, terms] as const];
  });
  return items.length === 0 ? {} : { items: Object.fromEntries(items) };
}

/** A registration that changes is another one. */
const versions = new WeakMap<ClientRegistration, string>();

/** Whether an earlier consent speaks for this request: same terms, and every item was on the page then. */
export function covers(
  consent: AgreedTerms | undefined,
  client: ClientRegistration,
  items: readonly Item[],
): consent is AgreedTerms {
  return (
    consent !== undefined &&
    consent.version === termsVersion(client) &&
    items.every((item) => consent.offered.includes(item))
  );
}

/** What the citizen left ticked: every required item of the page, and those optional ones that came back. */
export function agreedItems(
  client: ClientRegistration,
  offered: readonly Item[],
  ticked: ReadonlySet<string>,
): readonly Item[] {
  return offered.filter((item) => !client.optional_items.includes(item) || ticked.has(item));
}

/** The part of a consent that a sign-in carries on. */
export function agreedTerms({ id, person, client, version, offered, granted, to }: AgreedTerms): AgreedTerms {
  return { id, person, client, version, offered, granted, to };
}

/**
 * The consent after the page: what was on it is decided anew, what was agreed to earlier under the same terms and was
 * not on it stays.
 */
export function nextConsent(
  person: PersonId,
  client: ClientRegistration,
  earlier: AgreedTerms | undefined,
  page: { readonly offered: readonly Item[]; readonly granted: readonly Item[] },
  now: number,
): Consent {
  const version = termsVersion(client);
  const kept = earlier?.version === version ? earlier : undefined;
  const notOnPage = (items: readonly string[] | undefined) =>
    (items ?? []).filter((item) => !page.offered.includes(item as Item));
  const offered = [...notOnPage(kept?.offered), ...page.offered];
  return {
    id: randomUUID(),
    person,
    client: client.client_id,
    version,
    offered,
    granted: [...notOnPage(kept?.granted), ...page.granted],
    purpose: client.purpose.vi,
    basis: client.basis,
    terms: {
      agency: client.agency,
      service: client.service,
      purpose: client.purpose,
      ...offeredTerms(client, offered),
    },
    from: now,
    to: now + client.consent_days * DAY,
  };
}
