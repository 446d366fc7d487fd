/** Owns the tests of what a sample agency does by itself, while no hub answers. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openAgency } from '../../sandbox/agencies/agency.ts';
import { LIBRARY } from '../../sandbox/agencies/profiles.ts';
import { type Listener, listen } from '../../sandbox/listener.ts';
import { Visitor } from '../../sandbox/visitor.ts';

let listener: Listener;
beforeAll(async () => {
  listener = await listen(0, 'an agency');
  openAgency({
    profile: LIBRARY,
    listener,
    hub: 'http://localhost:9',
    proof: { method: 'client_secret_basic', secret: 'a secret of no hub' },
  });
});
afterAll(() => listener.close());

test('the home page has the button, strict headers and a cookie of its own', async () => {
  const visitor = new Visitor();
  await visitor.open(listener.url);
  expect(visitor.page.$('a.lien-thong-button').attr('href')).toBe('/login');
  expect(visitor.page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(visitor.page.headers.get('x-powered-by')).toBeNull();
  expect(Object.keys(await visitor.cookies(listener.url))).toEqual(['e_library_visit']);
});

test('a hub that is down is told, with a way to try again', async () => {
  const visitor = new Visitor();
  await visitor.open(`${listener.url}/login`);
  expect([visitor.page.status, visitor.page.error]).toEqual([503, 'hub_unavailable']);
  expect(visitor.page.has('a[href="/login"]')).toBe(true);
});

test('whoever has not signed in sees no hello and has nothing to sign out of', async () => {
  const visitor = new Visitor();
  for (const path of ['/hello', '/logout']) {
    await visitor.open(`${listener.url}${path}`);
    expect(visitor.page.code).toBe('home');
  }
  await visitor.open(`${listener.url}/signed-out`);
  expect(visitor.page.code).toBe('signed_out_at_agency');
});

test('an answer posted from nowhere is not accepted, and what it says is shown as text', async () => {
  const visitor = new Visitor();
  await visitor.open(listener.url);
  await visitor.post('/callback', { code: 'stolen', state: '<script>' });
  expect([visitor.page.status, visitor.page.error]).toEqual([400, 'unknown_request']);
  expect(visitor.page.body).not.toContain('<script>');
});
