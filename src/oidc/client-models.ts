/**
 * Owns where the library finds clients: in the live registrations. Its own ways know clients for ever (`clients`) or a
 * hundred of them (its cache of what an adapter finds).
 */
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import { clientMetadata } from './client-metadata.ts';

/** Makes the provider know the registered clients and no others, each as it is registered at that moment. */
export function installClientModels(provider: Provider, clients: Clients): void {
  // A change brings another registration, and so another model; who is under way keeps the one they began with.
  const models = new WeakMap<ClientRegistration, object>();
  const find = (id: unknown): object | undefined => {
    const registration = typeof id === 'string' ? clients.get(id) : undefined;
    if (registration === undefined) return undefined;
    const model = models.get(registration) ?? buildModel(provider, registration);
    models.set(registration, model);
    return model;
  };
  Object.assign(provider.Client, { find: async (id: unknown) => find(id) });
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
    buildModel(provider, registration);
    return undefined;
  } catch (error) {
    const { error_description: said, message } = error as { error_description?: string; message: string };
    return said ?? message;
  }
}

function buildModel(provider: Provider, registration: ClientRegistration): object {
  // biome-ignore lint/suspicious/noExplicitAny: the library types its model without a constructor
  const Client = provider.Client as any;
  // Models keep parts of what they are built from.
  return new Client(structuredClone(clientMetadata(registration)));
}
