/** Owns the country a test runs in: a folder, ports and a hub of its own, with services registered for the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { makePasswordsQuick } from '../sandbox/authority/passwords.ts';
import { type Country, type CountrySettings, startCountry } from '../sandbox/country.ts';
import { proveToInsurance } from '../sandbox/expected/ways.ts';
import { EID_PASSWORD } from '../sandbox/national-eid/national-eid.ts';
import { prepareSecrets } from '../sandbox/secrets.ts';
import { type Page, Visitor } from '../sandbox/visitor.ts';
import type { ClientRegistration } from '../src/clients.ts';
import type { Configuration } from '../src/config.ts';
import { createVault } from '../src/vault/vault.ts';

/** An account of the sandbox that signs in without further ado: Nguyễn Văn An, `an` in the registers. */
export const AN = { taxCode: '8000000011', password: 'Thue@2026' } as const;
/** Another one: Trần Thị Hoà. */
export const HOA = { taxCode: '8000000212', password: 'Thue@2026' } as const;

/** The same citizen's account at the insurance agency, and at the sandbox's fifth source. */
export const AN_INSURED = { socialInsuranceNumber: '9700000011', password: 'Baohiem@2026' } as const;
export const AN_NUMBER = '097090000011';

/** A secret that `client_secret_*` services of tests have. */
export const SECRET = 'a-secret-that-only-tests-have-0123456789';

export interface TestService {
  readonly id: string;
  readonly key: CryptoKey;
  readonly registration: ClientRegistration;
}

export interface TestCountry extends Country {
  readonly directory: string;
  /** The address at which test services receive answers, and what came there. */
  readonly callback: Callback;
  readonly service: (id: string) => TestService;
}

/** What a test wants a service to be; everything else is a usual sandbox service with all scopes. */
export type ServiceWish = Partial<ClientRegistration> & {
  readonly client_id: string;
  readonly secret?: 'basic' | 'post';
};

export interface TestCountrySettings extends Partial<CountrySettings> {
  /** Where it matters that an authority takes its time, as between the two clicks of a double click. */
  readonly honestPasswords?: boolean;
}

