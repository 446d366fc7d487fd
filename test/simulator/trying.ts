/** Owns a country whose hub can answer wrongly, two services that try it, and a judge of what they were sent. */
import {
  type CryptoKey,
  compactDecrypt,
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
} from 'jose';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import type { FaultSimulator } from '../../src/simulator/simulator.ts';
import type { ScoreCard } from '../../src/simulator/trials.ts';
import {
  openTestCountry,
  pressButton,
  relyingParty,
  SECRET,
  type ServiceWish,
  signIn,
  type TestCountry,
  type TestCountrySettings,
} from '../country.ts';

/** Milliseconds: enough for a service that goes on, on a machine that is busy. */
const PATIENCE = 4_000;
export const SLOWNESS = 400;

/** Of a simulator whose tests are in a hurry. */
export const TIMES = { patience: PATIENCE, slowness: SLOWNESS };

/** What a country is opened with so that its hub can. */
export const SIMULATING: TestCountrySettings = {
  configure: (configuration) => ({
    ...configuration,
    simulator: true,
    simulatorTimes: TIMES,
  }),
};

export function openFaultyCountry(wishes: readonly ServiceWish[]): Promise<TestCountry> {
  return openTestCountry(wishes, SIMULATING);
}

export const simulatorOf = (country: TestCountry): FaultSimulator => country.runningHub().simulator!;

/** The card when nothing on it waits any more. */
export async function decidedCard(simulator: FaultSimulator, id: string): Promise<ScoreCard> {
  const patience = Date.now() + 20_000;
  for (;;) {
    const card = await simulator.card(id);
    if (card.results.every(({ outcome }) => outcome !== 'waiting')) return card;
    if (Date.now() > patience) throw new Error('the card still waits');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What became of one sign-in at a service, and what the service was sent. */
export interface Attempt {
  readonly isSignedIn: boolean;
  readonly error?: unknown;
  /** Parameters of the answer at the redirect address. */
  readonly answer: URLSearchParams;
  readonly idToken?: string;
  /** Milliseconds that the token endpoint took. */
  readonly took: number;
  readonly nonce: string;
  readonly state: string;
}

/** A service written with a stock library that checks all of it; a level is checked by one line of its own. */
export class StockService {
  readonly id: string;
  readonly #country: TestCountry;
  readonly #configuration: client.Configuration;
  readonly #visitor = new Visitor();
  #idToken: string | undefined;
  #took = 0;

  constructor(country: TestCountry, configuration: client.Configuration, id: string) {
    this.id = id;
    this.#country = country;
    this.#configuration = configuration;
    client.enableNonRepudiationChecks(configuration);
    configuration[client.customFetch] = async (address, options) => {
      const begun = performance.now();
      const response = await fetch(address, options as RequestInit);
      if (address.endsWith('/token')) {
        this.#took = performance.now() - begun;
        this.#idToken = ((await response.clone().json()) as { id_token?: string }).id_token;
      }
      return response;
    };
  }

  static async open(country: TestCountry, id: string): Promise<StockService> {
    return new StockService(country, await relyingParty(country, id), id);
  }

  /** As if its library had fetched the keys a while ago. */
  rememberKeys(jwks: JSONWebKeySet): void {
    const uat = Math.floor(Date.now() / 1000) - 70;
    client.setJwksCache(this.#configuration, { jwks: jwks as client.ExportedJWKSCache['jwks'], uat });
  }

  async signIn(): Promise<Attempt> {
    const pressed = await pressButton(this.#configuration, this.#country);
    const answer = await signIn(this.#country, pressed, { visitor: this.#visitor });
    this.#idToken = undefined;
    const sent = () => ({
      answer: answer.searchParams,
      ...(this.#idToken ? { idToken: this.#idToken } : {}),
      took: this.#took,
      nonce: pressed.checks.expectedNonce,
      state: pressed.checks.expectedState,
    });
    try {
      const expected = { ...pressed.checks, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(this.#configuration, answer, expected);
      const { acr, sub } = tokens.claims()!;
      if (!['loa1', 'loa2', 'loa3', 'loa4'].includes(String(acr))) throw new Error('acr too low');
      await client.fetchUserInfo(this.#configuration, tokens.access_token, sub);
      return { isSignedIn: true, ...sent() };
    } catch (error) {
      return { isSignedIn: false, error, ...sent() };
    }
  }
}

/** A service that believes whatever comes, and goes on after errors. Its proof is a secret in the body. */
export class CarelessService {
  readonly #country: TestCountry;
  readonly #configuration: client.Configuration;
  readonly #visitor = new Visitor();
  readonly id: string;

  private constructor(country: TestCountry, configuration: client.Configuration, id: string) {
    this.#country = country;
    this.#configuration = configuration;
    this.id = id;
  }

  static async open(country: TestCountry, id: string): Promise<CarelessService> {
    return new CarelessService(country, await relyingParty(country, id), id);
  }

  async signIn(): Promise<void> {
    const pressed = await pressButton(this.#configuration, this.#country);
    const answer = await signIn(this.#country, pressed, { visitor: this.#visitor });
    const code = answer.searchParams.get('code');
    const response = await fetch(`${this.#country.hub}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        ...(code ? { code } : {}),
        redirect_uri: this.#country.callback.url,
        code_verifier: pressed.checks.pkceCodeVerifier,
        client_id: this.id,
        client_secret: SECRET,
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token) await fetch(`${this.#country.hub}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  }
}

export async function publishedKeys(country: TestCountry): Promise<JSONWebKeySet> {
  return (await (await fetch(`${country.hub}/jwks`)).json()) as JSONWebKeySet;
}

export interface Rightly {
  readonly country: TestCountry;
  readonly client: string;
  readonly nonce: string;
  readonly alg?: string;
  readonly acr?: string;
}

/** Everything that is wrong with an id token, by name; nothing for a right one. */
export async function wrongsOf(
  jwt: string,
  { country, client: id, nonce, alg = 'ES256', acr = 'loa1' }: Rightly,
): Promise<string[]> {
  const header = decodeProtectedHeader(jwt);
  const { iss, aud, exp, iat, ...claims } = decodeJwt(jwt);
  const jwks = await publishedKeys(country);
  const now = Date.now() / 1000;
  const isKnown = jwks.keys.some(({ kid }) => kid === header.kid);
  const isRight = {
    alg: header.alg === alg,
    kid: isKnown,
    // Of a token whose key or algorithm is already wrong it says nothing.
    signature: header.alg !== alg || !isKnown || (await isSigned(jwt, jwks)),
    header: Object.keys(header).sort().join() === 'alg,kid',
    iss: iss === country.hub,
    aud: aud === id,
    exp: exp! > now && exp! - iat! === 300,
    iat: Math.abs(iat! - now) < 60,
    nonce: claims.nonce === nonce,
    acr: claims.acr === acr,
    // No more and no less than a right one has.
    claims: Object.keys(claims).sort().join() === 'acr,amr,auth_time,nonce,sub',
  };
  return Object.entries(isRight).flatMap(([name, right]) => (right ? [] : [name]));
}

async function isSigned(jwt: string, jwks: JSONWebKeySet): Promise<boolean> {
  return compactVerify(jwt, createLocalJWKSet(jwks)).then(
    () => true,
    () => false,
  );
}

/** The token inside an encrypted one. */
export async function opened(jwe: string, key: CryptoKey): Promise<string> {
  const { plaintext } = await compactDecrypt(jwe, key);
  return Buffer.from(plaintext).toString('utf8');
}
