/** Owns how the citizen's page stands among the clients of the hub: an OpenID relying party like any other. */
import type { ClientRegistration } from '../clients.ts';
import type { Vault } from '../vault/vault.ts';

/** Its `client_id`. */
export const CITIZEN_PAGE = 'citizen-page';
/** Where it stands, below the issuer. */
export const CITIZEN_PATH = '/citizen';
/** In which sector it knows persons. */
export const HUB_SECTOR = 'lien-thong';
const NAME = { vi: 'Trang của tôi', en: 'My page' };

/** Its secret, the same in every process and in nobody's configuration. */
export const citizenPageSecret = (vault: Vault) => vault.ownSecret(CITIZEN_PAGE);

/** The registration of the citizen's page at `issuer`. It asks for nothing but `sub`: what it shows, the hub has. */
export function citizenPageRegistration(issuer: string, vault: Vault): ClientRegistration {
  const home = `${issuer}${CITIZEN_PATH}`;
  return {
    client_id: CITIZEN_PAGE,
    agency: { id: HUB_SECTOR, name: { vi: 'Liên Thông', en: 'Liên Thông' } },
    service: NAME,
    environment: issuer.startsWith('https:') ? 'live' : 'sandbox',
    role: 'citizen_page',
    purpose: {
      vi: 'Cho người dân xem, dừng và mang đi dữ liệu của chính mình.',
      en: 'Lets citizens see, stop and take away what concerns them.',
    },
    basis: 'law',
    scopes: ['openid'],
    optional_items: [],
    consent_days: 730,
    minimum_acr: 'loa1',
    login_uri: home,
    home_uri: home,
    redirect_uris: [`${home}/callback`],
    post_logout_redirect_uris: [home],
    authentication: { method: 'client_secret_basic', secret_hash: vault.hashClientSecret(citizenPageSecret(vault)) },
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    pkce: 'required',
  };
}
