/** Whoever is not registered: neither the browser nor a link leads there, whatever else the request says. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCountry, type TestCountry } from '../country.ts';
import { addressOf, ask, type Changes, parametersOf } from './asking.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'registered' },
    { client_id: 'archive', role: 'resource_server', secret: 'basic' },
  ]);
});
afterAll(() => country.close());

/** Addresses that are almost the registered one, whose own is given as `at`. */
const NEAR_MISSES: Readonly<Record<string, (at: URL) => string>> = {
  'a slash at the end': (at) => `${at.href}/`,
  'no path': (at) => at.origin,
  'a path below': (at) => `${at.href}/more`,
  'a way around': (at) => `${at.origin}/other/../callback`,
  'an encoded letter': (at) => at.href.replace('callback', '%63allback'),
  'other letters': (at) => at.href.replace('callback', 'Callback'),
  'other letters in the host': (at) => at.href.replace('localhost', 'LOCALHOST'),
  'the same machine by number': (at) => at.href.replace('localhost', '127.0.0.1'),
  'another port': (at) => `http://localhost:${Number(at.port) + 1}/callback`,
  'no port': () => 'http://localhost/callback',
  'another scheme': (at) => at.href.replace('http:', 'https:'),
  'a query': (at) => `${at.href}?next=1`,
  'an empty query': (at) => `${at.href}?`,
  'a fragment': (at) => `${at.href}#part`,
  'an empty fragment': (at) => `${at.href}#`,
  'a name before the host': (at) => at.href.replace('localhost', 'user@localhost'),
  'the host as a name': (at) => at.href.replace('localhost:', 'localhost.evil.example:'),
  'the host as a user': (at) => `http://localhost:${at.port}@evil.example/callback`,
  'a space before': (at) => ` ${at.href}`,
  'a line break after': (at) => `${at.href}\r\nset-cookie: a=b`,
  'another registered service': () => 'http://localhost:3201/callback',
  'a stranger': () => 'https://evil.example/callback',
  'a script': () => 'javascript:alert(1)',
  'a document': () => 'data:text/html,hello',
  'no address at all': () => 'callback',
};

/** A page of the hub that leads nowhere but to the hub itself; what was asked for is not even quoted as a link. */
async function expectLocalPage(answer: Response, code: string): Promise<void> {
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.headers.get('refresh')).toBeNull();
  expect(answer.status).toBe(400);
  const html = await answer.text();
  expect(html).toContain(`data-code="${code}"`);
  const targets = [...html.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, target]) => target ?? '');
  expect(targets.filter((target) => !/^(\/(?!\/)|#main$|tel:)/.test(target))).toEqual([]);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).not.toContain('evil.example');
  expect(html).not.toContain('http-equiv');
}

const wrong = Object.entries(NEAR_MISSES);

test.each(wrong)('A5 a redirect address that is not the registered one: %s', async (_name, nearMiss) => {
  const redirect_uri = nearMiss(new URL(country.callback.url));
  await expectLocalPage(await ask(country, 'registered', { redirect_uri }), 'redirect_uri_unknown');
});

test.each<[string, Changes]>([
  ['by form_post', { response_mode: 'form_post' }],
  ['without asking the citizen', { prompt: 'none' }],
  ['beside another error', { scope: 'profile' }],
  ['beside an unknown response type', { response_type: 'token' }],
  ['beside a missing challenge', { code_challenge: undefined, code_challenge_method: undefined }],
  ['beside a broken claims parameter', { claims: '{' }],
])('A5 a stranger’s redirect address: %s', async (_name, changes) => {
  const redirect_uri = 'https://evil.example/callback';
  await expectLocalPage(await ask(country, 'registered', { redirect_uri, ...changes }), 'redirect_uri_unknown');
});

test.each<[string, Changes, string]>([
  ['none', { redirect_uri: undefined }, 'request_invalid'],
  ['two of them', { redirect_uri: ['http://localhost/callback', 'https://evil.example/'] }, 'request_invalid'],
])('A5 a request without one redirect address: %s', async (_name, changes, code) => {
  const answer = await ask(country, 'registered', changes);
  expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({ status: 400, location: null });
  expect(await answer.text()).toContain(`data-code="${code}"`);
});

test.each([
  ['unknown', 'nobody'],
  ['in other letters', 'Registered'],
  ['with a space', 'registered '],
  ['a prototype’s property', '__proto__'],
  ['a method of objects', 'constructor'],
])('A5 a client that is not registered: %s', async (_name, id) => {
  await expectLocalPage(await ask(country, id), 'client_unknown');
  await expectLocalPage(await ask(country, id, { response_mode: 'form_post' }), 'client_unknown');
});

test('A5 a client that signs nobody in has no redirect address', async () => {
  await expectLocalPage(await ask(country, 'archive'), 'redirect_uri_unknown');
});

test('A5 no client at all, or two', async () => {
  for (const client_id of [undefined, ['registered', 'registered']]) {
    const answer = await ask(country, 'registered', { client_id });
    expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
      status: 400,
      location: null,
    });
    await answer.body?.cancel();
  }
});

test('A5 by POST too', async () => {
  const body = parametersOf(country, 'registered', { redirect_uri: 'https://evil.example/callback' });
  const answer = await fetch(addressOf(country, 'registered').origin.concat('/authorize'), {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { accept: 'text/html' },
  });
  await expectLocalPage(answer, 'redirect_uri_unknown');
});
