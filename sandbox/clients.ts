/** Owns how the sample services are registered at the hub: the content of its clients file. */
import type { ClientRegistration } from '../src/clients.ts';
import type { Vault } from '../src/vault/vault.ts';
import { type AgencyProfile, LIBRARY, SONG_HONG } from './agencies/profiles.ts';
import { publicHalf, type Secrets } from './secrets.ts';

/** Where the two agencies are reached. */
export interface AgencyAddresses {
  readonly songHong: string;
  readonly library: string;
}

/** Registers a sample agency that is reached at `home`. */
function registrationOf(
  profile: AgencyProfile,
  home: string,
  authentication: ClientRegistration['authentication'],
  optionalItems: ClientRegistration['optional_items'],
): ClientRegistration {
  return {
    client_id: profile.clientId,
    agency: profile.agency,
    service: profile.service,
    environment: 'sandbox',
    role: 'service',
    purpose: profile.purpose,
    basis: 'consent',
    scopes: [...profile.scopes],
    optional_items: optionalItems,
    life_situations: [...profile.lifeSituations],
    consent_days: 180,
    minimum_acr: 'loa1',
    login_uri: `${home}/login`,
    home_uri: `${home}/`,
    redirect_uris: [`${home}/callback`],
    post_logout_redirect_uris: [`${home}/signed-out`],
    backchannel_logout_uri: `${home}/backchannel-logout`,
    authentication,
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    pkce: 'required',
  };
}

/** The two agencies, and an archive that may ask whether a token is still good (introspection). */
export function clientRegistrations(addresses: AgencyAddresses, secrets: Secrets, vault: Vault): ClientRegistration[] {
  return [
    registrationOf(
      SONG_HONG,
      addresses.songHong,
      { method: 'private_key_jwt', jwks: { keys: [{ ...publicHalf(secrets.songHong) }] } },
      ['place_of_birth', 'nationality'],
    ),
    registrationOf(
      LIBRARY,
      addresses.library,
      { method: 'client_secret_basic', secret_hash: vault.hashClientSecret(secrets.library) },
      ['gender'],
    ),
    {
      client_id: 'archive-resource-server',
      agency: { id: 'archive', name: { vi: 'Kho lưu trữ số (mẫu)', en: 'Digital archive (sample)' } },
      service: { vi: 'Kho lưu trữ số', en: 'Digital archive' },
      environment: 'sandbox',
      role: 'resource_server',
      purpose: { vi: 'Kiểm tra quyền truy cập.', en: 'To check access.' },
      basis: 'consent',
      scopes: ['openid'],
      optional_items: [],
      consent_days: 1,
      minimum_acr: 'loa1',
      redirect_uris: [],
      post_logout_redirect_uris: [],
      authentication: { method: 'client_secret_basic', secret_hash: vault.hashClientSecret(secrets.archive) },
      id_token_signed_response_alg: 'ES256',
      require_pushed_authorization_requests: false,
      pkce: 'required',
    },
  ];
}
