/** Owns the tests of the hub's own page as a client: nobody is asked to share anything with it, and nothing is shared. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { AN, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { journalIn } from '../store-copy.ts';
import { addressOf, type Changes } from './asking.ts';
import { redeem, tokensOf, userinfo } from './redeeming.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([
    { client_id: 'page', role: 'citizen_page', basis: 'law' },
    { client_id: 'service' },
  ]);
});
afterAll(() => country.close());
beforeEach(() => country.reset());

const happened = async (type: string) =>
  (await journalIn(country.configuration.dataDirectory)).filter((event) => event.type === type);

/** Opens the page's sign-in; nothing may be shown of consent. */
async function arrives(visitor: Visitor, changes: Changes = {}): Promise<string> {
  await visitor.open(addressOf(country, 'page', changes));
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor);
  if (visitor.page.code === 'continue_as') await visitor.press('decision=continue');
  expect(visitor.page.code).toBe('test_callback');
  const { status, body } = await redeem(country, 'page', visitor.page.url.searchParams.get('code')!);
  expect(status).toBe(200);
  return body.access_token;
}

test('no consent page, one consent to nothing, on the basis it is registered with', async () => {
  const access = await arrives(new Visitor(), { scope: 'openid profile birth verified_claims' });
  const { body } = await userinfo(country, access);
  expect(Object.keys(body)).toEqual(['sub']);
  await arrives(new Visitor());
  const { people, consents } = country.runningHub().store;
  const { person } = (await people.findLink('tax-code', AN.taxCode))!;
  expect(await consents.of(person)).toMatchObject([{ client: 'page', offered: [], granted: [], basis: 'law' }]);
  expect(await happened('consent_given')).toMatchObject([{ client: 'page', items: [] }]);
  expect(await happened('claims_released')).toEqual([]);
});

test('not with prompt=consent either, nor in a session that somebody else’s service began', async () => {
  const visitor = new Visitor();
  await tokensOf(country, 'service', {}, { visitor });
  await arrives(visitor);
  await arrives(visitor, { prompt: 'consent' });
  await arrives(new Visitor(), { prompt: 'consent' });
  await arrives(visitor, { prompt: 'login' });
  await arrives(visitor, { prompt: 'select_account' });
});

test('"continue as" is shown as for everybody: a session may be somebody else’s', async () => {
  const visitor = new Visitor();
  await tokensOf(country, 'service', {}, { visitor });
  await visitor.open(addressOf(country, 'page'));
  expect(visitor.page.code).toBe('continue_as');
});

test('silently there is a code only where there was a consent', async () => {
  const visitor = new Visitor();
  await tokensOf(country, 'service', {}, { visitor });
  await visitor.open(addressOf(country, 'page', { prompt: 'none' }));
  expect(visitor.page.url.searchParams.get('error')).toBe('consent_required');
  await arrives(visitor);
  await visitor.open(addressOf(country, 'page', { prompt: 'none' }));
  expect(visitor.page.url.searchParams.has('code')).toBe(true);
});
