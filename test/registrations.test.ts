/** Owns the tests of registrations that several processes keep: each hears of a change, nobody's is lost, none is half done. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openPostgresDatabase } from '../adapters/postgres/store.ts';
import { openEmbeddedStore } from '../adapters/store.ts';
import { type ClientEntry, readClients } from '../src/clients.ts';
import { entry } from '../src/journal/events.ts';
import { LiveRegistrations } from '../src/registrations.ts';
import type { RegistrationChange, Store } from '../src/store.ts';
import { generateKeys } from '../src/vault/keys.ts';
import { createVault } from '../src/vault/vault.ts';
import { type PostgresServer, startPostgresql } from './engines/postgresql.ts';
import { until as untilWithin } from './engines/until.ts';

type Kept = Pick<Store, 'registrations' | 'sandboxRegistrations' | 'changes' | 'journal'> & { close(): Promise<void> };

const until = (isSo: () => boolean) => untilWithin(async () => isSo(), 5_000);

const vault = createVault(generateKeys());
const clock = Date.now;
const folder = mkdtempSync(path.join(tmpdir(), 'registrations-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresql();
}, 60_000);
afterAll(() => server?.remove());

const registered = (id: string, more: object = {}) => ({
  client_id: id,
  agency: { id: 'agency', name: { vi: 'Cơ quan', en: 'Agency' } },
  service: { vi: 'Dịch vụ', en: 'Service' },
  environment: 'sandbox',
  purpose: { vi: 'Để thử.', en: 'To test.' },
  login_uri: 'https://agency.example/login',
  redirect_uris: ['https://agency.example/callback'],
  authentication: { method: 'client_secret_basic', secret_hash: 'x'.repeat(43) },
  ...more,
});

/** Entries as the clients file would have them. */
function fileOf(...registrations: readonly object[]): readonly ClientEntry[] {
  const file = path.join(folder, 'clients.json');
  writeFileSync(file, JSON.stringify(registrations));
  const problems: string[] = [];
  const entries = readClients(file, 'sandbox', problems);
  expect(problems).toEqual([]);
  return entries;
}

