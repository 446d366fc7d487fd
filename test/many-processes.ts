/**
 * Owns a country whose hub is many: `machines` programs as production starts them, each with its own workers, all on the
 * same engines and behind a balancer that sends every request anywhere. The rest of the country is in the test's process.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { CountrySettings } from '../sandbox/country.ts';
import { hubEnvironment, writeEnvironment } from '../sandbox/hub-environment.ts';
import type { Configuration } from '../src/config.ts';
import { type Balancer, openBalancer } from './balancer.ts';
import { openTestCountry, type ServiceWish, type TestCountry } from './country.ts';
import { type Program, run } from './start/program.ts';

export interface ManyProcesses {
  /** Programs started; 1 unless told. */
  readonly machines?: number;
  /** Worker processes of each; 1, which serves by itself, unless told. */
  readonly workers?: number;
  readonly databaseUrl: string;
  readonly stateUrl: string;
  /** Empties both, for the country's `reset`; without it there is none. */
  readonly emptyServers?: () => Promise<void>;
  /** As for `openTestCountry`. */
  readonly moreClients?: readonly ServiceWish[];
  readonly registers?: string;
  readonly sandboxIssuer?: boolean;
  /** Whether each machine has a port at which it tells of itself. */
  readonly watched?: boolean;
  /** As for `openBalancer`. */
  readonly keepsConnections?: boolean;
  readonly configure?: (configuration: Configuration) => Configuration;
  /** Settings of the programs besides those of the country. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly program: Program;
  /** Its own address, past the balancer. */
  readonly url: string;
  /** The same of the sandbox issuer beside it, where there is one. */
  readonly sandboxUrl?: string;
  /** Where it tells of itself, if it does. */
  readonly watchUrl?: string;
  /** Its processes that serve: workers, or the program itself. */
  pids(): readonly number[];
}

export interface CountryOfProcesses extends TestCountry {
  readonly machines: readonly Machine[];
  readonly balancer: Balancer;
  /** All processes that serve. */
  workerPids(): readonly number[];
  kill(pid: number, signal?: NodeJS.Signals): void;
  /** Resolves when exactly so many processes are there besides those of before; rejects when a machine ends. */
  serving(count: number, before?: readonly number[]): Promise<void>;
  /** Renews all workers of all machines, one machine after the other; resolves when all are new. */
  reload(): Promise<void>;
  /** Everything the hub's processes wrote. */
  logs(): string;
}

