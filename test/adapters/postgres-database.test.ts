import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PostgresStore } from '../../adapters/postgres/store.ts';
import type { Change } from '../../src/identity/person.ts';
import { entry } from '../../src/journal/events.ts';
import type { Consent } from '../../src/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { databaseConformance } from './conformance-database.ts';
import { usePostgresStores } from './postgres-stores.ts';

const vault = createVault(generateKeys());
const stores = usePostgresStores();
const TAX = { source: 'tax-code', subject: '8001234567' } as const;
const NEW: readonly Change[] = [
  { type: 'person.created', person: 'p-1' },
  { type: 'anchor.added', person: 'p-1', kind: 'personal_number', value: '001099012345' },
  { type: 'link.added', person: 'p-1', ...TAX, how: 'number' },
];
const AGAIN: readonly Change[] = [
  { type: 'person.confirmed', person: 'p-1' },
  { type: 'link.used', person: 'p-1', ...TAX },
];
const linked = () => entry(1, { type: 'link_added', source: 'tax-code', how: 'number' }, 'p-1');

databaseConformance('C1 PostgreSQL', (clock) => stores.openWhole(clock, vault));

describe('PostgreSQL', () => {
  let trips = 0;
  let store: PostgresStore;
  beforeEach(async () => {
    store = await stores.openEmpty(
      () => 1_000,
      vault,
      () => {
        trips += 1;
      },
    );
    trips = 0;
  });
  afterEach(() => store.close());

  async function tripsOf(work: () => Promise<unknown>): Promise<number> {
    trips = 0;
    await work();
    return trips;
  }

  test('is waited for once by whoever awaits nothing but the commit', async () => {
    expect(await tripsOf(() => store.people.commit(NEW, [linked()]))).toBe(1);
    expect(await tripsOf(() => store.people.commit(AGAIN, [linked()]))).toBe(1);
    expect(await tripsOf(() => store.journal.record([linked(), linked()]))).toBe(1);
    const terms = { client: 'land-office', version: 'v1', offered: ['name'], granted: ['name'], purpose: 'x' };
    const consent: Consent = { id: 'c-1', person: 'p-1', ...terms, basis: 'consent', from: 1_000, to: 2_000 };
    expect(await tripsOf(() => store.consents.give(consent, 'agency', []))).toBe(1);
    expect(await tripsOf(() => store.consents.use('c-1', TAX.source, 1_500, [linked()]))).toBe(1);
    expect(await tripsOf(() => store.consents.release('c-1', 'agency', TAX.source, 1_500, [linked()]))).toBe(1);
    const { own } = store;
    expect(await tripsOf(() => own.blocks.unblock('p-1', '*', { entries: [] }))).toBe(1);
    expect(await tripsOf(() => store.consents.end('p-1', 'c-1', 1_500, 'withdrawn', { entries: [linked()] }))).toBe(1);
  });

  test('is waited for once by who signs in, also in a new browser: the key was there when they were looked up', async () => {
    await store.people.commit(NEW, []);
    const label = { form: 'desktop' } as const;
    const device = { person: 'p-1', id: 'd-1', secret: 'cookie', label, isNew: true };
    const message = { kind: 'notice', target: 'notice', key: 'k', payload: 1 };
    const about = { person: 'p-1', kind: 'device', at: 1, client: 'land-office', source: 'tax-code' } as const;
    const alert = { id: 'a-1', ...about, expiresAt: 2_000, token: 'token' };
    const beside = { device, alert, messages: [message] };
    const unknown = {
      ...beside,
      device: { ...device, id: 'd-0', secret: 'other' },
      alert: { ...alert, id: 'a-0', token: 'x' },
    };
    // Nobody looked them up here, so the key has to be fetched first.
    expect(await tripsOf(() => store.people.commit(AGAIN, [linked()], [], unknown))).toBeGreaterThan(1);
    await store.people.lookUp({ ...TAX, client: 'land-office', sector: 'agency', device: 'cookie', now: 1_000 });
    expect(await tripsOf(() => store.people.commit(AGAIN, [linked()], [], beside))).toBe(1);
    expect(
      await tripsOf(() => store.people.commit(AGAIN, [linked()], [], { device: { ...device, isNew: false } })),
    ).toBe(1);
    expect((await store.own.devices.of('p-1')).map(({ id }) => id).sort()).toEqual(['d-0', 'd-1']);
  });

  test('is waited for once by all who read in one turn', async () => {
    await store.people.commit(NEW, []);
    const question = { ...TAX, personalNumber: '001099012345', client: 'land-office', sector: 'agency', now: 1_000 };
    expect(await tripsOf(() => store.people.lookUp(question))).toBe(1);
    expect(await tripsOf(() => store.people.lookUp({ ...question, device: 'cookie' }))).toBe(1);
    expect(await tripsOf(() => store.journal.historyOf({ person: 'p-1', most: 9 }))).toBe(1);
    const readers = [store.people.stateOf('p-1'), store.people.numbersOf('p-1'), store.outbox.nextDue([])];
    expect(await tripsOf(() => Promise.all(readers))).toBe(1);
    expect(await Promise.all(readers)).toEqual(['active', ['001099012345'], undefined]);
  });

  test('gives moments and bytes as they were', async () => {
    await store.people.commit(NEW, []);
    const [link] = await store.people.linksOf('p-1');
    expect(link).toMatchObject({ ...TAX, firstAt: 1_000, lastAt: 1_000 });
    await store.outbox.enqueue([{ kind: 'logout', target: 't', key: 'k', payload: { a: 'Nguyễn' } }], 9_000_000);
    const due = await store.outbox.due({ now: 2_000, lease: 1, targets: 1, each: 1, except: [] });
    expect(due).toMatchObject([{ payload: { a: 'Nguyễn' }, expiresAt: 9_000_001_000 }]);
  });

  test('never changes, deletes or empties out events', async () => {
    await store.people.commit(NEW, [linked()]);
    const { server } = stores;
    for (const attempt of ['update event set at = 2', 'delete from event', 'truncate event cascade']) {
      await expect(server.run(attempt, 'store')).rejects.toThrow('event: rows are never changed');
      await expect(server.run(`set session_replication_role = replica; ${attempt}`, 'store')).rejects.toThrow('never');
    }
    expect(await server.run('select type from event', 'store')).toEqual([{ type: 'link_added' }]);
    await server.run('delete from event_subject', 'store');
  });

  test('is an engine that can be asked how it is', async () => {
    expect(store.engine.name).toBe('postgresql');
    expect(store.engine.address).toMatch(/^127\.0\.0\.1:\d+\/store$/);
    expect(await tripsOf(() => Promise.all([store.engine.ping(), store.engine.ping()]))).toBe(1);
  });
});
