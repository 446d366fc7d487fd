/** Owns the tests of the settings of a sandbox issuer beside a hub in production: it has its own of everything. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { taxCode } from '../../sandbox/sources.ts';
import { readConfiguration } from '../../src/issuers.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { endAll, run } from './program.ts';

let directory: string;
let settings: Record<string, string>;
let beside: Record<string, string>;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'beside-'));
  const of = async (name: string) => ({
    HUB_ISSUER: `https://${name}.example`,
    HUB_PORT: '0',
    HUB_DATA: path.join(directory, name),
    HUB_KEYS: await write(`${name}.keys.json`, JSON.stringify(generateKeys())),
    HUB_SOURCES: await write(`${name}.sources.json`, JSON.stringify([taxCode(`https://tax.${name}.example`)])),
    HUB_REGISTER_URL: `https://register.${name}.example`,
    HUB_REGISTER_KEY: `a-key-of-the-register-of-${name}`,
  });
  beside = await of('trying');
  settings = { ...(await of('hub')), HUB_CLIENTS: await write('clients.json', '[]') };
});
afterEach(async () => {
  await endAll();
  await rm(directory, { recursive: true });
});

async function write(name: string, content: string): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, content, { mode: 0o600 });
  return file;
}

/** What is said against the hub with this beside it. */
async function problemsWith(changes: Readonly<Record<string, string>>, ofHub: Readonly<Record<string, string>> = {}) {
  const lines = Object.entries({ ...beside, ...changes }).map(([name, value]) => `${name}=${value}`);
  const read = readConfiguration({ ...settings, ...ofHub, HUB_SANDBOX: await write('sandbox.env', lines.join('\n')) });
  return read.ok ? [] : read.problems;
}

test('E14 a hub in production takes a sandbox issuer that has its own of everything', async () => {
  expect(await problemsWith({})).toEqual([]);
  const read = readConfiguration({ ...settings, HUB_SANDBOX: path.join(directory, 'sandbox.env') });
  expect(read).toMatchObject({
    ok: true,
    configuration: {
      mode: 'production',
      issuer: 'https://hub.example',
      sandbox: { mode: 'sandbox', issuer: 'https://trying.example', simulator: true },
    },
  });
  expect(readConfiguration(settings)).not.toHaveProperty('configuration.sandbox');
});

test.each<[what: string, changes: (hub: Record<string, string>) => Record<string, string>, problem: RegExp]>([
  ['the issuer', ({ HUB_ISSUER }) => ({ HUB_ISSUER: HUB_ISSUER! }), /^HUB_SANDBOX HUB_ISSUER: is that of the hub$/],
  ['the host', ({ HUB_ISSUER }) => ({ HUB_ISSUER: `${HUB_ISSUER}:8443` }), /^HUB_SANDBOX HUB_ISSUER: has the host/],
  ['the store', ({ HUB_DATA }) => ({ HUB_DATA: HUB_DATA! }), /^HUB_SANDBOX HUB_DATA: is that of the hub$/],
  ['the keys', ({ HUB_KEYS }) => ({ HUB_KEYS: HUB_KEYS! }), /^HUB_SANDBOX HUB_KEYS: has a key/],
  ['http', () => ({ HUB_ISSUER: 'http://trying.example' }), /^HUB_SANDBOX HUB_ISSUER: .*https/],
  ['its own machine', () => ({ HUB_OUTGOING_LOOPBACK: 'true' }), /^HUB_SANDBOX HUB_OUTGOING_LOOPBACK/],
  ['production', () => ({ HUB_MODE: 'production' }), /^HUB_SANDBOX HUB_MODE/],
  ['a file of clients', ({ HUB_CLIENTS }) => ({ HUB_CLIENTS: HUB_CLIENTS! }), /^HUB_SANDBOX HUB_CLIENTS/],
  ['one beside it', () => ({ HUB_SANDBOX: '/another.env' }), /^HUB_SANDBOX HUB_SANDBOX/],
  ['what is missing', () => ({ HUB_SOURCES: '' }), /^HUB_SANDBOX HUB_SOURCES/],
])('E14 %s: is told, and nothing starts', async (_what, changes, problem) => {
  expect(await problemsWith(changes(settings))).toEqual([expect.stringMatching(problem)]);
});

