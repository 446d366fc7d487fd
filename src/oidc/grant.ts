/**
 * Owns the library's grant, which here is only a view: of a consent row and of the authentication it is used with.
 * Whoever ends either of them ends every code and token at the next call, because nothing is kept twice.
 */
import { randomBytes } from 'node:crypto';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import { ITEMS } from '../consent/items.ts';
import { type AgreedTerms, covers } from '../consent/terms.ts';
import type { Authentication } from '../identity/authentication.ts';
import { entry } from '../journal/events.ts';
import type { Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import { CLAIMS_BY_SCOPE, claimNamesOfItem, itemsWithValue, requestedItems } from './claims.ts';
import { currentAuthentication, type SessionPayload, sessionByUid } from './session.ts';

/** A consent, the authentication it is used with, and as whom the agency knows the person. */
export interface Release {
  readonly consent: AgreedTerms;
  readonly authentication: Authentication;
  readonly sub: string;
}

/** What a sign-in has just agreed to or found agreed: the consent, and as whom the agency knows the person. */
export interface Agreed {
  readonly consent: AgreedTerms;
  readonly sub: string;
}

const TOKEN = 'access token';

/** Grants of one provider: the id says which consent, which session and authentication, and which code they belong to. */
export class Grants {
  readonly #provider: Provider;
  readonly #store: Store;
  readonly #clients: Clients;
  readonly #vault: Vault;
  /** What a request has already read: the library asks for a grant and its account separately. */
  readonly #releases = new WeakMap<object, Map<string, Release>>();

  constructor(provider: Provider, store: Store, clients: Clients, vault: Vault) {
    this.#provider = provider;
    this.#store = store;
    this.#clients = clients;
    this.#vault = vault;
    // biome-ignore-start lint/suspicious/noExplicitAny: the library types neither this static's options nor the hook
    (provider.Grant as any).find = (grantId: string) => this.find(grantId);
    const { prototype } = provider.AccessToken as any;
    const { generateTokenId } = prototype;
    prototype.generateTokenId = function (this: { grantId: string; clientId: string }) {
      // The library's own id is not used, but it also decides on the format.
      generateTokenId.call(this);
      return vault.sealState(TOKEN, [this.grantId, this.clientId]).toString('base64url');
    };
    // biome-ignore-end lint/suspicious/noExplicitAny: the library types neither this static's options nor the hook
  }

  /** The grant a code or token names, while its consent is in force and its session lasts. */
  async find(grantId: string): Promise<InstanceType<Provider['Grant']> | undefined> {
    const release = await this.release(grantId);
    const client = release && this.#clients.get(release.consent.client);
    return client && this.#view(grantId, release, client);
  }

  /** The library's `loadExistingGrant`: the running session's consent for this client, if it covers the request. */
  async forRequest(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
    const { session, client, params } = ctx.oidc;
    const registration = client && this.#clients.get(client.clientId);
    const authentication = currentAuthentication(session as unknown as SessionPayload | undefined);
    if (!session?.accountId || !registration || !params || authentication?.person !== session.accountId)
      return undefined;
    const agreed = await this.#agreed(ctx, session.accountId, registration);
    const asked = itemsWithValue(requestedItems(params, registration).items, authentication.attributes);
    if (agreed === undefined || !covers(agreed.consent, registration, asked)) return undefined;
    // The last part makes each code's tokens revocable on their own (RFC 6749 4.1.2).
    const own = randomBytes(12).toString('base64url');
    const grantId = [agreed.consent.id, session.uid, authentication.id, own].join('~');
    const release = { ...agreed, authentication };
    this.remember(ctx, grantId, release);
    return this.#view(grantId, release, registration);
  }

  /** What the steps of this very sign-in found, or else what the store says. */
  async #agreed(ctx: KoaContextWithOIDC, person: string, client: ClientRegistration): Promise<Agreed | undefined> {
    const { agreed } = (ctx.oidc.result ?? {}) as { agreed?: Agreed };
    const { consent } = agreed ?? {};
    const now = Date.now();
    if (agreed && consent?.person === person && consent.client === client.client_id && consent.to > now) return agreed;
    const { people, consents } = this.#store;
    const [standing, sub] = await Promise.all([
      consents.inForce(person, client.client_id, now),
      people.subjectFor(person, client.agency.id),
    ]);
    return standing && { consent: standing, sub };
  }

  /** What stands behind a grant id; `undefined` when the consent has ended or the session is over. */
  async release(grantId: string | undefined): Promise<Release | undefined> {
    const ctx = Provider.ctx;
    return grantId === undefined ? undefined : ((ctx && this.known(ctx, grantId)) ?? this.#read(grantId));
  }

  /** What an access token names, sealed; read together with the token itself. */
  async ofToken(token: string): Promise<void> {
    const named = this.#vault.openState(TOKEN, Buffer.from(token, 'base64url')) as [string, string] | undefined;
    const client = named && this.#clients.get(named[1]);
    if (client) await this.#read(named[0], client);
  }

  async #read(grantId: string, client = clientOfRequest(this.#clients)): Promise<Release | undefined> {
    const [consentId, uid, authenticationId] = grantId.split('~');
    if (!consentId || !uid || !authenticationId || client === undefined) return undefined;
    const [standing, session] = await Promise.all([
      this.#store.consents.find(consentId, client.agency.id, Date.now()),
      sessionByUid(this.#store.state, uid),
    ]);
    const authentication = session?.authentications?.[authenticationId];
    if (!standing || !authentication || standing.consent.person !== authentication.person) return undefined;
    const release = { ...standing, authentication };
    const ctx = Provider.ctx;
    if (ctx) this.remember(ctx, grantId, release);
    return release;
  }

  /** Whether the session behind a grant is still there, with the authentication the grant names. */
  async sessionStands(grantId: string): Promise<boolean> {
    const [, uid, authenticationId] = grantId.split('~');
    const session = await sessionByUid(this.#store.state, uid!);
    return session?.authentications?.[authenticationId!] !== undefined;
  }

  /** Records that tokens were issued on a consent; `false` when it is no longer in force. */
  async use(ctx: KoaContextWithOIDC, grantId: string): Promise<boolean> {
    const { oidc } = ctx;
    const { AuthorizationCode: code, AccessToken: token, Account } = oidc.entities;
    const source = this.known(ctx, grantId)?.authentication.source;
    const issued = {
      type: 'tokens_issued',
      client: oidc.client!.clientId,
      scope: token?.scope ?? '',
      ...(code?.acr ? { acr: code.acr } : {}),
      ...(source ? { source } : {}),
    } as const;
    const now = Date.now();
    const [consentId] = grantId.split('~');
    return this.#store.consents.use(consentId!, now, [entry(now, issued, Account?.accountId)]);
  }

  /** What this request already knows of a grant. */
  known(ctx: object, grantId: string): Release | undefined {
    return this.#releases.get(ctx)?.get(grantId);
  }

  /** As whom a client knows a person, if this request already knows. */
  knownSubject(ctx: object, person: string, client: string): string | undefined {
    const releases = [...(this.#releases.get(ctx)?.values() ?? [])];
    return releases.find(({ consent }) => consent.person === person && consent.client === client)?.sub;
  }

  remember(ctx: object, grantId: string, release: Release): void {
    const known = this.#releases.get(ctx) ?? new Map<string, Release>();
    this.#releases.set(ctx, known.set(grantId, release));
  }

  #view(grantId: string, { consent }: Release, client: ClientRegistration): InstanceType<Provider['Grant']> {
    const grant = new this.#provider.Grant({ accountId: consent.person, clientId: client.client_id });
    grant.jti = grantId;
    grant.addOIDCScope(client.scopes.join(' '));
    grant.addOIDCClaims(client.scopes.flatMap((scope) => CLAIMS_BY_SCOPE[scope] ?? []));
    const refused = ITEMS.filter((item) => !consent.granted.includes(item)).flatMap(claimNamesOfItem);
    if (refused.length > 0) grant.rejectOIDCClaims(refused);
    return grant;
  }
}

function clientOfRequest(clients: Clients): ClientRegistration | undefined {
  const id = (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc?.client?.clientId;
  return id === undefined ? undefined : clients.get(id);
}
