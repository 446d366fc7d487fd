/** Owns what the outgoing client's tests share: the process under test, and the servers that try to lead it astray. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { certificateFor } from './outgoing-certificate.ts';
import type { Call, Job, Outcome, Report } from './outgoing-process.ts';

/** Stands in queries and answers; no error may repeat it. */
export const SECRET = 'tax-code-8001234567';

/** The one certificate that the process trusts, for `trusted.example`. */
export const CERTIFICATE = certificateFor('trusted.example');

let child: ChildProcess;
let jobs = 0;
const closing: (() => void)[] = [];

/** Starts the process before a file's tests and ends it after them; ends each test's servers. */
export function useOutgoingProcess(): void {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outgoing-'));
    const authorities = join(folder, 'authorities.pem');
    await writeFile(authorities, CERTIFICATE.cert);
    child = fork(join(import.meta.dirname, 'outgoing-process.ts'), {
      execArgv: ['--no-warnings'],
      // An environment that would lead a less careful client astray.
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: authorities,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: 'http://127.0.0.1:9',
        HTTPS_PROXY: 'http://127.0.0.1:9',
      },
    });
  });

  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  afterAll(async () => {
    child.kill();
    await rm(folder, { recursive: true });
  });
}

/** Has the process make some calls, one after the other unless told; loopback is open unless told. */
export async function run(calls: (Call | string)[], job: Partial<Omit<Job, 'id' | 'calls'>> = {}): Promise<Report> {
  jobs += 1;
  const id = jobs;
  const { promise, resolve, reject } = Promise.withResolvers<Report>();
  const listen = (report: Report) => {
    if (report.id === id) resolve(report);
  };
  const died = () => reject(new Error('the process under test ended'));
  child.on('message', listen).on('exit', died);
  child.send({
    names: {},
    ...job,
    id,
    settings: { allowLoopback: true, privateNetworks: [], ...job.settings },
    calls: calls.map((call) => (typeof call === 'string' ? { url: call } : call)),
  } satisfies Job);
  const report = await promise.finally(() => child.off('message', listen).off('exit', died));
  for (const { error } of report.outcomes) expect(error ?? '').not.toContain(SECRET);
  return report;
}

/** What became of each call, in one word: its status, the code it was refused with, or another error. */
export const codes = ({ outcomes }: Report) => outcomes.map((each: Outcome) => each.code ?? each.error ?? each.status);

export interface Listening {
  readonly port: number;
  /** How many connections were made so far. */
  readonly connections: () => number;
  readonly close: () => void;
}

async function listening(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => undefined));
  });
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  closing.push(close);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, connections: () => connections, close };
}

export const serve = (listener: RequestListener) => listening(createServer(listener));

export const serveSecurely = (certificate: { key: string; cert: string }, listener: RequestListener) =>
  listening(createSecureServer(certificate, listener));

/** A server that answers each connection's first bytes as the test pleases, HTTP or not. */
export const serveRaw = (answer: (socket: Socket) => void) =>
  listening(createSocketServer((socket) => socket.once('data', () => answer(socket))));

/** Keeps writing until the other side has had enough. */
export function pour(socket: Socket, piece: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}
