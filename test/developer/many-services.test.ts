/** Thousands of services: found by as many questions to the store as ten, listed page by page, held by both issuers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Service } from '../../src/developer/ports.ts';
import { registrationOf } from '../../src/developer/registration-of.ts';
import { folded } from '../../src/developer/words.ts';
import type { Json } from '../../src/store.ts';
import type { Log } from '../../src/web/log.ts';
import type { TestCountry } from '../country.ts';
import { AGENCY, type Developer, goodSettings, newDeveloper, openDeveloperCountry } from './developer.ts';

const MANY = 5_000;
/** Milliseconds for a start with twice as many clients: it reads and checks each of them. */
const LONGEST_START = 15_000;
const ROUNDS = 7;

/** The hub's lines on requests: how often the store was asked. */
const requests: { readonly route: string; readonly trips: number }[] = [];
const log = ((code: string, facts: { route: string; trips: number }) => {
  if (code === 'request') requests.push(facts);
}) as Log;

let country: TestCountry;
let developer: Developer;
let agency: string;
/** What each place costs while there are ten. */
const few = new Map<string, Awaited<ReturnType<typeof costOf>>>();
beforeAll(async () => {
  country = await openDeveloperCountry({ log });
  developer = await newDeveloper(country, 'Nguyễn Văn An');
  agency = (await developer.ask('POST', '/agencies', AGENCY)).id;
  const { account } = await developer.ask('GET', '/account');
  await country.runningHub().store.developer.registrars.add(account);
  await write(0, 10);
  for (const place of PLACES) few.set(place, await costOf(place));
  await write(10, MANY);
}, 180_000);
afterAll(() => country?.close());

const NAMES = ['Khai sinh', 'Giấy phép lái xe', 'Đất đai', 'Thuế thu nhập', 'Thẻ bảo hiểm y tế'];
const numbered = (at: number) => `dich-vu-${String(at).padStart(5, '0')}`;

/** Writes services as the console does: records, what they are found by, and clients of both issuers. */
async function write(from: number, to: number): Promise<void> {
  const { services } = country.runningHub().store.developer;
  const name = { vi: 'Sở Tư pháp Hà Nội', en: 'Hanoi Department of Justice' };
  for (let at = from; at < to; at += 1) {
    const id = numbered(at);
    const settings = goodSettings(`https://${id}.hanoi.gov.vn`, {
      name: { vi: `${NAMES[at % NAMES.length]} ${at}`, en: `Service ${at}` },
    });
    const credential = { kind: 'secret', secretHash: 'h'.repeat(43), endsAt: Date.now() + 1e10 } as const;
    const standing = { draft: settings, state: 'live', live: 1, newest: 1, credentials: [] } as const;
    const service: Service = { id, revision: 0, agency, sandbox: standing, production: standing, createdAt: 1 };
    const clients = (['sandbox', 'production'] as const).map((environment) => {
      const made = { service: id, environment, settings, version: 1, suspended: false, credentials: [credential] };
      const registration = registrationOf({ ...made, agency: { id: agency, name } });
      const issuer = environment === 'sandbox' ? ('sandbox' as const) : ('hub' as const);
      return { issuer, id: registration.client_id, registration: registration as Json };
    });
    const search = folded(`${id} ${agency} ${name.vi} ${settings.name.vi} ${settings.name.en}`);
    const index = { search, hosts: [], thumbprints: [] };
    expect(await services.save(service, index, { trail: [], clients })).toBe('saved');
  }
}

const PLACES = [
  '/services',
  '/services?search=giay+phep',
  '/services?search=Thu%E1%BA%BF+thu+nh%E1%BA%ADp',
  '/services?search=khong+co',
  `/services?after=${numbered(5)}`,
  '/services?all=yes',
  '/services?all=yes&search=khai+sinh',
];

/** What a page and an operation cost: calls to the store, and milliseconds at best. */
async function costOf(place: string) {
  const costs: Record<string, number> = {};
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    requests.length = 0;
    const begun = performance.now();
    expect((await developer.open(place)).status).toBe(200);
    least = Math.min(least, performance.now() - begun);
    costs.page = requests.at(-1)!.trips;
    requests.length = 0;
    await developer.ask('GET', place);
    costs.api = requests.at(-1)!.trips;
  }
  return { costs, least };
}

describe('E16 thousands of services', () => {
  test('E16 list and search ask the store as often with 5,000 as with ten, by page, API and for registrars', async () => {
    for (const place of PLACES) {
      const { costs, least } = await costOf(place);
      const before = few.get(place)!;
      process.stdout.write(
        `E16 ${place}: ${costs.api} questions; ${before.least.toFixed(1)} ms of ten, ${least.toFixed(1)} ms of ${MANY}\n`,
      );
      expect([place, costs]).toEqual([place, before.costs]);
      expect(costs.api).toBeLessThan(10);
    }
  }, 180_000);

  test('E16 page by page each service comes once', async () => {
    const found: string[] = [];
    let path = '/services?search=khai+sinh';
    for (let pages = 0; pages < 100; pages += 1) {
      const answer = await developer.ask('GET', path);
      found.push(...answer.services.map(({ id }: { id: string }) => id));
      if (answer.after === undefined) break;
      path = `/services?search=khai+sinh&after=${answer.after}`;
    }
    expect(found).toEqual(Array.from({ length: MANY / NAMES.length }, (_, at) => numbered(at * NAMES.length)));
    const page = await developer.open('/services?search=khai+sinh');
    expect(page.$('[data-service]')).toHaveLength(50);
    await developer.visitor.follow('a[rel=next]');
    expect(developer.visitor.page.$('[data-service]').first().attr('data-service')).toBe(found[50]);
  }, 180_000);

  test('E16 both issuers hold the clients of all of them, and start with them', async () => {
    const begun = performance.now();
    await country.restartHub();
    const took = performance.now() - begun;
    const hub = country.runningHub();
    process.stdout.write(
      `E16 a start with ${hub.clients.size} and ${hub.sandbox!.clients.size} clients: ${took.toFixed(0)} ms\n`,
    );
    expect(hub.clients.size).toBeGreaterThanOrEqual(MANY);
    expect(hub.sandbox!.clients.size).toBeGreaterThanOrEqual(MANY);
    expect(took).toBeLessThan(LONGEST_START);
    // What one client changes is not paid for with a look at all the others.
    expect(hub.clients.get(numbered(4_999))?.environment).toBe('live');
    expect(hub.sandbox!.clients.get(`${numbered(4_999)}-sandbox`)?.environment).toBe('sandbox');
  }, 180_000);
});
