/** Owns what every store must do to find services: in lists of any length by one query, by words, hosts, keys and ends. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServiceTable } from '../../adapters/sql/developer-schema.ts';
import { createLasting } from '../../adapters/sql/lasting.ts';
import { write } from '../../adapters/sql/unit.ts';
import type { ListedService, Service, ServiceIndex, ServiceQuestion } from '../../src/developer/ports.ts';
import { countingReads } from './conformance-history.ts';
import { agency, index, NOTHING_ALONGSIDE, OWNER, SERVICE, service, submitted } from './developer-samples.ts';
import { DAY, type OpenDatabase, type OwnStore, openOwnStore, START } from './own-store.ts';

const MANY = 5_000;

export function developerListConformance(name: string, open: OpenDatabase): void {
  describe(`lists of services on ${name}`, () => {
    let store: OwnStore;
    beforeEach(async () => {
      store = await openOwnStore(open);
      await store.developer.agencies.save(agency(), NOTHING_ALONGSIDE);
    });
    afterEach(() => store.close());

    const idsOf = (services: readonly ListedService[]) => services.map(({ service: { id } }) => id);
    const kept = async (changes: Partial<Service>, found: Partial<ServiceIndex> = {}) =>
      expect(await store.developer.services.save(service(changes), index(found), NOTHING_ALONGSIDE)).toBe('saved');
    const listed = async (question: Partial<ServiceQuestion> = {}) =>
      idsOf(await store.developer.services.list({ most: 100, ...question })).sort();

    test('E16 10 or 5,000 services are listed and searched by one query each', async () => {
      const { database, counted } = countingReads(store.database);
      const { developer } = createLasting({ database, vault: store.vault, clock: () => START });
      const many = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, n): ServiceTable => {
          const id = `s${String(from + n).padStart(4, '0')}`;
          const document = JSON.stringify(service({ id, revision: 1 }));
          const found = { search: `dich vu ${id}`, submitted: n % 2, next_end: START + n };
          return { id, agency: 'so-tu-phap', document, ...found, revision: 1, created_at: START };
        });
      let there = 0;
      for (const services of [10, MANY]) {
        for (; there < services; there = Math.min(there + 1_000, services)) {
          const rows = many(there, Math.min(there + 1_000, services));
          await store.database.write(() => write(store.database.sql.insertInto('service').values(rows)));
        }
        const asked = [
          () => developer.services.list({ most: 1_000 }),
          () => developer.services.list({ words: ['dich', 's0007'], most: 50 }),
          () => developer.services.list({ agencies: ['so-tu-phap'], submitted: true, after: 's0004', most: 50 }),
          () => developer.services.ending(START + DAY, 20),
          () => developer.agencies.of(OWNER),
          () => developer.agencies.list({ words: ['ha noi'], most: 50 }),
        ];
        for (const [nth, ask] of asked.entries()) {
          counted.sql.length = 0;
          const rows = await ask();
          expect([nth, counted.sql.length]).toEqual([nth, 1]);
          expect(rows.length).toBeGreaterThan(0);
          expect(rows.length).toBeLessThanOrEqual(100);
        }
        expect(idsOf(await developer.services.list({ words: ['s0007'], most: 50 }))).toEqual(['s0007']);
        expect((await developer.agencies.of(OWNER))[0]?.services).toBe(services);
      }
      // To the end of them, page by page, each once.
      const seen: string[] = [];
      for (let page: string[]; ; ) {
        const after = seen.at(-1);
        page = idsOf(await developer.services.list({ most: 1_000, ...(after === undefined ? {} : { after }) }));
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(100);
        seen.push(...page);
      }
      expect([seen.length, new Set(seen).size]).toEqual([MANY, MANY]);
    });

    test('are of these agencies, with all of these words, submitted or not', async () => {
      const other = { name: { vi: 'Sở Y tế Đà Nẵng', en: 'Health' }, members: [] };
      await store.developer.agencies.save(agency({ id: 'so-y-te', ...other }), NOTHING_ALONGSIDE);
      await kept({});
      await kept({ id: 'kham-benh', agency: 'so-y-te', production: submitted() }, { search: 'kham benh visits' });
      expect(await listed()).toEqual([SERVICE, 'kham-benh']);
      expect(await listed({ agencies: ['so-y-te'] })).toEqual(['kham-benh']);
      expect(await listed({ agencies: ['so-y-te', 'so-tu-phap'] })).toEqual([SERVICE, 'kham-benh']);
      expect(await listed({ agencies: [] })).toEqual([]);
      expect(await listed({ submitted: true })).toEqual(['kham-benh']);
      expect(await listed({ submitted: false })).toEqual([SERVICE]);
      expect(await listed({ words: ['kh'] })).toEqual([SERVICE, 'kham-benh']);
      expect(await listed({ words: ['visits', 'benh'] })).toEqual(['kham-benh']);
      expect(await listed({ words: ['visits', 'sinh'] })).toEqual([]);
      // By the agency as it is called now.
      expect(await listed({ words: ['da nang'] })).toEqual(['kham-benh']);
      expect(await listed({ most: 0 })).toEqual([]);
      const agencies = await store.developer.agencies.list({ words: ['so', 'health'], most: 9 });
      expect(agencies.map(({ agency: { id }, services }) => [id, services])).toEqual([['so-y-te', 1]]);
      expect(await store.developer.agencies.list({ after: 'so-y-te', most: 9 })).toEqual([]);
    });

    test('take what LIKE takes for anything as it stands', async () => {
      await kept({}, { search: String.raw`100% c_d back\slash` });
      await kept({ id: 'plain' }, { search: '1000 cxd backslash' });
      for (const word of ['0%', 'c_d', String.raw`k\s`, '%', '_', '\\'])
        expect([word, await listed({ words: [word] })]).toEqual([word, [SERVICE]]);
      for (const word of ['%%', '1%0', `c'd`, `' or 1=1 --`, 'c__'])
        expect([word, await listed({ words: [word] })]).toEqual([word, []]);
      expect(await store.developer.agencies.list({ words: ['s_'], most: 9 })).toEqual([]);
    });

    test('find who looks like a host and who uses a key, as the services are now', async () => {
      const { services } = store.developer;
      const host = { host: 'dichvu.hanoi.example', skeleton: 'dichvuhanoi' };
      await kept({}, { hosts: [host, host], thumbprints: ['t-1', 't-1', 't-2'] });
      await kept(
        { id: 'second' },
        { hosts: [{ host: 'd1chvu.hanoi.example', skeleton: 'dichvuhanoi' }], thumbprints: ['t-1'] },
      );
      expect(await services.hostsLike(['dichvuhanoi', 'none'])).toEqual([
        { host: 'd1chvu.hanoi.example', agency: 'so-tu-phap', service: 'second' },
        { host: 'dichvu.hanoi.example', agency: 'so-tu-phap', service: SERVICE },
      ]);
      expect(await services.keysAmong(['t-2', 't-1', 't-3'])).toEqual([
        { thumbprint: 't-1', service: SERVICE },
        { thumbprint: 't-1', service: 'second' },
        { thumbprint: 't-2', service: SERVICE },
      ]);
      expect([await services.hostsLike([]), await services.keysAmong([])]).toEqual([[], []]);
      await kept({ revision: 1 });
      expect(await services.hostsLike(['dichvuhanoi'])).toHaveLength(1);
      expect(await services.keysAmong(['t-1', 't-2'])).toEqual([{ thumbprint: 't-1', service: 'second' }]);
    });

    test('find whose credentials end first', async () => {
      await kept({ id: 'late' }, { nextEnd: START + 30 * DAY });
      await kept({ id: 'soon' }, { nextEnd: START + DAY });
      await kept({ id: 'never' });
      const ending = async (before: number, most = 10) => idsOf(await store.developer.services.ending(before, most));
      expect(await ending(START + DAY)).toEqual([]);
      expect(await ending(START + DAY + 1)).toEqual(['soon']);
      expect(await ending(START + 60 * DAY)).toEqual(['soon', 'late']);
      expect(await ending(START + 60 * DAY, 1)).toEqual(['soon']);
      await kept({ id: 'soon', revision: 1 });
      expect(await ending(START + 60 * DAY)).toEqual(['late']);
    });
  });
}
