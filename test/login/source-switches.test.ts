/** Owns the tests of what is refused though somebody asks for it: greyed, forbidden, switched off. And of the operator's notice. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { readSwitches, SourceSwitches } from '../../src/login/source-switches.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { journalIn, knownIn, NOBODY } from '../store-copy.ts';

const FILE = path.join(tmpdir(), `switches-${process.pid}.json`);
const NOTICE = { vi: 'Bảo trì đến 22 giờ.', en: 'Under maintenance until 10 p.m.' };
const write = (content: unknown) => writeFile(FILE, typeof content === 'string' ? content : JSON.stringify(content));
afterAll(() => rm(FILE, { force: true }));
beforeEach(() => rm(FILE, { force: true }));

describe('the file', () => {
  function switches() {
    let now = 0;
    const kept = keepLog();
    const read = new SourceSwitches({ file: FILE, sources: ['a', 'b'], log: kept.log, clock: () => now });
    return { read, kept, later: () => (now += 2_000) };
  }

  test('is read again two seconds later, and is allowed not to be there', async () => {
    const { read, later } = switches();
    expect([read.isOff('a'), read.notice('a')]).toEqual([false, undefined]);
    await write({ a: { switched_off: true, notice: NOTICE } });
    expect(read.isOff('a')).toBe(false);
    later();
    expect([read.isOff('a'), read.isOff('b'), read.notice('a')]).toEqual([true, false, NOTICE]);
    await rm(FILE);
    later();
    expect(read.isOff('a')).toBe(false);
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a source that is not there', { c: { switched_off: true } }],
    ['another field', { a: { switchedOff: false } }],
    ['a notice in one language', { a: { notice: { vi: 'Bảo trì.' } } }],
  ])('broken, it changes nothing and is told once: %s', async (_what, content) => {
    const { read, kept, later } = switches();
    await write({ a: { switched_off: true } });
    expect(read.isOff('a')).toBe(true);
    await write(content);
    for (let at = 0; at < 3; at += 1) {
      later();
      expect(read.isOff('a')).toBe(true);
    }
    expect(kept.entries('configuration_invalid')).toMatchObject([{ level: 50, error: 'HUB_SWITCHES' }]);
    expect(() => readSwitches(FILE, ['a', 'b'])).toThrow();
  });
});

describe('in the country', () => {
  let country: TestCountry;
  let stock: client.Configuration;

  beforeAll(async () => {
    const picky = { client_id: 'picky', sources: ['social-insurance', 'national-eid'] };
    country = await openTestCountry([{ client_id: 'stock' }, { client_id: 'second' }, picky], {
      configure: (configuration) => ({ ...configuration, switchesFile: FILE }),
    });
    stock = await relyingParty(country, 'stock');
  });
  afterAll(() => country.close());
  beforeEach(() => country.reset());

  const atChoice = async (relying = stock, parameters = {}, visitor = new Visitor()) => {
    await visitor.open((await pressButton(relying, country, parameters)).address);
    return visitor;
  };
  const force = (visitor: Visitor, source: string) => visitor.post(`${visitor.page.url.pathname}/source`, { source });
  const seenWithin = () => new Promise((resolve) => setTimeout(resolve, 2_100));

  test('B14 a forced POST of a source that is too weak', async () => {
    const visitor = await atChoice(stock, { acr_values: 'loa2' });
    expect(visitor.page.has('button[value=tax-code]')).toBe(false);
    const page = await force(visitor, 'tax-code');
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_not_allowed']);
    const refused = (await journalIn(country.configuration.dataDirectory)).filter(
      ({ type }) => type === 'sign_in_refused',
    );
    expect(refused).toMatchObject([{ reason: 'source_not_allowed', source: 'tax-code' }]);
  });

  test.each([
    'tax-code',
    'nowhere',
    '__proto__',
  ])('B14 a forced POST of a source not for this service: %s', async (id) => {
    const visitor = await atChoice(await relyingParty(country, 'picky'));
    const page = await force(visitor, id);
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_not_allowed']);
    expect(visitor.trail.every(({ origin }) => origin === country.hub)).toBe(true);
  });

  test('B14 a forced POST of a source that is switched off, whose card says so with the operator’s words', async () => {
    await write({ 'tax-code': { switched_off: true, notice: NOTICE }, 'mobile-id': { notice: NOTICE } });
    await seenWithin();
    const visitor = await atChoice();
    expect(visitor.page.text('#closed-tax-code')).toBe('Mã số thuế đang gián đoạn. Vui lòng chọn cách khác');
    expect(visitor.page.text('#said-tax-code')).toBe(NOTICE.vi);
    expect(visitor.page.text('#said-mobile-id')).toBe(NOTICE.vi);
    expect(visitor.page.has('button[name=source][value=mobile-id]')).toBe(true);
    const page = await force(visitor, 'tax-code');
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_unavailable']);
  });

  test('B15 switched off between start and answer: refused, and nobody is written', async () => {
    await seenWithin();
    const stopsBefore = ({ pathname }: URL) => pathname.startsWith('/sources/');
    const visitor = await atChoice(stock, {}, new Visitor({ stopsBefore }));
    const answer = (await proveByTaxCode(visitor)).headers.get('location')!;
    await write({ 'tax-code': { switched_off: true } });
    await seenWithin();
    const page = await visitor.open(answer);
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_unavailable']);
    expect(await knownIn(country.configuration.dataDirectory)).toEqual(NOBODY);
    // Switched on again, a new try is as good as ever; the old answer is used up.
    await write({});
    await seenWithin();
    await visitor.reload();
    const again = await proveByTaxCode(visitor);
    expect((await visitor.open(again.headers.get('location')!)).code).toBe('consent');
  });

  test('B15 the same on a page of the hub: the phone is not rung', async () => {
    const visitor = await atChoice();
    await visitor.press('source=mobile-id');
    expect(visitor.page.code).toBe('mobile_numbers');
    await write({ 'mobile-id': { switched_off: true } });
    await seenWithin();
    visitor.fill({ phone: '0912000011', personal_number: '097090000011' });
    const page = await visitor.press('button.primary');
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_unavailable']);
  });
});
