/** What a hub tells at its watch port: sign-ins by how they ended, times, queues; nobody's name, and nothing invented. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import { REGISTERS } from '../../sandbox/country.ts';
import { Visitor } from '../../sandbox/visitor.ts';
import {
  AN,
  openTestCountry,
  pressButton,
  proveByTaxCode,
  relyingParty,
  type TestCountry,
  tokensFor,
} from '../country.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';
import { metrics, seriesIn, watched } from './asking.ts';

let country: TestCountry;
let stock: client.Configuration;
let kept: KeptLog;
beforeAll(async () => {
  kept = keepLog();
  country = await openTestCountry([{ client_id: 'stock' }], { configure: watched, log: kept.log });
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country?.close());
beforeEach(() => country.reset());

const signIns = (source: string, outcome: string) =>
  `lien_thong_sign_ins_total{source="${source}",sector="agency-of-stock",outcome="${outcome}"}`;

test('C13 a sign-in is counted by source, sector and outcome, and so is one that is refused', async () => {
  await tokensFor(country, stock);
  const visitor = new Visitor();
  await visitor.open((await pressButton(stock, country)).address);
  country.populationRegister.faults.set('down');
  await proveByTaxCode(visitor, { taxCode: '8000000212', password: 'Thue@2026' });
  const text = await metrics(country);
  expect(seriesIn(text, signIns('tax-code', 'signed_in'))).toBe(1);
  expect(seriesIn(text, signIns('tax-code', 'unavailable'))).toBe(1);
  expect(seriesIn(text, 'lien_thong_refusals_total{source="tax-code",code="register_unavailable"}')).toBe(1);
});

test('C13 steps, store, sources, engine and queues are told', async () => {
  await tokensFor(country, stock);
  const text = await metrics(country);
  for (const series of [
    'lien_thong_step_seconds_count{step="/token",status="2xx"}',
    'lien_thong_step_seconds_count{step="/sources/callback",status="3xx"}',
  ])
    expect([series, seriesIn(text, series)]).toEqual([series, 1]);
  expect(text).toMatch(/^lien_thong_store_seconds_count\{port="state",operation="\w+",outcome="ok"\} \d+$/m);
  for (const [series, value] of [
    ['lien_thong_ready', 1],
    ['lien_thong_engine_up{engine="sqlite"}', 1],
    ['lien_thong_source_up{source="tax-code"}', 1],
    ['lien_thong_outbox_waiting{kind="logout"}', 0],
    ['lien_thong_reviews_open', 0],
    ['lien_thong_requests_in_flight', 0],
  ] as const)
    expect([series, seriesIn(text, series)]).toEqual([series, value]);
  expect(seriesIn(text, 'process_start_time_seconds')).toBeGreaterThan(0);
});

test('C13 a source that is closed is told to be down', async () => {
  country.taxAuthority.faults.set('down');
  const visitor = new Visitor();
  await visitor.open((await pressButton(stock, country)).address);
  for (let at = 0; at < 3; at += 1) await visitor.press('source=tax-code');
  const text = await metrics(country);
  expect(seriesIn(text, 'lien_thong_source_up{source="tax-code"}')).toBe(0);
  expect(seriesIn(text, 'lien_thong_source_up{source="social-insurance"}')).toBe(1);
});

test('nothing that somebody sent becomes a label: neither persons, tokens, nor addresses that are not there', async () => {
  const tokens = await tokensFor(country, stock, { scope: 'openid profile personal_number' });
  for (const path of ['/nowhere/8000000011', '/sign-in/whatever/x', '/authorize?client_id=nobody', '/%0a/metrics'])
    await fetch(`${country.hub}${path}`);
  const text = await metrics(country);
  const people: { name: string; personalNumber: string | null }[] = JSON.parse(
    readFileSync(path.join(REGISTERS, 'population.json'), 'utf8'),
  );
  const personal = people.flatMap(({ name, personalNumber }) => [name, ...(personalNumber ? [personalNumber] : [])]);
  expect(personal.length).toBeGreaterThan(10);
  for (const value of [...personal, AN.taxCode, tokens.access_token, tokens.id_token!, tokens.claims()!.sub])
    expect(text).not.toContain(value);
  expect(text).not.toMatch(/nowhere|whatever|nobody/);
  expect(text).toContain('step="(unknown)",status="4xx"');
});

test('the operators’ page names every metric, and no other', async () => {
  const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| `(lien_thong_\w+)` \|/gm)].map(([, name]) => name);
  const there = [...(await metrics(country)).matchAll(/^# TYPE (lien_thong_\w+) /gm)].map(([, name]) => name);
  expect(told.sort()).toEqual(there.sort());
});

test('each request is one line: its client, source, step and how often it went to the store', async () => {
  const before = kept.entries('request').length;
  await tokensFor(country, stock);
  const lines = kept.entries('request').slice(before);
  const line = (route: string) => lines.find((one) => one.route === route);
  expect(line('/token')).toMatchObject({ client: 'stock', source: 'tax-code', status: 200, trips: expect.any(Number) });
  expect(line('/sources/callback')).toMatchObject({ client: 'stock', source: 'tax-code', status: 303 });
  expect(new Set(lines.map(({ incident }) => incident)).size).toBe(lines.length);
});

test('the port has three addresses and takes no other method', async () => {
  const { url } = country.runningHub().watching;
  const statusOf = async (path: string, method = 'GET') => (await fetch(`${url}${path}`, { method })).status;
  expect(await statusOf('/livez')).toBe(200);
  expect(await statusOf('/readyz')).toBe(200);
  expect(await statusOf('/metrics', 'HEAD')).toBe(200);
  expect(await statusOf('/metrics', 'POST')).toBe(405);
  expect(await statusOf('/')).toBe(404);
  for (const path of ['/livez', '/readyz', '/metrics']) expect((await fetch(`${country.hub}${path}`)).status).toBe(404);
});
