/** Owns the tables of the developer console as queries see them; schema.ts says how columns are named. */
import type { Bytes } from './schema.ts';

/** Somebody who uses the developer console; the account is their `sub` there. */
export interface DeveloperAccountTable {
  account: string;
  person: string;
  /** JSON: name, address and language, under the person's key. */
  sealed_profile: Bytes;
  since: number;
}

/** Accounts that decide for the hub what goes into production. */
export interface RegistrarTable {
  account: string;
  since: number;
}

export interface ApiTokenTable {
  id: string;
  hash: string;
  account: string;
  source: string;
  name: string;
  /** JSON array. */
  scopes: string;
  created_at: number;
  ends_at: number;
  used_at: number | null;
}

export interface AgencyTable {
  id: string;
  /** JSON: in both languages; once more in the document. */
  name: string;
  /** JSON: the whole agency, as below the whole service. */
  document: string;
  search: string;
  revision: number;
  created_at: number;
}

/** Written anew with each agency, as are its invitations. */
export interface AgencyMemberTable {
  agency: string;
  account: string;
  role: 'reader' | 'developer' | 'owner';
}

export interface AgencyInvitationTable {
  token_hash: string;
  agency: string;
}

export interface ServiceTable {
  id: string;
  agency: string;
  document: string;
  search: string;
  /** 1 while a submission is open, else 0. */
  submitted: number;
  next_end: number | null;
  revision: number;
  created_at: number;
}

/** Written anew with each service, as are its keys. */
export interface ServiceHostTable {
  service: string;
  host: string;
  skeleton: string;
}

export interface ServiceKeyTable {
  service: string;
  thumbprint: string;
}

export interface ServiceVersionTable {
  service: string;
  environment: 'sandbox' | 'production';
  number: number;
  /** JSON: the settings, and the agency as it was named then. */
  document: string;
  author: string;
  at: number;
}

export interface TrailTable {
  id: string;
  at: number;
  agency: string;
  service: string | null;
  actor: string;
  through: string;
  action: string;
  /** JSON. */
  before: string | null;
  after: string | null;
}

export interface LogoTable {
  id: string;
  type: 'image/png' | 'image/svg+xml';
  body: Bytes;
  created_at: number;
}

export interface DeveloperSchema {
  developer_account: DeveloperAccountTable;
  registrar: RegistrarTable;
  api_token: ApiTokenTable;
  agency: AgencyTable;
  agency_member: AgencyMemberTable;
  agency_invitation: AgencyInvitationTable;
  service: ServiceTable;
  service_host: ServiceHostTable;
  service_key: ServiceKeyTable;
  service_version: ServiceVersionTable;
  trail: TrailTable;
  logo: LogoTable;
}
