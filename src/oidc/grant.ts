/**
 * Owns the library's grant, which here is only a view: of a consent row and of the authentication it is used with.
 * Whoever ends either of them ends every code and token at the next call, because nothing is kept twice.
 */
import { randomBytes } from 'node:crypto';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import { ITEMS } from '../consent/items.ts';
import { covers } from '../consent/terms.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { Consent, Store } from '../store.ts';
import { CLAIMS_BY_SCOPE, claimNamesOfItem, itemsWithValue, requestedItems } from './claims.ts';
import { currentAuthentication, type SessionPayload, sessionByUid } from './session.ts';

/** A consent and the authentication it is used with. */
export interface Release {
  readonly consent: Consent;
  readonly authentication: Authentication;
}

/** Grants of one provider: the id says which consent, which session and authentication, and which code they belong to. */
export class Grants {
  readonly #provider: Provider;
  readonly #store: Store;
  readonly #clients: Clients;
  /** What a request has already read: the library asks for a grant and its account separately. */
  readonly #releases = new WeakMap<object, Map<string, Release>>();

  constructor(provider: Provider, store: Store, clients: Clients) {
    this.#provider = provider;
    this.#store = store;
    this.#clients = clients;
    // biome-ignore lint/suspicious/noExplicitAny: the library's static takes options that do not matter here
    (provider.Grant as any).find = (grantId: string) => this.find(grantId);
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
    const consent = await this.#store.consents.inForce(session.accountId, registration.client_id, Date.now());
    const asked = itemsWithValue(requestedItems(params, registration).items, authentication.attributes);
    if (!covers(consent, registration, asked)) return undefined;
    // The last part makes each code's tokens revocable on their own (RFC 6749 4.1.2).
    const own = randomBytes(12).toString('base64url');
    const grantId = [consent.id, session.uid, authentication.id, own].join('~');
    const release = { consent, authentication };
    this.#remember(ctx, grantId, release);
    return this.#view(grantId, release, registration);
  }

  /** What stands behind a grant id; `undefined` when the consent has ended or the session is over. */
  async release(grantId: string | undefined): Promise<Release | undefined> {
    const [consentId, uid, authenticationId] = grantId?.split('~') ?? [];
    if (!grantId || !consentId || !uid || !authenticationId) return undefined;
    const ctx = Provider.ctx;
    const remembered = ctx && this.#releases.get(ctx)?.get(grantId);
    if (remembered) return remembered;
    const [consent, session] = await Promise.all([
      this.#store.consents.find(consentId, Date.now()),
      sessionByUid(this.#store.state, uid),
    ]);
    const authentication = session?.authentications?.[authenticationId];
    if (!consent || !authentication || consent.person !== authentication.person) return undefined;
    const release = { consent, authentication };
    if (ctx) this.#remember(ctx, grantId, release);
    return release;
  }

  #remember(ctx: object, grantId: string, release: Release): void {
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
