/** What everybody is told while the store does not answer: come again in a moment, and nothing that is not so. */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import { type Store, StoreUnavailable } from '../../src/store.ts';
import { openTestCountry, proveByTaxCode, SECRET, type TestCountry } from '../country.ts';
import { type KeptLog, keepLog } from '../kept-log.ts';
import { addressOf, parametersOf } from '../oidc/asking.ts';
import {
  type Answer,
  ARCHIVE,
  basic,
  codeFor,
  get,
  introspect,
  post,
  redeem,
  together,
  tokensOf,
  userinfo,
} from '../oidc/redeeming.ts';
import { journalIn } from '../store-copy.ts';
import { metrics, readiness, seriesIn, watched } from './asking.ts';

let country: TestCountry;
let kept: KeptLog;
beforeAll(async () => {
  kept = keepLog();
  country = await openTestCountry([{ client_id: 'stock' }, { client_id: 'secret', secret: 'basic' }, ARCHIVE], {
    configure: watched,
    log: kept.log,
  });
});
afterAll(() => country?.close());
afterEach(() => void jest.restoreAllMocks());

const PORTS = ['people', 'reviews', 'consents', 'journal', 'state', 'outbox', 'registrations'] as const;

/** From now on every call to the hub's store fails, as with a server that is gone. */
function storeFails(ports: readonly (keyof Store)[] = PORTS): void {
  const { store } = country.runningHub();
  for (const name of ports) {
    const port = store[name] as unknown as Record<string, () => Promise<unknown>>;
    for (const operation of Object.keys(port).filter((key) => typeof port[key] === 'function'))
      jest.spyOn(port, operation).mockImplementation(async () => {
        throw new StoreUnavailable('redis', { cause: new Error('gone') });
      });
  }
}

function expectPage(page: Page): void {
  expect([page.status, page.code]).toEqual([503, 'store_unavailable']);
  expect(page.headers.get('retry-after')).toBe('5');
  expect(page.url.origin).toBe(country.hub);
  // One press to try again: at the page itself, or at the sign-in it belongs to.
  expect(page.$('main a.primary').attr('href')).toMatch(/^\/(?![/\\])/);
}

function expectAnswer({ status, headers, body }: Answer): void {
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  expect(body).toMatchObject({ error: 'temporarily_unavailable' });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('set-cookie')).toBeNull();
}

describe('citizens see a page in their language, at every step, and go on where they were', () => {
  test('C13 on the way back from the source', async () => {
    const stopped = new Visitor({ stopsBefore: (address) => address.pathname.startsWith('/sources/') });
    await stopped.open(addressOf(country, 'stock'));
    const callback = (await proveByTaxCode(stopped)).headers.get('location')!;
    storeFails();
    expectPage(await stopped.open(callback));
    expect(stopped.page.text('main')).toContain('Vui lòng thử lại sau giây lát');
    expect(stopped.page.text('main')).toMatch(/[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/);
  });

  test('C13 at the consent, which can be given a moment later', async () => {
    const visitor = new Visitor({ language: 'en' });
    await visitor.open(addressOf(country, 'stock', { prompt: 'consent' }));
    await proveByTaxCode(visitor);
    expect(visitor.page.code).toBe('consent');
    const consent = visitor.page.url;
    storeFails();
    expectPage(await visitor.tickAll().press('decision=agree'));
    expect(visitor.page.text('main')).toContain('try again in a moment');
    jest.restoreAllMocks();
    await visitor.open(consent);
    expect((await visitor.tickAll().press('decision=agree')).code).toBe('test_callback');
  });

  test('C13 a running session outlasts it', async () => {
    const visitor = new Visitor();
    await codeFor(country, 'stock', {}, { visitor });
    storeFails();
    expectPage(await visitor.open(addressOf(country, 'stock', { prompt: 'none' })));
    expectPage(await visitor.open(`${country.hub}/session/end?client_id=stock`));
    jest.restoreAllMocks();
    const page = await visitor.open(addressOf(country, 'stock', { prompt: 'none' }));
    expect(page.url.searchParams.get('code')).not.toBeNull();
  });
});

describe('servers are told the same in JSON', () => {
  test('C13 redeeming a code', async () => {
    const code = await codeFor(country, 'stock');
    storeFails();
    expectAnswer(await redeem(country, 'stock', code));
    jest.restoreAllMocks();
    expect((await redeem(country, 'stock', code)).status).toBe(200);
  });

  test('C13 a token whose event cannot be written is not given', async () => {
    const code = await codeFor(country, 'stock');
    const issued = async () => {
      const events = await journalIn(country.configuration.dataDirectory);
      return events.filter(({ type }) => type === 'tokens_issued').length;
    };
    const before = await issued();
    storeFails(['consents', 'journal']);
    expectAnswer(await redeem(country, 'stock', code));
    expect(await issued()).toBe(before);
  });

  test('C13 userinfo, introspection, revocation, pushed requests', async () => {
    const { access } = await tokensOf(country, 'secret');
    storeFails();
    expectAnswer(await userinfo(country, access));
    expectAnswer(await introspect(country, 'archive', access));
    expectAnswer(await post(country, '/revoke', together(basic('secret'), { fields: { token: access } })));
    const fields = Object.fromEntries(parametersOf(country, 'secret'));
    expectAnswer(await post(country, '/par', together(basic('secret', SECRET), { fields })));
    jest.restoreAllMocks();
    // Nobody was told that it is revoked, and it is not.
    expect((await userinfo(country, access)).status).toBe(200);
  });

  test('what needs no store is answered', async () => {
    storeFails();
    expect((await get(country, '/.well-known/openid-configuration')).status).toBe(200);
    expect((await get(country, '/jwks')).status).toBe(200);
    expect((await get(country, '/help')).status).toBe(200);
  });
});

test('C13 numbers and log say which engine it is, a request a line', async () => {
  const before = kept.lines.length;
  const { access } = await tokensOf(country, 'secret');
  storeFails();
  const from = kept.lines.length;
  await userinfo(country, access);
  const lines = kept.lines.slice(from).map((line) => JSON.parse(line));
  expect(lines.map(({ code }) => code)).toEqual(['store_unavailable', 'request']);
  expect(lines[0]).toMatchObject({ engine: 'redis', incident: lines[1].incident });
  expect(lines[1]).toMatchObject({ status: 503, error: 'store_unavailable' });
  expect(kept.lines.slice(before).join('')).not.toContain('internal_error');
  const text = await metrics(country);
  expect(text).toMatch(/lien_thong_store_seconds_count\{port="\w+",operation="\w+",outcome="unavailable"\} \d/);
  expect(seriesIn(text, 'lien_thong_outbox_waiting{kind="logout"}')).toBeUndefined();
});

test('C13 readiness asks the engines, not the ports', async () => {
  const [engine] = country.runningHub().store.engines();
  const ping = jest.spyOn(engine!, 'ping').mockRejectedValue(new StoreUnavailable('sqlite'));
  expect(await readiness(country)).toEqual({ status: 503, ready: false, red: ['sqlite'], engines: { sqlite: false } });
  expect(seriesIn(await metrics(country), 'lien_thong_ready')).toBe(0);
  ping.mockReturnValue(new Promise(() => {}));
  const begun = performance.now();
  expect((await readiness(country)).status).toBe(503);
  expect(performance.now() - begun).toBeLessThan(2_000);
  ping.mockRestore();
  expect((await readiness(country)).status).toBe(200);
});
