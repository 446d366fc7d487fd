/** `openapi.yaml` is true: what it names answers as it says, and what the hub answers is in it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import { request } from 'undici';
import { ERROR_CODES, errorOf } from '../src/errors.ts';
import { createRenderer } from '../views/renderer.ts';
import {
  openTestCountry,
  pressButton,
  relyingParty,
  SECRET,
  type ServiceWish,
  signIn,
  type TestCountry,
  tokensFor,
} from './country.ts';
import { description, expectForm, type Media, operations } from './description.ts';

let country: TestCountry;
beforeAll(async () => {
  const services: readonly ServiceWish[] = [
    { client_id: 'reader', secret: 'basic' },
    { client_id: 'signed', secret: 'basic', userinfo_signed_response_alg: 'ES256' },
    { client_id: 'resource', role: 'resource_server', secret: 'basic' },
  ];
  // With a sandbox issuer beside it, and so with a developer console.
  country = await openTestCountry(services, { sandboxIssuer: true });
});
afterAll(() => country?.close());

test('the description is of OpenAPI 3.1 and each operation has a name of its own', () => {
  expect(description.openapi).toMatch(/^3\.1\./);
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('its examples are of the form it describes', () => {
  const media = operations.flatMap(({ operation: { requestBody, responses } }) =>
    [requestBody, ...Object.values(responses)].flatMap((answer) => Object.values(answer?.content ?? {})),
  );
  const withExample = Object.values(description.components.schemas).flatMap((schema) =>
    schema.example === undefined ? [] : [{ schema, example: schema.example }],
  );
  for (const { schema, example, examples } of [...media, ...withExample] as Media[]) {
    const shown = [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples ?? {}).map((one) => one.value),
    ];
    for (const value of shown) expectForm(schema, value);
  }
});

test('its table of codes is the hub’s', () => {
  const table = ERROR_CODES.map((code) => {
    const { status, oauth } = errorOf(code);
    return [code, oauth === undefined ? { status } : { status, oauth }];
  });
  expect(description.components['x-error-codes']).toEqual(Object.fromEntries(table));
});

test.each(operations)('$method $path answers a bare call as described', async ({ method, path, operation }) => {
  const address = path.replace(/\{(\w+)\}/g, (_, name) => {
    return operation.parameters!.find((parameter) => parameter.in === 'path' && parameter.name === name)!.example!;
  });
  await expectDescribed(method, path, address, {});
});

test('a sign-in, and everything done with its tokens, is answered as described', async () => {
  const authorization = `Basic ${btoa(`reader:${SECRET}`)}`;
  const reader = await relyingParty(country, 'reader');
  const pressed = await pressButton(reader, country, { scope: 'openid profile verified_claims' });
  const parameters = Object.fromEntries(pressed.address.searchParams);

  const pushed = await expectDescribed('POST', '/par', '/par', { authorization }, parameters);
  expect(pushed.status).toBe(201);
  const { request_uri } = JSON.parse(pushed.body);
  const begun = await expectDescribed(
    'GET',
    '/authorize',
    `/authorize?${new URLSearchParams({ client_id: 'reader', request_uri })}`,
  );
  expect(begun.status).toBe(303);
  expect((await expectDescribed('POST', '/authorize', '/authorize', {}, parameters)).status).toBe(303);

  const answer = await signIn(country, pressed);
  const redemption = {
    grant_type: 'authorization_code',
    code: answer.searchParams.get('code')!,
    redirect_uri: country.callback.url,
    code_verifier: pressed.checks.pkceCodeVerifier,
  };
  const redeemed = await expectDescribed('POST', '/token', '/token', { authorization }, redemption);
  expect(redeemed.status).toBe(200);
  const { access_token: token, id_token } = JSON.parse(redeemed.body);

  const bearer = { authorization: `Bearer ${token}` };
  for (const method of ['GET', 'POST'])
    expect((await expectDescribed(method, '/userinfo', '/userinfo', bearer)).status).toBe(200);
  const resource = { authorization: `Basic ${btoa(`resource:${SECRET}`)}` };
  const known = await expectDescribed('POST', '/introspect', '/introspect', resource, { token });
  expect(JSON.parse(known.body)).toMatchObject({ active: true, client_id: 'reader' });
  expect((await expectDescribed('POST', '/revoke', '/revoke', { authorization }, { token })).status).toBe(200);
  expect((await expectDescribed('GET', '/userinfo', '/userinfo', bearer)).status).toBe(401);
  expect((await expectDescribed('POST', '/token', '/token', { authorization }, redemption)).status).toBe(400);
  const leaving = `/session/end?${new URLSearchParams({ id_token_hint: id_token })}`;
  await expectDescribed('GET', '/session/end', leaving, { accept: 'text/html' });

  const wrong = { authorization: `Basic ${btoa('reader:wrong')}` };
  for (const path of ['/par', '/token', '/introspect', '/revoke'])
    expect((await expectDescribed('POST', path, path, wrong, parameters)).status).toBe(401);
});

test('signed userinfo is answered as described', async () => {
  const tokens = await tokensFor(country, await relyingParty(country, 'signed'), { scope: 'openid profile' });
  const bearer = { authorization: `Bearer ${tokens.access_token}` };
  const { type } = await expectDescribed('GET', '/userinfo', '/userinfo', bearer);
  expect(type).toBe('application/jwt');
});

test('every file of the button and of the pages is answered as described', async () => {
  for (const file of createRenderer().assets.keys()) {
    const path = /^\/button\/v1\/\d/.test(file)
      ? '/button/v1/{release}/{file}'
      : file.startsWith('/button/')
        ? '/button/v1/{file}'
        : '/assets/{version}/{file}';
    expect((await expectDescribed('GET', path, file)).status).toBe(200);
  }
});

test('all that discovery names is in it, and nothing of the library besides', async () => {
  const configuration = await relyingParty(country, 'reader');
  const metadata = configuration.serverMetadata() as client.ServerMetadata & Record<string, unknown>;
  const answered = await Promise.all(
    libraryRoutes(metadata).map(async ({ method, path }) => {
      const { status, type } = await call(method, path.replace('{uid}', 'a-sign-in-of-nobody'));
      // What the library does not know it answers without a page.
      return status === 404 && type === 'text/plain' ? undefined : `${method} ${path}`;
    }),
  );
  const ours = operations.map(({ method, path }) => `${method} ${path}`);
  expect(ours).toEqual(expect.arrayContaining(answered.filter(Boolean)));
  for (const name of Object.keys(metadata).filter((key) => key.endsWith('_endpoint') || key === 'jwks_uri'))
    expect(Object.keys(description.paths)).toContain(new URL(String(metadata[name])).pathname);
});

/** Every route the library can have, as its own source lists them, at the addresses this hub gave them. */
function libraryRoutes(metadata: Readonly<Record<string, unknown>>): { method: string; path: string }[] {
  const main = createRequire(import.meta.url).resolve('oidc-provider');
  const source = readFileSync(new URL('helpers/initialize_app.js', `file://${main}`), 'utf8');
  const constants = new Map(
    [...source.matchAll(/const (\w+Route) = '([^']+)'/g)].map(([, name, path]) => [name!, path!]),
  );
  const addressOf = (name: string) => metadata[`${name}_endpoint`] ?? metadata[`${name}_uri`];
  const routes = [...source.matchAll(/\b(get|post|put|del)\('\w+', ([^,]+),/g)].flatMap(([, method, expression]) => {
    const [, name = '', rest = ''] = /routes\.(\w+)\}?([^`]*)/.exec(expression!) ?? [];
    const address = addressOf(name);
    const path = address
      ? new URL(String(address)).pathname + rest.replace(/:(\w+)/, '{$1}')
      : constants.get(expression!);
    return path === undefined ? [] : [{ method: method!.replace('del', 'delete').toUpperCase(), path }];
  });
  // Should the library be written another way one day, this test must not pass for want of routes.
  expect(routes.length).toBeGreaterThanOrEqual(15);
  return routes;
}

interface Told {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function call(
  method: string,
  address: string,
  headers: Readonly<Record<string, string>> = {},
  form: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const sends = method === 'POST';
  const answer = await request(new URL(address, country.hub), {
    method: method as 'GET',
    headers: { ...headers, ...(sends ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
    body: sends ? new URLSearchParams(form).toString() : null,
  });
  const type = String(answer.headers['content-type'] ?? '').split(';')[0]!;
  return { status: answer.statusCode, type, body: await answer.body.text() };
}

/** Calls the hub and holds the answer against the description: status, content type, and the form of JSON. */
async function expectDescribed(
  method: string,
  path: string,
  ...rest: Parameters<typeof call> extends [string, ...infer Rest] ? Rest : never
): Promise<Told> {
  const told = await call(method, ...rest);
  const { responses } = description.paths[path]![method.toLowerCase()]!;
  const content = responses[told.status]?.content ?? {};
  expect(
    `${method} ${path}: ${told.status} ${Object.keys(content).includes(told.type) ? told.type : Object.keys(content)}`,
  ).toBe(`${method} ${path}: ${told.status} ${told.type}`);
  if (told.type.endsWith('json')) expectForm(content[told.type]!.schema, JSON.parse(told.body));
  return told;
}
