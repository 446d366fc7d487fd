/** Owns settings that nothing is wrong with, and what the rules are told beside them. */
import type { Credential } from '../../src/developer/ports.ts';
import type { Facts } from '../../src/developer/problems.ts';
import { defaultSettings, type ServiceSettings } from '../../src/developer/settings.ts';

export const NOW = Date.UTC(2026, 4, 1);
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** P-256, from RFC 7515 A.3. */
export const EC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const;

export const SECRET: Credential = {
  id: 's1',
  kind: 'secret',
  secretHash: 'h'.repeat(43),
  createdAt: NOW,
  by: 'somebody',
  endsAt: NOW + YEAR,
  warned: [],
};
export const KEY: Credential = {
  id: 'k1',
  kind: 'key',
  jwk: { ...EC_KEY, kid: 'first' },
  createdAt: NOW,
  by: 'somebody',
  endsAt: NOW + YEAR,
  warned: [],
};

/** A service nothing is wrong with, in any environment. */
export const RIGHT: ServiceSettings = {
  ...defaultSettings({ vi: 'Tra cứu hồ sơ', en: 'File lookup' }, 'ky-thuat@hanoi.gov.vn'),
  short_name: { vi: 'Tra cứu hồ sơ', en: 'File lookup' },
  purpose: { vi: 'Để tìm hồ sơ đã nộp.', en: 'To find the files you handed in.' },
  landing_page: 'https://hoso.hanoi.gov.vn/',
  login_uri: 'https://hoso.hanoi.gov.vn/login',
  redirect_uris: ['https://hoso.hanoi.gov.vn/callback'],
  post_logout_redirect_uris: ['https://hoso.hanoi.gov.vn/signed-out'],
  backchannel_logout_uri: 'https://hoso.hanoi.gov.vn/backchannel-logout',
  sources: ['tax-code', 'mobile-id'],
  claims: [
    {
      item: 'name',
      purpose: { vi: 'Để biết hồ sơ của ai.', en: 'To know whose file it is.' },
      basis: 'consent',
      optional: false,
    },
    {
      item: 'personal_number',
      purpose: { vi: 'Để tìm hồ sơ.', en: 'To find the file.' },
      basis: 'law',
      legal_basis: 'Điều 12, Nghị định 118/2025/NĐ-CP',
      optional: false,
    },
  ],
  verified_claims: true,
  life_situations: ['home', 'family'],
  contact: { mail: 'ky-thuat@hanoi.gov.vn', phone: '024 3825 3536' },
};

/** In production, of a hub that has a domain. */
export const FACTS: Facts = {
  environment: 'production',
  mode: 'production',
  issuers: ['https://lienthong.gov.vn', 'https://thu.lienthong.gov.vn:8443'],
  hubNames: ['Liên Thông', 'Liên Thông'],
  agency: 'hanoi',
  hosts: [],
  sources: [
    { id: 'tax-code', acr: 'loa1' },
    { id: 'social-insurance', acr: 'loa2' },
    { id: 'mobile-id', acr: 'loa3' },
  ],
  credentials: [KEY],
  thumbprintsElsewhere: new Set(),
  logoKnown: true,
  now: NOW,
};
