/** Owns the tests of the production start: everything wrong told at once, nothing unsafe accepted, a clean end. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nationalEid, taxCode } from '../../sandbox/sources.ts';
import { readConfiguration } from '../../src/issuers.ts';
import { generateKeys } from '../../src/vault/keys.ts';
import { endAll, type Program, run } from './program.ts';

const KEYS = JSON.stringify(generateKeys());
const LIVE_SERVICE = {
  client_id: 'live-service',
  agency: { id: 'agency', name: { vi: 'Cơ quan', en: 'Agency' } },
  service: { vi: 'Dịch vụ', en: 'Service' },
  environment: 'live',
  purpose: { vi: 'Để thử.', en: 'To test.' },
  login_uri: 'https://agency.example/login',
  redirect_uris: ['https://agency.example/callback'],
  authentication: { method: 'client_secret_basic', secret_hash: 'x'.repeat(43) },
};

/** One source of each kind of OpenID provider, at the address of the first. */
const sourcesAt = (address: string) => [taxCode(address), nationalEid('https://eid.example')];

let directory: string;
let settings: Record<string, string>;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'production-'));
  settings = {
    HUB_ISSUER: 'https://lien-thong.example',
    HUB_PORT: String(await freePort()),
    HUB_DATA: path.join(directory, 'data'),
    HUB_KEYS: await write('keys.json', KEYS),
    HUB_CLIENTS: await write('clients.json', JSON.stringify([LIVE_SERVICE])),
    HUB_SOURCES: await write('sources.json', JSON.stringify(sourcesAt('https://tax.example'))),
    HUB_REGISTER_URL: 'https://register.example',
    HUB_REGISTER_KEY: 'a-key-of-the-register',
  };
});
afterEach(async () => {
  await endAll();
  await rm(directory, { recursive: true });
});

async function write(name: string, content: string, mode = 0o600): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

async function listening(port = 0): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const start = (changes: Readonly<Record<string, string>> = {}) => run('src/main.ts', { ...settings, ...changes });

/** The lines under the heading with which a start is refused; and that it is refused with 1 and nothing else. */
async function problemsOf(program: Program): Promise<string[]> {
  expect(await program.ended).toEqual({ code: 1, signal: null });
  const [heading, ...problems] = program.said().complaints.trimEnd().split('\n');
  expect(heading).toBe('The hub does not start:');
  for (const problem of problems) expect(problem).toMatch(/^ {2}\S/);
  return problems.map((problem) => problem.trim());
}

