/**
 * Owns one tried sign-in: begun in a browser of somebody who is signed in to the console, ended in that browser and that visit
 * or nowhere. What came of it waits, sealed, to be shown once.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as client from 'openid-client';
import { z } from 'zod';
import type { ShownRequest, TrialResult } from '../../../views/developer/try-it.ts';
import type { ClientRegistration } from '../../clients.ts';
import { SCOPES } from '../../consent/items.ts';
import { Refusal } from '../../errors.ts';
import type { Hub } from '../../hub.ts';
import { ACR_LADDER } from '../../identity/assertion.ts';
import { requiredAssurance } from '../../oidc/policy.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { Json, Store } from '../../store.ts';
import type { Vault } from '../../vault/vault.ts';
import { cookieIn } from '../../web/cookies.ts';
import { checksOf, decodedIdToken, shownValues } from './decoded.ts';
import { type Heard, trialClient } from './relying-party.ts';
import { TRY_CALLBACK, trialClientOf, WithTrials } from './with-trials.ts';

/** Seconds a sign-in may take, and for which its result waits to be looked at. */
const LIFETIME = 60 * 60;
const RESULT_WAITS = 10 * 60;
const COOKIE = 'lt_try';
const RESULT = 'TrialResult';

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(schema)
    .optional();

/** What a developer chose. Only what a form of ours sends; what is in `claims` the issuer judges. */
export const trialWish = z.object({
  scopes: z
    .string()
    .max(200)
    .default('')
    .transform((text) => SCOPES.filter((scope) => text.split('\n').includes(scope))),
  acr_values: optional(z.enum(ACR_LADDER)),
  prompt: optional(z.enum(['none', 'login', 'consent', 'select_account'])),
  max_age: optional(z.coerce.number().int().min(0).max(1_000_000)),
  ui_locales: optional(z.enum(['vi', 'en'])),
  claims: optional(z.string().max(2_000)),
});
export type TrialWish = z.infer<typeof trialWish>;

interface Begun {
  readonly service: string;
  /** Of the visit it belongs to. */
  readonly visit: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly maxAge?: number;
  readonly acrValues?: string;
  readonly request: ShownRequest;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

interface Browser {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface TrialSignInParts {
  /** Of the hub whose console it is. */
  readonly issuer: string;
  readonly vault: Vault;
  readonly store: Pick<Store, 'state'>;
  readonly sandbox: Pick<Hub, 'issuer' | 'url' | 'vault' | 'clients'>;
  readonly clock: () => number;
}

export class TrialSignIn {
  readonly #parts: TrialSignInParts;
  readonly #clients: WithTrials;

  constructor(parts: TrialSignInParts) {
    this.#parts = parts;
    this.#clients = new WithTrials(parts.sandbox.clients, { vault: parts.sandbox.vault, console: parts.issuer });
  }

  /** As whom a service would be tried; nobody while it is not live in the sandbox. */
  twinOf(service: string): ClientRegistration | undefined {
    return this.#clients.get(trialClientOf(service));
  }

  /** Where the answer comes. */
  get redirectUri(): string {
    return `${this.#parts.issuer}${TRY_CALLBACK}`;
  }

  /**
   * Begins a sign-in: the request, and the address to lead the browser to; or, where the issuer already refused it, what it
   * said. Throws `Refusal` `not_possible_now` while there is no such service in the sandbox.
   */
  async begin(
    service: string,
    wish: TrialWish,
    visit: Visit,
    { response }: Pick<Browser, 'response'>,
  ): Promise<{ readonly begun: ShownRequest & { readonly address: string } } | { readonly result: TrialResult }> {
    const { vault, clock, sandbox } = this.#parts;
    const twin = this.twinOf(service);
    if (twin === undefined) throw new Refusal('not_possible_now');
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    const { acr_values, prompt, max_age, ui_locales, claims } = wish;
    const parameters = {
      client_id: twin.client_id,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: ['openid', ...wish.scopes.filter((scope) => scope !== 'openid' && twin.scopes.includes(scope))].join(' '),
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(acr_values ? { acr_values } : {}),
      ...(prompt ? { prompt } : {}),
      ...(max_age === undefined ? {} : { max_age: String(max_age) }),
      ...(ui_locales ? { ui_locales } : {}),
      ...(claims ? { claims } : {}),
    };
    const pushed = twin.require_pushed_authorization_requests;
    const request = { endpoint: `${sandbox.issuer}/authorize`, pushed, parameters: shownValues(parameters) };
    const configuration = trialClient(sandbox, twin, {});
    let address: URL;
    try {
      address = pushed
        ? await client.buildAuthorizationUrlWithPAR(configuration, parameters)
        : client.buildAuthorizationUrl(configuration, parameters);
    } catch (cause) {
      return { result: { request, error: { at: 'pushed', ...toldBy(cause) }, checks: [], revoked: false } };
    }
    const begun: Begun = {
      service,
      visit: markOf(visit),
      state,
      nonce,
      verifier,
      request,
      ...(max_age === undefined ? {} : { maxAge: max_age }),
      ...(acr_values ? { acrValues: acr_values } : {}),
      until: clock() + LIFETIME * 1000,
    };
    this.#setCookie(response, state, vault.sealState(COOKIE, begun as unknown as Json).toString('base64url'), LIFETIME);
    return { begun: { ...request, address: address.href } };
  }

