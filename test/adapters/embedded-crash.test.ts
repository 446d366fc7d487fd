import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { openEmbeddedStore } from '../../adapters/store.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

const WRITER = join(import.meta.dirname, 'crashing-writer.ts');
const keys = generateKeys();

/** Kills a writer once it has promised so many sign-ins; returns all it promised. */
async function promisedBeforeKill(directory: string, enough: number): Promise<number[]> {
  const writer = spawn(process.execPath, [WRITER, directory, JSON.stringify(keys)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > enough) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  return said.split('\n').slice(0, -1).map(Number);
}

function count(database: DatabaseSync, sql: string): number {
  return Object.values(database.prepare(sql).get()!)[0] as number;
}

test.each([1, 40, 150])('killed after %i sign-ins, the store is whole and kept what it promised', async (enough) => {
  const directory = mkdtempSync(join(tmpdir(), 'crash-'));
  try {
    const promised = await promisedBeforeKill(directory, enough);
    expect(promised.length).toBeGreaterThanOrEqual(enough);

    const store = openEmbeddedStore({ directory, vault: createVault(keys), clock: Date.now });
    for (const n of promised) {
      expect(await store.people.findLink('tax-code', String(n))).toEqual({ person: `p-${n}`, state: 'active' });
      expect(await store.consents.find(`c-${n}`, 'agency', 'tax-code', Date.now())).toBeDefined();
    }
    await store.close();

    const database = new DatabaseSync(join(directory, 'hub.sqlite'));
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const events = (type: string) =>
      count(database, `SELECT count(*) FROM event JOIN event_subject ON event = event.id WHERE type = '${type}'`);
    const links = count(database, 'SELECT count(*) FROM link');
    expect(links).toBeGreaterThanOrEqual(promised.length);
    expect(count(database, 'SELECT count(*) FROM person')).toBe(links);
    expect(events('link_added')).toBe(links);
    expect(events('consent_given')).toBe(count(database, 'SELECT count(*) FROM consent'));
    database.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
