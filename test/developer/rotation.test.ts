/**
 * Owns the tests of secrets and keys that follow each other by way of the console, at a hub of two processes: while people go
 * on signing in, the next one is added, the service changes over, the first one is ended. No login fails.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { pressButton, proveByTaxCode } from '../country.ts';
import { type EnginePair, startEnginePair } from '../engines/pair.ts';
import { type RedisServer, startRedis } from '../engines/redis.ts';
import { until } from '../engines/until.ts';
import { type CountryOfProcesses, openCountryWithWorkers } from '../many-processes.ts';
import { type Key, newKey, type Published, publish, SignInsWithoutEnd } from '../oidc/rotating.ts';
import { AGENCY, callApi, type Developer, goodSettings, newDeveloper, wellAnswered, withToken } from './developer.ts';

/** Milliseconds until every process has heard of a change. */
const PATIENCE = 10_000;

let engines: EnginePair;
/** The sandbox issuer shares no engine with the hub. */
let sandboxState: RedisServer;
let country: CountryOfProcesses;
let developer: Developer;
let agency: string;
let token: string;
let published: Published;
beforeAll(async () => {
  [engines, sandboxState] = await Promise.all([startEnginePair(), startRedis()]);
  const sandboxDatabase = await engines.postgresql.create('sandbox');
  const { databaseUrl, stateUrl } = engines.addresses;
  country = await openCountryWithWorkers({
    workers: 2,
    databaseUrl,
    stateUrl,
    sandboxIssuer: true,
    // Where the sandbox issuer keeps what is its own.
    configure: (usual) => ({
      ...usual,
      sandbox: { ...usual.sandbox!, databaseUrl: sandboxDatabase, stateUrl: sandboxState.url },
    }),
  });
  developer = await newDeveloper(country as never, 'Nguyễn Văn An');
  ({ id: agency } = await developer.ask('POST', '/agencies', AGENCY));
  ({ token } = await developer.ask('POST', '/tokens', {
    name: 'rotation',
    scopes: ['read', 'write', 'secrets'],
    days: 1,
  }));
  published = await publish();
}, 120_000);
afterAll(async () => {
  await published?.close();
  await country?.close();
  await Promise.all([engines?.remove(), sandboxState?.remove()]);
});

/** Also where a test ended before its time. */
let running: SignInsWithoutEnd<client.Configuration> | undefined;
afterEach(() => running?.stop());

const ask = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
  wellAnswered(await callApi(country, method, path, body, withToken(token)), `${method} ${path}`);

/** A service in the sandbox, as a script brings it there. */
class Rotating {
  readonly at: string;
  readonly client: string;

  constructor(id: string) {
    this.at = `/services/${id}/sandbox`;
    this.client = `${id}-sandbox`;
  }

  async live(settings: object): Promise<void> {
    const { problems } = await ask('PUT', `${this.at}/draft`, {
      ...goodSettings(country.callback.origin),
      ...settings,
    });
    expect(problems).toEqual([]);
    await ask('POST', `${this.at}/publication`);
  }

  /** A stock client that proves itself in this way. */
  configured(proof: client.ClientAuth): Promise<client.Configuration> {
    const metadata = { id_token_signed_response_alg: 'ES256' };
    const options = { execute: [client.allowInsecureRequests] };
    return client.discovery(new URL(country.sandboxIssuer!.url), this.client, metadata, proof, options);
  }
}

async function newService(id: string): Promise<Rotating> {
  await ask('POST', `/agencies/${agency}/services`, { id, name: { vi: 'Xoay vòng', en: 'Rotation' } });
  return new Rotating(id);
}

