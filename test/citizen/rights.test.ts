/**
 * Rights are used on the page, and each request has a number and a clock: D15 (the clock is shown and kept), D9 (a case is
 * nobody else's), D10 (nobody asks in another's name).
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { clockOf } from '../../src/citizen/cases/clocks.ts';
import { AN_NUMBER, HOA, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { until } from '../engines/until.ts';
import { journalIn } from '../store-copy.ts';
import { ageSignIns, byTaxCode, callApi, signInToPage } from './citizen.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'land-office' }, { client_id: 'never-met' }], {
    configure: (configuration) => ({ ...configuration, changeInterval: 50, deliveryPauses: [50] }),
  });
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

async function at(path: string, account?: Parameters<typeof byTaxCode>[0]): Promise<Visitor> {
  const visitor = new Visitor({ language: 'en' });
  await signInToPage(country, visitor, byTaxCode(account), path);
  return visitor;
}

const numberIn = (visitor: Visitor) => visitor.page.url.pathname.split('/').at(-1)!;
const told = async () => (await journalIn(country.configuration.dataDirectory)).map(({ type }) => type);

test('D15 every right of the law is there, with the place where it is used and how fast it is answered', async () => {
  const visitor = await at('/citizen/rights');
  const { body } = await callApi(country, visitor, '/rights');
  expect(body.rights.map(({ kind }: { kind: string }) => kind)).toEqual([
    'inform',
    'access',
    'correct',
    'withdraw',
    'restrict',
    'object',
    'erase',
    'complain',
  ]);
  expect(body).toMatchObject({ acknowledgedWithin: 2, cases: { open: 0, all: 0 } });
  for (const { see, days, kind } of body.rights) {
    expect(days.alone).toBeGreaterThan(0);
    expect(visitor.page.has(`[data-right=${kind}] a[href^="${see}"]`)).toBe(true);
    // Each leads somewhere.
    const page = await visitor.newTab().open(new URL(see, country.hub));
    expect([page.url.pathname, page.status]).toEqual([new URL(see, country.hub).pathname, 200]);
  }
  expect(visitor.page.text('main')).toContain('acknowledged within 2 working days');
});

test('D15 a request becomes a case with a number and dates, as the decree counts them', async () => {
  const visitor = await at('/citizen/rights/open?kind=restrict');
  const before = Date.now();
  visitor.fill({ text: ' Please stop.\r\nThank you. ' });
  const page = await visitor.press('button.primary');
  expect(page.code).toBe('citizen_case');
  const number = numberIn(visitor);
  expect(number).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
  const clock = clockOf('restrict', before, { processors: false });
  const { body } = await callApi(country, visitor, `/cases/${number}`);
  expect(body).toMatchObject({
    number,
    kind: 'restrict',
    state: 'open',
    about: { said: 'Please stop.\nThank you.' },
  });
  // The last second of the last day, so that the day is the right one.
  expect(Date.parse(body.acknowledgeBy)).toBe(clock.acknowledgeBy - 1000);
  expect(Date.parse(body.answerBy)).toBe(clock.answerBy - 1000);
  expect(page.$('[data-answer-by]').attr('data-answer-by')).toBe(body.answerBy);
  expect((await callApi(country, visitor, '/cases')).body.cases).toHaveLength(1);
  expect((await callApi(country, visitor, '/')).body.attention).toContainEqual(
    expect.objectContaining({ kind: 'case_open', number }),
  );
  expect(await told()).toContain('case_opened');
});

test('D15 where an agency has to act, too, the answer may take longer; only one that was met can be named', async () => {
  await tokensFor(country, await relyingParty(country, 'land-office'));
  const visitor = await at('/citizen/rights');
  const before = Date.now();
  const ask = (client: string) =>
    callApi(country, visitor, '/rights/open', { method: 'POST', body: { kind: 'object', client, text: 'No.' } });
  const { number } = (await ask('land-office')).body;
  const { answerBy, about } = (await callApi(country, visitor, `/cases/${number}`)).body;
  expect(Date.parse(answerBy)).toBe(clockOf('object', before, { processors: true }).answerBy - 1000);
  expect(about.service.name.en).toBe('Test service');
  expect((await ask('never-met')).status).toBe(404);
  expect((await ask('../x')).status).toBe(400);
});

test('D9 somebody else’s case is as if it were not there, however its number is written', async () => {
  const an = await at('/citizen');
  const { body } = await callApi(country, an, '/rights/open', {
    method: 'POST',
    body: { kind: 'inform', text: 'A secret of An.' },
  });
  const hoa = await at('/citizen', HOA);
  for (const number of [body.number, body.number.toLowerCase(), 'KHQ7-2M9P', '..%2f..', "' or 1=1 --"]) {
    const answer = await callApi(country, hoa, `/cases/${encodeURIComponent(number)}`);
    expect([number, answer.status, answer.body.error]).toEqual([number, 404, 'not_found']);
    const page = await hoa.newTab().open(new URL(`/citizen/cases/${encodeURIComponent(number)}`, country.hub));
    expect(page.status).toBe(404);
    expect(page.body).not.toContain('secret');
  }
  expect((await callApi(country, hoa, '/cases')).body.cases).toEqual([]);
});

test('D10 nobody opens a case without a form of the visit, from another site, or signed in too long ago', async () => {
  const visitor = await at('/citizen');
  const body = { kind: 'complain', text: 'x' };
  const post = (call: object) => callApi(country, visitor, '/rights/open', { method: 'POST', body, ...call });
  expect((await post({ formToken: undefined })).body.error).toBe('form_outdated');
  expect((await post({ formToken: 'AAAA' })).body.error).toBe('form_outdated');
  expect((await post({ headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } })).body.error).toBe(
    'cross_site_request',
  );
  for (const wrong of [
    { ...body, text: '' },
    { ...body, text: 'x'.repeat(2_001) },
    { ...body, kind: 'not_me' },
    { ...body, person: 'x' },
  ])
    expect((await callApi(country, visitor, '/rights/open', { method: 'POST', body: wrong })).status).toBe(400);
  await ageSignIns(country, 16 * 60);
  const stale = await post({});
  expect([stale.status, stale.body.error]).toEqual([401, 'sign_in_needed']);
  await visitor.open(new URL('/citizen/rights/open', country.hub));
  visitor.fill({ text: 'Too late.' });
  const page = await visitor.press('button.primary');
  expect(page.code).toBe('citizen_sign_in_again');
  expect((await callApi(country, visitor, '/cases')).body.cases).toEqual([]);
});

test('nobody has more than twenty open cases, however fast they are sent', async () => {
  const visitor = await at('/citizen');
  const body = { kind: 'complain', text: 'again' };
  const formToken = visitor.page.$('input[name=form_token]').first().attr('value');
  const sent = await Promise.all(
    Array.from({ length: 30 }, () => callApi(country, visitor, '/rights/open', { method: 'POST', body, formToken })),
  );
  expect(sent.filter(({ status }) => status === 200)).toHaveLength(20);
  expect(new Set(sent.filter(({ status }) => status !== 200).map((one) => one.body.error))).toEqual(
    new Set(['too_many_cases']),
  );
  expect((await callApi(country, visitor, '/cases')).body.cases).toHaveLength(20);
});

async function askToCorrect(visitor: Visitor, values: Record<string, string>): Promise<string> {
  await visitor.open(new URL('/citizen/rights/correct', country.hub));
  visitor.fill(values);
  expect((await visitor.press('button.primary')).code).toBe('citizen_case');
  return numberIn(visitor);
}
const stateOf = async (visitor: Visitor, number: string) =>
  (await callApi(country, visitor, `/cases/${number}`)).body as { state: string; answer?: string };
const inState = (visitor: Visitor, number: string, wanted: string) =>
  until(async () => (await stateOf(visitor, number)).state === wanted, 10_000);

test('D15 a correction goes to the register, whose clerk’s decision is the answer', async () => {
  const visitor = await at('/citizen');
  const number = await askToCorrect(visitor, { attribute: 'name', should_be: 'Nguyễn Văn Ân', text: 'As on my card.' });
  await inState(visitor, number, 'forwarded');
  const desk = new Visitor();
  await desk.open(new URL('/clerk', country.populationRegister.url));
  expect(desk.page.text(`[data-case="${number}"]`)).toContain('Nguyễn Văn Ân');
  desk.fill({ answer: 'Đã sửa.' });
  await desk.press('decision=accept');
  // Asked when the citizen looks.
  expect(await stateOf(visitor, number)).toMatchObject({ state: 'answered', answer: 'Đã sửa.' });
  const again = await at('/citizen');
  expect(again.page.text('main')).toContain('Nguyễn Văn Ân');
  expect((await told()).filter((type) => type === 'case_advanced')).toHaveLength(2);
});

test('D15 while the register is down the case waits, and goes there when it is back', async () => {
  const visitor = await at('/citizen');
  country.populationRegister.faults.set('down');
  const number = await askToCorrect(visitor, { attribute: 'birthdate', should_be: '1990-03-15' });
  expect(await stateOf(visitor, number)).toMatchObject({ state: 'open' });
  country.populationRegister.faults.set('none');
  await inState(visitor, number, 'forwarded');
  // Decided while nobody looks.
  country.populationRegister.corrections.decide({ case: number, decision: 'refuse', answer: 'Không có căn cứ.' });
  const { own } = country.runningHub().store;
  await until(async () => (await own.cases.find(number))?.state === 'answered', 10_000);
  expect(await stateOf(visitor, number)).toMatchObject({ state: 'answered', answer: 'Không có căn cứ.' });
});

test('D15 a slow register keeps nobody from seeing their case', async () => {
  const visitor = await at('/citizen');
  const number = await askToCorrect(visitor, { attribute: 'name', should_be: 'X' });
  await inState(visitor, number, 'forwarded');
  country.populationRegister.faults.set('hang');
  expect(await stateOf(visitor, number)).toMatchObject({ state: 'forwarded' });
});

test('D15 what the register does not keep, and what it will not take, is left to an operator', async () => {
  const visitor = await at('/citizen');
  const tax = await askToCorrect(visitor, { attribute: 'tax_code', should_be: '8000000012' });
  const { own, people } = country.runningHub().store;
  expect((await own.cases.find(tax))?.state).toBe('open');
  expect(country.populationRegister.corrections.all).toEqual([]);
  // Known to the hub, and to the register no more.
  const number = await askToCorrect(visitor, { attribute: 'gender', should_be: 'female' });
  await inState(visitor, number, 'forwarded');
  country.registers.change('population', AN_NUMBER, { personalNumber: '097090000099' });
  const refused = await askToCorrect(visitor, { attribute: 'gender', should_be: 'female' });
  await inState(visitor, refused, 'acknowledged');
  expect(country.populationRegister.corrections.all).toHaveLength(1);
  expect(await people.findHolder(AN_NUMBER)).toBeDefined();
});

test('the register takes corrections by its key only, and one case once', async () => {
  const { url, corrections } = country.populationRegister;
  const post = (key: string, body: object) =>
    fetch(new URL('/corrections', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const body = { case: 'KHQ7-2M9P', number: AN_NUMBER, attribute: 'name', should_be: 'A', text: '' };
  expect((await post('wrong-key-of-somebody', body)).status).toBe(401);
  const key = country.secrets.populationRegister;
  expect((await post(key, { ...body, attribute: 'password' })).status).toBe(400);
  expect([(await post(key, body)).status, (await post(key, { ...body, should_be: 'B' })).status]).toEqual([202, 202]);
  expect(corrections.all.map(({ should_be }) => should_be)).toEqual(['A']);
});
