/** E2 on the pages: whatever an owner is led to is not there for others, and no form of theirs does anything for them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FormData, request } from 'undici';
import { Visitor } from '../../sandbox/visitor.ts';
import type { TestCountry } from '../country.ts';
import { openDeveloperCountry } from './developer.ts';
import { type Somebody, signInPeople } from './people.ts';
import { openPlace, type Place, type Roles } from './places.ts';

let country: TestCountry;
let people: readonly Somebody[];
let roles: Roles;
beforeAll(async () => {
  country = await openDeveloperCountry();
  people = await signInPeople(country, 4);
  const [owner, developer, reader] = people.map(({ account }) => account) as [string, string, string];
  roles = { owner, developer, reader };
});
afterAll(() => country?.close());

interface Led {
  /** Paths with an id of the place in them. */
  readonly pages: readonly string[];
  /** Led to, and not there. */
  readonly dead: readonly string[];
  readonly forms: readonly { readonly action: string; readonly files: boolean }[];
}

/** All that somebody is led to from an agency and its service. */
async function ledTo({ developer: { visitor } }: Somebody, { params }: Place): Promise<Led> {
  const isOfPlace = (path: string) =>
    path.startsWith('/developer/') && (path.includes(params.agency!) || path.includes(params.service!));
  const waiting = [`/developer/agencies/${params.agency}`, `/developer/services/${params.service}`];
  const [pages, dead] = [new Set<string>(), new Set<string>()];
  const forms = new Map<string, boolean>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue;
    const { $, status, headers, url } = await visitor.open(new URL(path, country.hub));
    if (status !== 200) {
      dead.add(`${path} ${status}`);
      continue;
    }
    pages.add(path);
    if (!headers.get('content-type')?.startsWith('text/html')) continue;
    for (const link of $('main a[href]').toArray()) {
      const { origin, pathname } = new URL($(link).attr('href')!, url);
      if (origin === url.origin && isOfPlace(pathname)) waiting.push(pathname);
    }
    for (const form of $('main form[method=post]').toArray()) {
      const { pathname } = new URL($(form).attr('action') ?? '', url);
      if (isOfPlace(pathname)) forms.set(pathname, $(form).attr('enctype') === 'multipart/form-data');
    }
  }
  return { dead: [...dead], pages: [...pages], forms: [...forms].map(([action, files]) => ({ action, files })) };
}

/** Sends a form as a browser would that has nothing in it but the token of the visit. */
async function sent({ developer: { visitor } }: Somebody, { action, files }: Led['forms'][number]): Promise<number> {
  const page = await visitor.open(new URL('/developer', country.hub));
  const token = page.$('input[name=form_token]').first().attr('value')!;
  if (!files) return (await visitor.post(new URL(action, country.hub), { form_token: token })).status;
  const body = new FormData();
  body.set('form_token', token);
  body.set(
    'content',
    new Blob(['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>']),
  );
  const cookies = Object.entries(await visitor.cookies(page.url)).map(([name, value]) => `${name}=${value}`);
  const headers = { cookie: cookies.join('; '), 'sec-fetch-site': 'same-origin', origin: page.url.origin };
  const { statusCode } = await request(new URL(action, country.hub), { method: 'POST', headers, body });
  return statusCode;
}

async function recordsOf({ params }: Place): Promise<string> {
  const { agencies, services } = country.runningHub().store.developer;
  return JSON.stringify([await agencies.find(params.agency!), await services.find(params.service!)]);
}

test('E2 nobody is led to what is not there, or not for them', async () => {
  const place = await openPlace(country, roles);
  for (const one of people.slice(0, 3)) expect((await ledTo(one, place)).dead).toEqual([]);
});

test('E2 no page and no form of another team is there', async () => {
  const [owner, , , stranger] = people as [Somebody, Somebody, Somebody, Somebody];
  const place = await openPlace(country, roles);
  const { pages, forms } = await ledTo(owner, place);
  expect(pages.length).toBeGreaterThanOrEqual(6);
  expect(forms.length).toBeGreaterThanOrEqual(10);
  const before = await recordsOf(place);
  const seen: string[] = [];
  for (const path of pages) {
    const { status, body } = await stranger.developer.visitor.open(new URL(path, country.hub));
    seen.push(`${path} ${status}`);
    expect(body).not.toContain('Tra cứu hồ sơ');
  }
  expect(seen).toEqual(pages.map((path) => `${path} 404`));
  const done: string[] = [];
  for (const form of forms) done.push(`${form.action} ${await sent(stranger, form)}`);
  expect(done).toEqual(forms.map(({ action }) => `${action} 404`));
  expect(await recordsOf(place)).toBe(before);
});

test('E2 a reader sees the pages and changes nothing by a form that is not theirs', async () => {
  const [owner, , reader] = people as [Somebody, Somebody, Somebody];
  const place = await openPlace(country, roles);
  const [all, own] = [await ledTo(owner, place), await ledTo(reader, place)];
  const before = await recordsOf(place);
  const isOwn = (action: string) => own.forms.some((one) => one.action === action);
  const notTheirs = all.forms.filter(({ action }) => !isOwn(action));
  expect(notTheirs.length).toBeGreaterThanOrEqual(10);
  const done: string[] = [];
  for (const form of notTheirs) done.push(`${form.action} ${await sent(reader, form)}`);
  // Whoever may look is told what is missing in a form before they are told that it is not theirs.
  expect(done.filter((one) => !/ (403|404|422)$/.test(one))).toEqual([]);
  expect(await recordsOf(place)).toBe(before);
});

test('E2 whoever is not signed in is led to sign in, and comes back', async () => {
  const { params } = await openPlace(country, roles);
  for (const path of ['', '/tokens', '/services', `/agencies/${params.agency}`, `/services/${params.service}`]) {
    const visitor = new Visitor();
    expect((await visitor.open(`${country.hub}/developer${path}`)).code).toBe('choose_source');
  }
});