/** Starts a country for one test file; close it in `afterAll`. */
export async function openTestCountry(
  wishes: readonly ServiceWish[] = [],
  { honestPasswords = false, ...settings }: TestCountrySettings = {},
): Promise<TestCountry> {
  makePasswordsQuick(!honestPasswords);
  const directory = settings.directory ?? (await mkdtemp(path.join(tmpdir(), 'lien-thong-')));
  const callback = await openCallback();
  const vault = createVault((await prepareSecrets(directory)).hubKeys);
  const services = new Map<string, TestService>();
  for (const { secret, ...wish } of wishes) {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const registration = {
      agency: { id: `agency-of-${wish.client_id}`, name: { vi: 'Cơ quan thử', en: 'Test agency' } },
      service: { vi: 'Dịch vụ thử', en: 'Test service' },
      environment: 'sandbox',
      role: 'service',
      purpose: { vi: 'Để thử.', en: 'To test.' },
      basis: 'consent',
      scopes: ['openid', 'profile', 'birth', 'personal_number', 'tax_code', 'email', 'phone', 'verified_claims'],
      optional_items: [],
      consent_days: 180,
      minimum_acr: 'loa1',
      login_uri: `${callback.origin}/login`,
      home_uri: `${callback.origin}/`,
      redirect_uris: wish.role === 'resource_server' ? [] : [callback.url],
      post_logout_redirect_uris: [`${callback.origin}/signed-out`],
      authentication: secret
        ? { method: `client_secret_${secret}`, secret_hash: vault.hashClientSecret(SECRET) }
        : {
            method: 'private_key_jwt',
            jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] },
          },
      id_token_signed_response_alg: 'ES256',
      require_pushed_authorization_requests: false,
      pkce: 'required',
      ...wish,
    } as ClientRegistration;
    services.set(wish.client_id, { id: wish.client_id, key: privateKey, registration });
  }
  const country = await startCountry({
    logLevel: 'silent',
    // One that writes looks after standard output for as long as its process lives: in one of Jest's, hundreds would.
    log: () => {},
    ...settings,
    directory,
    moreClients: [...services.values()].map((service) => service.registration),
  }).catch(async (error) => {
    await callback.close();
    throw error;
  });
  return {
    ...country,
    directory,
    callback,
    service: (id) => services.get(id)!,
    close: async () => {
      await country.close();
      await callback.close();
      if (settings.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface Callback {
  readonly origin: string;
  /** The registered redirect address. */
  readonly url: string;
  /** Every answer that came, oldest first: parameters of a query or of a posted form. */
  readonly answers: readonly { readonly address: URL; readonly parameters: URLSearchParams; readonly method: string }[];
  close(): Promise<void>;
}

/** A service's side that only listens; it says nothing back but a word. */
async function openCallback(): Promise<Callback> {
  const answers: { address: URL; parameters: URLSearchParams; method: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const address = new URL(request.url ?? '/', origin);
    const body = await text(request);
    if (address.pathname === '/callback')
      answers.push({
        address,
        parameters: request.method === 'POST' ? new URLSearchParams(body) : address.searchParams,
        method: request.method ?? '',
      });
    response.writeHead(200, { 'content-type': 'text/html' }).end('<main data-code="test_callback">arrived</main>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/callback`,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A stock relying party for a test service: discovery and `private_key_jwt`, or the secret it was registered with. */
export async function relyingParty(country: TestCountry, id: string): Promise<client.Configuration> {
  const { key, registration } = country.service(id);
  const proof = {
    private_key_jwt: client.PrivateKeyJwt(key),
    client_secret_basic: client.ClientSecretBasic(SECRET),
    client_secret_post: client.ClientSecretPost(SECRET),
  }[registration.authentication.method];
  const metadata = { id_token_signed_response_alg: registration.id_token_signed_response_alg };
  return client.discovery(new URL(country.hub), id, metadata, proof, { execute: [client.allowInsecureRequests] });
}

/** One authorization request under way: what a relying party must remember of it. */
export interface Pressed {
  readonly address: URL;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedState: string;
    readonly expectedNonce: string;
  };
}

/** What the button of a relying party does: a request with state, nonce and PKCE of its own. */
export async function pressButton(
  configuration: client.Configuration,
  country: TestCountry,
  parameters: Record<string, string> = {},
): Promise<Pressed> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: country.callback.url,
    scope: 'openid',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { address, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

/** From the hub's choice page through the tax authority and back; stops at whatever the hub shows then. */
export async function proveByTaxCode(
  visitor: Visitor,
  account: { readonly taxCode: string; readonly password: string } = AN,
): Promise<Page> {
  await visitor.press('source=tax-code');
  visitor.fill({ tax_code: account.taxCode, password: account.password });
  return visitor.press('decision=sign_in');
}

/** The same through the insurance agency, with the code that came to the sandbox phone. */
export async function proveBySocialInsurance(
  visitor: Visitor,
  {
    socialInsuranceNumber,
    password,
  }: { readonly socialInsuranceNumber: string; readonly password: string } = AN_INSURED,
): Promise<Page> {
  await visitor.press('source=social-insurance');
  await proveToInsurance(visitor, socialInsuranceNumber, { password });
  return visitor.page;
}

/** The same through the fifth source, at one of its own levels. */
export async function proveByNationalEid(
  visitor: Visitor,
  { personalNumber = AN_NUMBER, level }: { readonly personalNumber?: string; readonly level: '1' | '2' },
): Promise<Page> {
  await visitor.press('source=national-eid');
  visitor.fill({ personal_number: personalNumber, password: EID_PASSWORD, level });
  return visitor.press('decision=sign_in');
}

/** A country whose hub has fewer sources, for `configure`. */
export const onlySources =
  (...ids: readonly string[]) =>
  (configuration: Configuration): Configuration => ({
    ...configuration,
    sources: configuration.sources.filter(({ id }) => ids.includes(id)),
  });

/** A country with a choice of weak sources only, so that there is a level nobody can give; for `configure`. */
export const onlyWeakSources = (configuration: Configuration): Configuration => {
  const [source] = configuration.sources;
  return { ...configuration, sources: [source!, { ...source!, id: 'weak-twin' }] };
};

/** A whole sign-in at a test service, agreeing to everything; returns the address the answer arrived at. */
export async function signIn(
  country: TestCountry,
  pressed: Pressed,
  {
    visitor = new Visitor(),
    account = AN,
  }: { readonly visitor?: Visitor; readonly account?: { readonly taxCode: string; readonly password: string } } = {},
): Promise<URL> {
  let page = await visitor.open(pressed.address);
  if (page.code === 'choose_source') page = await proveByTaxCode(visitor, account);
  // Single sign-on at this service for the first time in this session.
  if (page.code === 'continue_as') page = await visitor.press('decision=continue');
  if (page.code === 'consent') page = await visitor.tickAll().press('decision=agree');
  if (page.code === 'form_post') throw new Error('form_post answers are in country.callback.answers');
  if (page.code !== 'test_callback') throw new Error(`the sign-in stopped at ${page.code ?? page.status}`);
  return country.callback.answers.at(-1)!.address;
}

/** The whole way: sign in and redeem the code; tokens are verified by the relying party. */
export async function tokensFor(
  country: TestCountry,
  configuration: client.Configuration,
  parameters: Record<string, string> = {},
  who: Parameters<typeof signIn>[2] = {},
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const pressed = await pressButton(configuration, country, parameters);
  const answer = await signIn(country, pressed, who);
  return client.authorizationCodeGrant(configuration, answer, { ...pressed.checks, idTokenExpected: true });
}
