/**
 * Owns the PostgreSQL servers that tests run: real ones, each in a folder of its own that goes with it, for nobody but this
 * machine. A server does not outlive its process, however that ends.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { isExecutable, isRoot, type NeededProgram, whereIs } from '../installed.ts';

const DEBIAN = '/usr/lib/postgresql';
const ELSEWHERE = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'];
const READY = 'database system is ready to accept connections';
/** Not what it says to those who come too early. */
const REFUSED = /FATAL: {2}(?!the database system is)/;

/**
 * Runs the server until standard input ends, which it does with the process that holds its other end, then stops it. Only
 * the folder is then left, and goes too unless it is to be started again.
 */
const WATCHED = `
  "$@" </dev/null & server=$!
  while read -r signal; do
    case $signal in restart) kill -INT $server; wait $server; exit 0;; crash) kill -QUIT $server; wait $server; exit 0;; esac
  done
  kill -QUIT $server; wait $server; rm -rf "$FOLDER"
`;

export interface PostgresServer {
  /** The folder of its Unix socket. */
  readonly folder: string;
  readonly port: number;
  /** The address of a database over TCP on the loopback interface. */
  url(database: string): string;
  /** Runs SQL as its superuser. */
  run(sql: string, database?: string): Promise<Record<string, unknown>[]>;
  /** Makes an empty database, or a copy of one that nobody uses; returns its address. */
  create(database: string, template?: string): Promise<string>;
  drop(database: string): Promise<void>;
  /** Ends it as an administrator does, or as a crash would; its data stays. */
  stop(how?: 'restart' | 'crash'): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good and removes its folder. */
  remove(): Promise<void>;
}

export interface ServerOptions {
  readonly settings?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** The folder of its programs: the newest Debian has, else one where they commonly are. */
export const POSTGRESQL: NeededProgram = {
  name: 'PostgreSQL',
  debian: 'postgresql',
  elsewhere: 'Install PostgreSQL, version 13 or newer.',
  find() {
    const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
    const folders = [...versions.map((version) => path.join(DEBIAN, version, 'bin')), ...ELSEWHERE];
    return folders.find((folder) => ['initdb', 'postgres'].every((name) => isExecutable(path.join(folder, name))));
  },
};

/**
 * Starts a server, with settings (`ssl=on`) and files in its data folder of its own. Nothing in it has to survive the
 * machine, so nothing waits for the disk.
 */
export async function startPostgresql({ settings = [], files = {} }: ServerOptions = {}): Promise<PostgresServer> {
  const programs = whereIs(POSTGRESQL);
  const folder = await mkdtemp(path.join(tmpdir(), 'postgresql-'));
  const owner = ownerOfServers();
  if (owner) await chown(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const how = { ...owner, cwd: folder, env: { ...process.env, FOLDER: folder, LC_ALL: 'C' } };
  const made = spawnSync(
    path.join(programs, 'initdb'),
    ['-D', data, '-U', 'hub', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    { ...how, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error}`);

  for (const [name, content] of Object.entries(files)) {
    const file = path.join(data, name);
    await writeFile(file, content, { mode: 0o600 });
    if (owner) await chown(file, owner.uid, owner.gid);
  }

  const port = await freePort();
  const all = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off', 'full_page_writes=off'];
  const options = [...all, 'max_connections=60', ...settings].flatMap((setting) => ['-c', setting]);
  const command = [path.join(programs, 'postgres'), '-D', data, '-p', String(port), ...options];
  const url = (database: string) => `postgres://hub@127.0.0.1:${port}/${database}`;
  let shell: ChildProcess | undefined;

  async function run(sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
    const client = new Client({ host: folder, port, user: 'hub', database });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function end(word: string): Promise<void> {
    const ending = shell;
    shell = undefined;
    if (!ending) return;
    const over = once(ending, 'close');
    ending.stdin!.end(word);
    await over;
  }

  const server: PostgresServer = {
    folder,
    port,
    url,
    run,
    async create(database, template = 'template0') {
      await run(`create database "${database}" template "${template}"`);
      return url(database);
    },
    drop: async (database) => void (await run(`drop database if exists "${database}" with (force)`)),
    stop: (word = 'restart') => end(`${word}\n`),
    async start() {
      shell = spawn('/bin/sh', ['-c', WATCHED, 'sh', ...command], {
        ...how,
        stdio: ['pipe', 'ignore', 'pipe'],
        // In a group of its own: what ends the tests at a terminal must not end who tidies up after them.
        detached: true,
      });
      await untilReady(shell);
    },
    async remove() {
      if (shell) await end('');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Resolves when the server takes connections; throws with what it said when it ends instead. */
async function untilReady(shell: ChildProcess): Promise<void> {
  let said = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  shell.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 100_000) said += text;
    if (said.includes(READY)) resolve();
    else if (REFUSED.test(said)) reject(new Error(`PostgreSQL does not start: ${said}`));
  });
  shell.once('close', () => reject(new Error(`PostgreSQL does not start: ${said}`)));
  await promise;
}

/** PostgreSQL refuses to run as root, so it runs as the user Debian made for it, or as nobody. */
function ownerOfServers(): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined;
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const owner = users.get('postgres') ?? users.get('nobody');
  if (!owner) throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor a nobody');
  return owner;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
