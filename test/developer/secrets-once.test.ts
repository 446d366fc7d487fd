/** E15: secrets, tokens and links of invitations are in one answer each, and nowhere else: no page, log, export or store. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { byNationalEid } from '../citizen/citizen.ts';
import { lettersFor } from '../citizen/letters-come.ts';
import type { TestCountry } from '../country.ts';
import { Haystack } from '../haystack.ts';
import { keepLog } from '../kept-log.ts';
import { bytesOfStore } from '../store-copy.ts';
import { callApi, goodSettings, type Method, openDeveloperCountry, withToken } from './developer.ts';
import { openAgency, openService, type Somebody, signInPeople } from './people.ts';

const kept = keepLog();
let country: TestCountry;
let owner: Somebody;
let agency: string;
let service: string;
/** What was shown once, by what it is. */
const shown: Record<string, string> = {};
/** Every answer that anybody got, with what they had asked. */
const answers: { readonly to: string; readonly text: string }[] = [];
/** Answers that showed something for the only time. */
const once: { readonly cacheControl: unknown; readonly text: string }[] = [];

async function ask(method: Method, path: string, body?: unknown, token?: string) {
  const { developer } = owner;
  const answer = token
    ? await callApi(country, method, path, body, withToken(token))
    : await developer.call(method, path, body);
  answers.push({ to: `${method} ${path}`, text: JSON.stringify([answer.headers, answer.body]) });
  return answer;
}

async function looked(to: string, opened: Promise<Page>): Promise<Page> {
  const page = await opened;
  answers.push({ to, text: JSON.stringify([...page.headers]) + page.body });
  return page;
}
const open = (path: string) => looked(`GET ${path}`, owner.developer.open(path));

/** Presses a button that shows something once, and comes back to the page as people do. */
async function pressed(what: string, path: string, button: string, selector: string): Promise<void> {
  const { visitor } = owner.developer;
  const page = await looked(`${what} on a page`, visitor.press(button));
  const found = page.text(selector);
  expect(found.length).toBeGreaterThanOrEqual(43);
  shown[`${what} on a page`] = found.split('/').at(-1)!;
  once.push({ cacheControl: page.headers.get('cache-control'), text: page.body });
  // A change of language, and a look at the page later.
  const other = page.$('.languages a[hreflang=en]').attr('href')!;
  await looked(`${other} after it`, visitor.open(other));
  await open(path);
}

