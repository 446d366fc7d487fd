/** What has passed its date goes by itself: who it was that something happened to, answered cases, alerts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Retention } from '../../src/background/retention.ts';
import { openedCase } from '../../src/citizen/cases/cases.ts';
import { entry } from '../../src/journal/events.ts';
import { AN_NUMBER, openTestCountry, relyingParty, type TestCountry, tokensFor } from '../country.ts';
import { until } from '../engines/until.ts';

const YEAR = 365.25 * 24 * 60 * 60 * 1000;

let country: TestCountry;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }]);
});
afterAll(() => country?.close());

test('history older than it is kept is untied, answered cases go on their date; one process does it at a time', async () => {
  await tokensFor(country, await relyingParty(country, 'one'));
  const { store } = country.runningHub();
  const person = (await store.people.findHolder(AN_NUMBER))!;
  const now = Date.now();
  const years = (ago: number) => entry(now - ago * YEAR, { type: 'data_taken' }, person);
  await store.journal.record([years(2.9), years(3.1), years(6)]);
  const old = openedCase('complain', person, {}, { processors: false }, now - 4 * YEAR);
  await store.own.cases.open(old, { entries: [] });
  const taken = async () => (await store.journal.historyOf({ person, types: ['data_taken'], most: 9 })).length;
  const parts = { store, historyYears: 3, clock: () => now, log: () => {} };

  // The hub itself has the lease.
  const second = new Retention({ ...parts, interval: 20 });
  second.start();
  await second.close();
  expect(await taken()).toBe(3);

  await store.state.delete('Lease', 'retention');
  const retention = new Retention({ ...parts, interval: 20 });
  retention.start();
  await until(async () => (await taken()) === 1, 5_000);
  // One that nobody answered is somebody's right, however old.
  expect(await store.own.cases.find(old.number)).toBeDefined();
  await store.own.cases.advance(old.number, { state: 'answered', at: now }, { entries: [] });
  await until(async () => (await store.own.cases.find(old.number)) === undefined, 5_000);
  await retention.close();
});
