/**
 * Owns the library's grant, which here is only a view: of a consent row and of the authentication it is used with.
 * Whoever ends either of them ends every code and token at the next call, because nothing is kept twice.
 */
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistration, Clients } from '../clients.ts';
import { ITEMS } from '../consent/items.ts';
import { type AgreedTerms, covers } from '../consent/terms.ts';
import type { Authentication } from '../identity/authentication.ts';
import { entry } from '../journal/events.ts';
import type { StandingConsent, Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import { CLAIMS_BY_SCOPE, claimNamesOfItem, itemsWithValue, requestedItems } from './claims.ts';
import { type GrantName, newGrantId, openToken, readGrantId, sealToken } from './grant-names.ts';
import { type Released, releasedNames, releaseId } from './released-names.ts';
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

/** What a request at userinfo knows before it looks at the consent. */
interface AtUserinfo {
  readonly uid: string;
  readonly session: Promise<SessionPayload | undefined>;
  readonly granted: readonly string[] | undefined;
}

/** Grants of one provider: the id says which consent, which session and authentication, and which code they belong to. */
export class Grants {
  readonly #provider: Provider;
  readonly #store: Store;
  readonly #clients: Clients;
  readonly #vault: Vault;
  /** What a request has already read: the library asks for a grant and its account separately. */
  readonly #releases = new WeakMap<object, Map<string, Release>>();
  readonly #atUserinfo = new WeakMap<object, AtUserinfo>();
  /** Requests whose session was begun by a way that does not stand any more. */
  readonly #closed = new WeakSet<object>();

  constructor(provider: Provider, store: Store, clients: Clients, vault: Vault) {
    this.#provider = provider;
    this.#store = store;
    this.#clients = clients;
    this.#vault = vault;
    // biome-ignore-start lint/suspicious/noExplicitAny: the library types neither this static's options nor the hook
    (provider.Grant as any).find = (grantId: string) => this.find(grantId);
    const { prototype } = provider.AccessToken as any;
    const { generateTokenId } = prototype;
    const granted = (grantId: string) => Provider.ctx && this.known(Provider.ctx, grantId)?.consent.granted;
    prototype.generateTokenId = function (this: { grantId: string; clientId: string }) {
      // The library's own id is not used, but it also decides on the format.
      generateTokenId.call(this);
      const items = granted(this.grantId);
      return sealToken(vault, items ? [this.grantId, this.clientId, items] : [this.grantId, this.clientId]);
    };
    // biome-ignore-end lint/suspicious/noExplicitAny: the library types neither this static's options nor the hook
  }

  /** The grant a code or token names, while its consent is in force and its session lasts. */
  async find(grantId: string): Promise<InstanceType<Provider['Grant']> | undefined> {
    const release = await this.release(grantId);
    const client = release && this.#clients.get(release.consent.client);
    // Of a suspended client nothing is good, whoever asks.
    return client && client.suspended !== true ? this.#view(grantId, release, client) : undefined;
  }

  /** The library's `loadExistingGrant`: the running session's consent for this client, if it covers the request. */
  async forRequest(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
    const { session, client, params } = ctx.oidc;
    const registration = client && this.#clients.get(client.clientId);
    const authentication = currentAuthentication(session as unknown as SessionPayload | undefined);
    if (!session?.accountId || !registration || !params || authentication?.person !== session.accountId)
      return undefined;
    const agreed = await this.#agreed(ctx, authentication, registration);
    const asked = itemsWithValue(requestedItems(params, registration).items, authentication.attributes);
    if (agreed === undefined || !covers(agreed.consent, registration, asked)) return undefined;
    const grantId = newGrantId(agreed.consent.id, session.uid, authentication);
    const release = { ...agreed, authentication };
    this.remember(ctx, grantId, release);
    return this.#view(grantId, release, registration);
  }

  /** Whether the running session speaks for nobody here: its person has closed or lost the way by which it was begun. */
  isClosed(ctx: object): boolean {
    return this.#closed.has(ctx);
  }

  /** What the steps of this very sign-in found, or else what the store says. */
  async #agreed(
    ctx: KoaContextWithOIDC,
    { person, source }: Authentication,
    client: ClientRegistration,
  ): Promise<Agreed | undefined> {
    const { agreed } = (ctx.oidc.result ?? {}) as { agreed?: Agreed };
    const { consent } = agreed ?? {};
    const now = Date.now();
    if (agreed && consent?.person === person && consent.client === client.client_id && consent.to > now) return agreed;
    const { people, consents, own } = this.#store;
    const [standing, sub, links, blocks] = await Promise.all([
      consents.inForce(person, client.client_id, now),
      people.subjectFor(person, client.agency.id),
      people.linksOf(person),
      own.blocks.of(person),
    ]);
    const stands =
      links.some((link) => link.source === source && link.state === 'active') &&
      !blocks.some((block) => block.source === source);
    if (!stands) this.#closed.add(ctx);
    return stands && standing ? { consent: standing, sub } : undefined;
  }

  /**
   * What stands behind a grant id; `undefined` when the consent has ended, the session is over, or the way it was begun by is
   * closed. Outside of a request of the library the client has to be said.
   */
  async release(grantId: string | undefined, clientId?: string): Promise<Release | undefined> {
    const { ctx } = Provider;
    if (grantId === undefined) return undefined;
    const client = clientId === undefined ? clientOfRequest(this.#clients) : this.#clients.get(clientId);
    return (ctx && this.known(ctx, grantId)) ?? this.#read(grantId, client);
  }

  /** What an access token names, sealed; read together with the token itself. */
  async ofToken(token: string): Promise<void> {
    const [grantId, clientId, granted] = openToken(this.#vault, token) ?? [];
    const client = clientId === undefined ? undefined : this.#clients.get(clientId);
    if (grantId === undefined || client === undefined) return;
    const { ctx } = Provider;
    const uid = readGrantId(grantId)?.session;
    if (uid === undefined || !ctx || !isUserinfo(ctx)) return void (await this.#read(grantId, client));
    // Whether the token is still one, and its bearer's, is not known yet: nothing may be recorded as released.
    const session = sessionByUid(this.#store.state, uid);
    this.#atUserinfo.set(ctx, { uid, session, granted });
    await session;
  }

  async #read(grantId: string, client: ClientRegistration | undefined): Promise<Release | undefined> {
    const { ctx } = Provider;
    const named = readGrantId(grantId);
    if (named === undefined || client === undefined) return undefined;
    const { state } = this.#store;
    const ahead = ctx && this.#atUserinfo.get(ctx);
    const reading = ahead?.uid === named.session ? ahead.session : sessionByUid(state, named.session);
    const ofSession = async () => (await reading)?.authentications?.[named.authentication];
    const found =
      ctx && isUserinfo(ctx)
        ? await this.#recordRelease(ctx, grantId, await ofSession(), client)
        : await this.#find(named, ofSession(), client);
    const authentication = await ofSession();
    if (!found || !authentication || found.consent.person !== authentication.person) return undefined;
    const release = { ...found, authentication };
    if (ctx) this.remember(ctx, grantId, release);
    return release;
  }

  async #find(
    { consent, source }: GrantName,
    authentication: Promise<Authentication | undefined>,
    client: ClientRegistration,
  ): Promise<StandingConsent | undefined> {
    const way = source ?? (await authentication)?.source;
    if (way === undefined) return undefined;
    const find = this.#store.consents.find(consent, client.agency.id, way, Date.now());
    const [found] = await Promise.all([find, authentication]);
    return found;
  }

  /** An agency fetches what was agreed to: recorded once for each token, with the look whether it still may. */
  async #recordRelease(
    ctx: KoaContextWithOIDC,
    grantId: string,
    authentication: Authentication | undefined,
    client: ClientRegistration,
  ): Promise<StandingConsent | undefined> {
    const token = ctx.oidc.entities.AccessToken;
    const consent = readGrantId(grantId)?.consent;
    if (!authentication || !token || !consent) return undefined;
    const granted = this.#atUserinfo.get(ctx)?.granted;
    const { consents } = this.#store;
    const { person, source, device } = authentication;
    const look = [consent, client.agency.id, source, Date.now()] as const;
    // Of before tokens said what was granted: for ten minutes there may be some.
    if (granted === undefined) return consents.find(...look);
    const grant = this.#view(grantId, { consent: { person, granted } }, client);
    const scope = grant.getOIDCScopeFiltered(new Set(String(ctx.oidc.params?.scope ?? token.scope).split(' ')));
    const claims = token.claims as Released['claims'];
    const scopes = { asked: scope, told: scope };
    const names = await releasedNames(ctx, { use: 'userinfo', scopes, claims, authentication, granted, grant });
    if (names.length === 0) return consents.find(...look);
    const released = {
      type: 'claims_released',
      client: client.client_id,
      claims: names,
      source,
      purpose: client.purpose.vi,
    } as const;
    const recorded = { ...entry(look[3], released, person, device), id: releaseId(grantId, names) };
    return consents.release(...look, [recorded]);
  }

  /** Whether the session behind a grant is still there, with the authentication the grant names. */
  async sessionStands(grantId: string): Promise<boolean> {
    const named = readGrantId(grantId);
    const session = named && (await sessionByUid(this.#store.state, named.session));
    return session?.authentications?.[named!.authentication] !== undefined;
  }

  /** Records that tokens were issued on a consent; `false` when it is no longer in force. */
  async use(ctx: KoaContextWithOIDC, grantId: string): Promise<boolean> {
    const { oidc } = ctx;
    const { AuthorizationCode: code, AccessToken: token, Account, Grant: grant } = oidc.entities;
    const release = this.known(ctx, grantId);
    const named = readGrantId(grantId);
    const source = named?.source ?? release?.authentication.source;
    if (named === undefined || source === undefined) return false;
    const { consent, authentication } = release ?? {};
    const told = {
      use: 'id_token',
      scopes: { asked: code?.scope ?? '', told: 'openid' },
      claims: code?.claims as Released['claims'],
    } as const;
    const claims =
      consent && authentication && grant
        ? await releasedNames(ctx, { ...told, authentication, granted: consent.granted, grant })
        : [];
    const issued = {
      type: 'tokens_issued',
      client: oidc.client!.clientId,
      scope: token?.scope ?? '',
      ...(code?.acr ? { acr: code.acr } : {}),
      source,
      ...(claims.length > 0 ? { claims } : {}),
    } as const;
    const now = Date.now();
    const entries = [entry(now, issued, Account?.accountId, authentication?.device)];
    return this.#store.consents.use(named.consent, source, now, entries);
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

  #view(
    grantId: string,
    { consent }: { readonly consent: Pick<AgreedTerms, 'person' | 'granted'> },
    client: ClientRegistration,
  ): InstanceType<Provider['Grant']> {
    const grant = new this.#provider.Grant({ accountId: consent.person, clientId: client.client_id });
    grant.jti = grantId;
    grant.addOIDCScope(client.scopes.join(' '));
    grant.addOIDCClaims(client.scopes.flatMap((scope) => CLAIMS_BY_SCOPE[scope] ?? []));
    const refused = ITEMS.filter((item) => !consent.granted.includes(item)).flatMap(claimNamesOfItem);
    if (refused.length > 0) grant.rejectOIDCClaims(refused);
    return grant;
  }
}

const isUserinfo = ({ oidc }: KoaContextWithOIDC) => oidc?.route === 'userinfo';

function clientOfRequest(clients: Clients): ClientRegistration | undefined {
  const id = (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc?.client?.clientId;
  return id === undefined ? undefined : clients.get(id);
}