beforeAll(async () => {
  country = await openDeveloperCountry({ log: kept.log });
  [owner] = (await signInPeople(country, 1)) as [Somebody];
  agency = await openAgency(country, owner);
  service = await openService(country, owner, agency);
  const { visitor } = owner.developer;

  // By the API.
  const made = await ask('POST', '/tokens', {
    name: 'script',
    scopes: ['read', 'write', 'secrets', 'members'],
    days: 1,
  });
  const token: string = made.body.token;
  shown.token = token;
  const secret = await ask('POST', `/services/${service}/sandbox/secrets`, {}, token);
  shown.secret = secret.body.secret;
  const wish = { mail: 'khach@co-quan.example', role: 'reader' };
  const invited = await ask('POST', `/agencies/${agency}/invitations`, wish, token);
  shown.invitation = invited.body.link.split('/').at(-1);
  for (const { headers, body } of [made, secret, invited])
    once.push({ cacheControl: headers['cache-control'], text: JSON.stringify(body) });

  // By the pages.
  await open('/tokens');
  visitor.fill({ name: 'tay', scopes: ['read'] });
  await pressed('token', '/tokens', 'main form[action="/developer/tokens"] button', '[data-secret]');
  await open(`/agencies/${agency}`);
  visitor.fill({ mail: 'ban@co-quan.example' });
  await pressed(
    'invitation',
    `/agencies/${agency}`,
    `main form[action="/developer/agencies/${agency}/invitations"] button`,
    '[data-secret]',
  );
  const credentials = `/services/${service}/sandbox/credentials`;
  await open(credentials);
  const form = `main form[action="/developer/services/${service}/sandbox/secrets"] button`;
  await pressed('secret', credentials, form, '[data-secret]');

  // They are used: rightly, wrongly, and where they do not belong.
  const settings = goodSettings(country.callback.origin);
  await ask('PUT', `/services/${service}/sandbox/draft`, settings, token);
  await ask('POST', `/services/${service}/sandbox/publication`, undefined, token);
  await ask('PUT', `/services/${service}/sandbox/draft`, { ...settings, [shown.secret!]: shown.secret }, token);
  await ask('PUT', `/services/${service}/sandbox/draft`, { ...settings, landing_page: 7 }, token);
  await ask('GET', `/services?search=${'x'.repeat(120)}`, undefined, token);
  await ask('POST', '/invitations/accept', { token: shown.invitation }, token);
  await ask('POST', '/tokens', { name: 'y', scopes: ['read'], days: 1 }, token);
  for (const [client, password] of [
    [`${service}-sandbox`, shown.secret!],
    [service, shown.secret!],
    ['nobody', shown.token!],
  ] as const) {
    const answer = await request(new URL('/token', country.sandboxIssuer!.url), {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${client}:${password}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=authorization_code&code=none&redirect_uri=none',
    });
    answers.push({ to: 'POST /token', text: await answer.body.text() });
  }
  const guest = new Visitor();
  const link = `${country.hub}/developer/invitations/${shown.invitation}`;
  await guest.open(link);
  await byNationalEid('097201000051')(guest);
  const introduced = await guest.fill({ name: 'Người Khách', mail: wish.mail }).press('Lưu và xem tiếp');
  expect(introduced.code).toBe('developer_invitation');
  const joined = await looked('joining', guest.press('main form button.primary'));
  expect(joined.code).toBe('developer_agency');
  await looked('the link again', guest.open(link));

  // Everything is looked at.
  const { body: tokens } = await ask('GET', '/tokens');
  expect(tokens.tokens).toHaveLength(2);
  for (const path of [
    '/account',
    `/agencies/${agency}`,
    `/agencies/${agency}/members`,
    `/agencies/${agency}/invitations`,
    `/agencies/${agency}/trail`,
    `/agencies/${agency}/trail/export`,
    '/services',
    `/services/${service}`,
    `/services/${service}/trail`,
    `/services/${service}/trail/export`,
    `/services/${service}/sandbox/versions`,
    `/services/${service}/sandbox/versions/1`,
    `/services/${service}/sandbox/sign-ins`,
    `/services/${service}/sandbox/ready-pieces`,
  ])
    expect(`${path} ${(await ask('GET', path, undefined, token)).status}`).toBe(`${path} 200`);
  for (const path of [
    '',
    '/tokens',
    '/services',
    `/agencies/${agency}`,
    `/agencies/${agency}/trail`,
    `/services/${service}`,
    `/services/${service}/sandbox/settings`,
    `/services/${service}/sandbox/credentials`,
    `/services/${service}/trail`,
  ])
    expect(`${path} ${(await open(path)).status}`).toBe(`${path} 200`);
});
afterAll(() => country?.close());

describe('E15 what is secret', () => {
  test('E15 is in exactly one answer', () => {
    expect(Object.keys(shown)).toHaveLength(6);
    expect(new Set(Object.values(shown)).size).toBe(6);
    const again = Object.entries(shown).flatMap(([what, value]) =>
      answers
        // The page of an invitation stands at its link, and is nobody's but whoever has it.
        .filter(({ to }) => !(what === 'invitation' && ['joining', 'the link again'].includes(to)))
        .filter(({ text }) => text.includes(value))
        .map(({ to }) => `${what}: ${to}`),
    );
    expect(again).toHaveLength(6);
    expect(once).toHaveLength(6);
  });

  test('E15 is kept by no browser', () => {
    expect(once.map(({ cacheControl }) => cacheControl)).toEqual(once.map(() => 'no-store'));
  });

  test('E15 stands in no answer as its hash', () => {
    for (const { to, text } of answers)
      expect(`${to} ${/secret_?hash|token_?hash|\$argon2/i.exec(text)?.[0] ?? ''}`).toBe(`${to} `);
  });

  test('E15 stands in no address', () => {
    const trail = owner.developer.visitor.trail.map(({ href }) => href).join('\n');
    for (const value of Object.values(shown)) expect(trail).not.toContain(value);
  });

  test('E15 stands in no log', () => {
    expect(kept.lines.length).toBeGreaterThan(50);
    expect(new Haystack(Buffer.from(kept.lines.join('\n'))).find(Object.values(shown))).toEqual([]);
  });

  test('E15 stands in nothing that is kept', async () => {
    // The letters are gone: what waits is sealed, and what was sent is nobody’s but its reader’s.
    expect(await lettersFor(country, 'ban@co-quan.example')).toHaveLength(1);
    const bytes = await bytesOfStore(country.directory);
    expect(bytes.length).toBeGreaterThan(100_000);
    const haystack = new Haystack(bytes);
    expect(haystack.find(Object.values(shown))).toEqual([]);
    // And it would be found.
    expect(haystack.find([agency])).toEqual([agency]);
  });
});
