import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TABLES_LAST_FIRST } from '../../adapters/sql/migrations.ts';
import { openEmbeddedStore, StoreUnusable } from '../../adapters/store.ts';
import type { Change } from '../../src/identity/person.ts';
import { entry } from '../../src/journal/events.ts';
import { generateKeys, type Keys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { databaseConformance } from './conformance-database.ts';
import { stateConformance } from './conformance-state.ts';

const keys = generateKeys();
const vault = createVault(keys);
const clock = Date.now;

const FIRST: readonly Change[] = [
  { type: 'person.created', person: 'p-1' },
  { type: 'anchor.added', person: 'p-1', kind: 'personal_number', value: '001099012345' },
  { type: 'link.added', person: 'p-1', source: 'tax-code', subject: '8001234567', how: 'number' },
];

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

databaseConformance('C1 the embedded store in memory', (now) =>
  openEmbeddedStore({ directory: ':memory:', vault, clock: now }),
);
databaseConformance('C1 the embedded store in a file', (now) => openEmbeddedStore({ directory, vault, clock: now }));
stateConformance('the embedded store', async (now) => openEmbeddedStore({ directory: ':memory:', vault, clock: now }));

function open(withKeys: Keys = keys) {
  return openEmbeddedStore({ directory, vault: createVault(withKeys), clock });
}

function raw(): DatabaseSync {
  return new DatabaseSync(join(directory, 'hub.sqlite'));
}

function problemOfOpening(): string {
  try {
    open();
  } catch (error) {
    if (error instanceof StoreUnusable) return error.code;
    throw error;
  }
  throw new Error('the store opened');
}

describe('the file of the embedded store', () => {
  test('keeps everything over a restart', async () => {
    const before = open();
    await before.people.commit(FIRST, [entry(1, { type: 'link_added', source: 'tax-code', how: 'number' }, 'p-1')]);
    await before.state.put('Session', 's-1', { a: 1 }, 3600);
    await before.state.consume('Session', 's-1');
    const sub = await before.people.subjectFor('p-1', 'agency');
    const session = await before.state.get('Session', 's-1');
    await before.close();

    const after = open();
    expect(await after.people.findHolder('001099012345')).toBe('p-1');
    expect(await after.people.numbersOf('p-1')).toEqual(['001099012345']);
    expect(await after.people.findLink('tax-code', '8001234567')).toEqual({ person: 'p-1', state: 'active' });
    expect(await after.people.subjectFor('p-1', 'agency')).toBe(sub);
    expect(await after.state.get('Session', 's-1')).toEqual(session);
    await after.close();
  });

  test('is private, and so is its log', async () => {
    const store = open();
    await store.state.put('Session', 's-1', 1, 60);
    if (process.platform !== 'win32') {
      expect(statSync(join(directory, 'hub.sqlite')).mode & 0o777).toBe(0o600);
      expect(statSync(join(directory, 'hub.sqlite-wal')).mode & 0o777).toBe(0o600);
    }
    await store.close();
    await store.close();
    expect(existsSync(join(directory, 'hub.sqlite-wal'))).toBe(false);
  });

  test('is made together with its folders', async () => {
    await openEmbeddedStore({ directory: join(directory, 'not', 'yet'), vault, clock }).close();
    expect(existsSync(join(directory, 'not', 'yet', 'hub.sqlite'))).toBe(true);
  });

  test('is had by one at a time, and then by the next', async () => {
    const store = open();
    expect(problemOfOpening()).toBe('store_locked');
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', OPEN_IN_ANOTHER_PROCESS, directory], {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '..', '..'),
    });
    expect(child.stdout.trim()).toBe('store_locked');
    await store.close();
    await open().close();
  });

  test('of a newer program is left alone', async () => {
    await open().close();
    const database = raw();
    database.exec('PRAGMA user_version = 9999');
    database.close();
    expect(problemOfOpening()).toBe('store_newer');
  });

  test('of the version before there was an outbox gets one, and loses nothing', async () => {
    const before = open();
    await before.people.commit(FIRST, []);
    await before.close();
    const database = raw();
    // Dropped with their columns and indexes below, or there already then.
    const others = 'client revision review outbox state event_subject event consent pairwise link anchor person'.split(
      ' ',
    );
    for (const table of TABLES_LAST_FIRST.filter((one) => !others.includes(one)))
      database.exec(`DROP TABLE "${table}"`);
    database.exec('DROP INDEX event_subject_history; DROP INDEX event_subject_at');
    database.exec('ALTER TABLE event_subject DROP COLUMN at; ALTER TABLE event_subject DROP COLUMN device');
    database.exec('CREATE INDEX event_subject_person ON event_subject (person)');
    database.exec('ALTER TABLE consent DROP COLUMN terms; ALTER TABLE consent DROP COLUMN used_at');
    database.exec('DROP INDEX anchor_key; DROP INDEX link_key; DROP INDEX person_key; DROP INDEX pairwise_of');
    database.exec('DROP TABLE client; DROP TABLE revision');
    database.exec('DROP TABLE review; ALTER TABLE person DROP COLUMN locked_at');
    database.exec('DROP TABLE outbox; PRAGMA user_version = 4');
    database.close();
    const after = open();
    await after.outbox.enqueue([{ kind: 'logout', target: 'land-office', key: 'k', payload: 1 }], 60);
    const due = { now: clock(), lease: 1, targets: 1, each: 1, except: [] };
    expect(await after.outbox.due(due)).toMatchObject([{ payload: 1 }]);
    expect(await after.people.findHolder('001099012345')).toBe('p-1');
    await after.close();
  });

  test('that is no store, or nobody can make, is said to be unreadable', () => {
    writeFileSync(join(directory, 'hub.sqlite'), 'Đây không phải là cơ sở dữ liệu. '.repeat(200));
    expect(problemOfOpening()).toBe('store_unreadable');
    rmSync(join(directory, 'hub.sqlite'));
    const database = raw();
    database.exec('CREATE TABLE somebody_elses (a)');
    database.close();
    expect(problemOfOpening()).toBe('store_unreadable');
    rmSync(join(directory, 'hub.sqlite'));
    writeFileSync(join(directory, 'file'), '');
    expect(() => openEmbeddedStore({ directory: join(directory, 'file'), vault, clock })).toThrow(StoreUnusable);
  });

  test('never changes or loses an event', async () => {
    const store = open();
    await store.people.commit(FIRST, [entry(1, { type: 'link_added', source: 'tax-code', how: 'number' }, 'p-1')]);
    await store.close();
    const database = raw();
    database.exec('PRAGMA recursive_triggers = ON');
    for (const attempt of [
      'UPDATE event SET at = 2',
      "UPDATE event SET content = '{}'",
      'DELETE FROM event',
      "INSERT OR REPLACE INTO event SELECT id, 2, 'x', '{}' FROM event",
    ]) {
      expect(() => database.exec(attempt)).toThrow('event: rows are never changed');
    }
    expect(database.prepare('SELECT at, type, content FROM event').all()).toEqual([
      { at: 1, type: 'link_added', content: '{"source":"tax-code","how":"number"}' },
    ]);
    database.exec('DELETE FROM event_subject');
    database.close();
  });

  test('forgets expired protocol state as it goes', async () => {
    let now = 1_000_000;
    const store = openEmbeddedStore({ directory, vault, clock: () => now });
    await Promise.all(Array.from({ length: 500 }, (_, i) => store.state.put('Session', `s-${i}`, i, 60)));
    now += 3_600_000;
    for (let i = 0; i < 3; i += 1) await store.state.put('Session', `late-${i}`, i, 60);
    await store.close();
    const database = raw();
    expect(database.prepare('SELECT count(*) AS left FROM state').get()).toEqual({ left: 3 });
    database.close();
  });

  test('is empty after erase, and goes on working', async () => {
    const store = open();
    const linked = entry(1, { type: 'link_added', source: 'tax-code', how: 'number' }, 'p-1');
    await store.people.commit(FIRST, [linked]);
    await store.people.subjectFor('p-1', 'agency');
    await store.state.put('Session', 's-1', 1, 60);
    await store.erase();
    expect(await store.people.findHolder('001099012345')).toBeUndefined();
    expect(await store.state.get('Session', 's-1')).toBeUndefined();
    expect(await store.people.commit(FIRST, [linked])).toBe('committed');
    await store.close();
  });
});

