/**
 * Owns where the library finds clients: in the live registrations. Its own ways know clients for ever (`clients`) or a
 * hundred of them (its cache of what an adapter finds).
 */
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type ClientKey, canEncrypt, isAlive, type KeyEncryption } from '../client-keys.ts';
import type { ClientRegistration, Clients } from '../clients.ts';
import type { Vault } from '../vault/vault.ts';
import { clientMetadata, keysByValue, secretsOf } from './client-metadata.ts';
import { fetchKeysFrom, type KeyStore, type KeysByAddressParts } from './keys-by-address.ts';

export interface ClientModelParts extends KeysByAddressParts {
  readonly clients: Clients;
  readonly vault: Pick<Vault, 'matchesClientSecret'>;
}

/** The service is suspended: said to the citizen on a page of the hub, never to the service. */
export class ClientSuspended extends errors.OIDCProviderError {
  readonly clientId: string;
  override readonly allow_redirect = false;

  constructor(clientId: string) {
    super(403, 'access_denied');
    this.clientId = clientId;
  }
}

/** Requests of a citizen's browser that would end at the service. */
const SIGN_IN_ROUTES = new Set(['authorization', 'resume']);
/** Requests of a service's server: of one that is suspended they come from nobody. */
const SERVER_ROUTES = new Set(['token', 'userinfo', 'introspection', 'revocation', 'pushed_authorization_request']);

interface Model {
  readonly model: object;
  /** Milliseconds since the epoch at which the next of its keys ends. */
  readonly until: number;
}

/** Makes the provider know the registered clients and no others, each as it is registered at that moment. */
export function installClientModels(provider: Provider, parts: ClientModelParts): void {
  const { clients, vault, clock } = parts;
  // A change brings another registration, and so another model; who is under way keeps the one they began with.
  const models = new WeakMap<ClientRegistration, Model>();
  const find = (id: unknown): object | undefined => {
    const registration = typeof id === 'string' ? clients.get(id) : undefined;
    if (registration === undefined || isNobody(registration)) return undefined;
    const now = clock();
    const known = models.get(registration);
    if (known !== undefined && now < known.until) return known.model;
    const model = buildModel(provider, registration, now);
    guardKeys(registration, (model as { asymmetricKeyStore: KeyStore }).asymmetricKeyStore, parts);
    models.set(registration, { model, until: nextEnd(registration, now) });
    return model;
  };
  Object.assign(provider.Client, { find: async (id: unknown) => find(id) });

  // biome-ignore lint/suspicious/noExplicitAny: the library types none of its clients' methods
  const Client = provider.Client as any;
  Client.prototype.compareClientSecret = function (this: { clientId: string }, given: string): boolean {
    const registration = clients.get(this.clientId);
    const now = clock();
    // All of them, each time: how long it takes tells nothing of which one it was.
    const right = (registration ? secretsOf(registration) : []).filter(
      (secret) => vault.matchesClientSecret(given, secret.hash) && isAlive(secret, now),
    );
    return right.length > 0;
  };
}

/** Whether this request finds no client where a suspended one is registered. Throws `ClientSuspended` to a citizen. */
function isNobody({ client_id, suspended }: ClientRegistration): boolean {
  if (suspended !== true) return false;
  const route = (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc?.route ?? '';
  if (SIGN_IN_ROUTES.has(route)) throw new ClientSuspended(client_id);
  // Whoever wants to sign out, can; and the service is told, as every other.
  return SERVER_ROUTES.has(route);
}

/** When the next key of a registration ends, in milliseconds; never, where none does. */
function nextEnd(registration: ClientRegistration, now: number): number {
  const ends = (keysByValue(registration) ?? []).flatMap(({ exp }) => (typeof exp === 'number' ? [exp * 1000] : []));
  return Math.min(...ends.filter((end) => end > now));
}

/** What the library is told where a client's keys do not do: that the client is at fault, and not the hub. */
function guardKeys({ client_id, jwks_uri }: ClientRegistration, store: KeyStore, parts: KeysByAddressParts): void {
  if (jwks_uri !== undefined) fetchKeysFrom(jwks_uri, client_id, store, parts);
  const select = store.selectForEncrypt.bind(store);
  store.selectForEncrypt = (options) => {
    const fits = (key: ClientKey) => canEncrypt(key, options.alg as KeyEncryption) && isAlive(key, parts.clock());
    const keys = select(options).filter(fits).map(bare);
    if (keys.length === 0) throw new errors.InvalidClient('this client has no key to encrypt with', '');
    return keys;
  };
}

/** The key itself: what else its owner wrote beside it has been looked at, and the import of keys stumbles over some of it. */
function bare({ kty, crv, x, y, n, e, kid }: ClientKey): ClientKey {
  return Object.fromEntries(Object.entries({ kty, crv, x, y, n, e, kid }).filter(([, value]) => value !== undefined));
}

/** The registration of a request's client. Throws `InvalidClient` when it was taken away while the request is answered. */
export function registrationOf(
  clients: Clients,
  client: { readonly clientId: string } | undefined,
): ClientRegistration {
  const registration = client && clients.get(client.clientId);
  if (registration === undefined) throw new errors.InvalidClient('this client is no longer registered', '');
  return registration;
}

/** What the library says against a registration; nothing when it takes it. */
export function objectionTo(provider: Provider, registration: ClientRegistration): string | undefined {
  try {
    // As if no key had ended: with that a registration may live on.
    buildModel(provider, registration, 0);
    return undefined;
  } catch (error) {
    const { error_description: said, message } = error as { error_description?: string; message: string };
    return said ?? message;
  }
}

function buildModel(provider: Provider, registration: ClientRegistration, now: number): object {
  // biome-ignore lint/suspicious/noExplicitAny: the library types its model without a constructor
  const Client = provider.Client as any;
  // Models keep parts of what they are built from.
  return new Client(structuredClone(clientMetadata(registration, now)));
}
