/**
 * Owns answering the next sign-in of one service wrongly, because its developer asked for it. Only a sandbox issuer has one. A
 * fault is armed for one client, for half an hour, and taken by exactly one of its sign-ins.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { compactVerify, decodeProtectedHeader } from 'jose';
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clients } from '../clients.ts';
import { type AssuranceRequest, requiredAssurance } from '../oidc/policy.ts';
import type { ProtocolState } from '../store.ts';
import type { Keys } from '../vault/keys.ts';
import { encryptedFor, type LibraryClient } from './encrypting.ts';
import { type FaultId, type RefusingFault, refuses } from './faults.ts';
import { faultyToken } from './faulty-tokens.ts';
import type { FaultTrials } from './ports.ts';
import { RotatedKeys } from './rotated-keys.ts';
import { type ScoreCard, Trials } from './trials.ts';

/** Seconds for which a fault waits for a sign-in. */
export const ARMED = 30 * 60;
/** Milliseconds by which the slow answer is late: less than libraries wait, more than anybody likes to. */
export const SLOWNESS = 4_000;

/** What a service sees at the hub when a citizen does not agree, and when a source does not answer. */
const ERRORS = {
  access_denied: () => new errors.AccessDenied('cancelled'),
  temporarily_unavailable: () => new errors.TemporarilyUnavailable('source_unavailable'),
} as const satisfies Record<RefusingFault, () => Error>;

export interface SimulatorTimes {
  /** Milliseconds until a service that goes on has gone on, when not the usual. */
  readonly patience?: number;
  /** Milliseconds by which the slow answer is late, when not the usual. */
  readonly slowness?: number;
}

export interface SimulatorParts extends SimulatorTimes {
  readonly state: ProtocolState;
  readonly faultTrials: FaultTrials;
  readonly clients: Clients;
  /** The issuer's own keys. */
  readonly signing: Keys['signing'];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface Armed {
  readonly fault: FaultId;
  /** Names this arming among all: it is taken once. */
  readonly arming: string;
}

// biome-ignore-start lint/suspicious/noExplicitAny: the library types neither its models' internals nor their statics
type IdTokenClass = any;
type CodeClass = any;
// biome-ignore-end lint/suspicious/noExplicitAny: the library types neither its models' internals nor their statics

/** The library's id token while it is issued. */
interface IdToken {
  readonly client: LibraryClient;
  payload(): Promise<object>;
}

export class FaultSimulator {
  readonly #parts: SimulatorParts;
  readonly #trials: Trials;
  readonly #keys: RotatedKeys;
  /** Requests that end in an error instead of a code. */
  readonly #refusing = new WeakMap<object, RefusingFault>();

  constructor(parts: SimulatorParts) {
    this.#parts = parts;
    this.#trials = new Trials(parts);
    this.#keys = new RotatedKeys(parts.state);
  }

