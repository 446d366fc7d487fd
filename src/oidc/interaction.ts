/**
 * Owns where a sign-in under way is kept: with the browser that began it, sealed, in a cookie of its own; so it costs the
 * store nothing until somebody has proved who they are, and a flood of beginnings leaves nothing behind. What does not
 * fit into a cookie is in the store. That a sign-in has ended is in the store, too, because a browser can bring an old
 * cookie again: it ends once.
 */
import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { Json, ProtocolState } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import { CLOCK_TOLERANCE } from './adapter.ts';
import { decideTogether } from './together.ts';

/** Characters of a cookie's value: browsers promise 4096 bytes for name, value and attributes. */
const LARGEST_COOKIE = 3_800;
/** Characters of all cookies of a request, beyond which further sign-ins are kept in the store. */
const LARGEST_COOKIES = 6_000;
/** Sign-ins that a browser may have begun and not ended; of more, those that end first are forgotten. */
const MOST_AT_ONCE = 16;
/** Seconds for which the cookie outlives the sign-in, so that who comes late is told so. */
const KEPT_AFTER = 60 * 60;

/** A sign-in as it is kept; what the library calls its interaction. */
export interface InteractionPayload {
  readonly exp: number;
  readonly params: { readonly client_id: string };
  readonly [field: string]: unknown;
}

/** What is remembered of a sign-in that has ended. */
export interface EndedInteraction {
  readonly client_id: string;
  /** Seconds since the epoch. */
  readonly answered: number;
}

/** Where a sign-in is: its address names the service, so that a browser which knows nothing of it can be led back there. */
export interface SignInAddress {
  readonly uid: string;
  readonly client: string;
}

/** The path under which the pages of a sign-in are. */
export function signInPath({ uid, client }: SignInAddress): string {
  return `/sign-in/${client}.${uid}`;
}

/** The sign-in of an id as it stands in addresses, `client.uid`; nothing proven yet. */
export function readSignInId(id: string): SignInAddress | undefined {
  const found = /^([a-z0-9-]{1,80})\.([\w-]{10,100})$/.exec(id);
  return found === null ? undefined : { client: found[1]!, uid: found[2]! };
}

interface Browser {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** In place of a sign-in that is too large for its cookie. */
const IN_STORE = 'in the store';

const seconds = () => Math.floor(Date.now() / 1000);
const contextOf = (uid: string) => `sign-in ${uid}`;

export class Interactions {
  readonly #vault: Vault;
  readonly #state: ProtocolState;
  readonly #secure: boolean;
  /** What a request has written itself: its own cookies are those it came with. */
  readonly #written = new WeakMap<IncomingMessage, Map<string, InteractionPayload>>();

  constructor(vault: Vault, state: ProtocolState, secure: boolean) {
    this.#vault = vault;
    this.#state = state;
    this.#secure = secure;
  }

  /** The sign-in of this `uid` that the browser began, also one that is past its time; `undefined` in any other browser. */
  async read(request: IncomingMessage, uid: string): Promise<InteractionPayload | undefined> {
    const written = this.#written.get(request)?.get(uid);
    if (written) return written;
    const mark = `_${markOf(uid)}=`;
    const found = this.#cookiesOf(request).find((cookie) => cookie.includes(mark));
    if (found === undefined) return undefined;
    const sealed = Buffer.from(found.slice(found.indexOf('=') + 1), 'base64url');
    const payload = this.#vault.openState(contextOf(uid), sealed) as InteractionPayload | typeof IN_STORE | undefined;
    if (payload !== IN_STORE) return payload;
    return (await this.#state.get('Interaction', uid))?.value as InteractionPayload | undefined;
  }

  /** Keeps a sign-in as it is now. */
  async write({ request, response }: Browser, uid: string, payload: InteractionPayload): Promise<void> {
    const written = this.#written.get(request) ?? new Map<string, InteractionPayload>();
    this.#written.set(request, written.set(uid, payload));
    const lifetime = Math.max(1, payload.exp - seconds()) + KEPT_AFTER;
    const name = this.#cookieName(uid, payload);
    const sealed = this.#seal(uid, payload);
    const before = this.#cookiesOf(request).find((cookie) => cookie.startsWith(`${name}=`));
    const others = (request.headers.cookie?.length ?? 0) - (before?.length ?? 0);
    this.#forgetOldest(request, response, name);
    if (sealed.length <= LARGEST_COOKIE && others + sealed.length <= LARGEST_COOKIES)
      return this.#setCookie(response, name, sealed, lifetime);
    await this.#state.put('Interaction', uid, payload as unknown as Json, lifetime);
    this.#setCookie(response, name, this.#seal(uid, IN_STORE), lifetime);
  }

  /** A browser that begins and never ends must not come to send more than a request may carry. */
  #forgetOldest(request: IncomingMessage, response: ServerResponse, name: string): void {
    const names = this.#cookiesOf(request).map((cookie) => cookie.slice(0, cookie.indexOf('=')));
    // By when they end: the moment stands in the name, and has as many digits in each.
    const others = names.filter((other) => other !== name).sort();
    for (const other of others.slice(0, Math.max(0, others.length + 1 - MOST_AT_ONCE)))
      this.#setCookie(response, other, '', 0);
  }

