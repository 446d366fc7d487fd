/** Owns running a ready piece as its agency would: its files in a folder, its own commands, its own environment. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClientKey } from '../../src/client-keys.ts';
import type { ReadyPiece } from '../../src/developer/ready-pieces/piece.ts';
import { SECRET } from '../country.ts';
import { until } from '../engines/until.ts';

const MODULES = path.join(import.meta.dirname, '../../node_modules');
/** Milliseconds in which a piece is up, on a machine that is busy with other tests. */
const PATIENCE = 20_000;

export interface PieceFolder {
  readonly folder: string;
  /** Does what a step says is to be typed; returns what it prints. */
  run(command: string): string;
  remove(): void;
}

/** Writes the files as they are. Throws for a piece that does not fit. */
export function unpack(piece: ReadyPiece): PieceFolder {
  if (!piece.fits) throw new Error(`${piece.id} does not fit: ${piece.reason.en}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'ready-piece-'));
  // Apache gives up being root and has to read its pages nevertheless.
  chmodSync(folder, 0o755);
  for (const { path: file, content } of piece.files) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  // What `npm install` would bring.
  symlinkSync(MODULES, path.join(folder, 'node_modules'));
  return {
    folder,
    run: (command) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command}: ${stderr}`);
      return stdout;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The step of a piece that says to type something with these words. */
export function commandWith({ how }: Pick<ReadyPiece, 'how'>, words: string): string | undefined {
  return how.find(({ command }) => command?.includes(words))?.command;
}

/** Makes what the service keeps to itself; returns the public keys that go into the console. */
export function makeKeys(piece: ReadyPiece, { run }: PieceFolder): readonly ClientKey[] {
  const command = commandWith(piece, 'make');
  const printed = command === undefined ? '' : run(command);
  return printed === '' ? [] : JSON.parse(printed).keys;
}

export interface RunningPiece {
  /** What it wrote about itself. */
  readonly log: () => string;
  stop(): Promise<void>;
}

/** Runs it by the command of its step, and waits until it answers. */
export async function start(
  piece: Pick<ReadyPiece, 'id' | 'how'>,
  { folder }: Pick<PieceFolder, 'folder'>,
  port: number,
  secret = SECRET,
): Promise<RunningPiece> {
  const PATH = `${path.dirname(process.execPath)}:${process.env.PATH}:/usr/sbin`;
  const child = spawn('sh', ['-c', commandWith(piece, 'PORT=')!], {
    cwd: folder,
    env: { PATH, LIEN_THONG_CLIENT_SECRET: secret, LIEN_THONG_SESSION_KEY: 'only-of-this-test' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what the shell started ends with it.
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const logFile = path.join(folder, 'error.log');
  const log = () => said + (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const stop = () => stopGroup(child);
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${piece.id} ended: ${log()}`);
      return isListening(port);
    }, PATIENCE);
  } catch (error) {
    await stop();
    throw error instanceof Error && error.message.includes(piece.id) ? error : new Error(`${piece.id}: ${log()}`);
  }
  return { log, stop };
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid!, 'SIGTERM');
  await ended;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (listens: boolean) => () => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

/** Ports that nobody listens on; held together for a moment, so that they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = held.map((server) => (server.address() as { port: number }).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
