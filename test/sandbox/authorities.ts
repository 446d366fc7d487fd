/** Owns what the sandbox's own tests start: the authorities alone, and a hub's stand-in that is a plain client. */
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as client from 'openid-client';
import type { Authority } from '../../sandbox/authority/authority.ts';
import { type Listener, listen } from '../../sandbox/listener.ts';
import {
  openPopulationRegister,
  type PopulationRegister,
} from '../../sandbox/population-register/population-register.ts';
import { Registers } from '../../sandbox/registers.ts';
import { openSocialInsurance, type SocialInsurance } from '../../sandbox/social-insurance/social-insurance.ts';
import { openTaxAuthority } from '../../sandbox/tax-authority/tax-authority.ts';
import { Visitor } from '../../sandbox/visitor.ts';

const REGISTERS = new URL('../../sandbox/registers', import.meta.url).pathname;
export const REGISTER_KEY = 'a-key-of-the-population-register';
/** Nothing listens there: the visitor's last redirect is read, not followed. */
export const CALLBACK = 'http://localhost:9/sources/tax-code/callback';

export interface Authorities {
  readonly registers: Registers;
  readonly taxAuthority: Authority;
  readonly socialInsurance: SocialInsurance;
  readonly populationRegister: PopulationRegister;
  readonly hubKey: JWK;
  close(): Promise<void>;
}

async function newKey(kid: string): Promise<JWK> {
  return {
    ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)),
    kid,
    alg: 'ES256',
  };
}

/** Opens the authorities on free ports; `clock` is the insurance agency's. */
export async function openAuthorities(clock: () => number = Date.now): Promise<Authorities> {
  const registers = await Registers.read(REGISTERS);
  const [signingKey, hubKey] = await Promise.all([newKey('authority-1'), newKey('hub-1')]);
  const { d: _private, ...publicKey } = hubKey;
  const listeners: Listener[] = [];
  const opened = async (name: string) => listeners[listeners.push(await listen(0, name)) - 1]!;
  const hub = { client_id: 'lien-thong', redirect_uri: CALLBACK, jwks: { keys: [publicKey] } };
  const taxAuthority = await openTaxAuthority({ listener: await opened('tax authority'), registers, signingKey, hub });
  const socialInsurance = await openSocialInsurance({
    listener: await opened('social insurance'),
    registers,
    signingKey,
    hub,
    clock,
  });
  const populationRegister = openPopulationRegister({
    listener: await opened('population register'),
    registers,
    key: REGISTER_KEY,
  });
  const close = async () => void (await Promise.all(listeners.map((listener) => listener.close())));
  return { registers, taxAuthority, socialInsurance, populationRegister, hubKey, close };
}

/** The hub's stand-in: a stock client of an authority, the tax authority unless told. */
export async function clientOf(
  { taxAuthority, hubKey }: Authorities,
  { issuer }: Authority = taxAuthority,
): Promise<client.Configuration> {
  const key = (await importJWK(hubKey, 'ES256')) as CryptoKey;
  return client.discovery(
    new URL(issuer),
    'lien-thong',
    { id_token_signed_response_alg: 'ES256' },
    client.PrivateKeyJwt({ key, kid: 'hub-1' }),
    // Without the second one the client trusts the channel and leaves the id token's signature unchecked.
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  );
}

export interface Attempt {
  readonly visitor: Visitor;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedState: string;
    readonly expectedNonce: string;
  };
}

/** Opens an authority's sign-in page as the hub would send a citizen there. */
export async function beginSignIn(
  configuration: client.Configuration,
  parameters: Readonly<Record<string, string>> = {},
  visitor = new Visitor(),
): Promise<Attempt> {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  };
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    prompt: 'login',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  await visitor.open(address);
  return { visitor, checks };
}

/** Types a tax code and a password, and returns where the citizen is sent (the page itself when not sent anywhere). */
export async function typeIn({ visitor }: Attempt, taxCode: string, password: string): Promise<URL> {
  visitor.fill({ tax_code: taxCode, password });
  return leave(visitor, 'decision=sign_in');
}

/** Presses a button that may lead back to the hub, where nobody answers in these tests. */
export async function leave(visitor: Visitor, button: string): Promise<URL> {
  await visitor.press(button).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNREFUSED') throw error;
  });
  return visitor.trail.at(-1)!;
}
