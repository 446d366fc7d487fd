/** Owns the tests of a source that answers too late, too much, or from elsewhere: a page in time, and a hub that stays well. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type * as client from 'openid-client';
import { Visitor } from '../../sandbox/visitor.ts';
import { openTestCountry, pressButton, proveByTaxCode, relyingParty, type TestCountry } from '../country.ts';
import { knownIn, NOBODY } from '../store-copy.ts';

/** Milliseconds within which a citizen has a page, whatever the source does. */
const IN_TIME = 5_000;
const LATE = 10_000;
const HUGE = 10 * 1024 * 1024;

type Hostility = 'late' | 'huge' | 'endless' | 'elsewhere';
const HOSTILITIES: readonly Hostility[] = ['late', 'huge', 'endless', 'elsewhere'];

/** A provider of a page: each of its addresses can be made hostile. */
class HostileProvider {
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();
  hostile: { at: string; as: Hostility } | undefined;
  strayed = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', this.issuer);
      if (pathname === '/elsewhere') this.strayed += 1;
      if (this.hostile?.at === pathname) return this.#harm(this.hostile.as, response);
      if (pathname === '/authorize') {
        const back = new URL(searchParams.get('redirect_uri')!);
        for (const [name, value] of [
          ['code', 'code'],
          ['state', searchParams.get('state')!],
          ['iss', this.issuer],
        ])
          back.searchParams.set(name!, value!);
        return response.writeHead(303, { location: back.href }).end();
      }
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#metadata));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get issuer(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  get #metadata() {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      authorization_response_iss_parameter_supported: true,
    };
  }

  #harm(as: Hostility, response: ServerResponse): void {
    const json = { 'content-type': 'application/json' };
    if (as === 'elsewhere') response.writeHead(302, { location: `${this.issuer}/elsewhere` }).end();
    if (as === 'huge') response.writeHead(200, json).end(Buffer.alloc(HUGE, ' '));
    if (as === 'endless') {
      response.writeHead(200, json);
      const drip = setInterval(() => response.write(' '), 50);
      this.#timers.add(drip);
      response.once('close', () => clearInterval(drip));
    }
    if (as === 'late') this.#timers.add(setTimeout(() => response.writeHead(200, json).end('{}'), LATE));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let country: TestCountry;
let stock: client.Configuration;
const provider = new HostileProvider();

beforeAll(async () => {
  await provider.open();
  country = await openTestCountry([{ client_id: 'stock' }], {
    configure: (configuration) => {
      const model = configuration.sources.find(({ id }) => id === 'social-insurance')!;
      const hostile = { ...model, id: 'hostile', issuer: provider.issuer } as typeof model;
      return { ...configuration, sources: [...configuration.sources, hostile] };
    },
  });
  stock = await relyingParty(country, 'stock');
});
afterAll(async () => {
  await provider.close();
  await country.close();
});

describe.each([
  ['begins', '/.well-known/openid-configuration', 'source_unavailable'],
  ['comes back', '/token', undefined],
])('when a sign-in %s', (_when, at, told) => {
  test.each(HOSTILITIES)('B23 a source that is %s', async (as) => {
    // Its failures before this test are none of this one's.
    await country.restartHub();
    provider.hostile = { at, as };
    provider.strayed = 0;
    const visitor = new Visitor();
    await visitor.open((await pressButton(stock, country)).address);
    const memory = process.memoryUsage().rss;
    const begun = performance.now();
    const page = await visitor.press('source=hostile');
    expect(performance.now() - begun).toBeLessThan(IN_TIME);
    const slow = as === 'late' || as === 'endless';
    expect([page.status, page.code]).toEqual([200, 'choose_source']);
    expect(page.reason).toBe(told ?? (slow ? 'source_unavailable' : 'source_answer_invalid'));
    expect(process.memoryUsage().rss - memory).toBeLessThan(200 * 1024 * 1024);
    expect(provider.strayed).toBe(0);
    expect(await knownIn(country.configuration.dataDirectory)).toEqual(NOBODY);
    // Everybody else goes on.
    expect((await proveByTaxCode(visitor)).code).toBe('consent');
    await country.reset();
  });
});