  /**
   * Ends a sign-in with the issuer's answer and keeps what came of it; returns of which service it was, and under which id.
   * Throws `Refusal` `other_browser` for any browser or visit but the one that began it, `request_expired`.
   */
  async end(address: URL, visit: Visit, browser: Browser): Promise<{ readonly service: string; readonly id: string }> {
    const state = address.searchParams.get('state') ?? '';
    const begun = this.#begun(browser.request, state);
    if (begun === undefined || !isSame(begun.visit, markOf(visit))) throw new Refusal('other_browser');
    this.#setCookie(browser.response, state, '', 0);
    if (begun.until < this.#parts.clock()) throw new Refusal('request_expired');
    const twin = this.twinOf(begun.service);
    if (twin === undefined) throw new Refusal('not_possible_now');
    const result = await this.#result(begun, twin, address);
    const id = randomBytes(18).toString('base64url');
    const kept = { service: begun.service, visit: begun.visit, result };
    await this.#parts.store.state.put(RESULT, id, kept as unknown as Json, RESULT_WAITS);
    return { service: begun.service, id };
  }

  /** What came of a sign-in, for the first who asks in the visit that made it; nothing for everybody else. */
  async result(id: string, service: string, visit: Visit): Promise<TrialResult | undefined> {
    const { state } = this.#parts.store;
    const kept = (await state.get(RESULT, id))?.value as
      | { readonly service: string; readonly visit: string; readonly result: TrialResult }
      | undefined;
    if (kept === undefined || kept.service !== service || !isSame(kept.visit, markOf(visit))) return undefined;
    return (await state.delete(RESULT, id)) ? kept.result : undefined;
  }

  /** Everything a careful service would do, and everything there was to see of it. */
  async #result(begun: Begun, twin: ClientRegistration, address: URL): Promise<TrialResult> {
    const { sandbox, clock } = this.#parts;
    const heard: Heard = {};
    const configuration = trialClient(sandbox, twin, heard);
    const answer = address.searchParams;
    let error: TrialResult['error'];
    let userinfo: client.UserInfoResponse | undefined;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, new URL(address.href), {
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        pkceCodeVerifier: begun.verifier,
        idTokenExpected: true,
        ...(begun.maxAge === undefined ? {} : { maxAge: begun.maxAge }),
      });
      userinfo = await client
        .fetchUserInfo(configuration, tokens.access_token, tokens.claims()!.sub)
        .catch((cause: unknown) => {
          error = { at: 'userinfo', ...toldBy(cause) };
          return undefined;
        });
    } catch (cause) {
      error = { at: placeOf(cause), ...toldBy(cause) };
    }
    const { minimum } = requiredAssurance({ acr_values: begun.acrValues }, twin);
    const expected = {
      issuer: sandbox.issuer,
      client: twin.client_id,
      state: begun.state,
      nonce: begun.nonce,
      algorithm: twin.id_token_signed_response_alg,
      minimum,
      maxAge: begun.maxAge,
    };
    const checks = await checksOf(expected, { answer, heard, userinfo }, clock());
    const accessToken = heard.tokens?.body.access_token;
    const revoked =
      typeof accessToken === 'string' &&
      (await client.tokenRevocation(configuration, accessToken).then(
        () => true,
        () => false,
      ));
    const decoded = decodedIdToken(heard.tokens?.body.id_token);
    return {
      request: begun.request,
      answer: { address: this.redirectUri, parameters: shownValues(Object.fromEntries(answer)) },
      ...(error ? { error } : {}),
      ...(heard.tokens ? { tokens: { status: heard.tokens.status, members: shownValues(heard.tokens.body) } } : {}),
      ...(decoded
        ? { idToken: { header: shownValues({ ...decoded.header }), claims: shownValues({ ...decoded.claims }) } }
        : {}),
      ...(userinfo ? { userinfo: { claims: shownValues(userinfo) } } : {}),
      checks,
      revoked,
    };
  }

  #begun(request: IncomingMessage, state: string): Begun | undefined {
    const value = cookieIn(request, cookieOf(state));
    if (value === undefined) return undefined;
    const begun = this.#parts.vault.openState(COOKIE, Buffer.from(value, 'base64url')) as Begun | undefined;
    return begun?.state === state ? begun : undefined;
  }

  #setCookie(response: ServerResponse, state: string, value: string, maxAge: number): void {
    const secure = this.#parts.issuer.startsWith('https:') ? '; Secure' : '';
    response.appendHeader(
      'set-cookie',
      `${cookieOf(state)}=${value}; Path=${TRY_CALLBACK}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`,
    );
  }
}

/** One for each tab. */
const cookieOf = (state: string) => `${COOKIE}_${hash('sha256', state, 'hex').slice(0, 16)}`;

/** Says which visit it was without being able to speak for it. */
const markOf = ({ formToken, account }: Visit) => hash('sha256', JSON.stringify([account, formToken]), 'base64url');

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function placeOf(cause: unknown): 'answer' | 'token' | 'checks' {
  if (cause instanceof client.AuthorizationResponseError) return 'answer';
  return cause instanceof client.ResponseBodyError ? 'token' : 'checks';
}

/** In the issuer's words, where it said something; else by the library's code. */
function toldBy(cause: unknown): { error: string; description?: string } {
  const { error, error_description: description, code } = cause as Partial<client.ResponseBodyError>;
  return { error: error ?? code ?? 'unknown', ...(description === undefined ? {} : { description }) };
}
