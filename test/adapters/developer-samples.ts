/** Owns the agency, the service and whatever goes with them that the suites about the developer console's records begin with. */
import { randomUUID } from 'node:crypto';
import type {
  Account,
  Agency,
  Alongside,
  ApiToken,
  Credential,
  PublishedClient,
  Service,
  ServiceIndex,
  Standing,
  TrailEntry,
  Version,
} from '../../src/developer/ports.ts';
import { defaultSettings } from '../../src/developer/settings.ts';
import { DAY, START } from './own-store.ts';

export const NAME = { vi: 'Sở Tư pháp Hà Nội', en: 'Hanoi Department of Justice' };
export const SERVICE = 'khai-sinh';
export const OWNER = 'account-of-an-owner';

export const account = (changes: Partial<Account> = {}): Account => {
  const who = { name: 'Trần Thị Bình Minh', mail: 'binhminh@hanoi.example', language: 'vi' } as const;
  return { id: OWNER, person: 'p-1', ...who, since: START, ...changes };
};

export const agency = (changes: Partial<Agency> = {}): Agency => ({
  id: 'so-tu-phap',
  revision: 0,
  name: NAME,
  sector: 'justice',
  contact: { mail: 'vanthu@hanoi.example' },
  members: [{ account: OWNER, role: 'owner', since: START }],
  invitations: [],
  createdAt: START,
  ...changes,
});

const STANDING: Standing = { state: 'none', newest: 0, credentials: [] };

export const service = (changes: Partial<Service> = {}): Service => ({
  id: SERVICE,
  revision: 0,
  agency: 'so-tu-phap',
  sandbox: { ...STANDING, draft: defaultSettings({ vi: 'Khai sinh', en: 'Births' }) },
  production: STANDING,
  createdAt: START,
  ...changes,
});

export const submitted = (): Service['production'] => {
  return {
    ...STANDING,
    newest: 1,
    submission: { version: 1, by: OWNER, authors: [OWNER], at: START, decisions: [], state: 'open' },
  };
};

export const credential = (changes: Partial<Credential> = {}): Credential => {
  const made = { createdAt: START, by: OWNER, endsAt: START + 90 * DAY, warned: [] };
  return { id: randomUUID(), kind: 'secret', secretHash: 'x'.repeat(43), ...made, ...changes };
};

export const index = (changes: Partial<ServiceIndex> = {}): ServiceIndex => {
  return { search: 'khai sinh births', hosts: [], thumbprints: [], ...changes };
};

export const version = (changes: Partial<Version> = {}): Version => {
  const told = { settings: defaultSettings(), agency: NAME, by: OWNER, at: START };
  return { service: SERVICE, environment: 'sandbox', number: 1, ...told, ...changes };
};

export const published = (changes: Partial<PublishedClient> = {}): PublishedClient => {
  return { issuer: 'sandbox', id: `${SERVICE}-sandbox`, registration: { client_id: `${SERVICE}-sandbox` }, ...changes };
};

export const trailed = (changes: Partial<TrailEntry> = {}): TrailEntry => {
  const done = { actor: OWNER, through: 'session', action: 'service.settings_saved' };
  return { id: randomUUID(), at: START, agency: 'so-tu-phap', ...done, ...changes };
};

export const NOTHING_ALONGSIDE: Alongside = { trail: [] };

export const token = (changes: Partial<ApiToken> = {}): ApiToken => {
  const given = { name: 'CI', scopes: ['read', 'write'], createdAt: START, endsAt: START + DAY } as const;
  return { id: 't-1', account: OWNER, source: 'tax-code', ...given, ...changes };
};