/** Somebody comes, proves who they are and agrees: from then on they are signed in without a question. */
async function load(first: client.Configuration): Promise<SignInsWithoutEnd<client.Configuration>> {
  const browsers = [new Visitor(), new Visitor(), new Visitor()];
  for (const visitor of browsers) {
    const { address, checks } = await pressButton(first, country, { scope: 'openid profile' });
    await visitor.open(address);
    let page = await proveByTaxCode(visitor);
    // Asked once, not in every browser.
    if (page.code === 'consent') page = await visitor.tickAll().press('decision=agree');
    await client.authorizationCodeGrant(first, page.url, { ...checks, idTokenExpected: true });
  }
  const signIn = async (visitor: Visitor, configuration: client.Configuration) => {
    const { address, checks } = await pressButton(configuration, country, { scope: 'openid profile', prompt: 'none' });
    const { url } = await visitor.open(address);
    await client.authorizationCodeGrant(configuration, url, { ...checks, idTokenExpected: true });
  };
  running = new SignInsWithoutEnd(signIn, () => first, browsers);
  return running;
}

/** Both processes refuse it, one time after the other, and go on taking what follows it. */
async function refused(configuration: client.Configuration): Promise<void> {
  const isRefused = () =>
    client
      .buildAuthorizationUrlWithPAR(configuration, { redirect_uri: country.callback.url, scope: 'openid' })
      .then(() => false)
      .catch(({ status }: { readonly status?: number }) => status === 401);
  let times = 0;
  await until(async () => {
    times = (await isRefused()) ? times + 1 : 0;
    return times === 8;
  }, PATIENCE);
}

const byKey = ({ key, jwk }: Key) => client.PrivateKeyJwt({ key, kid: jwk.kid! });

test('E7 a secret follows another by way of the API, and of all who sign in meanwhile nobody fails', async () => {
  const service = await newService('xoay-bi-mat');
  const first = await ask('POST', `${service.at}/secrets`, {});
  await service.live({});
  const old = await service.configured(client.ClientSecretBasic(first.secret));
  const signIns = await load(old);
  await signIns.more();
  const second = await ask('POST', `${service.at}/secrets`, {});
  await signIns.more();
  const young = await service.configured(client.ClientSecretBasic(second.secret));
  await signIns.use(() => young);
  await ask('DELETE', `${service.at}/credentials/${first.id}`);
  await signIns.more();
  await refused(old);
  await signIns.more();
  await signIns.stop();
  expect(signIns.failures).toEqual([]);
  expect(signIns.count).toBeGreaterThanOrEqual(24);
}, 120_000);

test('E7 a key follows another by way of the API, and of all who sign in meanwhile nobody fails', async () => {
  const service = await newService('xoay-khoa');
  const [firstKey, secondKey] = [await newKey('first'), await newKey('second')];
  const first = await ask('POST', `${service.at}/keys`, { jwk: firstKey.jwk });
  await service.live({ token_endpoint_auth_method: 'private_key_jwt' });
  const [old, young] = [await service.configured(byKey(firstKey)), await service.configured(byKey(secondKey))];
  const signIns = await load(old);
  await signIns.more();
  await ask('POST', `${service.at}/keys`, { jwk: secondKey.jwk });
  await signIns.more();
  await signIns.use(() => young);
  await ask('DELETE', `${service.at}/credentials/${first.id}`);
  await signIns.more();
  await refused(old);
  await signIns.more();
  await signIns.stop();
  expect(signIns.failures).toEqual([]);
}, 120_000);

test('E7 a key at the service’s own address follows another, and of all who sign in meanwhile nobody fails', async () => {
  const service = await newService('xoay-dia-chi');
  const [firstKey, secondKey] = [await newKey('first'), await newKey('second')];
  published.serve({ keys: [firstKey.jwk] });
  await service.live({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: published.address.replace('127.0.0.1', 'localhost'),
  });
  const [old, young] = [await service.configured(byKey(firstKey)), await service.configured(byKey(secondKey))];
  const signIns = await load(old);
  await signIns.more();
  published.serve({ keys: [firstKey.jwk, secondKey.jwk] });
  await signIns.use(() => young);
  published.serve({ keys: [secondKey.jwk] });
  await signIns.more();
  await signIns.stop();
  expect(signIns.failures).toEqual([]);
}, 120_000);
