/**
 * Owns what of a person's accounts and addresses stands on a page, or in what is taken along. Whoever signed in by less than the
 * strongest way may be a thief of the weakest password: what opens other ways is not to be learned from the hub.
 */
import type { Acr } from '../identity/assertion.ts';
import { reaches, strongestLevel } from '../identity/assurance.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { OwnLink } from '../store.ts';
import type { ContactKind } from './ports.ts';

/** Its end, by which its owner tells it from others. */
export const shortenedAccount = (account: string): string => `…${[...account].slice(-2).join('')}`;

/** As much of an address as its owner needs to tell it from others. */
export function shortenedAddress(kind: ContactKind, address: string): string {
  if (kind === 'phone') return shortenedAccount(address);
  const [first = ''] = address;
  return `${first}…${address.slice(address.lastIndexOf('@'))}`;
}

/** Whether somebody is signed in by a way as strong as any of theirs, however long ago. */
export function seesAll(
  { acr }: Pick<Authentication, 'acr'>,
  links: readonly OwnLink[],
  levelOf: (source: string) => Acr | undefined,
): boolean {
  return reaches(acr, strongestLevel(links, levelOf));
}
