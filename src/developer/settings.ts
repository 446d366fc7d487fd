/**
 * Owns what a service says of itself: the shape and the sizes, as the API takes it and a version keeps it. What is right and
 * wrong in it problems.ts decides: a draft may be wrong, and incomplete.
 */
import { z } from 'zod';
import type { Localised } from '../../views/pages.ts';
import { KEY_ENCRYPTION } from '../client-keys.ts';
import { LIFE_SITUATIONS } from '../clients.ts';
import { ITEMS } from '../consent/items.ts';
import { ACR_LADDER } from '../identity/assertion.ts';

/** Characters. More than this is no mistake but an attack; what is merely too long is told as a problem. */
const MOST_TEXT = 1000;
const MOST_ADDRESS = 2000;

/** Composed, so that it is as long everywhere as it is read. */
const text = z.string().normalize('NFC').max(MOST_TEXT);
/** Empty where nothing has been written yet. */
const localised = z.strictObject({ vi: text, en: text });
const address = z.string().max(MOST_ADDRESS);
/** Absent where nobody wants it. */
const optionalAddress = address.optional();

export const SIGNING_ALGORITHMS = ['ES256', 'RS256', 'PS256'] as const;
export const AUTHENTICATION_METHODS = ['private_key_jwt', 'client_secret_basic', 'client_secret_post'] as const;

const signingAlgorithm = z.enum(SIGNING_ALGORITHMS);
const keyEncryption = z.enum(KEY_ENCRYPTION);

/** One thing that citizens are asked for: what for, and by which right. */
export const requestedClaim = z.strictObject({
  item: z.enum(ITEMS),
  purpose: localised,
  basis: z.enum(['consent', 'law']),
  /** The provision, cited; there is one where the basis is law. */
  legal_basis: text.optional(),
  /** Whether the citizen may leave it out. */
  optional: z.boolean(),
});
export type RequestedClaim = z.infer<typeof requestedClaim>;

export const serviceSettings = z.strictObject({
  name: localised,
  /** For a phone's display, and wherever else there is little room. */
  short_name: localised,
  /** Id of a kept logo (logos.ts). */
  logo: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}\.(svg|png)$/)
    .optional(),
  purpose: localised,
  /** The service's public page, where the catalogue leads. */
  landing_page: address,
  /** Where a sign-in starts again (OpenID Connect Core 4, initiate_login_uri). */
  login_uri: address,
  redirect_uris: z.array(address).max(20),
  post_logout_redirect_uris: z.array(address).max(20),
  backchannel_logout_uri: optionalAddress,
  token_endpoint_auth_method: z.enum(AUTHENTICATION_METHODS),
  /** Where the keys are, instead of keys that are handed in as credentials; these then have no say. */
  jwks_uri: optionalAddress,
  id_token_signed_response_alg: signingAlgorithm,
  userinfo_signed_response_alg: signingAlgorithm.optional(),
  /** The content is always encrypted with A256GCM. */
  id_token_encrypted_response_alg: keyEncryption.optional(),
  userinfo_encrypted_response_alg: keyEncryption.optional(),
  require_pushed_authorization_requests: z.boolean(),
  minimum_acr: z.enum(ACR_LADDER),
  /** Ids of the sources it accepts; all of them when absent. */
  sources: z.array(z.string().max(40)).max(50).optional(),
  claims: z.array(requestedClaim).max(30),
  /** The same values, too, with how they were verified (OpenID Connect for Identity Assurance 1.0). */
  verified_claims: z.boolean(),
  consent_days: z.int().min(1).max(730),
  /** Under which occasions the catalogue lists it. */
  life_situations: z.array(z.enum(LIFE_SITUATIONS)).max(5),
  /** Who is told when something is wrong. Nobody reviews a change of it. */
  contact: z.strictObject({ mail: text, phone: text.optional() }),
});
export type ServiceSettings = z.infer<typeof serviceSettings>;

/** What a draft begins with: the safest choices, and nothing yet of what only the agency can say. */
export function defaultSettings(name: Localised = { vi: '', en: '' }, mail = ''): ServiceSettings {
  return {
    name: { vi: name.vi, en: name.en },
    short_name: { vi: '', en: '' },
    purpose: { vi: '', en: '' },
    landing_page: '',
    login_uri: '',
    redirect_uris: [],
    post_logout_redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    minimum_acr: 'loa2',
    claims: [],
    verified_claims: false,
    consent_days: 180,
    life_situations: [],
    contact: { mail },
  };
}
