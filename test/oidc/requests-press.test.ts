/** Each press of a button is a request of its own, at the agency and at the source, and pressing twice does no harm. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';

let country: TestCountry;
let configuration: client.Configuration;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'presser' }]);
  configuration = await relyingParty(country, 'presser');
});
afterAll(() => country.close());

/** What must never be the same twice. */
const secretsOf = ({ searchParams }: URL) => ['state', 'nonce', 'code_challenge'].map((name) => searchParams.get(name));

/** The authorization requests a browser took along to `origin`. */
const requestsAt = (visitor: Visitor, origin: string) =>
  visitor.trail.filter((url) => url.origin === origin && url.searchParams.has('code_challenge'));

function expectAllDifferent(requests: readonly URL[]): void {
  const secrets = requests.flatMap(secretsOf);
  expect(secrets).not.toContain(null);
  expect(new Set(secrets).size).toBe(secrets.length);
}

test.each([
  'songHong',
  'library',
] as const)('A3 the button of a sample agency asks anew each time: %s', async (agency) => {
  const visitor = new Visitor();
  for (let presses = 0; presses < 3; presses += 1) await visitor.open(`${country[agency].url}/login`);
  const requests = requestsAt(visitor, country.hub);
  expect(requests).toHaveLength(3);
  expectAllDifferent(requests);
});

test('A3 each press of a source’s button is a request of its own there, fully protected', async () => {
  const visitor = new Visitor();
  const { address } = await pressButton(configuration, country);
  const choice = await visitor.open(address);
  for (let presses = 0; presses < 3; presses += 1) {
    await visitor.open(choice.url);
    await visitor.press('source=tax-code');
  }
  const requests = requestsAt(visitor, country.taxAuthority.issuer);
  expect(requests).toHaveLength(3);
  expectAllDifferent(requests);
  for (const request of requests) {
    expect(Object.fromEntries(request.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${country.hub}/sources/tax-code/callback`,
      prompt: 'login',
    });
    // What the agency said of the request stays between it and the hub.
    for (const secret of secretsOf(address)) expect(request.search).not.toContain(secret);
  }
});

test('A3 the agency’s button pressed twice: both requests finish, each with its own answer', async () => {
  const first = new Visitor();
  const other = first.newTab();
  const presses = [await pressButton(configuration, country), await pressButton(configuration, country)];
  await first.open(presses[0]!.address);
  await other.open(presses[1]!.address);
  const codes = [];
  for (const [index, tab] of [other, first].entries()) {
    let page = await proveByTaxCode(tab);
    if (page.code === 'consent') page = await tab.press('decision=agree');
    expect(page.code).toBe('test_callback');
    const { checks } = presses[1 - index]!;
    const answer = country.callback.answers.at(-1)!.address;
    codes.push(await client.authorizationCodeGrant(configuration, answer, { ...checks, idTokenExpected: true }));
  }
  expect(new Set(codes.map((tokens) => tokens.claims()!.sub)).size).toBe(1);
});

test('A3 the source’s button pressed twice: the later press finishes, the earlier one is led back to the agency', async () => {
  const visitor = new Visitor();
  const pressed = await pressButton(configuration, country);
  const choice = await visitor.open(pressed.address);
  const earlier = visitor.newTab();
  await earlier.open(choice.url);
  await earlier.press('source=tax-code');
  let page = await proveByTaxCode(visitor);
  if (page.code === 'consent') page = await visitor.press('decision=agree');
  expect(page.code).toBe('test_callback');

  earlier.fill({ tax_code: AN.taxCode, password: AN.password });
  page = await earlier.press('decision=sign_in');
  expect(page).toMatchObject({ code: 'request_expired', status: 400 });
  expect(page.has(`a[href="${country.service('presser').registration.login_uri}"]`)).toBe(true);
});

test('A3 the source’s button pressed twice: the earlier press finishes too, when it is the one carried on', async () => {
  const visitor = new Visitor();
  const pressed = await pressButton(configuration, country);
  const choice = await visitor.open(pressed.address);
  const later = visitor.newTab();
  await visitor.press('source=tax-code');
  await later.open(choice.url);
  await later.press('source=tax-code');
  visitor.fill({ tax_code: AN.taxCode, password: AN.password });
  let page = await visitor.press('decision=sign_in');
  if (page.code === 'consent') page = await visitor.press('decision=agree');
  const answer = country.callback.answers.at(-1)!.address;
  const tokens = await client.authorizationCodeGrant(configuration, answer, {
    ...pressed.checks,
    idTokenExpected: true,
  });
  expect(tokens.claims()).toMatchObject({ aud: 'presser' });
});

test('A3 consent pressed twice: one code, and the second press is led back to the agency', async () => {
  const visitor = new Visitor();
  await visitor.open((await pressButton(configuration, country, { prompt: 'consent' })).address);
  const consent = await proveByTaxCode(visitor);
  expect(consent.code).toBe('consent');
  const again = visitor.newTab();
  await again.open(consent.url);
  const before = country.callback.answers.length;
  expect((await visitor.press('decision=agree')).code).toBe('test_callback');
  const page = await again.press('decision=agree');
  expect(page.url.href).toBe(country.service('presser').registration.login_uri);
  expect(country.callback.answers).toHaveLength(before + 1);
});
