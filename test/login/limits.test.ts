/** Owns the tests of how often somebody may begin and fail: by address, by browser, by agency; and who is spared. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';
import { keepLog } from '../kept-log.ts';
import { askStore } from '../store-copy.ts';

const LIMITS = { perAddress: 60, perBrowser: 20, perClient: 10 };
const kept = keepLog();
let country: TestCountry;
let stock: client.Configuration;

beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'stock' }], {
    log: kept.log,
    configure: (configuration) => ({ ...configuration, limits: LIMITS, trustedProxies: ['127.0.0.1', '::1'] }),
  });
  stock = await relyingParty(country, 'stock');
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  kept.lines.length = 0;
});

/** A request as the proxy in front passes it on, cookies and all the browser's own business. */
async function begin(cookie = '', from = '203.0.113.7', more: Record<string, string> = {}): Promise<Response> {
  const { address } = await pressButton(stock, country);
  const headers = { 'x-forwarded-for': from, accept: 'text/html', ...(cookie ? { cookie } : {}), ...more };
  return fetch(address, { headers, redirect: 'manual' });
}

const statuses = (answers: readonly { readonly status: number }[]) => ({
  served: answers.filter(({ status }) => status === 303).length,
  refused: answers.filter(({ status }) => status === 429).length,
});
const parallel = (number: number, ask: (at: number) => Promise<Response>) =>
  Promise.all(Array.from({ length: number }, (_, at) => ask(at)));
const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('lt_browser='))!
    .split(';')[0]!;
/** Begun and not gone on with, a request is kept by its browser alone. */
const rowsKept = () =>
  askStore(country.configuration.dataDirectory, (rows) => {
    const kept = rows('SELECT kind AS what FROM state UNION ALL SELECT type AS what FROM event') as { what: string }[];
    return kept.filter(({ what }) => !['Lease', 'RegisterCursor', 'client_changed'].includes(what)).length;
  });
/** A token or two may come back while a hundred requests are answered. */
const about = (number: number, answers: { served: number; refused: number }) => {
  expect(answers.served).toBeGreaterThanOrEqual(number);
  expect(answers.served).toBeLessThanOrEqual(number + 5);
  expect(answers.served + answers.refused).toBe(100);
};

describe('starting', () => {
  test('B12 100 at once from one browser: its share and no more, and its neighbours’ is left', async () => {
    const cookie = cookieOf(await begin());
    const answers = statuses(await parallel(100, () => begin(cookie)));
    about(LIMITS.perBrowser, answers);
    expect(await rowsKept()).toBe(0);
    expect((await begin()).status).toBe(303);
  });

  test('B12 100 at once from as many browsers at one address: the address’s share; other addresses are spared', async () => {
    const answers = statuses(await parallel(100, () => begin()));
    about(LIMITS.perAddress, answers);
    expect(await rowsKept()).toBe(0);
    expect((await begin('', '203.0.113.8')).status).toBe(303);
    // A cookie is no way around: the address counts for whoever comes from it.
    const cookie = cookieOf(await begin('', '203.0.113.9'));
    expect((await begin(cookie)).status).toBe(429);
  });

  test('B12 a made-up cookie is none', async () => {
    const answers = await parallel(100, (at) => begin(`lt_browser=${at}aaaaaaaaaaaaaaa.AAAA`));
    about(LIMITS.perAddress, statuses(answers));
  });

  test('B12 one subscriber’s whole IPv6 network is one address', async () => {
    about(LIMITS.perAddress, statuses(await parallel(100, (at) => begin('', `2001:db8:1:2:${at}::${at}`))));
    expect((await begin('', '2001:db8:1:3::1')).status).toBe(303);
  });

  test('what a client claims before the proxy’s own word is not believed', async () => {
    about(LIMITS.perAddress, statuses(await parallel(100, (at) => begin('', `198.51.100.${at}, 203.0.113.7`))));
  });

  test('the page says when to come again, in the citizen’s language, and names nobody in the log', async () => {
    const answers = await parallel(100, () => begin());
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    const page = await refused.text();
    expect(page).toContain('data-code="too_many_requests"');
    expect(page).toContain('lang="vi"');
    expect(kept.entries('too_many_requests').length).toBeGreaterThan(30);
    expect(kept.lines.join()).not.toContain('203.0.113.7');
  });

  test('an agency that pushes too many requests is told in JSON', async () => {
    const errors: unknown[] = [];
    for (let at = 0; at < LIMITS.perClient + 3; at += 1) {
      await client
        .buildAuthorizationUrlWithPAR(stock, {
          redirect_uri: country.callback.url,
          scope: 'openid',
          code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
          code_challenge_method: 'S256',
        })
        .catch((error) => errors.push(error));
    }
    expect(errors.length).toBeGreaterThanOrEqual(1);
    const [refused] = errors as client.ResponseBodyError[];
    expect([refused!.status, refused!.error]).toEqual([429, 'temporarily_unavailable']);
    expect(Number(refused!.response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // Citizens who come without pushing are not made to wait for what the agency did.
    expect((await begin()).status).toBe(303);
  });
});

describe('trying', () => {
  const atChoice = async () => {
    const visitor = new Visitor();
    await visitor.open((await pressButton(stock, country)).address);
    return visitor;
  };

  test('B12 100 tries at once from one browser: its share goes to the source', async () => {
    const visitor = await atChoice();
    const { url } = visitor.page;
    const cookie = Object.entries(await visitor.cookies(`${url}/source`))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    const answers = await parallel(100, () =>
      fetch(`${url}/source`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: country.hub, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'source=tax-code',
      }),
    );
    about(LIMITS.perBrowser, statuses(answers));
  });

  test('B12 failing costs more than trying, and only whoever fails', async () => {
    const visitor = await atChoice();
    let failures = 0;
    for (; failures < LIMITS.perBrowser; failures += 1) {
      country.taxAuthority.forge('nonce');
      const page = await visitor.press('source=tax-code');
      if (page.code === 'too_many_requests') break;
      visitor.fill({ tax_code: '8000000011', password: 'Thue@2026' });
      expect((await visitor.press('decision=sign_in')).reason).toBe('source_answer_invalid');
    }
    // Each one costs five.
    expect(failures).toBeGreaterThanOrEqual(LIMITS.perBrowser / 5);
    expect(failures).toBeLessThanOrEqual(LIMITS.perBrowser / 5 + 1);
    country.taxAuthority.forge(undefined);
    // The very account that was tried is open to its holder, behind the same address.
    expect((await proveByTaxCode(await atChoice())).code).toBe('consent');
  });

  test('giving up at the source costs nothing but the try', async () => {
    const visitor = await atChoice();
    for (let at = 0; at < LIMITS.perBrowser / 2; at += 1) {
      await visitor.press('source=tax-code');
      expect((await visitor.press('decision=cancel')).reason).toBe('source_cancelled');
    }
  });
});
