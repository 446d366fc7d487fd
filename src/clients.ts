/** Owns what a registration of a client is, and the documented file that brings registrations in (registrations.ts). */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Localised } from '../views/pages.ts';
import { type ClientKey, canEncrypt, KEY_ENCRYPTION, MOST_KEYS, publicKeys } from './client-keys.ts';
import { ITEMS, SCOPES } from './consent/items.ts';

const text: z.ZodType<Localised> = z.object({ vi: z.string().min(1).max(300), en: z.string().min(1).max(300) });
const signingAlgorithm = z.enum(['ES256', 'RS256', 'PS256']);

/** A web address that may be registered: https, or http on this machine for a sandbox service (RFC 8252 7.3). */
const address = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((value) => !value.includes('#'), 'has no fragment');
const isLocal = (value: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(value).hostname);

/** Occasions on which citizens look for a service, in the public catalogue. */
export const LIFE_SITUATIONS = [
  'birth',
  'school',
  'work',
  'home',
  'vehicle',
  'health',
  'family',
  'business',
  'tax',
  'retirement',
  'bereavement',
  'other',
] as const;

const shortText: z.ZodType<Localised> = z.object({ vi: z.string().min(1).max(20), en: z.string().min(1).max(20) });

/** A secret as the hub knows it; `exp`, in seconds since the epoch, is when it ends. */
const secret = z.strictObject({ hash: z.string().min(32).max(200), exp: z.number().positive().optional() });

const authentication = z.discriminatedUnion('method', [
  /** With keys of its own, or with those the client is registered with for everything (`jwks`, `jwks_uri`). */
  z.strictObject({ method: z.literal('private_key_jwt'), jwks: publicKeys.optional() }),
  /** With one secret that has no end, or with two while one follows the other. */
  z.strictObject({
    method: z.enum(['client_secret_basic', 'client_secret_post']),
    secret_hash: z.string().min(32).max(200).optional(),
    secrets: z.array(secret).min(1).max(2).optional(),
  }),
]);

const itemTerms = z.partialRecord(
  z.enum(ITEMS),
  z.strictObject({
    purpose: text,
    basis: z.enum(['consent', 'law']),
    legal_basis: z.string().min(1).max(300).optional(),
  }),
);

const written = z.strictObject({
  client_id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,60}$/),
  agency: z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/), name: text }),
  service: text,
  /** For a phone's display, and wherever else there is little room. */
  short_name: shortText.optional(),
  /** Where the hub serves the service's picture. */
  logo: z
    .string()
    .regex(/^\/logos\/[A-Za-z0-9_-]{43}\.(svg|png)$/)
    .optional(),
  environment: z.enum(['sandbox', 'live']),
  /** `citizen_page`, `developer_console`: the hub's own; nobody is asked to share anything with them. */
  role: z.enum(['service', 'resource_server', 'citizen_page', 'developer_console']).default('service'),
  purpose: text,
  basis: z.enum(['consent', 'law']).default('consent'),
  scopes: z.array(z.enum(SCOPES)).default(['openid']),
  /** Those of the scopes' items that it may be given; all of them when absent. */
  items: z.array(z.enum(ITEMS)).optional(),
  /** Items that the citizen may leave out. */
  optional_items: z.array(z.enum(ITEMS)).default([]),
  /** What each item is wanted for, where that is told item by item. */
  item_terms: itemTerms.optional(),
  life_situations: z.array(z.enum(LIFE_SITUATIONS)).max(LIFE_SITUATIONS.length).optional(),
  consent_days: z.number().int().min(1).max(730).default(180),
  minimum_acr: z.enum(['loa1', 'loa2', 'loa3', 'loa4']).default('loa1'),
  /** Sources this service accepts; all of them when absent. */
  sources: z.array(z.string()).optional(),
  /** Where a sign-in starts again (OpenID Connect Core 4, initiate_login_uri). */
  login_uri: address.optional(),
  home_uri: address.optional(),
  redirect_uris: z.array(address).max(20).default([]),
  post_logout_redirect_uris: z.array(address).max(20).default([]),
  /** Where the service hears that a citizen signed out (OpenID Connect Back-Channel Logout 1.0). */
  backchannel_logout_uri: address.optional(),
  authentication,
  /** The client's keys by value, or the address it keeps them at (OpenID Connect Dynamic Client Registration 1.0). */
  jwks: publicKeys.optional(),
  jwks_uri: address.optional(),
  id_token_signed_response_alg: signingAlgorithm.default('ES256'),
  userinfo_signed_response_alg: signingAlgorithm.optional(),
  /** The content is always encrypted with A256GCM. */
  id_token_encrypted_response_alg: z.enum(KEY_ENCRYPTION).optional(),
  userinfo_encrypted_response_alg: z.enum(KEY_ENCRYPTION).optional(),
  require_pushed_authorization_requests: z.boolean().default(false),
  pkce: z.enum(['required', 'optional_in_sandbox']).default('required'),
  /** For now nobody signs in with it, and what it holds is worth nothing. */
  suspended: z.literal(true).optional(),
  /** Seconds since the epoch: what was issued before is dead, also when the service is back. */
  tokens_since: z.int().nonnegative().optional(),
  /** Of the settings it was made from, where those are kept in versions. */
  version: z.number().int().min(1).optional(),
});

