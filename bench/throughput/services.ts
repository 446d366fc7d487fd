/** Owns the registrations of the measurement: so many agencies with one service each, and the two sources to choose from. */
import type { JWK } from 'jose';
import { socialInsurance, taxCode } from '../../sandbox/sources.ts';
import type { ClientRegistration } from '../../src/clients.ts';
import type { SourceSettings } from '../../src/sources.ts';

/** Nobody listens there: the load generator reads the code where a browser would follow. */
const AGENCIES = 'http://localhost:9';

export const clientIdOf = (service: number) => `service-${service}`;
export const agencyIdOf = (service: number) => `agency-${service}`;
export const redirectUriOf = (service: number) => `${AGENCIES}/${service}/callback`;

export function registrationOf(service: number, key: JWK): ClientRegistration {
  return {
    client_id: clientIdOf(service),
    agency: { id: agencyIdOf(service), name: { vi: `Cơ quan số ${service}`, en: `Agency no. ${service}` } },
    service: { vi: `Dịch vụ công số ${service}`, en: `Public service no. ${service}` },
    environment: 'sandbox',
    role: 'service',
    purpose: { vi: 'Để giải quyết hồ sơ của bạn.', en: 'To handle your case.' },
    basis: 'consent',
    scopes: ['openid', 'profile', 'birth', 'personal_number'],
    optional_items: [],
    consent_days: 180,
    minimum_acr: 'loa1',
    login_uri: `${AGENCIES}/${service}/login`,
    home_uri: `${AGENCIES}/${service}/`,
    redirect_uris: [redirectUriOf(service)],
    post_logout_redirect_uris: [`${AGENCIES}/${service}/signed-out`],
    backchannel_logout_uri: `${AGENCIES}/${service}/backchannel-logout`,
    authentication: { method: 'private_key_jwt', jwks: { keys: [{ ...key }] } },
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    pkce: 'required',
  };
}

/** Two, or there would be nothing to choose; everybody comes by the first. */
export const sourcesAt = (issuer: string): SourceSettings[] => [taxCode(issuer), socialInsurance(issuer)];
