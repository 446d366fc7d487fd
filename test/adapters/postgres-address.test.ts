import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readPostgresAddress } from '../../adapters/postgres/address.ts';
import { openPostgresDatabase } from '../../adapters/postgres/store.ts';
import { openStore } from '../../adapters/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { certificateFor } from '../web/outgoing-certificate.ts';
import { usePostgresStores } from './postgres-stores.ts';

const vault = createVault(generateKeys());
const clock = () => 1_000;
const { key, cert } = certificateFor('localhost');
const stores = usePostgresStores({
  settings: ['ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key'],
  files: { 'server.crt': cert, 'server.key': key },
});

describe('the address of PostgreSQL', () => {
  test('is read without repeating its password', () => {
    const { client, place } = readPostgresAddress('postgres://lan:b%C3%AD%20m%E1%BA%ADt@db.example:6432/hub');
    expect(place).toBe('db.example:6432/hub');
    expect(client).toMatchObject({ user: 'lan', password: 'bí mật', port: 6432, database: 'hub' });
    expect(readPostgresAddress('postgres:///hub?host=/run/postgresql').client).toMatchObject({
      host: '/run/postgresql',
      ssl: false,
    });
  });

  test.each([
    'mysql://db/hub',
    'postgres://db',
    'nonsense',
    'postgres://lan:secret@db/hub?sslmode=require',
    'postgres://lan:secret@db/hub?sslmode=verify-full&sslrootcert=/nowhere',
    'postgres://lan:secret@db/hub?pool=3',
  ])('is refused with what is wrong, and without the rest: %s', (address) => {
    expect(() => readPostgresAddress(address)).toThrow(TypeError);
    expect(() => readPostgresAddress(address)).not.toThrow('secret');
  });

  test('without an sslmode means verified TLS, except on this machine', () => {
    expect(readPostgresAddress('postgres://db.example/hub').client.ssl).toEqual({ rejectUnauthorized: true });
    expect(readPostgresAddress('postgres://localhost/hub').client.ssl).toBe(false);
    expect(readPostgresAddress('postgres://db.example/hub?sslmode=disable').client.ssl).toBe(false);
  });
});

describe('PostgreSQL over TLS', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'authority-'));
    writeFileSync(path.join(folder, 'ca.pem'), cert);
    writeFileSync(path.join(folder, 'other.pem'), certificateFor('localhost').cert);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const open = (host: string, authority?: string) => {
    const root = authority === undefined ? '' : `&sslrootcert=${path.join(folder, authority)}`;
    const url = stores.url.replace('127.0.0.1', host);
    return openPostgresDatabase({ url: `${url}?sslmode=verify-full${root}`, vault, clock });
  };

  test('is used by who knows its authority and its name', async () => {
    const store = await open('localhost', 'ca.pem');
    await store.engine.ping();
    const rows = await stores.server.run('select ssl from pg_stat_ssl join pg_stat_activity using (pid)', 'store');
    expect(rows).toContainEqual({ ssl: true });
    await store.close();
  });

  test.each([
    ['localhost', 'other.pem'],
    ['localhost', undefined],
    ['127.0.0.1', 'ca.pem'],
  ])('is not used at %s with the authorities of %s', async (host, authority) => {
    await expect(open(host, authority)).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('a store by its addresses', () => {
  test('is embedded when they say nothing', async () => {
    const store = await openStore({ directory: ':memory:', vault, clock });
    expect(store.engines().map(({ name }) => name)).toEqual(['sqlite']);
    await store.close();
  });

  test('has what must last in PostgreSQL, protocol state still in a file', async () => {
    const trips: string[] = [];
    const onTrip = (engine: string) => trips.push(engine);
    const store = await openStore({ databaseUrl: stores.url, directory: ':memory:', vault, clock, onTrip });
    expect(store.engines().map(({ name }) => name)).toEqual(['sqlite', 'postgresql']);
    await Promise.all(store.engines().map((engine) => engine.ping()));
    await store.state.put('Session', 's-1', 1, 60);
    await store.people.commit([{ type: 'person.created', person: 'p-1' }], []);
    expect(await stores.server.run('select id from person', 'store')).toEqual([{ id: 'p-1' }]);
    expect(new Set(trips)).toEqual(new Set(['postgresql']));
    await store.close();
    await expect(store.state.get('Session', 's-1')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  test('is not opened by addresses that are none', async () => {
    const settings = { directory: ':memory:', vault, clock };
    await expect(openStore({ ...settings, databaseUrl: 'mysql://db' })).rejects.toThrow(TypeError);
    await expect(openStore({ ...settings, stateUrl: 'memcached://db' })).rejects.toThrow(TypeError);
  });
});
