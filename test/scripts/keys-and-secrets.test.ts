/** The two commands an operator makes keys and client secrets with. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';

const run = (script: string, ...words: string[]) =>
  promisify(execFile)(process.execPath, [path.join(import.meta.dirname, '../../scripts', script), ...words]);

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lien-thong-keys-'));
  file = path.join(folder, 'keys.json');
  await run('new-keys.ts', file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('new keys are usable and nobody else may read them', async () => {
  expect(readKeys(file).index).toHaveLength(1);
  expect((await stat(file)).mode & 0o077).toBe(0);
});

test('keys that are there are never written over', async () => {
  const before = await readFile(file, 'utf8');
  await expect(run('new-keys.ts', file)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('a client secret opens what its hash keeps, and is another one each time', async () => {
  const [one, other] = await Promise.all([run('client-secret.ts', file), run('client-secret.ts', file)]);
  const { secret, secret_hash } = JSON.parse(one.stdout);
  expect(createVault(readKeys(file)).matchesClientSecret(secret, secret_hash)).toBe(true);
  expect(JSON.parse(other.stdout).secret).not.toBe(secret);
});

test.each(['new-keys.ts', 'client-secret.ts'])('%s says what is missing', async (script) => {
  await expect(run(script)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('KEYFILE') });
  await expect(run(script, path.join(folder, 'nowhere', 'keys.json'))).rejects.toMatchObject({ code: 1 });
});
