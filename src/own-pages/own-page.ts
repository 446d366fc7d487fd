/**
 * Owns how pages of the hub itself (the citizen's page, the developer console) stand among its clients: each an OpenID
 * relying party like any other, whose registration is part of the program.
 */
import type { Localised } from '../../views/pages.ts';
import type { ClientRegistration } from '../clients.ts';
import type { Vault } from '../vault/vault.ts';

export interface OwnPage {
  readonly client: string;
  readonly role: 'citizen_page' | 'developer_console';
  /** Where it stands, below the issuer. */
  readonly path: string;
  /** In which sector it knows persons. */
  readonly sector: string;
  /** Distinguishes its cookies. */
  readonly cookie: string;
  readonly name: Localised;
  readonly purpose: Localised;
}

export const CITIZEN: OwnPage = {
  client: 'citizen-page',
  role: 'citizen_page',
  path: '/citizen',
  sector: 'lien-thong',
  cookie: 'citizen',
  name: { vi: 'Trang của tôi', en: 'My page' },
  purpose: {
    vi: 'Cho người dân xem, dừng và mang đi dữ liệu của chính mình.',
    en: 'Lets citizens see, stop and take away what concerns them.',
  },
};

/** Its sector is its own: colleagues see by which account somebody is known there. */
export const DEVELOPER: OwnPage = {
  client: 'developer-console',
  role: 'developer_console',
  path: '/developer',
  sector: 'lien-thong-developers',
  cookie: 'developer',
  name: { vi: 'Trang nhà phát triển', en: 'Developer console' },
  purpose: {
    vi: 'Cho cán bộ của cơ quan đăng ký và quản lý dịch vụ.',
    en: 'Lets people of agencies register and look after services.',
  },
};

const OWN = new Set([CITIZEN.client, DEVELOPER.client]);

/** Whether a client is a page of the hub itself: nobody is asked to share anything with it. */
export const isOwnClient = (client: string): boolean => OWN.has(client);

/** The secret of such a page, the same in every process and in nobody's configuration. */
export const ownPageSecret = ({ client }: OwnPage, vault: Vault): string => vault.ownSecret(client);

/** The registration of such a page at `issuer`. It asks for nothing but `sub`: what it shows, the hub has. */
export function ownPageRegistration(page: OwnPage, issuer: string, vault: Vault): ClientRegistration {
  const home = `${issuer}${page.path}`;
  return {
    client_id: page.client,
    agency: { id: page.sector, name: { vi: 'Liên Thông', en: 'Liên Thông' } },
    service: page.name,
    environment: issuer.startsWith('https:') ? 'live' : 'sandbox',
    role: page.role,
    purpose: page.purpose,
    basis: 'law',
    scopes: ['openid'],
    optional_items: [],
    consent_days: 730,
    minimum_acr: 'loa1',
    login_uri: home,
    home_uri: home,
    redirect_uris: [`${home}/callback`],
    post_logout_redirect_uris: [home],
    authentication: { method: 'client_secret_basic', secret_hash: vault.hashClientSecret(ownPageSecret(page, vault)) },
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    pkce: 'required',
  };
}
