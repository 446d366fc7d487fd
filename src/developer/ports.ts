/**
 * Owns the port behind which the console keeps agencies, their people and their services. An agency and a service are each
 * one record with a revision: who writes names the revision that was read, so that what was checked still holds.
 */
import type { JWK } from 'jose';
import type { Language, Localised } from '../../views/pages.ts';
import type { Acr } from '../identity/assertion.ts';
import type { PersonId } from '../identity/person.ts';
import type { JournalEntry } from '../journal/events.ts';
import type { Json, Message } from '../store.ts';
import type { ServiceSettings } from './settings.ts';

/** How the console knows somebody: the pairwise `sub` of its own sector. */
export type AccountId = string;

/** What people of an agency may do: see, build, decide. */
export const ROLES = ['reader', 'developer', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Where a service stands: for trying with made-up people, or for everybody. */
export const ENVIRONMENTS = ['sandbox', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What the sandbox's client of a service is called, behind the service's id. */
export const SANDBOX_SUFFIX = '-sandbox';

/** Id of the client that a service is at the issuer of an environment. */
export function clientIdOf(service: string, environment: Environment): string {
  return environment === 'sandbox' ? `${service}${SANDBOX_SUFFIX}` : service;
}

/** Fields of public life, by which agencies are listed. */
export const SECTORS = [
  'administration',
  'taxation',
  'social_security',
  'health',
  'education',
  'transport',
  'justice',
  'land',
  'labour',
  'business',
  'culture',
  'other',
] as const;
export type Sector = (typeof SECTORS)[number];

/** Somebody who uses the console, as they introduced themselves to colleagues. Sealed under the person's own key. */
export interface Account {
  readonly id: AccountId;
  readonly person: PersonId;
  readonly name: string;
  /** Of their work. */
  readonly mail: string;
  readonly language: Language;
  /** Milliseconds since the epoch, here and below. */
  readonly since: number;
}

export interface Member {
  readonly account: AccountId;
  readonly role: Role;
  readonly since: number;
}

/** Good once, for whoever has the link. */
export interface Invitation {
  readonly id: string;
  readonly tokenHash: string;
  readonly role: Role;
  /** Enough of the address for its inviter to know it again: `a…@hanoi.gov.vn`. */
  readonly to: string;
  readonly by: AccountId;
  readonly expiresAt: number;
}

export interface Agency {
  readonly id: string;
  /** Counts writes; 0 for one that is new. */
  readonly revision: number;
  readonly name: Localised;
  readonly sector: Sector;
  /** Id of a kept logo. */
  readonly logo?: string;
  /** Where the agency is reached, not a person. */
  readonly contact: { readonly mail: string; readonly phone?: string };
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
  readonly createdAt: number;
}

/** By which a service proves that it is itself. Two at most of a kind are live at a time. */
export interface Credential {
  readonly id: string;
  readonly kind: 'secret' | 'key';
  readonly secretHash?: string;
  /** Public half. */
  readonly jwk?: JWK;
  readonly createdAt: number;
  readonly by: AccountId;
  readonly endsAt: number;
  /** Days before its end of which the agency has been warned. */
  readonly warned: readonly number[];
}

/** What somebody said to a submission. */
export interface Decision {
  readonly account: AccountId;
  /** In which capacity. */
  readonly as: 'owner' | 'registrar';
  readonly says: 'approve' | 'ask_for_changes' | 'refuse';
  /** In words; there is one unless it is an approval. */
  readonly reason?: string;
  readonly acr: Acr;
  /** By which they had signed in: once it is closed, it may have been somebody else. */
  readonly source: string;
  readonly at: number;
}

/** An account, and a source by which its person signs in. */
export interface WayIn {
  readonly account: AccountId;
  readonly source: string;
}

/** A version on its way to production. */
export interface Submission {
  readonly version: number;
  readonly by: AccountId;
  /** Who handed it in and who wrote it: none of them agrees to it. */
  readonly authors: readonly AccountId[];
  readonly at: number;
  readonly decisions: readonly Decision[];
  readonly state: 'open' | 'live' | 'changes_asked' | 'refused' | 'withdrawn';
  readonly closedAt?: number;
}

/** A service as it stands in one environment. */
export interface Standing {
  /** What is being written; nobody meets it. */
  readonly draft?: ServiceSettings;
  /** Who has written the draft since something of it went live in production. */
  readonly authors?: readonly AccountId[];
  readonly state: 'none' | 'live' | 'suspended' | 'retired';
  /** Who suspended it: only they or a registrar take that back. */
  readonly suspendedBy?: 'agency' | 'registrar';
  /** Seconds since the epoch: what was issued before it was last suspended stays dead. */
  readonly tokensSince?: number;
  /** Version that is live, and the one before it: one step back. */
  readonly live?: number;
  readonly previous?: number;
  /** Number of the newest version there is. */
  readonly newest: number;
  readonly credentials: readonly Credential[];
}

export interface Service {
  readonly id: string;
  readonly revision: number;
  readonly agency: string;
  readonly sandbox: Standing;
  readonly production: Standing & { readonly submission?: Submission };
  readonly createdAt: number;
}

/** Settings that were, or are to be, live. Immutable. */
export interface Version {
  readonly service: string;
  readonly environment: Environment;
  readonly number: number;
  readonly settings: ServiceSettings;
  /** As it was named then: what citizens read. */
  readonly agency: Localised;
  readonly by: AccountId;
  readonly at: number;
}

/** What was done, by whom, with what was there before and after. Never a secret, never a name of a person. */
export interface TrailEntry {
  readonly id: string;
  readonly at: number;
  readonly agency: string;
  readonly service?: string;
  /** An account, or `hub` where nobody decided: a credential ran out. */
  readonly actor: AccountId | 'hub' | 'operator';
  /** `session`, or the id of the API token it was done with. */
  readonly through: string;
  /** A stable word: `service.settings_saved`. */
  readonly action: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** What goes with a change, in one unit with it. */
export interface Alongside {
  readonly trail: readonly TrailEntry[];
  readonly entries?: readonly JournalEntry[];
  readonly messages?: readonly Message[];
}

/** A client of one of the two issuers as it is from now on; without a registration there is none any more. */
export interface PublishedClient {
  readonly issuer: 'hub' | 'sandbox';
  readonly id: string;
  readonly registration?: Json;
}

/** By what a service is found, and what must not be somebody else's: derived from the record by who writes it. */
export interface ServiceIndex {
  /** Names in both languages, id and agency, folded for searching. */
  readonly search: string;
  /** Of every address in drafts and live versions. */
  readonly hosts: readonly { readonly host: string; readonly skeleton: string }[];
  /** RFC 7638, of its keys in both environments. */
  readonly thumbprints: readonly string[];
  /** When the next credential ends, or is to be warned of. */
  readonly nextEnd?: number;
}

/** A row of a list. */
export interface ListedService {
  readonly service: Service;
  readonly agency: Localised;
}

export interface ServiceQuestion {
  /** Of these agencies; of all when absent. */
  readonly agencies?: readonly string[];
  /** Folded words, each of which must occur. */
  readonly words?: readonly string[];
  readonly submitted?: boolean;
  readonly after?: string;
  readonly most: number;
}

export interface ListedAgency {
  readonly agency: Agency;
  readonly services: number;
}

/** A personal token for the API. */
export interface ApiToken {
  readonly id: string;
  readonly account: AccountId;
  /** By which its owner had signed in who made it: it ends with that way in. */
  readonly source: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAt: number;
  readonly endsAt: number;
  readonly usedAt?: number;
}

export const TOKEN_SCOPES = ['read', 'write', 'secrets', 'members'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export interface KeptLogo {
  readonly type: 'image/png' | 'image/svg+xml';
  readonly body: Uint8Array;
}

/** Who somebody has to be still, in the moment in which something is written that they agreed to. */
export interface Offices {
  /** Of the service's agency, with its members: `conflict` when it was written since. */
  readonly agencyRevision: number;
  /** `conflict` when they are none any more. */
  readonly registrar?: AccountId;
}

/** Everything the console keeps. `conflict`: somebody else wrote since it was read; nothing was written. */
export interface DeveloperRecords {
  readonly accounts: {
    /** As they call themselves; one they had is replaced. */
    put(account: Account): Promise<void>;
    find(id: AccountId): Promise<Account | undefined>;
    /** Those of a person: what they take along with all else that is kept of them. */
    of(person: PersonId): Promise<readonly Account[]>;
    /** Those of these whose person is there and not locked, and whose way in still stands. */
    standing(ways: readonly WayIn[]): Promise<readonly WayIn[]>;
    /** Those of these that there still are, by id, at one look. */
    among(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Account>>;
  };
  readonly agencies: {
    find(id: string): Promise<Agency | undefined>;
    /** Those the account is a member of, by name. */
    of(account: AccountId): Promise<readonly ListedAgency[]>;
    /** The one with an invitation whose token has this hash. */
    inviting(tokenHash: string): Promise<Agency | undefined>;
    /** All of them for registrars, by id. `words` as in services. */
    list(question: Pick<ServiceQuestion, 'words' | 'after' | 'most'>): Promise<readonly ListedAgency[]>;
    /**
     * Writes over the revision that was read; returns `saved` with the next one being theirs. `conflict` also when a new
     * agency's id is taken, as an agency or as a sector in which somebody knows people.
     */
    save(agency: Agency, alongside: Alongside): Promise<'saved' | 'conflict'>;
  };
  readonly services: {
    find(id: string): Promise<ListedService | undefined>;
    list(question: ServiceQuestion): Promise<readonly ListedService[]>;
    /**
     * Writes the service over the revision that was read, new versions, and what becomes a client of an issuer, all together
     * and announced to every process. `conflict` also when a new service's id is taken, here or among the clients.
     */
    save(
      service: Service,
      index: ServiceIndex,
      alongside: Alongside & {
        readonly versions?: readonly Version[];
        readonly clients?: readonly PublishedClient[];
        readonly restsOn?: Offices;
      },
    ): Promise<'saved' | 'conflict'>;
    version(service: string, environment: Environment, number: number): Promise<Version | undefined>;
    /** Newest first. */
    versions(service: string, environment: Environment): Promise<readonly Version[]>;
    /** Hosts of services that look like one of these. */
    hostsLike(skeletons: readonly string[]): Promise<readonly { host: string; agency: string; service: string }[]>;
    /** Which of these keys are in use, and where. */
    keysAmong(thumbprints: readonly string[]): Promise<readonly { thumbprint: string; service: string }[]>;
    /** Those of which a credential is to be warned of, or ends, before this moment. */
    ending(before: number, most: number): Promise<readonly ListedService[]>;
  };
  readonly tokens: {
    /** `hash` of the token, which nobody keeps. */
    add(token: ApiToken, hash: string, alongside: Alongside): Promise<void>;
    /**
     * A token that has not ended, of a person who is there and not locked, made by a way in that still stands; notes that it was
     * used (to the minute). `undefined` for any other.
     */
    use(hash: string, now: number): Promise<ApiToken | undefined>;
    of(account: AccountId): Promise<readonly ApiToken[]>;
    /** `false` when there is no such token of theirs. */
    end(account: AccountId, id: string, alongside: Alongside): Promise<boolean>;
  };
  readonly trail: {
    /** Newest first, after this entry, which is newer. Of an agency, or of one of its services. */
    of(question: {
      readonly agency: string;
      readonly service?: string;
      readonly after?: { readonly at: number; readonly id: string };
      readonly most: number;
    }): Promise<readonly TrailEntry[]>;
  };
  readonly logos: {
    /** By id, which is of its content; kept once. */
    put(id: string, logo: KeptLogo): Promise<void>;
    find(id: string): Promise<KeptLogo | undefined>;
  };
  readonly registrars: {
    all(): Promise<readonly AccountId[]>;
    is(account: AccountId): Promise<boolean>;
    /** `false` when it was so already. */
    add(account: AccountId): Promise<boolean>;
    remove(account: AccountId): Promise<boolean>;
  };
}
