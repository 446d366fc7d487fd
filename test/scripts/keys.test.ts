/** `npm run keys` as an operator runs it: a process of its own, on a file, beside a hub that answers or none. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Channel, openChannel } from '../../src/operator/channel.ts';
import { answerAboutKeys } from '../../src/operator/key-commands.ts';
import type { Renewal } from '../../src/store.ts';
import { generateKeys, type Keys, readKeys } from '../../src/vault/keys.ts';
import { activateKey, addKey, listKeys } from '../../src/vault/rotation.ts';

const keys = generateKeys();
const SCRIPT = path.join(import.meta.dirname, '../../scripts/keys.ts');

let folder: string;
let file: string;
let hub: Channel | undefined;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lt-keys-'));
  file = path.join(folder, 'keys.json');
  await write(keys);
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(folder, { recursive: true, force: true });
});

const write = (content: Keys) => writeFile(file, JSON.stringify(content), { mode: 0o600 });
const run = (...words: string[]) =>
  promisify(execFile)(process.execPath, [SCRIPT, ...words], {
    env: { HUB_KEYS: file, ...(hub ? { HUB_DATA: folder } : {}) },
  });
const complaintOf = async (...words: string[]) => {
  const { code, stderr } = await run(...words).then(
    () => ({ code: 0, stderr: '' }),
    (error) => error,
  );
  expect(code).toBe(1);
  return stderr as string;
};

/** A hub that runs with these keys, and still has so many rows under former ones. */
async function hubWith(held: Keys, left: Awaited<ReturnType<Renewal['left']>> = { index: [], wrapping: [] }) {
  const renewal = { left: async () => left } as Renewal;
  await hub?.close();
  hub = await openChannel(
    folder,
    () => answerAboutKeys(listKeys(held), renewal),
    () => {},
  );
}

// Of each sort of id one; what becomes of the lists of all kinds is tested without processes.
test.each([
  'signing-ec',
  'cookies',
  'index',
] as const)('C7 a key of kind %s is added, activated and retired, a restart between', async (kind) => {
  await hubWith(keys);
  const [former] = listKeys(keys).filter((one) => one.kind === kind);
  const { stdout } = await run('add', kind);
  const added = readKeys(file);
  const fresh = listKeys(added).filter((one) => one.kind === kind)[1]!;
  expect(fresh.state).toBe('accepted');
  expect(stdout).toContain(`npm run keys -- activate ${kind} ${fresh.id}`);
  expect(await complaintOf('activate', kind, fresh.id)).toContain('restart every process');
  expect(readKeys(file)).toEqual(added);

  await hubWith(added);
  await run('activate', kind, fresh.id);
  const activated = readKeys(file);
  expect(activated).toEqual(activateKey(added, kind, fresh.id));
  expect(await complaintOf('retire', kind, former!.id)).toContain('still uses this key');

  await hubWith(activated);
  await run('retire', kind, former!.id);
  expect(listKeys(readKeys(file)).filter((one) => one.kind === kind)).toEqual([{ ...fresh, state: 'active' }]);
  expect(await readdir(folder)).toEqual(expect.not.arrayContaining([expect.stringMatching(/new|old|~|bak/)]));
});

test('a key is not retired while rows need it', async () => {
  const kind = 'wrapping';
  const activated = activateKey(addKey(keys, kind).keys, kind, '2');
  await write(activated);
  await hubWith(activated, { index: [], wrapping: [{ version: 1, rows: 512 }] });
  expect(await complaintOf('retire', kind, '1')).toContain('512 rows');
  expect((await run('list')).stdout).toMatch(new RegExp(`^${kind} +1 +accepted +accepted +512$`, 'm'));
  expect(readKeys(file)).toEqual(activated);
  await run('retire', kind, '1', '--force');
  expect(readKeys(file)[kind]).toHaveLength(1);
});

test('the list says what is in the file and in the hub, and no secret', async () => {
  const added = addKey(keys, 'state').keys;
  await write(added);
  await hubWith(keys);
  const { stdout } = await run('list');
  expect(stdout).toMatch(/^state +1 +active +active$/m);
  expect(stdout).toMatch(/^state +2 +accepted +not yet$/m);
  for (const secret of [...added.cookies, ...added.state.map(({ key }) => key), ...added.signing.map(({ d }) => d)])
    expect(stdout).not.toContain(secret);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1 + listKeys(added).length);
});

test('without a hub to ask only what is safe is done, unless forced', async () => {
  expect((await run('list')).stdout).toContain('No hub was asked');
  await run('add', 'cookies');
  const fresh = listKeys(readKeys(file)).filter(({ kind }) => kind === 'cookies')[1]!.id;
  expect(await complaintOf('activate', 'cookies', fresh)).toContain('HUB_DATA');
  await hubWith(keys);
  await hub?.close();
  expect(await complaintOf('activate', 'cookies', fresh)).toContain('No hub answers');
  await run('activate', 'cookies', fresh, '--force');
  expect(readKeys(file).cookies[1]).toBe(keys.cookies[0]);
});

test('the file keeps its rights and its name, also behind a link', async () => {
  const link = path.join(folder, 'link.json');
  await symlink(file, link);
  await run('add', 'state', '--file', link);
  expect(readKeys(file).state).toHaveLength(2);
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect((await readFile(link, 'utf8')).endsWith('}\n')).toBe(true);
});

test('two commands at once lose nothing: one waits its turn, or says so', async () => {
  await writeFile(`${file}.new`, '', { mode: 0o600 });
  expect(await complaintOf('add', 'state')).toContain('keys.json.new is there');
  expect(readKeys(file)).toEqual(keys);
  await rm(`${file}.new`);
  const outcomes = await Promise.allSettled([run('add', 'state'), run('add', 'state'), run('add', 'cookies')]);
  const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
  const after = readKeys(file);
  expect(after.state.length + after.cookies.length).toBe(2 + done);
});

test('who does not know how it is used is told', async () => {
  const wrong = [[], ['add', 'client'], ['activate', 'state'], ['retire', 'state', '1', '2'], ['list', '--file']];
  const complaints = await Promise.all(wrong.map((words) => complaintOf(...words)));
  for (const complaint of complaints) expect(complaint).toContain('npm run keys -- list');
});

test('a file that is no key file, or not there, is left alone', async () => {
  await writeFile(file, '{"hush":1}', { mode: 0o600 });
  expect(await complaintOf('add', 'state')).toContain('is not valid');
  expect(await readFile(file, 'utf8')).toBe('{"hush":1}');
  expect(await complaintOf('add', 'state', '--file', path.join(folder, 'nowhere.json'))).toContain('no key file');
});