  /** Ends a sign-in: `true` for one request only. */
  async end(uid: string, { exp, params }: InteractionPayload): Promise<boolean> {
    const ended: EndedInteraction = { client_id: params.client_id, answered: seconds() };
    // As long as its cookie could still be shown.
    const lifetime = Math.max(1, exp - seconds()) + CLOCK_TOLERANCE + KEPT_AFTER;
    return this.#state.putIfAbsent('EndedInteraction', uid, { ...ended }, lifetime);
  }

  async ended(uid: string): Promise<EndedInteraction | undefined> {
    return (await this.#state.get('EndedInteraction', uid))?.value as EndedInteraction | undefined;
  }

  /** Replaces the library's persistence of interactions by this. */
  install(provider: Provider): void {
    const interactions = this;
    // biome-ignore lint/suspicious/noExplicitAny: the library types neither its models' internals nor their statics
    const Interaction = provider.Interaction as any;
    const browser = (): Browser => {
      const { req: request, res: response } = Provider.ctx as KoaContextWithOIDC;
      return { request, response };
    };

    Interaction.find = async (uid: string) => {
      const payload = await interactions.read(browser().request, uid);
      return payload && payload.exp > seconds() ? new Interaction({ ...payload, jti: uid }) : undefined;
    };

    Object.assign(Interaction.prototype, {
      async save(this: { jti: string; exp?: number }, ttl: number) {
        // Set once: a sign-in does not last longer because it is gone on with.
        this.exp ??= seconds() + ttl;
        await interactions.write(browser(), this.jti, payloadOf(this as never));
      },
      /** The library destroys it where the citizen's part has ended. */
      async destroy(this: { jti: string }) {
        const payload = payloadOf(this as never);
        decideTogether(Provider.ctx as object, () => interactions.end(this.jti, payload));
        interactions.#setCookie(browser().response, interactions.#cookieName(this.jti, payload), '', 0);
      },
    });
  }

  #seal(uid: string, value: unknown): string {
    return this.#vault.sealState(contextOf(uid), value).toString('base64url');
  }

  get #prefix(): string {
    return this.#secure ? '__Host-lt_sign_in_' : 'lt_sign_in_';
  }

  #cookieName(uid: string, { exp }: InteractionPayload): string {
    return `${this.#prefix}${exp.toString(36)}_${markOf(uid)}`;
  }

  #cookiesOf({ headers }: IncomingMessage): string[] {
    return (headers.cookie ?? '').split('; ').filter((cookie) => cookie.startsWith(this.#prefix));
  }

  #setCookie(response: ServerResponse, name: string, value: string, maxAge: number): void {
    const secure = this.#secure ? '; Secure' : '';
    const others = [response.getHeader('set-cookie') ?? []].flat().map(String);
    response.setHeader('set-cookie', [
      // Written again in the same answer, only the last counts.
      ...others.filter((cookie) => !cookie.startsWith(`${name}=`)),
      `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`,
    ]);
  }
}

/** By which a sign-in's cookie is found. */
function markOf(uid: string): string {
  return hash('sha256', uid, 'hex').slice(0, 16);
}

/** What the library or a step needs again; the rest of its interaction it only ever shows to developers. */
function payloadOf(interaction: Record<string, unknown>): InteractionPayload {
  const { exp, params, returnTo, trusted, result, parJti, cid } = interaction;
  const prompt = interaction.prompt as { name: string; reasons: string[] };
  const session = interaction.session as { uid?: string; accountId?: string } | undefined;
  return {
    exp: exp as number,
    params: params as InteractionPayload['params'],
    returnTo,
    trusted,
    result,
    parJti,
    cid,
    prompt: { name: prompt.name, reasons: prompt.reasons },
    ...(session ? { session: { uid: session.uid, accountId: session.accountId } } : {}),
  };
}
