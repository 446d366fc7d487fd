/** Owns what the consent page says of a service and a person: the same for who decides and for who only looks at it beforehand. */
import type { ConsentItem, Language, Page } from '../../views/pages.ts';
import type { ClientRegistration } from '../clients.ts';
import type { Attributes } from '../identity/authentication.ts';
import { shownService } from '../shown-service.ts';
import type { Item } from './items.ts';
import { itemTerms } from './terms.ts';

type ConsentPage = Extract<Page, { readonly page: 'consent' }>;

/**
 * The items that have a value, with the values themselves, and the terms. An item without a value is not offered. `now` in
 * milliseconds since the epoch.
 */
export function consentShown(
  client: ClientRegistration,
  items: readonly Item[],
  attributes: Attributes,
  language: Language,
  now: number,
): Pick<ConsentPage, 'page' | 'service' | 'purpose' | 'basis' | 'items' | 'until'> {
  return {
    page: 'consent',
    service: shownService(client),
    purpose: client.purpose,
    basis: client.basis,
    items: items.flatMap((id): ConsentItem[] => {
      const value = shownValue(id, attributes, language);
      if (value === undefined) return [];
      const terms = itemTerms(client, id);
      return [{ id, value, required: !client.optional_items.includes(id), ...(terms ? { terms } : {}) }];
    }),
    until: new Date(now + client.consent_days * 86_400_000),
  };
}

/** A value as the citizen reads it in their own register: dates to the precision that is known, words in the page's language. */
function shownValue(item: Item, attributes: Attributes, language: Language): string | undefined {
  switch (item) {
    case 'name':
      return attributes.name;
    case 'gender':
      return (
        attributes.gender &&
        { vi: { male: 'Nam', female: 'Nữ' }, en: { male: 'Male', female: 'Female' } }[language][attributes.gender]
      );
    case 'birthdate':
      return attributes.birthDate?.split('-').reverse().join('/');
    case 'place_of_birth':
      return attributes.birthPlace;
    case 'nationality':
      return attributes.nationality && new Intl.DisplayNames([language], { type: 'region' }).of(attributes.nationality);
    case 'personal_number':
      return attributes.personalNumber;
    case 'tax_code':
      return attributes.taxCode;
    case 'email':
    case 'phone':
      return undefined;
  }
}
