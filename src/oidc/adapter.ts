/**
 * Owns how the library's codes, tokens and pushed requests are kept: one-use decisions atomic, revocation final, and what
 * one request writes in one trip. Sessions, interactions, replay detection, clients and grants have modules of their own.
 */
import Provider, { type Adapter, type AdapterPayload, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clients } from '../clients.ts';
import type { Json, Kept, ProtocolState } from '../store.ts';
import { noteBeginning } from '../watching/trace.ts';
import type { Grants, Release } from './grant.ts';
import { beginningOf } from './sign-in-lifetime.ts';
import { writeTogether } from './together.ts';

/** Seconds by which clocks may differ; also how much longer than its lifetime anything is kept. */
export const CLOCK_TOLERANCE = 10;

/** Seconds a used thing stays known, so that its second use is recognised and answered helpfully. */
const REMEMBERED = { AuthorizationCode: 600, PushedAuthorizationRequest: 3_600, AccessToken: 0 } as const;
type Model = keyof typeof REMEMBERED;
/** As long as a token of the grant could still be written or used: code, then access token. */
const REVOKED_GRANT_REMEMBERED = 700;

/** Requests during which a grant was revoked; the journal asks before they are answered (provider.ts). */
const revokedDuring = new WeakSet<object>();
export const hasRevoked = (ctx: object): boolean => revokedDuring.has(ctx);

const grantGroup = (grantId: string) => `grant:${grantId}`;

/** The library's adapter over the protocol state. What it asks of any other model is unknown here, and costs nothing. */
export function createAdapterFactory(
  state: ProtocolState,
  grants: () => Grants,
  clients: Clients,
): (model: string) => Adapter {
  return (model) => (model in REMEMBERED ? new ProtocolStateAdapter(model as Model, state, grants, clients) : NOTHING);
}

/** A code with what it will release, so that redeeming it does not have to look that up again. */
interface CodePayload extends AdapterPayload {
  release?: Release;
  /** Milliseconds since the epoch: of the sign-in that it is the end of. */
  began?: number;
}

class ProtocolStateAdapter implements Adapter {
  readonly #model: Model;
  readonly #state: ProtocolState;
  readonly #grants: () => Grants;
  readonly #clients: Clients;

  constructor(model: Model, state: ProtocolState, grants: () => Grants, clients: Clients) {
    this.#model = model;
    this.#state = state;
    this.#grants = grants;
    this.#clients = clients;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const ctx = Provider.ctx as KoaContextWithOIDC | undefined;
    const { grantId } = payload;
    const put = (value: AdapterPayload) => {
      const lifetime = expiresIn + CLOCK_TOLERANCE + REMEMBERED[this.#model];
      return this.#state.put(this.#model, id, value as Json, lifetime, grantId && grantGroup(grantId));
    };
    if (this.#model === 'AuthorizationCode' && ctx && grantId) {
      const release = this.#grants().known(ctx, grantId);
      const interaction = ctx.oidc.entities.Interaction as { readonly exp: number } | undefined;
      const began = interaction ? beginningOf(interaction) : Date.now();
      return writeTogether(ctx, () => put({ ...payload, release, began } as CodePayload));
    }
    if (this.#model === 'AccessToken' && ctx && grantId) return this.#redeem(ctx, grantId, () => put(payload));
    await put(payload);
  }

  /**
   * RFC 6749 4.1.2: a code is used once, and whoever comes second takes the first one's tokens away. The token is written
   * beside that decision and not after it: without an answer that names it nobody has it.
   */
  async #redeem(ctx: KoaContextWithOIDC, grantId: string, put: () => Promise<void>): Promise<void> {
    const code = codesBeingUsed.get(ctx);
    const [isFirst, stands] = await Promise.all([
      code === undefined || this.#state.consume('AuthorizationCode', code),
      this.#grants().sessionStands(grantId),
      put(),
    ]);
    if (!isFirst) {
      await this.revokeByGrantId(grantId);
      throw new errors.InvalidGrant('already consumed');
    }
    if (stands && (await this.#grants().use(ctx, grantId))) return;
    await this.#state.deleteGroup(grantGroup(grantId), REVOKED_GRANT_REMEMBERED);
    throw new errors.InvalidGrant('the session or the consent behind this code has ended');
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const ctx = Provider.ctx as KoaContextWithOIDC | undefined;
    // An access token names, sealed, what it rests on: all of it is looked up at once.
    if (this.#model === 'AccessToken') {
      const [kept] = await Promise.all([this.#state.get(this.#model, id), this.#grants().ofToken(id)]);
      return kept && this.#alive(kept.value as AdapterPayload);
    }
    const ahead = ctx && readAhead.get(ctx);
    const kept = await (ahead?.code === id ? ahead.kept : this.#state.get(this.#model, id));
    if (kept === undefined || this.#alive(kept.value as AdapterPayload) === undefined) return undefined;
    const { release, began, ...payload } = kept.value as unknown as CodePayload;
    noteBeginning(began);
    if (ctx && release && payload.grantId) this.#grants().remember(ctx, payload.grantId, release);
    if (kept.consumedAt === undefined) return payload;
    const used = { ...payload, consumed: kept.consumedAt };
    // However late a used code comes again, it is told as used, not as expired: only then are its tokens revoked.
    return this.#model === 'AuthorizationCode'
      ? { ...used, exp: kept.consumedAt + REMEMBERED.AuthorizationCode }
      : used;
  }

  /** What was issued before its client was suspended stays dead when the client is back. */
  #alive(payload: AdapterPayload): AdapterPayload | undefined {
    const { clientId, iat } = payload as { readonly clientId?: string; readonly iat?: number };
    const since = clientId === undefined ? undefined : this.#clients.get(clientId)?.tokens_since;
    return since !== undefined && (iat ?? 0) < since ? undefined : payload;
  }

  async consume(id: string): Promise<void> {
    const ctx = Provider.ctx as KoaContextWithOIDC | undefined;
    if (this.#model === 'AuthorizationCode' && ctx) {
      codesBeingUsed.set(ctx, id);
      return;
    }
    if (!(await this.#state.consume(this.#model, id)))
      throw new errors.InvalidRequestUri('request_uri was already used');
  }

  async destroy(id: string): Promise<void> {
    await this.#state.delete(this.#model, id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    if (Provider.ctx) revokedDuring.add(Provider.ctx);
    // A code redeemed twice at once: the loser may revoke before the winner's token is written. The winner is still
    // answered, as if the revocation had come a moment later: with a token that no longer works.
    await this.#state.deleteGroup(grantGroup(grantId), REVOKED_GRANT_REMEMBERED);
  }

  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }
}

/** The code each request is about to use up: decided together with the write of its token. */
const codesBeingUsed = new WeakMap<object, string>();

const readAhead = new WeakMap<object, { readonly code: string; readonly kept: Promise<Kept | undefined> }>();

/** Reads the code of a token request along with whatever else is asked now, for when the library comes to it. */
export function readCodeAhead(state: ProtocolState): void {
  const ctx = Provider.ctx as KoaContextWithOIDC | undefined;
  const code = ctx?.oidc.route === 'token' ? ctx.oidc.params?.code : undefined;
  if (ctx === undefined || typeof code !== 'string') return;
  const kept = state.get('AuthorizationCode', code);
  // Who is refused before never comes to it.
  kept.catch(() => {});
  readAhead.set(ctx, { code, kept });
}

const nothing = async () => undefined;
const NOTHING: Adapter = {
  upsert: nothing,
  find: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};