  /**
   * Has the client's next sign-in answered wrongly, within half an hour; in place of what was armed before. `armedUntil` in
   * milliseconds since the epoch.
   */
  async arm(client: string, fault: FaultId): Promise<{ armedUntil: number }> {
    await Promise.all([this.disarm(client), this.#trials.nextBegins(client)]);
    const armedUntil = this.#parts.clock() + ARMED * 1000;
    const armed = { fault, arming: randomBytes(16).toString('base64url') } satisfies Armed;
    await this.#parts.state.put('FaultArmed', client, armed, ARMED);
    return { armedUntil };
  }

  /** Nothing when nothing is armed. */
  async disarm(client: string): Promise<void> {
    const armed = await this.#find(client);
    if (armed) await this.#take(armed);
  }

  /** What the client's next sign-in will meet, if anything. */
  async armed(client: string): Promise<FaultId | undefined> {
    const armed = await this.#find(client);
    const isTaken = armed && (await this.#parts.state.get('FaultTaken', armed.arming));
    return isTaken ? undefined : armed?.fault;
  }

  /** What the client has shown so far. Decides what can be decided by now. */
  card(client: string): Promise<ScoreCard> {
    return this.#trials.card(client);
  }

  /** Puts itself between an issuer and its services. */
  install(provider: Provider): void {
    this.#replaceCodes(provider.AuthorizationCode);
    this.#replaceIdTokens(provider.IdToken);
    provider.use((ctx, next) => this.#watch(ctx as KoaContextWithOIDC, next));
  }

  async #find(client: string): Promise<Armed | undefined> {
    return (await this.#parts.state.get('FaultArmed', client))?.value as unknown as Armed | undefined;
  }

  /** `true` for exactly one of any number of concurrent callers, in any process. */
  #take({ arming }: Armed): Promise<boolean> {
    return this.#parts.state.putIfAbsent('FaultTaken', arming, true, ARMED);
  }

  /** The fault this request has to answer with, if it is the one that takes it. */
  async #taken(client: string, at: 'authorization' | 'token'): Promise<FaultId | undefined> {
    const armed = await this.#find(client);
    if (!armed || refuses(armed.fault) !== (at === 'authorization')) return undefined;
    return (await this.#take(armed)) ? armed.fault : undefined;
  }

  /** Where the library would keep a code that it is about to give. */
  #replaceCodes({ prototype }: CodeClass): void {
    const { save } = prototype;
    const taken = async (client: string) => {
      const { ctx } = Provider;
      const fault = ctx && (await this.#taken(client, 'authorization'));
      if (!fault || !refuses(fault)) return;
      this.#refusing.set(ctx, fault);
      throw ERRORS[fault]();
    };
    prototype.save = async function (this: { readonly clientId: string }, ...given: unknown[]) {
      await taken(this.clientId);
      return save.apply(this, given);
    };
  }

  #replaceIdTokens(IdTokenOf: IdTokenClass): void {
    const { prototype, validate } = IdTokenOf;
    const { issue } = prototype;
    const answer = (token: IdToken, issued: (token: IdToken) => Promise<string>) => this.#answer(token, issued);
    prototype.issue = function (this: IdToken, options: { readonly use?: string } = {}) {
      if (options.use !== 'idtoken') return issue.call(this, options);
      return answer(this, (token) => issue.call(token, options));
    };
    // A service may bring back, at sign-out, the token that was signed with a key of its own.
    IdTokenOf.validate = async (jwt: string, client: LibraryClient) => {
      try {
        return await validate.call(IdTokenOf, jwt, client);
      } catch (error) {
        const validated = await this.#validateRotated(jwt, client).catch(() => undefined);
        if (validated === undefined) throw error;
        return validated;
      }
    };
  }

  /** The id token of this answer, and what has to be known of it to tell what the service does with it. */
  async #answer(token: IdToken, issued: (token: IdToken) => Promise<string>): Promise<string> {
    const ctx = Provider.ctx as KoaContextWithOIDC | undefined;
    const { clientId } = token.client;
    const accessToken = ctx?.oidc.entities.AccessToken?.jti;
    if (ctx === undefined || accessToken === undefined) return issued(token);
    const fault = await this.#taken(clientId, 'token');
    if (fault === undefined) {
      const right = await issued(token);
      await this.#trials.deliveredWell(clientId, accessToken);
      return right;
    }
    const answer = await this.#wrong(fault, ctx, token, issued);
    await this.#trials.deliveredToken(clientId, fault, accessToken, ctx.oidc.entities.AuthorizationCode?.sessionUid);
    return answer;
  }

  async #wrong(
    fault: FaultId,
    ctx: KoaContextWithOIDC,
    token: IdToken,
    issued: (token: IdToken) => Promise<string>,
  ): Promise<string> {
    const { clients, signing, slowness = SLOWNESS } = this.#parts;
    const { client } = token;
    if (fault === 'slow_answer' || refuses(fault)) {
      await pause(slowness);
      return issued(token);
    }
    const claims = ctx.oidc.entities.AuthorizationCode?.claims;
    const request: AssuranceRequest = claims ? { claims: JSON.stringify(claims) } : {};
    const required = requiredAssurance(request, clients.get(client.clientId)!).minimum;
    const jwt = await issued(await signedOnly(token));
    const publish = (key: Parameters<RotatedKeys['publish']>[1]) => this.#keys.publish(client.clientId, key);
    const faulty = await faultyToken(fault, { jwt, required }, { signing, publish });
    return encryptedFor(client, ctx.oidc.issuer, faulty);
  }

  async #validateRotated(jwt: string, client: LibraryClient): Promise<object | undefined> {
    const { kid } = decodeProtectedHeader(jwt);
    const key = kid === undefined ? undefined : await this.#keys.find(client.clientId, kid);
    if (key === undefined) return undefined;
    const { payload, protectedHeader } = await compactVerify(jwt, key, {
      algorithms: [client.idTokenSignedResponseAlg],
    });
    // The hub has signed one token with it, which was right but for its key.
    return { payload: JSON.parse(Buffer.from(payload).toString('utf8')), header: protectedHeader };
  }

  /** Publishes keys, and sees what services do. */
  async #watch(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
    await next();
    const { route, client, entities, params } = ctx.oidc ?? {};
    if (route === 'jwks') ctx.body = await this.#withRotatedKeys(ctx.body as { readonly keys: readonly object[] });
    const refused = this.#refusing.get(ctx);
    if (refused && client && ctx.status < 400)
      await this.#trials.deliveredError(client.clientId, refused, params?.code_challenge as string | undefined);
    const asksForLevel = params?.acr_values !== undefined || String(params?.claims ?? '').includes('"acr"');
    if (route === 'authorization' && client && asksForLevel && ctx.oidc.session?.uid)
      await this.#trials.levelRequested(client.clientId, ctx.oidc.session.uid);
    const used = route === 'userinfo' ? entities?.AccessToken : undefined;
    if (used?.clientId) await this.#trials.used(used.clientId, used.jti);
    // Whoever did not prove to be the client says nothing about it.
    if (route === 'token' && client && ctx.status === 400 && !entities?.AuthorizationCode)
      await this.#trials.requestedWithoutCode(client.clientId, challengeOf(params?.code_verifier));
  }

  async #withRotatedKeys({ keys }: { readonly keys: readonly object[] }): Promise<object> {
    return { keys: [...keys, ...(await this.#keys.all())] };
  }
}

/** The same token for a client that wants nothing encrypted. */
async function signedOnly(token: IdToken): Promise<IdToken> {
  const { clientId, idTokenSignedResponseAlg } = token.client;
  const payload = await token.payload();
  return Object.create(token, {
    client: { value: { clientId, idTokenSignedResponseAlg } },
    payload: { value: async () => payload },
  });
}

/** RFC 7636, section 4.2. */
function challengeOf(verifier: unknown): string | undefined {
  return typeof verifier === 'string' ? createHash('sha256').update(verifier).digest('base64url') : undefined;
}
