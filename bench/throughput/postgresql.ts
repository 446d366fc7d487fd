/**
 * Owns the PostgreSQL of the bench: a server of its own with its files in the bench's folder, in which a database filled
 * with so many persons is kept as a template, and copied for each run.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { readPostgresAddress } from '../../adapters/postgres/address.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { SCHEMA_VERSION } from '../../adapters/sql/migrations.ts';
import { freePort } from './hub-process.ts';
import { FILLED, POPULATION_VERSION, type Population } from './population.ts';

/** Where Debian puts what is not for everybody's path. */
const DEBIAN = '/usr/lib/postgresql';
const AT_A_STROKE = 5_000;
const STARTS_WITHIN = 30_000;
/** A million persons and what is being written fit; as an operator would give it on a small machine. */
const SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB', max_connections: '60', autovacuum: 'off' };

export class PostgresqlServer {
  readonly #port: number;
  readonly #process: ChildProcess;
  #copies = 0;

  private constructor(port: number, child: ChildProcess) {
    this.#port = port;
    this.#process = child;
  }

  static async start(folder: string): Promise<PostgresqlServer> {
    const data = join(folder, 'postgresql');
    const owner = ownerOfFiles();
    if (!existsSync(join(data, 'PG_VERSION'))) {
      mkdirSync(data, { recursive: true, mode: 0o700 });
      if (owner) chownSync(data, owner.uid, owner.gid);
      const options = ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
      execFileSync(program('initdb'), options, { ...owner, cwd: data, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    const port = await freePort();
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const at = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
    const child = spawn(program('postgres'), [...at, ...settings], { ...owner, cwd: data, stdio: 'ignore' });
    const server = new PostgresqlServer(port, child);
    await server.#ready();
    return server;
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** A database of so many persons for one run; filled the first time, copied ever after. */
  async filled(persons: number, population: Population): Promise<string> {
    const template = `persons_${persons}_${SCHEMA_VERSION}_${POPULATION_VERSION}`;
    if (!(await this.#has(template))) {
      await this.#command(`drop database if exists ${template}_making`);
      await this.#command(`create database ${template}_making`);
      await migrate(readPostgresAddress(this.#url(`${template}_making`)));
      await this.#fill(`${template}_making`, persons, population);
      await this.#command(`alter database ${template}_making rename to ${template}`);
    }
    this.#copies += 1;
    const copy = `run_${this.#copies}`;
    await this.#command(`drop database if exists ${copy}`);
    await this.#command(`create database ${copy} template ${template} strategy file_copy`);
    return this.#url(copy);
  }

  /** Without waiting; what is under way is taken back. */
  kill(): void {
    this.#process.kill('SIGINT');
  }

  async close(): Promise<void> {
    for (let copy = 1; copy <= this.#copies; copy += 1)
      await this.#command(`drop database if exists run_${copy} with (force)`);
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await gone;
  }

  #url(database: string): string {
    return `postgres://hub@127.0.0.1:${this.#port}/${database}`;
  }

  async #ready(): Promise<void> {
    for (const deadline = Date.now() + STARTS_WITHIN; Date.now() < deadline; await sleep(100)) {
      if (this.#process.exitCode !== null) throw new Error('postgres ended; is it installed, and its folder whole?');
      const up = await this.#command('select 1').then(
        () => true,
        () => false,
      );
      if (up) return;
    }
    throw new Error('postgres does not answer');
  }

  async #has(database: string): Promise<boolean> {
    return (await this.#command(`select 1 from pg_database where datname = '${database}'`)) > 0;
  }

  async #command(sql: string, database = 'postgres'): Promise<number> {
    const client = new Client({ connectionString: this.#url(database) });
    await client.connect();
    try {
      return (await client.query(sql)).rowCount ?? 0;
    } finally {
      await client.end();
    }
  }

  /** By COPY through psql, which reads the rows of all tables in one go. */
  async #fill(database: string, persons: number, population: Population): Promise<void> {
    const psql = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', this.#url(database)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = once(psql, 'exit');
    // Replicas check no references: these rows are right as they are made.
    psql.stdin.write('set session_replication_role = replica; set synchronous_commit = off;\n');
    for (let from = 0; from < persons; from += AT_A_STROKE) {
      const rows = population.rows(from, Math.min(persons, from + AT_A_STROKE));
      for (const table of FILLED) {
        const [first] = rows[table];
        if (first === undefined) continue;
        const lines = rows[table].map((row) => Object.values(row).map(copied).join('\t'));
        const text = `copy "${table}" (${Object.keys(first).join()}) from stdin;\n${lines.join('\n')}\n\\.\n`;
        if (!psql.stdin.write(text)) await Promise.race([once(psql.stdin, 'drain'), ended]);
      }
    }
    psql.stdin.end('vacuum analyze; checkpoint;\n');
    const [code] = await ended;
    if (code !== 0) throw new Error('psql could not fill the database');
  }
}

/** A value as COPY reads it. */
function copied(value: unknown): string {
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`;
  return String(value).replaceAll('\\', '\\\\');
}

/** PostgreSQL does not run as root: then the files are those of the account that came with it. */
function ownerOfFiles(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (of: string) => Number(execFileSync('id', [of, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function program(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(DEBIAN, version, 'bin', name)).find((file) => existsSync(file));
  if (found === undefined && spawnSync(name, ['--version']).status !== 0)
    throw new Error(`${name} is not installed. On Debian: apt-get install postgresql redis-server`);
  return found ?? name;
}
