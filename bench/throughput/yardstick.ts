/**
 * Owns the yardstick: the bare library, the same version, with a store in memory and the one leg it has itself: a form
 * for the login, a form for the consent, on plain `node:http`. What a hub costs is told as a multiple of this.
 */
import '../../src/oidc/runtime-notice.ts';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JWK } from 'jose';
import Provider, { type Adapter, type AdapterPayload, type JWKS } from 'oidc-provider';
import { citizen } from './citizens.ts';

/** What the process is told on its command line, as JSON. */
export interface YardstickSettings {
  readonly issuer: string;
  readonly client: { readonly id: string; readonly redirectUri: string; readonly key: JWK };
}

/** So many entries are kept, the oldest go first: the yardstick's memory is the library's, not that of what it stores. */
const MOST_ENTRIES = 10_000;

interface Kept {
  readonly payload: AdapterPayload;
  readonly until: number;
}

const entries = new Map<string, Kept>();

/** The least the library asks of a store. */
class MemoryAdapter implements Adapter {
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    entries.set(`${this.#model}:${id}`, { payload, until: Date.now() + (expiresIn ?? 3600) * 1000 });
    if (payload.uid && this.#model === 'Session')
      entries.set(`uid:${payload.uid}`, { payload: { id }, until: Number.MAX_VALUE });
    while (entries.size > MOST_ENTRIES) entries.delete(entries.keys().next().value!);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const kept = entries.get(`${this.#model}:${id}`);
    return kept && kept.until > Date.now() ? kept.payload : undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = entries.get(`uid:${uid}`)?.payload.id;
    return id === undefined ? undefined : this.find(id as string);
  }

  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const kept = entries.get(`${this.#model}:${id}`);
    if (kept) kept.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    entries.delete(`${this.#model}:${id}`);
  }

  /** Nothing here is revoked. */
  async revokeByGrantId(): Promise<void> {}
}

const { issuer, client } = JSON.parse(process.argv[2] ?? '{}') as YardstickSettings;

const provider = new Provider(issuer, {
  adapter: MemoryAdapter,
  clients: [
    {
      client_id: client.id,
      redirect_uris: [client.redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      jwks: { keys: [client.key] } as JWKS,
    },
  ],
  jwks: { keys: (['EC', 'RSA'] as const).map(newKey) } as JWKS,
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  claims: { openid: ['sub'], profile: ['name', 'birthdate', 'gender'] },
  pkce: { required: () => true },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: async () => {
      const { name, birthDate: birthdate, gender } = citizen(Number(sub));
      return { sub, name, birthdate, gender };
    },
  }),
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 3600, Session: 1800 },
  features: { devInteractions: { enabled: false } },
});

const library = provider.callback();
const server = createServer((request, response) => {
  if (!request.url?.startsWith('/interaction/')) return void library(request, response);
  interact(request, response).catch(() => response.writeHead(500).end());
});
server.listen(Number(new URL(issuer).port), '127.0.0.1', () => process.send?.('listening'));
process.once('disconnect', () => process.exit(0));

/** The one leg: who is it, then may this be shared. */
async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, prompt, params, session } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    const field = prompt.name === 'login' ? '<input name="login">' : '';
    const page = `<!doctype html><title>Yardstick</title><main data-code="${prompt.name}"><form method="post" action="/interaction/${uid}">${field}<button>OK</button></form></main>`;
    return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  }
  const form = new URLSearchParams(await text(request));
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: form.get('login') ?? '' } });
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

function newKey(type: 'EC' | 'RSA') {
  const { privateKey } =
    type === 'EC'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: type };
}