describe('changing keys', () => {
  const fresh = generateKeys();
  const both: Keys = {
    ...keys,
    index: [{ version: 2, key: fresh.index[0]!.key }, ...keys.index],
    wrapping: [{ version: 2, key: fresh.wrapping[0]!.key }, ...keys.wrapping],
    state: [{ version: 2, key: fresh.state[0]!.key }, ...keys.state],
  };

  test('loses nobody, lets nobody in twice, and nothing be used twice', async () => {
    const before = open();
    await before.people.commit(FIRST, []);
    await before.state.put('AuthorizationCode', 'code', 'value', 60);
    await before.state.put('AccessToken', 'token', 'value', 60, 'grant');
    await before.state.putIfAbsent('Replay', 'jti', true, 60);
    await before.close();

    const after = open(both);
    expect(await after.people.findHolder('001099012345')).toBe('p-1');
    expect(await after.people.numbersOf('p-1')).toEqual(['001099012345']);
    const used: Change = { type: 'link.used', person: 'p-1', source: 'tax-code', subject: '8001234567' };
    expect(await after.people.commit([used], [])).toBe('committed');
    const second: Change[] = FIRST.map((change) => ({ ...change, person: 'p-2' }));
    expect(await after.people.commit([second[0]!, second[1]!], [])).toBe('conflict');
    expect(await after.people.commit([second[0]!, second[2]!], [])).toBe('conflict');
    expect(await after.state.putIfAbsent('Replay', 'jti', true, 60)).toBe(false);
    expect((await after.state.get('AuthorizationCode', 'code'))?.value).toBe('value');
    expect(await after.state.consume('AuthorizationCode', 'code')).toBe(true);
    expect(await after.state.consume('AuthorizationCode', 'code')).toBe(false);
    await after.state.deleteGroup('grant', 60);
    expect(await after.state.get('AccessToken', 'token')).toBeUndefined();
    await after.close();
  });

  test('a store whose state key is gone has no state; one whose wrapping key is gone says so', async () => {
    const before = open();
    await before.people.commit(FIRST, []);
    await before.state.put('Session', 's-1', 1, 60);
    await before.outbox.enqueue([{ kind: 'logout', target: 'land-office', key: 'k', payload: 1 }], 60);
    await before.close();
    const after = open({ ...both, state: both.state.slice(0, 1), wrapping: both.wrapping.slice(0, 1) });
    expect(await after.state.get('Session', 's-1')).toBeUndefined();
    const [unreadable] = await after.outbox.due({ now: clock(), lease: 1, targets: 1, each: 1, except: [] });
    expect(unreadable).not.toHaveProperty('payload');
    await expect(after.people.numbersOf('p-1')).rejects.toMatchObject({ code: 'vault_unreadable' });
    await after.close();
  });
});

const OPEN_IN_ANOTHER_PROCESS = `
  import { openEmbeddedStore } from './adapters/store.ts';
  import { createVault } from './src/vault/vault.ts';
  import { generateKeys } from './src/vault/keys.ts';
  try {
    openEmbeddedStore({ directory: process.argv[1], vault: createVault(generateKeys()), clock: Date.now });
    console.log('opened');
  } catch (error) {
    console.log(error.code);
  }
`;
