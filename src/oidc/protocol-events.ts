/** Owns what the journal is told of the protocol: requests that began, tokens that were revoked. */
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import { type Event, entry } from '../journal/events.ts';
import type { Store } from '../store.ts';
import { hasRevoked } from './adapter.ts';
import { type AssuranceRequest, requiredAssurance } from './policy.ts';
import { leaveTogether } from './together.ts';

interface JournalParts {
  readonly store: Store;
  readonly clients: Clients;
}

/** What the protocol did is durable before its answer leaves: a request or a token nobody recorded must not exist. */
export async function journalProtocol(
  ctx: KoaContextWithOIDC,
  next: () => Promise<void>,
  { store, clients }: JournalParts,
): Promise<void> {
  await next();
  // What no session's write took with it.
  await leaveTogether(ctx);
  const event = eventOf(ctx, clients);
  if (event) await store.journal.record([entry(Date.now(), event, ctx.oidc.entities.AccessToken?.accountId)]);
}

function eventOf(ctx: KoaContextWithOIDC, clients: Clients): Event | undefined {
  const { oidc } = ctx;
  const client = oidc?.client?.clientId;
  const registration = client === undefined ? undefined : clients.get(client);
  if (client === undefined || registration === undefined) return undefined;
  const { AccessToken: token, AuthorizationCode: code } = oidc.entities;
  switch (oidc.route) {
    case 'authorization':
      return code && requestStarted(oidc.params as StartedRequest, registration);
    case 'token':
      // That tokens were issued is recorded with the last look at their consent (grant.ts).
      return hasRevoked(ctx) ? { type: 'tokens_revoked', client, reason: 'code_reused' } : undefined;
    case 'revocation':
      return token && hasRevoked(ctx) ? { type: 'tokens_revoked', client, reason: 'client_asked' } : undefined;
    default:
      return undefined;
  }
}

type StartedRequest = AssuranceRequest & { readonly prompt?: string };

function requestStarted(params: StartedRequest, client: ClientRegistration): Event {
  const { prompt } = params;
  const required = requiredAssurance(params, client).minimum;
  return { type: 'request_started', client: client.client_id, required, ...(prompt ? { prompt } : {}) };
}

/**
 * That a request began is told together with what becomes of it (login/request.ts). One that its citizen leaves leaves no
 * event: what costs its sender nothing must not cost the journal a row.
 */
export function beginWithAnEvent(provider: Provider, { clients }: Pick<JournalParts, 'clients'>): void {
  // biome-ignore lint/suspicious/noExplicitAny: the library types no `save` of its interactions
  const { prototype } = provider.Interaction as any;
  const { save } = prototype;
  prototype.save = function (this: { params: StartedRequest & { client_id: string }; result?: object }, ttl: number) {
    const client =
      (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc?.route === 'authorization' &&
      clients.get(this.params.client_id);
    if (client) this.result = { ...this.result, untold: [entry(Date.now(), requestStarted(this.params, client))] };
    return save.call(this, ttl);
  };
}