test('E14 a shared server, and a file for several processes, are told', async () => {
  const servers = { DATABASE_URL: 'postgres://hub:pssst@db.example/hub', STATE_URL: 'redis://state.example' };
  expect(await problemsWith(servers, servers)).toEqual([
    'HUB_SANDBOX DATABASE_URL: is that of the hub',
    'HUB_SANDBOX STATE_URL: is that of the hub',
  ]);
  expect(await problemsWith({}, { ...servers, WORKERS: '2' })).toEqual([
    expect.stringMatching(/^HUB_SANDBOX DATABASE_URL: WORKERS/),
    expect.stringMatching(/^HUB_SANDBOX STATE_URL: WORKERS/),
  ]);
});

test('E14 a shared server is told in other words, too', async () => {
  const ofHub = { DATABASE_URL: 'postgres://hub:pssst@db.example/hub', STATE_URL: 'redis://state.example' };
  for (const [DATABASE_URL, STATE_URL] of [
    ['postgres://other:pssst@db.example/hub', 'redis://other:pssst@state.example'],
    ['postgres://DB.example:5432/hub', 'redis://State.example:6379/0'],
    ['postgresql://db.example/hub?sslmode=disable', 'rediss://state.example'],
    ['postgres://db.example:5432/hub', 'redis+cluster://next.example:6379,state.example:6379'],
  ] as const)
    expect(await problemsWith({ DATABASE_URL, STATE_URL }, ofHub)).toEqual([
      'HUB_SANDBOX DATABASE_URL: is that of the hub',
      'HUB_SANDBOX STATE_URL: is that of the hub',
    ]);
  const here = { DATABASE_URL: 'postgres://localhost/hub', STATE_URL: 'redis://[::1]' };
  const alsoHere = { DATABASE_URL: 'postgres://127.0.0.1/hub', STATE_URL: 'redis://localhost:6379' };
  expect(await problemsWith(here, alsoHere)).toHaveLength(2);
});

test('E14 a schema of its own in the same database, and a server of its own for its state, are its own', async () => {
  const ofHub = { DATABASE_URL: 'postgres://db.example/hub', STATE_URL: 'redis://state.example' };
  const own = {
    DATABASE_URL: '"postgres://db.example/hub?options=-c%20search_path%3Dsandbox"',
    STATE_URL: 'redis://state.example:6380',
  };
  expect(await problemsWith(own, ofHub)).toEqual([]);
});

test('E14 a file that is not there is told', () => {
  const read = readConfiguration({ ...settings, HUB_SANDBOX: path.join(directory, 'nowhere.env') });
  expect(read).toEqual({ ok: false, problems: ['HUB_SANDBOX is no readable file of settings'] });
});

test('E14 both start together, each at its own address, and end together', async () => {
  const [own, other] = [await freePort(), await freePort()];
  const lines = Object.entries({ ...beside, HUB_PORT: other }).map(([name, value]) => `${name}=${value}`);
  const file = await write('sandbox.env', lines.join('\n'));
  const hub = run('src/main.ts', { ...settings, HUB_PORT: own, HUB_SANDBOX: file });
  expect(await issuerAt(own)).toBe('https://hub.example');
  expect(await issuerAt(other)).toBe('https://trying.example');
  hub.send('SIGTERM');
  expect(await hub.ended).toEqual({ code: 0, signal: null });
  expect(hub.said().complaints).toBe('');
});

test('E14 what keeps the sandbox issuer from starting is told as its own', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as AddressInfo).port);
  const start = async (changes: Readonly<Record<string, string>>) => {
    const lines = Object.entries({ ...beside, ...changes }).map(([name, value]) => `${name}=${value}`);
    const file = await write('sandbox.env', lines.join('\n'));
    const hub = run('src/main.ts', { ...settings, HUB_SANDBOX: file });
    expect(await hub.ended).toEqual({ code: 1, signal: null });
    return hub.said().complaints;
  };
  try {
    expect(await start({ HUB_PORT: port })).toContain(`HUB_SANDBOX port ${port} is taken by another program`);
  } finally {
    await new Promise((resolve) => taken.close(resolve));
  }
  const keys = await write('no.keys.json', '{}');
  expect(await start({ HUB_KEYS: keys })).toMatch(/^ {2}HUB_SANDBOX HUB_KEYS: /m);
});

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** What answers at a port, once something does. */
async function issuerAt(port: string): Promise<unknown> {
  for (;;) {
    const address = `http://127.0.0.1:${port}/.well-known/openid-configuration`;
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return ((await answer.json()) as { issuer: unknown }).issuer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
