/**
 * Owns the two services the hub asks, as cheap as they can honestly be: a source that is an OpenID provider and sends
 * everybody straight back, and a population register. A process of its own, so that its CPU is told apart.
 *
 * It believes whoever comes: the citizen is named by a header of the load generator, and travels in the code. Nothing is
 * kept. What the hub checks is true, above all the ES256 signature of each id token.
 */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CITIZEN_HEADER, type Citizen, citizen, indexOf } from './citizens.ts';

/** What the process tells whoever started it. */
export interface StubAddresses {
  readonly source: string;
  readonly register: string;
}

const KEY_ID = 'stub';
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const publicKey = { ...pair.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'ES256' };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encoded({ alg: 'ES256', kid: KEY_ID, typ: 'JWT' });

const register = await open(answerAsRegister);
const source = await open((request, response) => answerAsSource(source, request, response));
process.send?.({ source, register } satisfies StubAddresses);
process.once('disconnect', () => process.exit(0));

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

async function open(answer: Answer): Promise<string> {
  const server = createServer({ keepAliveTimeout: 600_000 }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answerAsSource(issuer: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  if (url.startsWith('/authorize?')) {
    const asked = new URLSearchParams(url.slice('/authorize?'.length));
    const code = encoded([request.headers[CITIZEN_HEADER], asked.get('nonce')]);
    const answer = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: issuer });
    response.writeHead(303, { location: `${asked.get('redirect_uri')}?${answer}` }).end();
    return;
  }
  if (url === '/token') {
    const asked = new URLSearchParams(await text(request));
    const [who, nonce] = JSON.parse(Buffer.from(asked.get('code') ?? '', 'base64url').toString()) as [string, string];
    const audience = asked.get('client_id') ?? '';
    return json(response, {
      access_token: who,
      token_type: 'Bearer',
      expires_in: 60,
      id_token: idToken(issuer, audience, citizen(Number(who)), nonce),
    });
  }
  if (url === '/userinfo') {
    const who = citizen(Number(request.headers.authorization?.slice('Bearer '.length)));
    const { number: sub, name, birthDate: birthdate } = who;
    const account = { sub, tax_code: sub, taxpayer_kind: 'individual', name, birthdate, id_number: sub };
    return json(response, account);
  }
  if (url === '/jwks') return json(response, { keys: [publicKey] });
  if (url === '/.well-known/openid-configuration') return json(response, metadata(issuer));
  response.writeHead(404).end();
}

function idToken(issuer: string, audience: string, { number: sub }: Citizen, nonce: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: audience, sub, nonce, iat: now, exp: now + 60, auth_time: now };
  const signed = `${HEADER}.${encoded(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function answerAsRegister(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await text(request)) as { number?: string };
  if (request.url === '/changes') return json(response, { changes: [], cursor: '0' });
  const { number, name, birthDate, gender } = citizen(indexOf(asked.number ?? ''));
  json(response, {
    record: {
      personalNumber: number,
      name,
      birthDate,
      birthDatePrecision: 'day',
      gender,
      birthPlace: { code: '01', text: 'Hà Nội' },
      nationality: 'VN',
      status: 'alive',
      formerNumbers: [],
      formerNames: [],
    },
  });
}

function json(response: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}