const registration = written.superRefine((client, context) => {
  const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  const serves = client.role !== 'resource_server';
  if (serves && client.redirect_uris.length === 0) wrong('redirect_uris', 'a service has at least one');
  if (serves && client.login_uri === undefined) wrong('login_uri', 'a service has one');
  checkProof(client, wrong);
  checkEncryption(client, wrong);
  if (client.jwks_uri !== undefined && !isSafeForKeys(client.jwks_uri, client.environment))
    wrong('jwks_uri', 'keys are fetched over https, of a live service from another machine');
  if (client.environment === 'sandbox') return;
  if (client.pkce !== 'required') wrong('pkce', 'only a sandbox service may go without');
  const { redirect_uris, post_logout_redirect_uris, login_uri, home_uri, backchannel_logout_uri } = client;
  for (const uri of [...redirect_uris, ...post_logout_redirect_uris, login_uri, home_uri, backchannel_logout_uri])
    if (uri !== undefined && (isLocal(uri) || !uri.startsWith('https:')))
      wrong('redirect_uris', 'a live service has public https addresses only');
});

export type ClientRegistration = z.infer<typeof registration>;

type Wrong = (path: string, message: string) => void;

/** There is something by which the client proves who it is. */
function checkProof({ authentication: proof, jwks, jwks_uri }: z.infer<typeof written>, wrong: Wrong): void {
  const own = proof.method === 'private_key_jwt' ? proof.jwks : undefined;
  if (jwks_uri !== undefined && (jwks ?? own) !== undefined)
    wrong('jwks_uri', 'keys are registered by value or by address, not both');
  if ((jwks?.keys.length ?? 0) + (own?.keys.length ?? 0) > MOST_KEYS) wrong('jwks', `has ${MOST_KEYS} keys at most`);
  if (proof.method === 'private_key_jwt') {
    if ((own ?? jwks ?? jwks_uri) === undefined) wrong('authentication', 'private_key_jwt needs jwks or jwks_uri');
  } else if ((proof.secret_hash === undefined) === (proof.secrets === undefined)) {
    wrong('authentication', 'a secret is one secret_hash, or one or two secrets');
  }
}

/** There is a key for what shall be encrypted; at an address there may be one by then. */
function checkEncryption(client: z.infer<typeof written>, wrong: Wrong): void {
  for (const field of ['id_token_encrypted_response_alg', 'userinfo_encrypted_response_alg'] as const) {
    const algorithm = client[field];
    if (algorithm === undefined || client.jwks_uri !== undefined) continue;
    const keys: readonly ClientKey[] = client.jwks?.keys ?? [];
    if (!keys.some((key) => canEncrypt(key, algorithm))) wrong(field, `jwks has no key for ${algorithm}`);
  }
}

function isSafeForKeys(uri: string, environment: ClientRegistration['environment']): boolean {
  return isLocal(uri) ? environment === 'sandbox' : uri.startsWith('https:');
}

const OWN_PAGES: Readonly<Partial<Record<ClientRegistration['role'], string>>> = {
  citizen_page: "citizen's page",
  developer_console: 'developer console',
};

/** Whether a client is a part of the hub itself, to which nobody releases anything. */
export const isOwnPage = ({ role }: Pick<ClientRegistration, 'role'>): boolean => role in OWN_PAGES;

/** The registered clients, by `client_id`, as they are at this moment (registrations.ts). */
export type Clients = Pick<ReadonlyMap<string, ClientRegistration>, 'get' | 'has' | 'size' | 'values'>;

/** An entry of the clients file. */
export interface ClientEntry {
  readonly registration: ClientRegistration;
  /** Of the entry as it is written: tells whether it has been edited. */
  readonly hash: string;
}

const MOST = 10_000;

/**
 * The registrations in a list as the file has it, or a command brings it. `problems` gets one line for each mistake; with
 * any, nothing of what is returned may be used.
 */
export function parseRegistrations(list: unknown, mode: 'production' | 'sandbox', problems: string[]): ClientEntry[] {
  const listed = z.array(z.unknown()).max(MOST).safeParse(list);
  for (const { message } of listed.error?.issues ?? []) problems.push(message);
  const ids = new Set<string>();
  return (listed.data ?? []).flatMap((written, position) => {
    const parsed = registration.safeParse(written);
    for (const { path, message } of parsed.error?.issues ?? [])
      problems.push(`${[position, ...path].join('.')}: ${message}`);
    if (!parsed.success) return [];
    const id = parsed.data.client_id;
    if (ids.has(id)) problems.push(`${id}: is there twice`);
    ids.add(id);
    if (mode === 'production' && parsed.data.environment === 'sandbox')
      problems.push(`${id}: a sandbox service has no place in a production hub`);
    // It would be given what nobody was asked for.
    if (mode === 'production' && isOwnPage(parsed.data))
      problems.push(`${id}: the ${OWN_PAGES[parsed.data.role]} is a part of the hub itself`);
    return [{ registration: parsed.data, hash: hash('sha256', JSON.stringify(written), 'base64url') }];
  });
}

/** One registration that was kept. Throws when this program does not take it. */
export function parseRegistration(kept: unknown, mode: 'production' | 'sandbox'): ClientRegistration {
  const problems: string[] = [];
  const [entry] = parseRegistrations([kept], mode, problems);
  if (entry === undefined || problems.length > 0) throw new RegistrationInvalid(problems);
  return entry.registration;
}

/** A registration this program does not take. */
export class RegistrationInvalid extends Error {
  override readonly name = 'RegistrationInvalid';

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
  }
}

/** Reads the clients file; `problems` gets one line for each mistake in it. */
export function readClients(path: string, mode: 'production' | 'sandbox', problems: string[]): readonly ClientEntry[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    problems.push('HUB_CLIENTS: is no readable JSON file');
    return [];
  }
  const told: string[] = [];
  const entries = parseRegistrations(list, mode, told);
  problems.push(...told.map((problem) => `HUB_CLIENTS ${problem}`));
  return entries;
}
