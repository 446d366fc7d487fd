/** Owns the consent step: what the page shows, and what is written when the citizen has decided. */
import { hash } from 'node:crypto';
import type { Language, Page } from '../../views/pages.ts';
import { type ClientRegistration, isOwnPage } from '../clients.ts';
import { consentShown } from '../consent/shown.ts';
import { type AgreedTerms, agreedItems, agreedTerms, covers, nextConsent, termsVersion } from '../consent/terms.ts';
import { Refusal } from '../errors.ts';
import type { Authentication } from '../identity/authentication.ts';
import { entry } from '../journal/events.ts';
import { itemsWithValue } from '../oidc/claims.ts';
import type { Agreed } from '../oidc/grant.ts';
import type { Store } from '../store.ts';
import type { SignInRequest } from './request.ts';

/** Whether no citizen is ever asked: the hub shows them on its own page what it has of them anyway. */
export const isImplied = (client: ClientRegistration): boolean => isOwnPage(client);

/** Whether the citizen must see the consent page: never agreed to this, agreed to something else, or the agency asks again. */
export async function consentNeeded(
  store: Store,
  request: SignInRequest,
  authentication: Authentication,
  now: number,
): Promise<boolean> {
  if (request.params.prompt?.split(' ').includes('consent') && !request.progress.consent) return true;
  const earlier = await earlierConsent(store, request, authentication, now);
  return !covers(earlier, request.client, itemsWithValue(request.requested.items, authentication.attributes));
}

/** What the identification found of the person and this agency; a session that was running was not identified anew. */
async function earlierConsent(
  store: Store,
  { progress, client }: SignInRequest,
  { person }: Authentication,
  now: number,
): Promise<AgreedTerms | undefined> {
  if (progress.known === undefined) return store.consents.inForce(person, client.client_id, now);
  const { consent } = progress.known;
  return consent && consent.to > now ? consent : undefined;
}

/**
 * Essential claims (OpenID Connect Core 5.5.1) that this authentication cannot give because the register was down
 * (rule 7): the agency is asked to try again rather than given half an identity.
 */
export function lacksEssential(request: SignInRequest, authentication: Authentication): boolean {
  if (authentication.registerConfirmedAt !== undefined) return false;
  const { items, essential } = request.requested;
  const available = itemsWithValue(items, authentication.attributes);
  return items.some((item) => essential.has(item) && !available.includes(item));
}

/** What the page shows: the items that have a value, the values themselves. An item without a value is not offered. */
export async function consentPage(
  store: Store,
  request: SignInRequest,
  authentication: Authentication,
  language: Language,
  now: number,
): Promise<Page> {
  const { client } = request;
  const earlier = await earlierConsent(store, request, authentication, now);
  return {
    ...consentShown(client, request.requested.items, authentication.attributes, language, now),
    action: `/sign-in/${request.uid}/consent`,
    shown: shownFingerprint(request, authentication),
    changed: earlier !== undefined,
  };
}

/**
 * Which page it was: whose authentication, which items, which terms. In a second tab of the same request another citizen
 * may have signed in meanwhile, and agreeing on the first one's page must not speak for the second.
 */
export function shownFingerprint({ client, requested }: SignInRequest, authentication: Authentication): string {
  const shown = [authentication.id, itemsWithValue(requested.items, authentication.attributes), termsVersion(client)];
  return hash('sha256', JSON.stringify(shown), 'base64url');
}

/**
 * Writes the consent the citizen gave, and says what may be answered on it. Pressed twice, or in two tabs, the second
 * finds the first one's and changes nothing. Throws `Refusal` `source_blocked` when the way they came in by was closed while
 * they read.
 */
export async function giveConsent(
  store: Store,
  request: SignInRequest,
  authentication: Authentication,
  ticked: ReadonlySet<string>,
  now: number,
): Promise<Agreed> {
  const { client, progress } = request;
  const { person } = authentication;
  // What stays of it was decided on another page; where there was none, there is nothing to look up.
  const isFirst = progress.known !== undefined && progress.known.consent === undefined;
  const earlier = isFirst ? undefined : await store.consents.inForce(person, client.client_id, now);
  // As on the page: what was not shown, because it has no value now, is asked about once it has.
  const offered = itemsWithValue(request.requested.items, authentication.attributes);
  const granted = agreedItems(client, offered, ticked);
  const consent = nextConsent(person, client, earlier, { offered, granted }, now);
  const given = {
    type: 'consent_given',
    client: client.client_id,
    items: consent.granted,
    purpose: consent.purpose,
    until: consent.to,
  } as const;
  const entries = [...(progress.untold ?? []), entry(now, given, person, authentication.device)];
  const standing = await store.consents.give(consent, client.agency.id, entries, authentication.source);
  if (standing === undefined) throw new Refusal('source_blocked');
  return { consent: agreedTerms(standing.consent), sub: standing.sub };
}
