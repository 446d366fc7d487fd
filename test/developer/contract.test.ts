/** Owns the tests of the contract: what it takes in, what it says of what it does not, and the page on which it is read. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { load as readPage } from 'cheerio';
import { load } from 'js-yaml';
import { request } from 'undici';
import { API_PATH, type Brought, type ContractOperation, developerContract } from '../../src/developer/contract.ts';
import { readDescription } from '../../src/developer/description.ts';
import { ERROR_CODES, errorOf } from '../../src/errors.ts';
import type { TestCountry } from '../country.ts';
import { description, type Operation, operations } from '../description.ts';
import { API } from './any-call.ts';
import { callApi, type Developer, goodSettings, newDeveloper, openDeveloperCountry, withToken } from './developer.ts';
import { CAPACITIES, type Case, OPERATION_ROLES } from './operation-roles.ts';

const operation = (id: string): ContractOperation => developerContract().get(id)!;
const accepts = (id: string, brought: Partial<Brought>) =>
  operation(id).accept({ params: {}, query: {}, body: undefined, ...brought });

describe('what a request may be', () => {
  const service = { service: 'tra-cuu-ho-so', environment: 'sandbox' };
  const good = goodSettings('https://dich-vu.example');

  test('E12 what is described is taken; whole numbers of a query are numbers', () => {
    expect(accepts('putDraft', { params: service, body: good })).toMatchObject({ ok: true });
    expect(accepts('listServices', { query: { search: 'hồ sơ', all: 'yes' } })).toMatchObject({ ok: true });
  });

  test('E12 a body that may be left out is an empty one', () => {
    expect(accepts('suspend', { params: service })).toEqual({
      ok: true,
      input: { params: service, query: {}, body: {} },
    });
  });

  test.each<[string, string, Partial<Brought>, { field: string; rule: string }]>([
    [
      'another kind',
      'putDraft',
      { body: { ...good, redirect_uris: ['https://a.example', 1] } },
      { field: 'redirect_uris.1', rule: 'form' },
    ],
    ['no body', 'putDraft', {}, { field: '', rule: 'form' }],
    ['something missing', 'putAccount', { body: { name: 'An' } }, { field: 'mail', rule: 'absent' }],
    [
      'something missing inside',
      'putDraft',
      { body: { ...good, name: { vi: 'A' } } },
      { field: 'name.en', rule: 'absent' },
    ],
    ['what is not described', 'putDraft', { body: { ...good, client_secret: 'x' } }, { field: '', rule: 'unknown' }],
    [
      'another value',
      'createToken',
      { body: { name: 'a', scopes: ['all'], days: 1 } },
      { field: 'scopes.0', rule: 'form' },
    ],
    [
      'too long',
      'putAccount',
      { body: { name: 'x'.repeat(5_000), mail: 'a@b.example' } },
      { field: 'name', rule: 'over' },
    ],
    ['too many', 'createToken', { body: { name: 'a', scopes: ['read'], days: 1e9 } }, { field: 'days', rule: 'over' }],
    ['nothing', 'createToken', { body: { name: 'a', scopes: [], days: 1 } }, { field: 'scopes', rule: 'under' }],
    ['an unknown parameter', 'listServices', { query: { words: 'x' } }, { field: '', rule: 'unknown' }],
    ['a parameter twice', 'listServices', { query: { search: ['a', 'b'] } }, { field: 'search', rule: 'form' }],
    ['a body where none is', 'getAccount', { body: { all: true } }, { field: '', rule: 'unknown' }],
    ['half a character', 'putAccount', { body: { name: 'a\ud800', mail: 'a@b.example' } }, { field: '', rule: 'text' }],
    ['the character zero', 'listServices', { query: { search: 'a\0b' } }, { field: '', rule: 'text' }],
    [
      'an own __proto__',
      'createSecret',
      { params: service, body: JSON.parse('{"__proto__":{"days":1}}') },
      { field: '', rule: 'unknown' },
    ],
    [
      'an own __proto__ inside',
      'addKey',
      { params: service, body: JSON.parse('{"jwk":{"__proto__":1}}') },
      { field: '', rule: 'unknown' },
    ],
    ['no end', 'addKey', { params: service, body: { jwk: nested(2_000) } }, { field: '', rule: 'depth' }],
  ])('E12 refused, with the place and the rule: %s', (_what, id, brought, place) => {
    const whole = { ...(id === 'putDraft' ? { params: service } : {}), ...brought };
    expect(accepts(id, whole)).toEqual({ ok: false, at: [place] });
  });

  test('E12 a text that is four times as long takes no more than a few times as long', () => {
    // Patterns that try again and again would take sixteen times as long, or for ever.
    const patterns = patternsIn(readDescription()).map((pattern) => new RegExp(pattern, 'u'));
    const once = (length: number) => {
      const begun = performance.now();
      for (const part of ['a', '-', 'a-', '.', ' ', 'ộ', 'a.', '/', '0']) {
        const text = part.repeat(length);
        for (const pattern of patterns) pattern.test(`${text}!`);
        const all = everything(text);
        for (const { accept } of developerContract().values()) accept({ params: all, query: all, body: all });
      }
      return performance.now() - begun;
    };
    const best = (length: number) => Math.min(once(length), once(length), once(length));
    // Once for whatever is compiled at its first use.
    once(10);
    expect(best(8_000) / best(2_000)).toBeLessThan(10);
  });

  test('E12 an answer that is not described does not go out, and what it holds is not told', () => {
    const { objections } = operation('createSecret');
    expect(objections(418, {})).toEqual(['there is no such status']);
    expect(objections(201, { secret: 'very-secret' }).join()).not.toContain('very-secret');
    expect(objections(201, { secret: 'very-secret' })).not.toEqual([]);
    expect(operation('endCredential').objections(204, undefined)).toEqual([]);
    expect(operation('endCredential').objections(204, {})).toEqual(['it has no body']);
  });
});

describe('at the hub', () => {
  let country: TestCountry;
  let developer: Developer;
  beforeAll(async () => {
    country = await openDeveloperCountry();
    developer = await newDeveloper(country, 'Nguyễn Văn An');
  });
  afterAll(() => country?.close());

  test('E12 each operation that is described is there, and each that is there is described', async () => {
    const described = operations.filter(({ path }) => path.startsWith(`${API}/`));
    expect([...developerContract().keys()].toSorted()).toEqual(
      described.map((one) => one.operation.operationId).toSorted(),
    );
    for (const { method, path, operation } of described) {
      const { headers, status } = await callApi(country, 'PATCH' as 'GET', exampleOf(path, operation));
      expect({ path, status }).toEqual({ path, status: 405 });
      expect(String(headers.allow).split(', ')).toContain(method);
    }
  });

  test('E12 what is wrong with a request is told with its field, in both languages, without what was sent', async () => {
    const answer = await developer.call('PUT', '/account', { name: 'very-private'.repeat(100), mail: 'a@b.example' });
    expect(answer.status).toBe(400);
    const { error, problems } = answer.body;
    expect({ error, problems }).toEqual({
      error: 'request_invalid',
      problems: [
        {
          field: 'name',
          code: 'request_over',
          reason: { vi: expect.stringMatching(/\p{L}{2}/u), en: expect.stringMatching(/shorten/i) },
        },
      ],
    });
    expect(JSON.stringify(answer.body)).not.toContain('very-private');
  });

  test('E12 a challenge says what would be enough', async () => {
    const challenge = async (headers: Record<string, string>, path = '/account', method: 'GET' | 'POST' = 'GET') =>
      (await callApi(country, method, path, method === 'GET' ? undefined : {}, headers)).headers['www-authenticate'];
    expect(await challenge({})).toBe('Bearer');
    expect(await challenge(withToken('lt_pat_x'))).toBe('Bearer error="invalid_token"');
    const { token } = await developer.ask('POST', '/tokens', { name: 'reads', scopes: ['read'], days: 1 });
    expect(await challenge(withToken(token), '/agencies', 'POST')).toBe('Bearer error="insufficient_scope"');
  });

  test('E12 a token may call what the description says its scope may, and nothing else', async () => {
    const scopes = ['read', 'write', 'secrets', 'members'];
    for (const scope of scopes) {
      const { token } = await developer.ask('POST', '/tokens', { name: scope, scopes: [scope], days: 1 });
      for (const { method, path, operation: described } of operations.filter((one) => one.path.startsWith(`${API}/`))) {
        const { operationId, security = [], requestBody } = described;
        const needed = security.map(({ developerToken }) => developerToken).find(Boolean);
        // Nothing that it is given is right, so that nothing is done.
        const body = requestBody ? { nothing: true } : undefined;
        const told = await callApi(country, method as 'GET', exampleOf(path, described), body, withToken(token));
        const isRefused = ['session_needed', 'scope_missing'].includes(told.body.error);
        const mayCall = security.length === 0 || (needed?.includes(scope) ?? false);
        expect({ operationId, scope, isRefused }).toEqual({ operationId, scope, isRefused: !mayCall });
      }
    }
  });

  test('E12 addresses are taken as they are written', async () => {
    const { status: right } = await developer.call('GET', '/account');
    expect(right).toBe(200);
    for (const path of ['/account/', '/Account', '/account/x', '//account', '/%61ccount%2f'])
      expect([path, (await developer.call('GET', path)).status]).toEqual([path, 404]);
    const head = await request(new URL(`${API}/account`, country.hub), {
      reset: true,
      method: 'HEAD',
      headers: await developer.proof(),
    });
    expect([head.statusCode, await head.body.text()]).toEqual([200, '']);
  });

  test.each(['yaml', 'json'])('E12 the description is given away as %s, with this hub’s address', async (form) => {
    const { statusCode, headers, body } = await request(new URL(`/openapi.${form}`, country.hub), { reset: true });
    const text = await body.text();
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe(`application/${form}; charset=utf-8`);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['set-cookie']).toBeUndefined();
    const told = (form === 'yaml' ? load(text) : JSON.parse(text)) as object;
    expect(told).toEqual({ ...readDescription(), servers: [{ url: new URL(country.hub).origin }] });
  });

  describe.each(['vi', 'en'] as const)('its reference in %s', (language) => {
    let html: string;
    let page: ReturnType<typeof readPage>;
    beforeAll(async () => {
      const headers = { 'accept-language': language };
      const answer = await request(new URL('/developer/reference', country.hub), { headers, reset: true });
      expect(answer.statusCode).toBe(200);
      html = await answer.body.text();
      page = readPage(html);
    });

    test('E12 shows each operation with its address, who may call it, and a call that can be copied', () => {
      for (const {
        method,
        path,
        operation: { operationId, security },
      } of operations) {
        const shown = page(`article[data-operation="${operationId}"]`);
        expect(`${operationId}: ${shown.find('.call').text().trim()}`).toBe(`${operationId}: ${method} ${path} #`);
        expect(shown.find('h4 + ul > li').length).toBeGreaterThanOrEqual(security?.length ?? 0);
        if (!path.startsWith(API)) continue;
        const curl = shown.find('pre').text();
        expect([operationId, curl]).toEqual([operationId, expect.stringContaining(`'${country.hub}${API}`)]);
        expect(curl).not.toContain('{service}');
      }
    });

    test('E12 says each error in words', () => {
      for (const code of ERROR_CODES)
        expect(page(`#code-${code}`).text()).toMatch(wordsOf(errorOf(code).title[language]));
    });

    test('E12 has no script, no heading left out, and no link that leads nowhere', () => {
      expect(html.length).toBeLessThan(1_000_000);
      expect(page('script, [style], [onclick]').length).toBe(0);
      expect(page('html').attr('lang')).toBe(language);
      const ids = page('[id]')
        .toArray()
        .map((one) => one.attribs.id);
      expect(new Set(ids).size).toBe(ids.length);
      const targets = page('a[href^="#"]')
        .toArray()
        .map((one) => one.attribs.href!.slice(1));
      expect(targets.filter((one) => !ids.includes(one))).toEqual([]);
      expect(html).not.toMatch(/undefined|\[object Object\]/);
    });
  });

  test('E12 who is signed in reads the reference as a part of the console', async () => {
    const page = await developer.open('/reference');
    expect(page.code).toBe('developer_reference');
    expect(page.$('nav.rooms a[aria-current=page]').attr('href')).toBe('/developer/reference');
  });
});

test('E12 the smallest role that the description names is the one that the hub asks for', () => {
  const least = (cases: readonly Case[]) =>
    CAPACITIES.find((capacity) => cases.some(({ may }) => may.includes(capacity) && !may.includes('stranger')));
  for (const { path, operation } of operations.filter((one) =>
    /^\/developer\/api\/(agencies|services)\/\{/.test(one.path),
  )) {
    // Whom the hub asks for is held against the same table, operation by operation (roles.test.ts).
    const cases = OPERATION_ROLES[operation.operationId] ?? [];
    if (cases.length === 0) throw new Error(`${path}: nobody has said who may call it`);
    const role = operation['x-role'];
    expect([operation.operationId, role]).toEqual([operation.operationId, least(cases)]);
    const inProduction = operation['x-role-in-production'] ?? role;
    // Where each environment has its case, that of production comes second.
    const [, second] = path.includes('{environment}') ? cases : [];
    if (second) expect([operation.operationId, inProduction]).toEqual([operation.operationId, least([second])]);
  }
});

test('E12 it is read quickly, and what it checks costs nothing that one could measure', () => {
  const begun = performance.now();
  for (let n = 0; n < 1_000; n += 1) accepts('putAccount', { body: { name: 'An', mail: 'a@b.example' } });
  // Generous, because tests share their processors: it is two hundredths of a millisecond.
  expect((performance.now() - begun) / 1_000).toBeLessThan(1);
  expect(Object.keys(description.paths).length).toBeGreaterThan(50);
});

/** Below the API, with its examples in place. */
function exampleOf(path: string, { parameters = [] }: Operation): string {
  const example = (name: string) => String(parameters.find((one) => one.name === name)?.example);
  return path.slice(API_PATH.length).replace(/\{(\w+)\}/g, (_, name) => example(name));
}

/** What a title names is filled in, and it begins with a capital. */
function wordsOf(title: string): RegExp {
  const [first = '', ...rest] = title.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp([first.slice(1), ...rest].join('.+'));
}

function nested(levels: number): unknown {
  let inside: unknown = 1;
  for (let n = 0; n < levels; n += 1) inside = { a: inside };
  return inside;
}

/** Under each name that any operation has: this text. */
function everything(text: string): Record<string, unknown> {
  const names = operations.flatMap(({ operation: { parameters = [], requestBody } }) => [
    ...parameters.map(({ name }) => name),
    ...Object.keys(requestBody?.content?.['application/json']?.schema.properties ?? {}),
  ]);
  return Object.fromEntries(names.map((name) => [name, text]));
}

function patternsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value),
  );
}
