/** Owns the tests of sources that are down: closed after a few failures, tried again, open again; nobody else can close them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import type { Source } from '../../providers/source.ts';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { SourceHealth } from '../../src/login/source-health.ts';
import type { Outgoing } from '../../src/web/outgoing.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';

describe('by itself', () => {
  function watched() {
    let now = 1_000_000;
    let answer: () => Promise<Response> = async () => new Response();
    const health = new SourceHealth({ clock: () => now, patience: 1_000 });
    const outgoing = health.watch('a', { fetch: () => answer(), close: async () => undefined } as Outgoing);
    const call = async (status: number | Error) => {
      answer = async () => {
        if (typeof status !== 'number') throw status;
        return new Response(null, { status });
      };
      await outgoing.fetch('http://source.example').catch(() => undefined);
    };
    return { health, outgoing, call, later: (milliseconds: number) => (now += milliseconds) };
  }
  const TOO_SLOW = new DOMException('too slow', 'TimeoutError');

  test('three failures in a row close it, an answer in between does not count as one', async () => {
    const { health, call } = watched();
    for (const status of [503, 500, 200, 503, TOO_SLOW]) await call(status);
    expect([health.isClosed('a'), health.admits('a')]).toEqual([false, true]);
    await call(503);
    expect([health.isClosed('a'), health.admits('a')]).toEqual([true, false]);
    expect(health.isClosed('b')).toBe(false);
  });

  test('refusals of the source are answers, and a citizen who leaves is no failure', async () => {
    const { health, call } = watched();
    for (const status of [400, 401, 404, new DOMException('left', 'AbortError')])
      for (let at = 0; at < 3; at += 1) await call(status);
    expect(health.isClosed('a')).toBe(false);
  });

  test('after the pause one try goes through; its failure makes the pause longer, its success opens', async () => {
    const { health, call, later } = watched();
    for (let at = 0; at < 3; at += 1) await call(503);
    later(5_000);
    expect(health.isClosed('a')).toBe(false);
    expect([health.admits('a'), health.admits('a')]).toEqual([true, false]);
    await call(503);
    later(5_000);
    expect(health.admits('a')).toBe(false);
    later(5_000);
    expect(health.admits('a')).toBe(true);
    await call(200);
    expect([health.admits('a'), health.admits('a')]).toEqual([true, true]);
  });

  test('a try of which nothing is heard gives way to another, and no pause is longer than a minute', async () => {
    const { health, call, later } = watched();
    for (let at = 0; at < 3; at += 1) await call(503);
    later(5_000);
    expect(health.admits('a')).toBe(true);
    later(10_000);
    expect(health.admits('a')).toBe(true);
    for (let at = 0; at < 20; at += 1) {
      await call(503);
      later(60_000);
      expect(health.isClosed('a')).toBe(false);
    }
  });

  test('all who ask at once share one look, which is not repeated while it is fresh', async () => {
    const { health, outgoing, call, later } = watched();
    await call(503);
    let looks = 0;
    const source = {
      id: 'a',
      reachable: async () => {
        looks += 1;
        await call(200);
      },
    } as unknown as Source;
    await Promise.all([health.look(source), health.look(source), health.look(source)]);
    await health.look(source);
    expect(looks).toBe(1);
    later(5_001);
    health.lookInPassing([source]);
    expect(looks).toBe(1);
    await call(503);
    health.lookInPassing([source]);
    expect(looks).toBe(2);
    expect(outgoing).toBeDefined();
  });
});

describe('in the country', () => {
  let country: TestCountry;
  let stock: client.Configuration;
  beforeAll(async () => {
    country = await openTestCountry([{ client_id: 'stock' }], {
      configure: (configuration) => ({ ...configuration, patience: 600 }),
    });
    stock = await relyingParty(country, 'stock');
  });
  afterAll(() => country.close());
  beforeEach(() => country.reset());

  async function atChoice(visitor = new Visitor()): Promise<Visitor> {
    await visitor.open((await pressButton(stock, country)).address);
    return visitor;
  }
  const closedText = (page: Page) => page.text('#closed-tax-code');

  test('a source whose metadata is known and that has died since: told at the choice, nobody is sent there', async () => {
    const visitor = await atChoice();
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
    country.taxAuthority.faults.set('down');
    // What it said a moment ago still counts; then it is looked at first.
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const page = await (await atChoice()).press('source=tax-code');
    expect([page.url.origin, page.code, page.reason]).toEqual([country.hub, 'choose_source', 'source_unavailable']);
  });

  test('B14 after three failures its card is closed and says so, also to a forced POST; then it opens by itself', async () => {
    country.taxAuthority.faults.set('down');
    const visitor = await atChoice();
    let page = visitor.page;
    for (let at = 0; at < 3; at += 1) {
      expect(closedText(page)).toBe('');
      page = await visitor.press('source=tax-code');
    }
    expect(closedText(page)).toBe('Mã số thuế đang gián đoạn. Vui lòng chọn cách khác');
    expect(page.has('button[name=source][value=tax-code]')).toBe(false);
    expect(page.has('button[name=source][value=social-insurance]')).toBe(true);
    country.taxAuthority.faults.set('none');
    page = await visitor.post(`${new URL(page.url).pathname}/source`, { source: 'tax-code' });
    expect([page.code, page.reason]).toEqual(['choose_source', 'source_unavailable']);

    await new Promise((resolve) => setTimeout(resolve, 5_100));
    expect((await proveByTaxCode(await atChoice())).code).toBe('consent');
  });

  test('errors that browsers bring close nothing', async () => {
    const stopsBefore = (address: URL) => address.pathname.startsWith('/sources/');
    for (let at = 0; at < 5; at += 1) {
      const visitor = await atChoice(new Visitor({ stopsBefore }));
      const answer = new URL((await proveByTaxCode(visitor)).headers.get('location')!);
      answer.searchParams.delete('code');
      answer.searchParams.set('error', 'server_error');
      expect((await visitor.open(answer)).reason).toBe('source_unavailable');
    }
    expect(closedText((await atChoice()).page)).toBe('');
  });
});
