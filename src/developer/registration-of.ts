/** Owns how a service's settings become the registration of a client. Pure. */
import type { Localised } from '../../views/pages.ts';
import { MOST_KEYS } from '../client-keys.ts';
import type { ClientRegistration } from '../clients.ts';
import { ITEMS, ITEMS_OF_SCOPE, SCOPES, type Scope } from '../consent/items.ts';
import { type Credential, clientIdOf, type Environment } from './ports.ts';
import type { ServiceSettings } from './settings.ts';

/** What a registration is made from. `settings` has no problems (problems.ts). */
export interface Registered {
  readonly service: string;
  readonly environment: Environment;
  readonly agency: { readonly id: string; readonly name: Localised };
  readonly settings: ServiceSettings;
  readonly credentials: readonly Pick<Credential, 'kind' | 'secretHash' | 'jwk' | 'endsAt'>[];
  readonly version: number;
  readonly suspended: boolean;
  /** Seconds since the epoch, before which nothing that was issued is good any more. */
  readonly tokensSince?: number | undefined;
}

/** Secrets that are good at once: one, and the one that follows it. */
const MOST_SECRETS = 2;

/** The registration by which an issuer knows the service, to be read by `parseRegistration` before it is used. */
export function registrationOf(registered: Registered): ClientRegistration {
  const { service, environment, agency, settings, version, suspended } = registered;
  return {
    client_id: clientIdOf(service, environment),
    agency: { id: agency.id, name: { vi: agency.name.vi, en: agency.name.en } },
    service: settings.name,
    short_name: settings.short_name,
    ...optional('logo', settings.logo === undefined ? undefined : `/logos/${settings.logo}`),
    environment: environment === 'production' ? 'live' : 'sandbox',
    role: 'service',
    purpose: settings.purpose,
    ...claimsOf(settings),
    life_situations: [...settings.life_situations],
    consent_days: settings.consent_days,
    minimum_acr: settings.minimum_acr,
    ...optional('sources', settings.sources && [...settings.sources]),
    login_uri: settings.login_uri,
    home_uri: settings.landing_page,
    redirect_uris: [...settings.redirect_uris],
    post_logout_redirect_uris: [...settings.post_logout_redirect_uris],
    ...optional('backchannel_logout_uri', settings.backchannel_logout_uri),
    ...proofOf(registered),
    id_token_signed_response_alg: settings.id_token_signed_response_alg,
    ...optional('userinfo_signed_response_alg', settings.userinfo_signed_response_alg),
    ...optional('id_token_encrypted_response_alg', settings.id_token_encrypted_response_alg),
    ...optional('userinfo_encrypted_response_alg', settings.userinfo_encrypted_response_alg),
    require_pushed_authorization_requests: settings.require_pushed_authorization_requests,
    pkce: 'required',
    ...(suspended ? { suspended: true as const } : {}),
    ...optional('tokens_since', registered.tokensSince),
    version,
  };
}

/** Every scope that covers a claim, and of its items only those that are asked for. */
function claimsOf({ claims, verified_claims }: ServiceSettings) {
  const asked = new Map(claims.map((claim) => [claim.item, claim]));
  const items = ITEMS.filter((item) => asked.has(item));
  const scopes = SCOPES.filter(
    (scope): boolean =>
      scope === 'openid' ||
      (scope === 'verified_claims' ? verified_claims : ITEMS_OF_SCOPE[scope].some((item) => asked.has(item))),
  );
  const isLaw = claims.length > 0 && claims.every(({ basis }) => basis === 'law');
  return {
    basis: isLaw ? ('law' as const) : ('consent' as const),
    scopes: scopes satisfies Scope[],
    items,
    optional_items: items.filter((item) => asked.get(item)?.optional === true),
    item_terms: Object.fromEntries(
      [...asked].map(([item, { purpose, basis, legal_basis }]) => [
        item,
        { purpose, basis, ...(basis === 'law' ? optional('legal_basis', legal_basis) : {}) },
      ]),
    ),
  };
}

/** Keys and secrets, each with its end. An address of keys goes before keys by value: a registration has one of the two. */
function proofOf({
  settings,
  credentials,
}: Registered): Pick<ClientRegistration, 'authentication' | 'jwks' | 'jwks_uri'> {
  // Those that live longest: of more than fit, the others have ended.
  const latest = credentials.toSorted((one, other) => other.endsAt - one.endsAt);
  const keys = latest
    .flatMap(({ jwk, endsAt }) => (jwk === undefined ? [] : [{ ...jwk, exp: inSeconds(endsAt) }]))
    .slice(0, MOST_KEYS);
  const byAddress = optional('jwks_uri', settings.jwks_uri);
  const known = settings.jwks_uri !== undefined || keys.length === 0 ? byAddress : { jwks: { keys } };
  const method = settings.token_endpoint_auth_method;
  if (method === 'private_key_jwt') return { authentication: { method }, ...known };
  const secrets = latest
    .flatMap(({ secretHash, endsAt }) =>
      secretHash === undefined ? [] : [{ hash: secretHash, exp: inSeconds(endsAt) }],
    )
    .slice(0, MOST_SECRETS);
  return { authentication: { method, secrets }, ...known };
}

/** Downwards: nothing is good for a moment longer than was said. */
const inSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** A member that is left out when there is no value for it. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };
}
