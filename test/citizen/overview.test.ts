/** The first room: signed in to like an agency, readable without scripts, gone with the session it rests on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN_NUMBER, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { byTaxCode, callApi, formTokenOf, signInToPage } from './citizen.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'land-office' }]);
});
afterAll(() => country.close());

async function atThePage(): Promise<Visitor> {
  const visitor = new Visitor();
  expect((await signInToPage(country, visitor)).code).toBe('citizen_overview');
  return visitor;
}

test('the citizen signs in to the page at the hub, and sees who the hub says they are, and from where', async () => {
  const visitor = await atThePage();
  expect(visitor.page.text('main')).toContain('Nguyễn Văn An');
  expect(visitor.page.text('.rooms')).toContain('Nguyễn Văn An');
  expect(visitor.page.text('main')).toContain('14/03/1990');
  const { status, body } = await callApi(country, visitor, '/');
  expect(status).toBe(200);
  expect(body).toMatchObject({ from: 'population_register', signedIn: { level: 'loa1' } });
  expect(body.attributes).toContainEqual({ id: 'birthdate', value: '1990-03-14' });
});

test('the page belongs to the session of the hub: whoever signs out there has left it, too', async () => {
  const visitor = await atThePage();
  const pressed = await visitor.press('.rooms button');
  expect(pressed.code).toBe('sign_out');
  await visitor.press('logout=yes');
  expect((await visitor.open(new URL('/citizen', country.hub))).code).toBe('choose_source');
  expect((await callApi(country, visitor, '/')).status).toBe(401);
});

test('a person whom an operator locks is at the page no more, at once', async () => {
  const visitor = await atThePage();
  const { people } = country.runningHub().store;
  const person = (await people.findHolder(AN_NUMBER))!;
  try {
    expect(await people.lock(person, [])).toBe(true);
    expect((await callApi(country, visitor, '/')).status).toBe(401);
  } finally {
    await people.unlock(person, []);
  }
  expect((await callApi(country, visitor, '/')).status).toBe(200);
});

test('somebody who turns back at a stronger sign-in goes on as before', async () => {
  const visitor = await atThePage();
  await visitor.open(new URL('/citizen/sign-in?fresh=yes&level=loa2&back=/citizen', country.hub));
  expect(visitor.page.code).toBe('choose_source');
  const form = visitor.page.$('form[action$="/cancel"]');
  expect(form).toHaveLength(1);
  await visitor.post(new URL(form.attr('action')!, country.hub), {});
  expect(visitor.page.code).toBe('citizen_overview');
});

test('who turns back and is nobody is told so, with a way in', async () => {
  const visitor = new Visitor();
  await visitor.open(new URL('/citizen', country.hub));
  await visitor.post(new URL(visitor.page.$('form[action$="/cancel"]').attr('action')!, country.hub), {});
  expect(visitor.page.code).toBe('sign_in_needed');
  expect(visitor.page.has('a[href^="/citizen/sign-in"]')).toBe(true);
});

test.each([
  'https://evil.example/',
  '//evil.example',
  '/citizen//evil.example/..%2f',
  '/language/en',
  '/citizen\\evil.example',
  '/citizenevil',
])('a sign-in never leads back to %s', async (back) => {
  const visitor = await atThePage();
  await visitor.open(new URL(`/citizen/sign-in?back=${encodeURIComponent(back)}`, country.hub));
  expect(visitor.page.url.origin).toBe(country.hub);
  expect(visitor.page.url.pathname).toMatch(/^\/citizen(\/|$)/);
});

test('D9 a session is taken from the own cookie or the own token, and from nothing else', async () => {
  const visitor = await atThePage();
  const party = await relyingParty(country, 'land-office');
  const { access_token } = await tokensFor(country, party, {}, { visitor });
  const stranger = new Visitor();
  const withToken = (token: string) =>
    callApi(country, stranger, '/', { headers: { authorization: `Bearer ${token}` } });
  // An agency's token is the person's, but not given to this page.
  expect((await withToken(access_token)).status).toBe(401);
  expect((await withToken('nonsense')).status).toBe(401);
  const cookies = await visitor.cookies(new URL('/citizen', country.hub));
  const own = cookies.lt_citizen!;
  const forged = [own.slice(0, -2), `${own}AA`, own.toUpperCase(), '', 'e30'];
  for (const value of forged)
    expect((await callApi(country, stranger, '/', { headers: { cookie: `lt_citizen=${value}` } })).status).toBe(401);
});

test('D10 an answer to a sign-in that another browser began is nobody’s', async () => {
  const attacker = new Visitor({ stopsBefore: ({ pathname }) => pathname === '/citizen/callback' });
  await attacker.open(new URL('/citizen', country.hub));
  await byTaxCode()(attacker);
  const answer = new URL(attacker.page.headers.get('location')!, country.hub);
  expect(answer.searchParams.has('code')).toBe(true);
  const victim = new Visitor();
  expect((await victim.open(answer)).code).toBe('other_browser');
  expect((await callApi(country, victim, '/')).status).toBe(401);
  expect(await formTokenOf(country, victim)).toBe('');
});
