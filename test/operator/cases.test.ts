/** Owns the tests of `npm run cases`: what citizens asked for is seen, acknowledged, answered, and they read the answer. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import { openedCase } from '../../src/citizen/cases/cases.ts';
import { byTaxCode, callApi, signInToPage } from '../citizen/citizen.ts';
import { AN_NUMBER, HOA, openTestCountry, type TestCountry } from '../country.ts';
import { until } from '../engines/until.ts';
import { journalIn } from '../store-copy.ts';
import { runCommand } from './run-command.ts';

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }], {
    configure: (configuration) => ({ ...configuration, deliveryPauses: [50] }),
  });
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const cases = (...words: string[]) => runCommand(country, 'cases', words);
const answer = (number: string, text: string) => runCommand(country, 'cases', ['answer', number], text);
const store = () => country.runningHub().store;

async function withCase(text = 'Không đồng ý.'): Promise<{ visitor: Visitor; number: string }> {
  const visitor = new Visitor();
  await signInToPage(country, visitor, byTaxCode());
  const sent = await callApi(country, visitor, '/rights/open', { method: 'POST', body: { kind: 'object', text } });
  return { visitor, number: sent.body.number };
}

test('D15 a case is listed with its dates and without what was said; shown, it is all there', async () => {
  const { number } = await withCase();
  const { code, answer: listed } = await cases('list');
  expect(code).toBe(0);
  expect(listed.cases).toEqual([
    expect.objectContaining({ case: number, kind: 'object', state: 'open', overdue: false }),
  ]);
  expect(JSON.stringify(listed)).not.toContain('Không đồng ý');
  expect((await cases('show', number.toLowerCase())).answer).toMatchObject({
    case: number,
    content: { said: 'Không đồng ý.' },
  });
});

test('D15 acknowledged and answered, the citizen reads it and is told at every contact', async () => {
  const { visitor, number } = await withCase();
  const person = (await store().people.findHolder(AN_NUMBER))!;
  const mail = { id: 'm', kind: 'mail', address: 'an@example.vn', language: 'vi', confirmedAt: Date.now() } as const;
  await store().own.contacts.put(person, mail, { entries: [] });
  expect((await cases('acknowledge', number)).answer).toEqual({ case: number, state: 'acknowledged' });
  expect((await cases('acknowledge', number)).complaint).toContain('already');
  expect((await callApi(country, visitor, `/cases/${number}`)).body).toMatchObject({
    state: 'acknowledged',
    acknowledged: expect.any(String),
  });
  expect((await answer(number, '  \n')).code).toBe(1);
  expect((await answer(number, 'Đã ngừng xử lý.\nXin cảm ơn.\n')).answer).toEqual({ case: number, state: 'answered' });
  const page = await visitor.open(new URL(`/citizen/cases/${number}`, country.hub));
  expect(page.text('[data-answer]')).toBe('Đã ngừng xử lý. Xin cảm ơn.');
  expect((await cases('list')).answer.cases).toEqual([]);
  expect((await answer(number, 'Khác.')).complaint).toContain('answered already');
  await until(async () => country.messages.received('an@example.vn').length >= 2, 10_000);
  const told = await journalIn(country.configuration.dataDirectory);
  expect(told.filter(({ type }) => type === 'case_advanced')).toEqual([
    { type: 'case_advanced', kind: 'object', state: 'acknowledged' },
    { type: 'case_advanced', kind: 'object', state: 'answered' },
  ]);
});

test('D15 of two who answer at once one is told that it is answered', async () => {
  const { number } = await withCase();
  const both = await Promise.all([answer(number, 'One.'), answer(number, 'Other.')]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
});

test('D15 what is late says so, and comes first', async () => {
  await withCase();
  const person = (await store().people.findHolder(AN_NUMBER))!;
  const day = 24 * 60 * 60 * 1000;
  const late = openedCase('complain', person, { said: 'x' }, { processors: false }, Date.now() - 40 * day);
  await store().own.cases.open(late, { entries: [] });
  const { answer: listed } = await cases('list');
  expect(listed.cases.map((one: { overdue: boolean }) => one.overdue)).toEqual([true, false]);
  expect(listed.cases[0].case).toBe(late.number);
});

test('a suspended source is open again for whom the operator says, and nobody else', async () => {
  const visitor = new Visitor();
  await signInToPage(country, visitor, byTaxCode());
  await signInToPage(country, new Visitor(), byTaxCode(HOA));
  const { own, people } = store();
  const person = (await people.findHolder(AN_NUMBER))!;
  const opened = openedCase('not_me', person, { source: 'tax-code' }, { processors: false }, Date.now());
  expect(await own.blocks.suspend(person, 'tax-code', opened, { entries: [] })).toBe(true);
  const again = new Visitor();
  await signInToPage(country, again, byTaxCode());
  expect(again.page.code).toBe('source_suspended');

  const restore = (...words: string[]) => runCommand(country, 'person', ['restore', ...words], `${AN_NUMBER}\n`);
  expect((await restore('mobile-id')).complaint).toContain('not suspended');
  expect((await restore('tax-code')).answer).toEqual({ source: 'tax-code', state: 'restored' });
  expect((await restore('tax-code')).code).toBe(1);
  expect((await signInToPage(country, new Visitor(), byTaxCode())).code).toBe('citizen_overview');
  const told = await journalIn(country.configuration.dataDirectory);
  expect(told).toContainEqual({ type: 'source_restored', source: 'tax-code', by: 'operator' });
});

test('unknown numbers and wrong words are told', async () => {
  expect((await cases('show', 'KHQ7-2M9P')).complaint).toContain('no such case');
  expect((await cases('show', '../x')).code).toBe(1);
  for (const words of [['list', 'x'], ['show'], ['answer'], ['erase', 'KHQ7-2M9P'], []])
    expect((await cases(...words)).complaint).toContain('npm run cases');
});