/** Resolves when the hub at these settings answers. */
async function answering(program: Program): Promise<Response> {
  const ended = program.ended.then(() => undefined);
  for (;;) {
    const answer = await Promise.race([
      fetch(`http://127.0.0.1:${settings.HUB_PORT}/.well-known/openid-configuration`).catch(() => null),
      ended,
    ]);
    if (answer === undefined) throw new Error(`it does not start: ${program.said().complaints}`);
    if (answer !== null) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('starts with what it needs, and ends with 0 when told', async () => {
  const hub = start();
  expect(await (await answering(hub)).json()).toMatchObject({ issuer: 'https://lien-thong.example' });
  hub.send('SIGTERM');
  expect(await hub.ended).toEqual({ code: 0, signal: null });
  expect(hub.said().complaints).toBe('');
});

test('takes its keys from whatever keeps the secrets, too', () => {
  const { HUB_KEYS: _file, ...others } = settings;
  const read = readConfiguration({ ...others, HUB_KEYS_JSON: KEYS });
  expect(read).toMatchObject({ ok: true, configuration: { keys: { json: KEYS } } });
});

test('writes to citizens where it is told how, and else has no such way', () => {
  expect(readConfiguration(settings)).not.toHaveProperty('configuration.mail');
  const mail = { url: 'smtp://hub:pssst@mail.example', from: 'Liên Thông <hub@lien-thong.example>' };
  const sms = { url: 'https://sms.example/messages', key: 'a-key-of-the-gateway' };
  const written = { HUB_SMTP_URL: mail.url, HUB_MAIL_FROM: mail.from, HUB_SMS_URL: sms.url, HUB_SMS_KEY: sms.key };
  expect(readConfiguration({ ...settings, ...written })).toMatchObject({ ok: true, configuration: { mail, sms } });
});

describe('wrong settings', () => {
  test('none at all: every missing one is named', async () => {
    const program = run('src/main.ts', {});
    expect(await problemsOf(program)).toEqual([
      'HUB_DATA: is missing',
      'HUB_CLIENTS: is missing',
      'HUB_SOURCES: is missing',
      'HUB_REGISTER_URL: is missing',
      'HUB_REGISTER_KEY: is missing',
      'HUB_ISSUER: a production hub is reached over https only',
      'HUB_KEYS: is missing',
    ]);
  });

  test('all wrong at once, in themselves, together and in the files they name: every one is told', async () => {
    const sources = sourcesAt('http://localhost:3101');
    const problems = await problemsOf(
      start({
        HUB_ISSUER: 'http://lien-thong.example/path',
        HUB_PORT: '70000',
        HUB_HOTLINE: 'call me',
        HUB_MINIMUM_AGE: 'fourteen',
        HUB_REGISTER_URL: 'http://localhost:3110',
        HUB_REGISTER_KEY: 'short',
        HUB_SMTP_URL: 'smtp://hub:pssst@mail.example/path',
        HUB_MAIL_FROM: 'nobody',
        HUB_SMS_URL: 'http://sms.example',
        HUB_OUTGOING_LOOPBACK: 'true',
        HUB_OUTGOING_NETWORKS: '10.0.0.0/8, 0.0.0.0/0',
        HUB_LOG_LEVEL: 'loud',
        HUB_KEYS: await write('open.json', KEYS, 0o644),
        HUB_SOURCES: await write('twice.json', JSON.stringify([...sources, ...sources])),
        HUB_CLIENTS: await write(
          'sandbox.json',
          JSON.stringify([
            { ...LIVE_SERVICE, environment: 'sandbox' },
            { ...LIVE_SERVICE, client_id: '!' },
          ]),
        ),
      }),
    );
    const told = problems.map((problem) => problem.split(': ')[0]);
    for (const setting of [
      'HUB_PORT',
      'HUB_HOTLINE',
      'HUB_MINIMUM_AGE',
      'HUB_REGISTER_KEY',
      'HUB_SMTP_URL',
      'HUB_MAIL_FROM',
      'HUB_SMS_KEY',
      'HUB_REGISTER_URL',
      'HUB_SMS_URL',
      'HUB_OUTGOING_LOOPBACK',
      'HUB_OUTGOING_NETWORKS',
      'HUB_LOG_LEVEL',
      'HUB_KEYS',
      'HUB_CLIENTS 1.client_id',
    ])
      expect(told).toContain(setting);
    expect(told.filter((name) => name === 'HUB_ISSUER')).toHaveLength(2);
    expect(problems).toContain('HUB_SMS_KEY: is missing beside HUB_SMS_URL');
    expect(problems.join()).not.toContain('pssst');
    expect(problems).toContain('HUB_SOURCES tax-code: is there twice');
    expect(problems).toContain('HUB_SOURCES tax-code: a production hub asks a source over https only');
  });

  test('no secret is told with them', async () => {
    const program = start({ HUB_KEYS: await write('cut.json', KEYS.slice(0, -20)), HUB_REGISTER_KEY: 'pssst' });
    expect(await problemsOf(program)).toEqual([
      'HUB_REGISTER_KEY: is at least 16 characters',
      'HUB_KEYS: The key file is not JSON.',
    ]);
    expect(program.said().complaints).not.toContain('pssst');
  });
});

describe('a production start refuses', () => {
  test.each<[string, () => Promise<Record<string, string>> | Record<string, string>, string | RegExp]>([
    ['to run without keys', () => ({ HUB_KEYS: path.join(directory, 'none') }), /^HUB_KEYS: There is no key file at /],
    [
      'keys others can read',
      async () => ({ HUB_KEYS: await write('k', KEYS, 0o640) }),
      /^HUB_KEYS: Others may read .*chmod 600/,
    ],
    ['keys from two places', () => ({ HUB_KEYS_JSON: KEYS }), 'HUB_KEYS_JSON: stands beside HUB_KEYS; one of the two'],
    [
      'keys handed over that are none',
      () => ({ HUB_KEYS: '', HUB_KEYS_JSON: '{"cookies":["pssst"]}' }),
      /^HUB_KEYS_JSON: The key file is not valid(?!.*pssst)/,
    ],
    ['keys that are none', async () => ({ HUB_KEYS: await write('k', '{}') }), /^HUB_KEYS: The key file is not valid/],
    [
      'an issuer over http',
      () => ({ HUB_ISSUER: 'http://lien-thong.example' }),
      'HUB_ISSUER: a production hub is reached over https only',
    ],
    [
      'an issuer with a path',
      () => ({ HUB_ISSUER: 'https://lien-thong.example/hub' }),
      'HUB_ISSUER: has no path, query or fragment',
    ],
    [
      'an issuer with a password',
      () => ({ HUB_ISSUER: 'https://a:b@lien-thong.example' }),
      'HUB_ISSUER: has no path, query or fragment',
    ],
    [
      'loopback',
      () => ({ HUB_OUTGOING_LOOPBACK: 'true' }),
      'HUB_OUTGOING_LOOPBACK: a production hub never fetches from itself',
    ],
    [
      'a register over http',
      () => ({ HUB_REGISTER_URL: 'http://register.example' }),
      'HUB_REGISTER_URL: a production hub asks the register over https only',
    ],
    ['public networks by name', () => ({ HUB_OUTGOING_NETWORKS: '8.8.8.0/24' }), /^HUB_OUTGOING_NETWORKS: /],
    [
      'a sandbox service',
      async () => ({ HUB_CLIENTS: await write('c', JSON.stringify([{ ...LIVE_SERVICE, environment: 'sandbox' }])) }),
      'HUB_CLIENTS live-service: a sandbox service has no place in a production hub',
    ],
    [
      'somebody else as the citizen’s page',
      async () => ({ HUB_CLIENTS: await write('c', JSON.stringify([{ ...LIVE_SERVICE, role: 'citizen_page' }])) }),
      'HUB_CLIENTS live-service: the citizen.s page is a part of the hub itself',
    ],
    [
      'somebody else as the developers’ console',
      async () => ({ HUB_CLIENTS: await write('c', JSON.stringify([{ ...LIVE_SERVICE, role: 'developer_console' }])) }),
      'HUB_CLIENTS live-service: the developer console is a part of the hub itself',
    ],
    ['a mode it does not know', () => ({ HUB_MODE: 'demo' }), /^HUB_MODE: /],
  ])('%s', async (_what, changes, problem) => {
    // How a start tells them is tested above; what it would tell is enough here, and quick.
    const read = readConfiguration({ ...settings, ...(await changes()) });
    expect(read).toEqual({ ok: false, problems: [expect.stringMatching(problem)] });
  });
});

describe('what stands in its way is one clear line', () => {
  test('a port that is taken', async () => {
    const other = await listening(Number(settings.HUB_PORT));
    const problems = await problemsOf(start());
    await new Promise((resolve) => other.close(resolve));
    expect(problems).toEqual([`port ${settings.HUB_PORT} is taken by another program`]);
    // It has let go of the store, too.
    const hub = start();
    expect((await answering(hub)).status).toBe(200);
  });

  test('an address that is not this machine’s', async () => {
    expect(await problemsOf(start({ HUB_HOST: '192.0.2.1' }))).toEqual([
      `HUB_HOST, HUB_PORT: cannot listen at 192.0.2.1, ${settings.HUB_PORT} (EADDRNOTAVAIL)`,
    ]);
  });

  test('a store that another hub has', async () => {
    await answering(start());
    const second = start({ HUB_PORT: String(await freePort()) });
    expect(await problemsOf(second)).toEqual([
      `Another process has the store at ${settings.HUB_DATA}/hub.sqlite open. Stop it first.`,
    ]);
    expect((await fetch(`http://127.0.0.1:${settings.HUB_PORT}/`)).status).toBe(200);
  });

  test('a store of a newer version', async () => {
    const first = start();
    await answering(first);
    first.send('SIGTERM');
    await first.ended;
    const database = new DatabaseSync(path.join(settings.HUB_DATA!, 'hub.sqlite'));
    database.exec('PRAGMA user_version = 9999');
    database.close();
    const [problem, ...others] = await problemsOf(start());
    expect(problem).toMatch(
      /^The store at \S+ is of version 9999; this program knows up to \d+\. Run the newer program\.$/,
    );
    expect(others).toEqual([]);
  });

  test('a store that is none, and a folder nobody can make', async () => {
    await mkdir(settings.HUB_DATA!);
    await writeFile(path.join(settings.HUB_DATA!, 'hub.sqlite'), 'This is no database. '.repeat(500));
    expect(await problemsOf(start())).toEqual([expect.stringMatching(/^The store at \S+ cannot be opened/)]);
    const inTheWay = await write('file', '');
    expect(await problemsOf(start({ HUB_DATA: inTheWay }))).toEqual([expect.stringMatching(/^The store at \S+/)]);
  });
});
