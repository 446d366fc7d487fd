/** Owns what the sandbox's own tests start: the two authorities alone, and a hub's stand-in that is a plain client. */
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as client from 'openid-client';
import { type Listener, listen } from '../../sandbox/listener.ts';
import {
  openPopulationRegister,
  type PopulationRegister,
} from '../../sandbox/population-register/population-register.ts';
import { Registers } from '../../sandbox/registers.ts';
import { openTaxAuthority, type TaxAuthority } from '../../sandbox/tax-authority/tax-authority.ts';
import { Visitor } from '../../sandbox/visitor.ts';

const REGISTERS = new URL('../../sandbox/registers', import.meta.url).pathname;
export const REGISTER_KEY = 'a-key-of-the-population-register';
/** Nothing listens there: the visitor's last redirect is read, not followed. */
export const CALLBACK = 'http://localhost:9/sources/tax-code/callback';

export interface Authorities {
  readonly registers: Registers;
  readonly taxAuthority: TaxAuthority;
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

/** Opens both authorities on free ports. */
export async function openAuthorities(): Promise<Authorities> {
  const registers = await Registers.read(REGISTERS);
  const [signingKey, hubKey] = await Promise.all([newKey('tax-1'), newKey('hub-1')]);
  const { d: _private, ...publicKey } = hubKey;
  const listeners: Listener[] = [await listen(0, 'tax authority'), await listen(0, 'population register')];
  const taxAuthority = await openTaxAuthority({
    listener: listeners[0]!,
    registers,
    signingKey,
    hub: { client_id: 'lien-thong', redirect_uri: CALLBACK, jwks: { keys: [publicKey] } },
  });
  const populationRegister = openPopulationRegister({ listener: listeners[1]!, registers, key: REGISTER_KEY });
  const close = async () => void (await Promise.all(listeners.map((listener) => listener.close())));
  return { registers, taxAuthority, populationRegister, hubKey, close };
}

/** The hub's stand-in: a stock client of the tax authority. */
export async function clientOf({ taxAuthority, hubKey }: Authorities): Promise<client.Configuration> {
  const key = (await importJWK(hubKey, 'ES256')) as CryptoKey;
  return client.discovery(
    new URL(taxAuthority.issuer),
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

/** Opens the tax authority's sign-in page as the hub would send a citizen there. */
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