/** Starts the country and the hub's processes; resolves when all of them serve. Close it in `afterAll`. */
export async function openCountryWithWorkers(wanted: ManyProcesses): Promise<CountryOfProcesses> {
  const {
    machines: count = 1,
    workers = 1,
    databaseUrl,
    stateUrl,
    moreClients = [],
    keepsConnections = false,
  } = wanted;
  // Short: the path of a socket has at most 107 bytes.
  const directory = await mkdtemp(path.join(tmpdir(), 'many-'));
  let machines: readonly Machine[] = [];
  let balancer: Balancer;
  let sandboxBalancer: Balancer | undefined;

  const startHub: CountrySettings['startHub'] = async (configuration) => {
    const environment: Record<string, string> = {
      ...(await hubEnvironment(configuration, directory)),
      ...wanted.environment,
    };
    const start = async (_: unknown, n: number): Promise<Machine> => {
      const port = await freePort();
      const own: Record<string, string> = { HUB_PORT: String(port), HUB_DATA: path.join(directory, `hub-${n}`) };
      const more: { sandboxUrl?: string; watchUrl?: string } = {};
      if (wanted.watched) {
        own.HUB_WATCH_PORT = String(await freePort());
        more.watchUrl = `http://127.0.0.1:${own.HUB_WATCH_PORT}`;
      }
      if (environment.HUB_SANDBOX) {
        const sandboxPort = await freePort();
        own.HUB_SANDBOX = await besideOf(environment.HUB_SANDBOX, n, sandboxPort);
        more.sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
      }
      const machine = await openMachine(run('src/main.ts', { ...environment, ...own }), port, workers);
      return { ...machine, ...more };
    };
    const started = await Promise.allSettled(Array.from({ length: count }, start));
    machines = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) {
      await Promise.all(machines.map(end));
      throw failed.reason;
    }
    balancer = await openBalancer(
      configuration.port,
      machines.map(({ url }) => Number(new URL(url).port)),
      { keepsConnections },
    );
    const besides = machines.flatMap(({ sandboxUrl }) => (sandboxUrl ? [Number(new URL(sandboxUrl).port)] : []));
    if (configuration.sandbox && besides.length > 0)
      sandboxBalancer = await openBalancer(configuration.sandbox.port, besides, { keepsConnections });
    return {
      close: async () => void (await Promise.all([balancer.close(), sandboxBalancer?.close(), ...machines.map(end)])),
    };
  };
  const configure = (usual: Configuration): Configuration => {
    const ours = { ...usual, databaseUrl, stateUrl, workers, logLevel: 'info' };
    return wanted.configure?.(ours) ?? ours;
  };
  const { registers, sandboxIssuer, emptyServers } = wanted;
  const country = await openTestCountry(moreClients, {
    directory,
    startHub,
    configure,
    ...(registers === undefined ? {} : { registers }),
    ...(sandboxIssuer === undefined ? {} : { sandboxIssuer }),
    ...(emptyServers === undefined ? {} : { emptyServers }),
  });
  const workerPids = () => machines.flatMap((machine) => machine.pids());

  return {
    ...country,
    get machines() {
      return machines;
    },
    get balancer() {
      return balancer;
    },
    workerPids,
    kill: (pid, signal = 'SIGKILL') => void process.kill(pid, signal),
    serving: async (count, before = []) => {
      const isSo = () => workerPids().filter((pid) => !before.includes(pid)).length === count;
      await Promise.race(machines.map(({ program }) => heard(program, isSo)));
    },
    reload: async () => {
      for (const { program } of machines) {
        const times = (code: string) => program.said().output.split(`"code":"${code}"`).length;
        const [renewed, refused] = [times('workers_renewed'), times(REFUSED)];
        program.send('SIGHUP');
        // The last that is heard of a worker that does not start: what it says before must not be taken for the next one's.
        await heard(program, () => times('workers_renewed') > renewed || times(REFUSED) > refused);
        if (times('workers_renewed') === renewed)
          throw new Error(`not renewed: ${program.said().output.slice(-2_000)}`);
      }
    },
    logs: () => machines.map(({ program }) => program.said().output + program.said().complaints).join(''),
    close: async () => {
      await country.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The settings of the sandbox issuer of one machine: another port and another folder than those of the others. */
async function besideOf(file: string, n: number, port: number): Promise<string> {
  const settings = parseEnv(await readFile(file, 'utf8')) as Record<string, string>;
  const own = `${file}-${n}`;
  await writeEnvironment(own, { ...settings, HUB_PORT: String(port), HUB_DATA: `${settings.HUB_DATA}-${n}` });
  return own;
}

/** The code and the reason with which a worker that cannot start is told of. */
const REFUSED = 'worker_ended","error":"exit 1';

/** A machine whose program has just been started; resolves when all of its processes serve. */
async function openMachine(program: Program, port: number, workers: number): Promise<Machine> {
  const url = `http://127.0.0.1:${port}`;
  if (workers === 1) {
    await answers(program, url);
    return { program, url, pids: () => (isAlive(program.pid) ? [program.pid] : []) };
  }
  const pids = () => workersSaid(program).filter(isAlive);
  await heard(program, () => pids().length >= workers);
  return { program, url, pids };
}

/** Workers told in the log of their primary. */
function workersSaid(program: Program): number[] {
  const said = program.said().output.matchAll(/"code":"worker_ready","worker":(\d+)/g);
  return Array.from(said, ([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves when something is so, looking again whenever the program says something; rejects when it ends before. */
function heard(program: Program, isSo: () => boolean): Promise<void> {
  return program.says({ exec: () => (isSo() ? ([''] as unknown as RegExpExecArray) : null) }).then(() => {});
}

async function answers(program: Program, url: string): Promise<void> {
  const ended = program.ended.then(() => undefined);
  for (;;) {
    const asked = fetch(`${url}/.well-known/openid-configuration`).catch(() => null);
    const answer = await Promise.race([asked, ended]);
    if (answer === undefined) throw new Error(`the hub does not start: ${program.said().complaints}`);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function end({ program }: Machine): Promise<void> {
  program.send('SIGTERM');
  await program.ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
