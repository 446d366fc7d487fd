/** Owns what a registration of a client is, and the documented file that brings registrations in (registrations.ts). */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Localised } from '../views/pages.ts';
import { ITEMS, SCOPES } from './consent/items.ts';

const text: z.ZodType<Localised> = z.object({ vi: z.string().min(1).max(300), en: z.string().min(1).max(300) });
const signingAlgorithm = z.enum(['ES256', 'RS256', 'PS256']);

/** A web address that may be registered: https, or http on this machine for a sandbox service (RFC 8252 7.3). */
const address = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((value) => !value.includes('#'), 'has no fragment');
const isLocal = (value: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(value).hostname);

const publicKeys = z.object({
  keys: z
    .array(z.record(z.string(), z.unknown()).refine((key) => !('d' in key) && key.kty !== 'oct', 'is a public key'))
    .min(1)
    .max(10),
});

const authentication = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('private_key_jwt'), jwks: publicKeys }),
  z.strictObject({
    method: z.enum(['client_secret_basic', 'client_secret_post']),
    secret_hash: z.string().min(32).max(200),
  }),
]);

const registration = z
  .strictObject({
    client_id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,60}$/),
    agency: z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/), name: text }),
    service: text,
    environment: z.enum(['sandbox', 'live']),
    /** `citizen_page`: the hub's own, where citizens see what is theirs; nobody is asked to share anything with it. */
    role: z.enum(['service', 'resource_server', 'citizen_page']).default('service'),
    purpose: text,
    basis: z.enum(['consent', 'law']).default('consent'),
    scopes: z.array(z.enum(SCOPES)).default(['openid']),
    /** Items that the citizen may leave out. */
    optional_items: z.array(z.enum(ITEMS)).default([]),
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
    id_token_signed_response_alg: signingAlgorithm.default('ES256'),
    userinfo_signed_response_alg: signingAlgorithm.optional(),
    require_pushed_authorization_requests: z.boolean().default(false),
    pkce: z.enum(['required', 'optional_in_sandbox']).default('required'),
  })
  .superRefine((client, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const serves = client.role !== 'resource_server';
    if (serves && client.redirect_uris.length === 0) wrong('redirect_uris', 'a service has at least one');
    if (serves && client.login_uri === undefined) wrong('login_uri', 'a service has one');
    if (client.environment === 'sandbox') return;
    if (client.pkce !== 'required') wrong('pkce', 'only a sandbox service may go without');
    const { redirect_uris, post_logout_redirect_uris, login_uri, home_uri, backchannel_logout_uri } = client;
    for (const uri of [...redirect_uris, ...post_logout_redirect_uris, login_uri, home_uri, backchannel_logout_uri])
      if (uri !== undefined && (isLocal(uri) || !uri.startsWith('https:')))
        wrong('redirect_uris', 'a live service has public https addresses only');
  });

export type ClientRegistration = z.infer<typeof registration>;

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
    if (mode === 'production' && parsed.data.role === 'citizen_page')
      problems.push(`${id}: the citizen's page is a part of the hub itself`);
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
