/** Owns the claims: which of them an authorization request asks for, and what each agreed item becomes. */
import { type ClientRegistration, isOwnPage } from '../clients.ts';
import { ITEMS, ITEMS_OF_SCOPE, type Item, registeredItems, SCOPES, type Scope } from '../consent/items.ts';
import type { BirthDate } from '../identity/assertion.ts';
import type { Attributes, Authentication } from '../identity/authentication.ts';
import { readVerifiedClaims, TRUST_FRAMEWORK, type VerifiedClaimsRequest, verifiedClaims } from './verified-claims.ts';

/** The claims of each item: OpenID Connect Core 5.1, Identity Assurance 1.0 (`place_of_birth`, `nationalities`), ours. */
const CLAIMS_OF_ITEM: Readonly<Record<Item, readonly string[]>> = {
  name: ['name'],
  gender: ['gender'],
  birthdate: ['birthdate'],
  place_of_birth: ['place_of_birth'],
  nationality: ['nationalities'],
  personal_number: ['personal_number'],
  tax_code: ['tax_code'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
};

/** The claims an item becomes when it has a value. */
export const claimNamesOfItem = (item: Item): readonly string[] => CLAIMS_OF_ITEM[item];

const ITEM_OF_CLAIM = new Map(ITEMS.flatMap((item) => CLAIMS_OF_ITEM[item].map((claim) => [claim, item] as const)));

/** Every claim that can stand inside `verified_claims`: what a register verified, not what an account merely holds. */
export const VERIFIABLE_CLAIMS = [
  'name',
  'gender',
  'birthdate',
  'place_of_birth',
  'nationalities',
  'personal_number',
  'tax_code',
] as const;

/** Claims about the sign-in, which reach the id token only under `openid`. The decree's level is never folded into `acr`. */
const CLAIMS_OF_SIGN_IN = ['sub', 'acr', 'amr', 'auth_time', 'vn_auth_level'];

/** The library's `claims` setting: scope → claims. */
export const CLAIMS_BY_SCOPE: Readonly<Record<string, string[]>> = Object.fromEntries(
  SCOPES.map((scope) => [
    scope,
    scope === 'openid'
      ? CLAIMS_OF_SIGN_IN
      : scope === 'verified_claims'
        ? ['verified_claims']
        : ITEMS_OF_SCOPE[scope].flatMap((item) => CLAIMS_OF_ITEM[item]),
  ]),
);

/** The parameters of an authorization request that ask for claims. */
export interface ClaimsRequest {
  readonly scope?: string | undefined;
  readonly claims?: string | undefined;
}

export interface RequestedItems {
  readonly items: readonly Item[];
  /** Asked as essential (OpenID Connect Core 5.5.1). */
  readonly essential: ReadonlySet<Item>;
}

const knownScopes = (scope: string | undefined): Scope[] =>
  SCOPES.filter((known) => new Set(scope?.split(' ')).has(known));

/** What a request asks for, by scope and by `claims`, cut to what the client is registered for. */
export function requestedItems(request: ClaimsRequest, client: ClientRegistration): RequestedItems {
  // The hub's own page shows what the hub has: it is given nothing.
  const registered = new Set(isOwnPage(client) ? [] : registeredItems(client));
  const asked = new Set<Item>();
  const essential = new Set<Item>();
  for (const scope of knownScopes(request.scope)) for (const item of ITEMS_OF_SCOPE[scope]) asked.add(item);
  for (const target of Object.values(claimsParameter(request.claims))) {
    for (const [claim, wish] of Object.entries(target)) {
      if (claim === 'verified_claims') {
        for (const one of readVerifiedClaims(wish))
          for (const name of Object.keys(one.claims)) add(name, one.claims[name]);
      } else add(claim, wish);
    }
  }
  return { items: ITEMS.filter((item) => asked.has(item) && registered.has(item)), essential };

  function add(claim: string, wish: unknown): void {
    const item = ITEM_OF_CLAIM.get(claim);
    // Neither null nor an object: nothing the library would release either.
    if (item === undefined || typeof wish !== 'object') return;
    asked.add(item);
    if (wish !== null && 'essential' in wish && wish.essential === true) essential.add(item);
  }
}

/** The two known members of the `claims` parameter, which the library has checked; others are ignored (Core 5.5). */
function claimsParameter(text: string | undefined): Record<string, Record<string, unknown>> {
  const { userinfo = {}, id_token = {} } = text === undefined ? {} : JSON.parse(text);
  return { userinfo, id_token };
}

/** A date without its day is its year (OpenID Connect Core 5.1): there is no form for a month, and none is invented. */
function asClaim(birthDate: BirthDate): string {
  return birthDate.length === 10 ? birthDate : birthDate.slice(0, 4);
}

/** The values of each item, as claims; an item without a value has none. */
export function claimsOfItem(item: Item, attributes: Attributes): Record<string, unknown> {
  switch (item) {
    case 'name':
      return attributes.name ? { name: attributes.name } : {};
    case 'gender':
      return attributes.gender ? { gender: attributes.gender } : {};
    case 'birthdate':
      return attributes.birthDate ? { birthdate: asClaim(attributes.birthDate) } : {};
    case 'place_of_birth':
      return attributes.birthPlace ? { place_of_birth: { locality: attributes.birthPlace } } : {};
    case 'nationality':
      return attributes.nationality ? { nationalities: [attributes.nationality] } : {};
    case 'personal_number':
      return attributes.personalNumber ? { personal_number: attributes.personalNumber } : {};
    case 'tax_code':
      return attributes.taxCode ? { tax_code: attributes.taxCode } : {};
    case 'email':
    case 'phone':
      // Contacts are released once the citizen has verified them with the hub, which has no page for it yet.
      return {};
  }
}

/** The items that have a value: only these can be shown, so only these can be agreed to. */
export function itemsWithValue(items: readonly Item[], attributes: Attributes): readonly Item[] {
  return items.filter((item) => Object.keys(claimsOfItem(item, attributes)).length > 0);
}

/**
 * Everything that may be released of an authentication under a consent: the claims of the granted items, and the same
 * verified, when the request asked for `verified_claims`.
 */
export function releasedClaims(
  authentication: Authentication,
  granted: ReadonlySet<string>,
  asked: { readonly scope: string; readonly claims: Readonly<Record<string, unknown>> },
): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const item of ITEMS) if (granted.has(item)) Object.assign(plain, claimsOfItem(item, authentication.attributes));
  const requests = readVerifiedClaims(asked.claims.verified_claims);
  const wished = requests.length > 0 ? requests : verifiedByScope(asked);
  const proven = verifiedClaims(authentication, plain, wished);
  return proven === undefined ? plain : { ...plain, verified_claims: proven };
}

/** The scope `verified_claims` asks for what the same request asks for plainly, with how it was verified. */
function verifiedByScope({ scope, claims }: Parameters<typeof releasedClaims>[2]): readonly VerifiedClaimsRequest[] {
  const scopes = knownScopes(scope);
  if (!scopes.includes('verified_claims')) return [];
  const asked = new Set([...scopes.flatMap((one) => CLAIMS_BY_SCOPE[one] ?? []), ...Object.keys(claims)]);
  const names = VERIFIABLE_CLAIMS.filter((name) => asked.has(name));
  return [{ verification: { trust_framework: null }, claims: Object.fromEntries(names.map((name) => [name, null])) }];
}

/** What discovery tells of identity assurance (OpenID Connect for Identity Assurance 1.0, section 9). */
export const ASSURANCE_METADATA = {
  verified_claims_supported: true,
  trust_frameworks_supported: [TRUST_FRAMEWORK],
  claims_in_verified_claims_supported: [...VERIFIABLE_CLAIMS],
  evidence_supported: ['electronic_record', 'electronic_signature'],
  electronic_records_supported: ['tax_account', 'population_register'],
};