const engines: readonly [name: string, open: () => Promise<readonly [Kept, Kept]>][] = [
  [
    'the embedded store, twice in one process',
    async () => {
      const store = openEmbeddedStore({ directory: ':memory:', vault, clock });
      return [store, { ...store, close: async () => {} }];
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await server.create(`registrations_${randomUUID()}`);
      const open = () => openPostgresDatabase({ url, vault, clock });
      return [await open(), await open()];
    },
  ],
];
describe.each(engines)('%s', (_name, open) => {
  let stores: readonly [Kept, Kept];
  let opened: LiveRegistrations[];
  beforeEach(async () => {
    opened = [];
    stores = await open();
  });
  afterEach(async () => {
    for (const live of opened) await live.close();
    for (const store of stores) await store.close();
  });

  function live(store: Kept, more: { interval?: number; mode?: 'production' } = {}): LiveRegistrations {
    const made = new LiveRegistrations({
      store,
      mode: 'sandbox',
      objection: () => undefined,
      clock,
      log: () => {},
      ...more,
    });
    opened.push(made);
    return made;
  }
  async function two(...file: readonly object[]): Promise<readonly [LiveRegistrations, LiveRegistrations]> {
    const both = [live(stores[0]), live(stores[1])] as const;
    await Promise.all(both.map((one) => one.open(fileOf(...file))));
    return both;
  }
  const idsOf = (registrations: LiveRegistrations) =>
    Array.from(registrations.values(), ({ client_id }) => client_id).sort();

  test('C9 a change in one process is live in the other within two seconds', async () => {
    const [here, there] = await two(registered('one'), registered('two'));
    const begun = performance.now();
    expect(await here.apply(fileOf(registered('one', { consent_days: 7 }), registered('new')))).toEqual({
      added: ['new'],
      changed: ['one'],
      unchanged: 0,
    });
    expect(here.get('one')?.consent_days).toBe(7);
    await until(() => there.get('one')?.consent_days === 7 && there.has('new'));
    expect(await there.remove('two')).toBe(true);
    await until(() => !here.has('two'));
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect([idsOf(here), here.size]).toEqual([['new', 'one'], 2]);
    expect(idsOf(there)).toEqual(['new', 'one']);
  });

  test('C9 who was not told finds out by looking', async () => {
    const deaf = { ...stores[1], changes: { listen: () => {} } };
    const there = live(deaf, { interval: 20 });
    await there.open([]);
    const here = live(stores[0]);
    await here.open([]);
    await here.apply(fileOf(registered('one')));
    await until(() => there.has('one'));
  });

  test('processes that start at once take the file once', async () => {
    const many = Array.from({ length: 6 }, (_, n) => live(stores[n % 2 ? 1 : 0]));
    await Promise.all(many.map((one) => one.open(fileOf(registered('one'), registered('two')))));
    const kept = await stores[0].registrations.since(0);
    expect(kept.map(({ id, revision }) => [id, revision]).sort()).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
    for (const one of many) expect(idsOf(one)).toEqual(['one', 'two']);
  });

  test('changes from everywhere at once all happen', async () => {
    const [here, there] = await two();
    const ids = Array.from({ length: 8 }, (_, n) => `client-${n}`);
    await Promise.all(ids.map((id, n) => (n % 2 ? here : there).apply(fileOf(registered(id), registered('shared')))));
    await until(() => here.size === ids.length + 1 && there.size === ids.length + 1);
    expect(await here.remove('client-0')).toBe(true);
    expect(await here.remove('client-0')).toBe(false);
    await here.apply(fileOf(registered('client-0')));
    await until(() => there.has('client-0'));
  });

  test('what is kept is written over what was read, or not at all', async () => {
    const { registrations } = stores[0];
    const change = (id: string, over?: number): RegistrationChange => ({
      id,
      registration: { id },
      ...(over === undefined ? {} : { over }),
    });
    const told = entry(1, { type: 'client_changed', client: 'a', change: 'added', fields: [], by: 'command' });
    expect(await registrations.save([change('a'), change('b')], [told])).toBe('saved');
    expect(await registrations.save([change('c'), change('a')], [])).toBe('conflict');
    expect(await registrations.save([change('c'), change('a', 7)], [])).toBe('conflict');
    // An event about nobody is refused, and with it what it tells of.
    const impossible = { ...told, id: 'another', subjects: [{ person: 'nobody', role: 'citizen' }] } as const;
    await expect(registrations.save([change('c')], [impossible])).rejects.toThrow();
    expect(await registrations.since(0)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    expect(await registrations.save([{ id: 'a', over: 1, seededFrom: 'x' }], [])).toBe('saved');
    expect(await registrations.since(1)).toEqual([{ id: 'a', revision: expect.any(Number), seededFrom: 'x' }]);
  });

  test('of two issuers are kept, counted and announced apart, under ids that are given once', async () => {
    const [{ registrations, sandboxRegistrations, changes }, there] = stores;
    const heard: string[] = [];
    changes.listen((topic) => heard.push(topic));
    const [hub, sandbox] = [live(there), live({ ...there, registrations: there.sandboxRegistrations })];
    await Promise.all([hub.open(fileOf(registered('one'))), sandbox.open([])]);
    heard.length = 0;
    expect([registrations.topic, sandboxRegistrations.topic]).toEqual(['clients', 'clients:sandbox']);
    expect(await sandboxRegistrations.save([{ id: 'tried', registration: registered('tried') }], [])).toBe('saved');
    await until(() => sandbox.has('tried') && heard.includes('clients:sandbox'));
    expect(heard).not.toContain('clients');
    expect([idsOf(hub), idsOf(sandbox)]).toEqual([['one'], ['tried']]);
    expect(await sandboxRegistrations.since(0)).toMatchObject([{ id: 'tried', revision: 1 }]);
    // Neither anew nor over the same number of the other's revisions.
    for (const over of [undefined, 1]) {
      const taken = { registration: {}, ...(over === undefined ? {} : { over }) };
      expect(await sandboxRegistrations.save([{ id: 'one', ...taken }], [])).toBe('conflict');
      expect(await registrations.save([{ id: 'tried', ...taken }], [])).toBe('conflict');
    }
    expect((await registrations.since(0)).map(({ id }) => id)).toEqual(['one']);
    expect(await sandbox.remove('one')).toBe(false);
  });

  test('of one id that both issuers want at once one gets it, and neither waits for the other', async () => {
    const ids = Array.from({ length: 10 }, (_, n) => `wanted-${n}`);
    const wanted = (list: readonly string[]) => list.map((id): RegistrationChange => ({ id, registration: { id } }));
    const outcomes = await Promise.all([
      stores[0].registrations.save(wanted(ids), []),
      stores[1].sandboxRegistrations.save(wanted(ids.toReversed()), []),
    ]);
    expect(outcomes.sort()).toEqual(['conflict', 'saved']);
  });

  test('what this program does not take stays as it was', async () => {
    const there = live(stores[1]);
    await there.open(fileOf(registered('one')));
    const [kept] = await stores[0].registrations.since(0);
    const newer = { ...registered('one'), of_a_newer_program: true };
    await stores[0].registrations.save([{ ...kept!, registration: newer, over: kept!.revision }], []);
    const here = live(stores[0]);
    await here.open(fileOf(registered('one')));
    await here.apply(fileOf(registered('two')));
    await until(() => there.has('two'));
    expect(there.get('one')?.client_id).toBe('one');
    expect(here.has('one')).toBe(false);
  });

  test('E8 what this program does not take is suspended all the same', async () => {
    const there = live(stores[1]);
    await there.open(fileOf(registered('one')));
    const [kept] = await stores[0].registrations.since(0);
    const newer = { ...registered('one'), suspended: true, of_a_newer_program: true };
    await stores[0].registrations.save([{ ...kept!, registration: newer, over: kept!.revision }], []);
    await until(() => there.get('one')?.suspended === true);
    expect(there.get('one')?.redirect_uris).toEqual(['https://agency.example/callback']);
  });
});
