/** Owns how the library's models are kept: each in the protocol state, one-use decisions atomic, revocation final. */
import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Json, ProtocolState } from '../store.ts';

/** Seconds by which clocks may differ; also how much longer than its lifetime anything is kept. */
export const CLOCK_TOLERANCE = 10;

/** Seconds a used or late thing stays known, so that its second use is recognised and answered helpfully. */
const REMEMBERED = { AuthorizationCode: 600, PushedAuthorizationRequest: 3_600, Interaction: 3_600 } as Readonly<
  Record<string, number>
>;
const FINISHED_REQUEST_REMEMBERED = 3_600;
/** As long as a token of the grant could still be written or used: code, then access token. */
const REVOKED_GRANT_REMEMBERED = 700;

/** Requests during which a grant was revoked; the journal asks before they are answered (provider.ts). */
const revokedDuring = new WeakSet<object>();
export const hasRevoked = (ctx: object): boolean => revokedDuring.has(ctx);

const grantGroup = (grantId: string) => `grant:${grantId}`;

/** The library's adapter over the protocol state; sessions, replay detection and grants have modules of their own. */
export function createAdapterFactory(state: ProtocolState): (model: string) => Adapter {
  return (model) => new ProtocolStateAdapter(model, state);
}

class ProtocolStateAdapter implements Adapter {
  readonly #model: string;
  readonly #state: ProtocolState;

  constructor(model: string, state: ProtocolState) {
    this.#model = model;
    this.#state = state;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    if (this.#model === 'Grant') return;
    const lifetime = expiresIn + CLOCK_TOLERANCE + (REMEMBERED[this.#model] ?? 0);
    const group = payload.grantId && grantGroup(payload.grantId);
    await this.#state.put(this.#model, id, payload as Json, lifetime, group);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.#model === 'Client' || this.#model === 'Grant') return undefined;
    const kept = await this.#state.get(this.#model, id);
    if (kept === undefined) return undefined;
    const payload = kept.value as AdapterPayload;
    if (kept.consumedAt === undefined) return payload;
    const used = { ...payload, consumed: kept.consumedAt };
    // However late a used code comes again, it is told as used, not as expired: only then are its tokens revoked.
    return this.#model === 'AuthorizationCode'
      ? { ...used, exp: kept.consumedAt + REMEMBERED.AuthorizationCode! }
      : used;
  }

  /** RFC 6749 4.1.2: a code is used once, and whoever comes second takes the first one's tokens away. */
  async consume(id: string): Promise<void> {
    if (await this.#state.consume(this.#model, id)) return;
    const grantId = (await this.find(id))?.grantId;
    if (grantId) await this.revokeByGrantId(grantId);
    if (this.#model === 'PushedAuthorizationRequest')
      throw new errors.InvalidRequestUri('request_uri was already used');
    throw new errors.InvalidGrant('already consumed');
  }

  async destroy(id: string): Promise<void> {
    if (this.#model === 'Grant') return;
    if (this.#model !== 'Interaction') {
      await this.#state.delete(this.#model, id);
      return;
    }
    // Of an authorization request that ended, enough stays to offer a new start at its agency.
    const client_id = (await this.find(id))?.params?.client_id as string | undefined;
    if (client_id)
      await this.#state.put(
        'Interaction',
        id,
        { params: { client_id }, exp: 1, answered: Math.floor(Date.now() / 1000) },
        FINISHED_REQUEST_REMEMBERED,
      );
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
