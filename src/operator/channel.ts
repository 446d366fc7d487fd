/**
 * Owns the way in for operators on this machine: a socket beside the store, for whoever may read the store anyway. One
 * line of JSON asks, one answers. Nothing of it is reachable by network, so there is no password to guess.
 */
import cluster from 'node:cluster';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { Json } from '../store.ts';
import type { Log } from '../web/log.ts';

/** The socket inside the store's directory. */
export const CHANNEL_FILE = 'operator.sock';

/** Characters: room for every registration there may be. */
const LONGEST_LINE = 32 * 1024 * 1024;
/** Milliseconds after which a caller who says nothing is left. */
const PATIENCE = 10_000;

/** What an operator's command comes to. */
export type CommandResult =
  | { readonly ok: true; readonly [field: string]: Json }
  | { readonly ok: false; readonly problem: string; readonly details?: readonly string[] };

export interface Channel {
  close(): Promise<void>;
}

/**
 * Makes sure that the channel can be opened in `directory`: nobody else may enter it, and a socket that a hub which
 * crashed has left is away. Rejects with `EADDRINUSE` when another hub answers there. A primary does it for its workers.
 */
export async function prepareChannel(directory: string): Promise<void> {
  const file = path.join(directory, CHANNEL_FILE);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (await isAnswered(file)) throw Object.assign(new Error('another hub answers there'), { code: 'EADDRINUSE' });
  rmSync(file, { force: true });
}

/** Opens the channel in `directory`. Workers open it together, and one of them gets each caller. Rejects when it cannot. */
export async function openChannel(
  directory: string,
  answer: (question: unknown) => Promise<CommandResult>,
  log: Log,
): Promise<Channel> {
  const file = path.join(directory, CHANNEL_FILE);
  if (cluster.isPrimary) await prepareChannel(directory);
  const callers = new Set<Socket>();
  const server = createServer((caller) => {
    callers.add(caller.once('close', () => callers.delete(caller)));
    caller.setTimeout(PATIENCE, () => caller.destroy());
    // Whoever hangs up early loses the answer, no more.
    caller.on('error', () => caller.destroy());
    void readLine(caller).then(async (line) => {
      if (line === undefined) return caller.destroy();
      const result = await answer(parsed(line)).catch((cause): CommandResult => {
        log('internal_error', { cause });
        return { ok: false, problem: 'internal_error' };
      });
      caller.end(`${JSON.stringify(result)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(file, resolve);
  });
  chmodSync(file, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const caller of callers) caller.destroy();
      }),
  };
}

/** The first line a caller sends; nothing when they send none, or too much. */
function readLine(caller: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let line = '';
    caller.setEncoding('utf8').on('data', (part: string) => {
      const end = part.indexOf('\n');
      line += end < 0 ? part : part.slice(0, end);
      if (end >= 0) resolve(line);
      else if (line.length > LONGEST_LINE) resolve(undefined);
    });
    caller.once('close', () => resolve(undefined));
  });
}

function isAnswered(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(file);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
