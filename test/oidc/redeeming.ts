/** Owns what an agency's server sends by hand: proofs, codes and tokens, right or wrong; and what the hub answers. */
import { randomUUID } from 'node:crypto';
import { type CryptoKey, decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, SECRET, type ServiceWish, signIn, type TestCountry } from '../country.ts';
import { addressOf, type Changes, VERIFIER } from './asking.ts';

/** What the hub answered to a server. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

type Fields = Readonly<Record<string, string>>;
/** How a request goes out: form fields and headers. */
export interface Sent {
  readonly fields?: Fields;
  readonly headers?: Fields;
}

/** Connections are not kept: a hub that a test restarts would have closed them. */
const ONCE = { connection: 'close' };

export async function post(country: TestCountry, path: string, { fields, headers }: Sent): Promise<Answer> {
  const body = new URLSearchParams(fields);
  return answerOf(await fetch(new URL(path, country.hub), { method: 'POST', body, headers: { ...headers, ...ONCE } }));
}

export async function get(country: TestCountry, path: string, headers: Fields = {}): Promise<Answer> {
  return answerOf(await fetch(new URL(path, country.hub), { headers: { ...headers, ...ONCE } }));
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  const isJson = headers.get('content-type')?.includes('json');
  return { status, headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** A client assertion (RFC 7523) as the registered service makes it, with what a test changes. */
export async function assertionOf(
  country: TestCountry,
  id: string,
  claims: Readonly<Record<string, unknown>> = {},
  {
    key = country.service(id).key,
    alg = 'ES256',
    kid,
  }: { key?: CryptoKey | Uint8Array; alg?: string; kid?: string } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: id, sub: id, aud: country.hub, jti: randomUUID(), iat: now, exp: now + 60 };
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader(kid === undefined ? { alg } : { alg, kid }).sign(key);
}

export const withAssertion = (assertion: string): Sent => ({
  fields: {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  },
});

export const basic = (id: string, secret = SECRET): Sent => ({
  headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
});

/** The proof with which a service was registered. */
export async function proofOf(country: TestCountry, id: string): Promise<Sent> {
  const { method } = country.service(id).registration.authentication;
  if (method === 'private_key_jwt') return withAssertion(await assertionOf(country, id));
  return method === 'client_secret_basic' ? basic(id) : { fields: { client_id: id, client_secret: SECRET } };
}

export function together(...parts: readonly Sent[]): Sent {
  return {
    fields: Object.assign({}, ...parts.map(({ fields }) => fields)),
    headers: Object.assign({}, ...parts.map(({ headers }) => headers)),
  };
}

/** Who signs in, and where. */
export interface Who {
  readonly visitor?: Visitor;
  readonly account?: { readonly taxCode: string; readonly password: string };
}

/** A fresh code of a service, after whatever the citizen has to go through for it, agreeing to everything. */
export async function codeFor(country: TestCountry, id: string, changes: Changes = {}, who: Who = {}): Promise<string> {
  const checks = { pkceCodeVerifier: VERIFIER, expectedState: 'the-state', expectedNonce: 'the-nonce' };
  const address = addressOf(country, id, changes);
  const { visitor = new Visitor(), account = AN } = who;
  await signIn(country, { address, checks }, { visitor, account });
  // Where this very browser arrived: others may arrive at the same time.
  const { searchParams } = visitor.page.url;
  const code = searchParams.get('code');
  if (code === null) throw new Error(`no code but ${searchParams}`);
  return code;
}

/** The request that redeems a code. */
export async function redemption(country: TestCountry, id: string, code: string): Promise<Sent> {
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: country.callback.url,
    code_verifier: VERIFIER,
  };
  return together({ fields }, await proofOf(country, id));
}

/** Redeems a code as the service it belongs to, with what a test changes. */
export async function redeem(country: TestCountry, id: string, code: string, changed: Sent = {}): Promise<Answer> {
  return post(country, '/token', together(await redemption(country, id, code), changed));
}

/** The whole way to tokens. */
export async function tokensOf(
  country: TestCountry,
  id: string,
  changes: Changes = {},
  who: Who = {},
): Promise<{ readonly access: string; readonly id: JWTPayload; readonly answer: Answer }> {
  const answer = await redeem(country, id, await codeFor(country, id, changes, who));
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.text}`);
  return { access: answer.body.access_token, id: decodeJwt(answer.body.id_token), answer };
}

export const userinfo = (country: TestCountry, token: string, scheme = 'Bearer'): Promise<Answer> =>
  get(country, '/userinfo', { authorization: `${scheme} ${token}` });

/** Asks about a token as a registered client. */
export async function introspect(country: TestCountry, as: string, token: string): Promise<Answer> {
  return post(country, '/introspect', together(await proofOf(country, as), { fields: { token } }));
}

/** A resource server to register in a test that introspects. */
export const ARCHIVE: ServiceWish = {
  client_id: 'archive',
  role: 'resource_server',
  secret: 'basic',
  scopes: ['openid'],
};
