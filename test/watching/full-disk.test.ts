/** A disk that is full: told as a moment's trouble, seen in readiness, over as soon as there is room, nothing half-written. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { EmbeddedStore } from '../../adapters/store.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { AN, HOA, openTestCountry, proveByTaxCode, type TestCountry } from '../country.ts';
import { halvesIn } from '../halves.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';
import { addressOf } from '../oidc/asking.ts';
import { askStore } from '../store-copy.ts';
import { metrics, readiness, seriesIn, until, watched } from './asking.ts';

let country: TestCountry;
let kept: KeptLog;
beforeAll(async () => {
  kept = keepLog();
  country = await openTestCountry([{ client_id: 'stock' }], { configure: watched, log: kept.log });
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

/** More sign-ins than fit into what is free in a file that may not grow. */
const MANY = 100;

type Account = { readonly taxCode: string; readonly password: string };

/** A sign-in as far as it goes: to the agency, or to the page that says why not. */
async function signInAs(account: Account): Promise<Page> {
  const visitor = new Visitor();
  await visitor.open(addressOf(country, 'stock'));
  if (visitor.page.code === 'choose_source') await proveByTaxCode(visitor, account);
  if (visitor.page.code === 'consent') await visitor.tickAll().press('decision=agree');
  return visitor.page;
}

async function signInsUntilFull(): Promise<Page> {
  for (let at = 0; at < MANY; at += 1) {
    const page = await signInAs(at % 2 ? AN : HOA);
    if (page.code !== 'test_callback') return page;
  }
  throw new Error('the file still takes sign-ins');
}

const isWhole = () =>
  askStore(country.configuration.dataDirectory, (rows) => {
    expect(rows('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(rows('PRAGMA foreign_key_check')).toEqual([]);
    expect(halvesIn(rows)).toEqual([]);
  });

test('C13 full: a page that says so, readiness red; room again: green and signed in within 5 s, nothing by half', async () => {
  const store = country.runningHub().store as EmbeddedStore;
  expect((await signInAs(AN)).code).toBe('test_callback');
  store.pretendFull(true);
  const page = await signInsUntilFull();
  expect([page.status, page.code]).toEqual([503, 'store_unavailable']);
  expect(page.headers.get('retry-after')).toBe('5');
  expect(await readiness(country)).toMatchObject({ status: 503, red: ['sqlite'], engines: { sqlite: false } });
  expect(seriesIn(await metrics(country), 'lien_thong_engine_up{engine="sqlite"}')).toBe(0);
  expect(kept.entries('store_unavailable').at(-1)).toMatchObject({ engine: 'sqlite' });
  expect(kept.entries('internal_error')).toEqual([]);

  store.pretendFull(false);
  const waited = await until(
    () => signInAs(HOA),
    ({ code }) => code === 'test_callback',
    5_000,
  );
  expect(waited).toBeLessThan(5_000);
  expect((await readiness(country)).status).toBe(200);
  await isWhole();
});

test('C13 full again and again under many sign-ins: each ends at the agency or at the page, nothing by half', async () => {
  const store = country.runningHub().store as EmbeddedStore;
  let over = false;
  const flapping = (async () => {
    for (let full = true; !over; full = !full) {
      store.pretendFull(full);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    store.pretendFull(false);
  })();
  const browse = async (account: Account) => {
    const codes: (string | undefined)[] = [];
    for (let at = 0; at < 6; at += 1) codes.push((await signInAs(account)).code);
    return codes;
  };
  const codes = (await Promise.all([AN, HOA, AN, HOA].map((account) => browse(account)))).flat();
  over = true;
  await flapping;
  expect([...new Set(codes)].filter((code) => code !== 'test_callback' && code !== 'store_unavailable')).toEqual([]);
  expect(kept.entries('internal_error')).toEqual([]);
  await isWhole();
});

test('looking at readiness leaves nothing behind', async () => {
  const size = () => askStore(country.configuration.dataDirectory, (rows) => rows('PRAGMA page_count')[0]!.page_count);
  await readiness(country);
  const before = await size();
  for (let at = 0; at < 20; at += 1) await readiness(country);
  expect(await size()).toBe(before);
  const left = await askStore(country.configuration.dataDirectory, (rows) =>
    rows("SELECT count(*) AS n FROM state WHERE kind = 'Trial'"),
  );
  expect(left).toEqual([{ n: 0 }]);
});
