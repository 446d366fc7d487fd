/**
 * Owns the way in for operators on this machine: a socket beside the store, for whoever may read the store anyway. One
 * line of JSON asks, one answers. Nothing of it is reachable by network, so there is no password to guess.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { Json } from '../store.ts';
import type { Log } from '../web/log.ts';

/** The socket inside the store's directory. */
export const CHANNEL_FILE = 'operator.sock';

const LONGEST_LINE = 4 * 1024;
/** Milliseconds after which a caller who says nothing is left. */
const PATIENCE = 10_000;

/** What an operator's command comes to. */
export type CommandResult =
  | { readonly ok: true; readonly [field: string]: Json }
  | { readonly ok: false; readonly problem: string };

export interface Channel {
  close(): Promise<void>;
}

/** Opens the channel in `directory`, which nobody else may enter. Rejects when it cannot. */
export async function openChannel(
  directory: string,
  answer: (question: unknown) => Promise<CommandResult>,
  log: Log,
): Promise<Channel> {
  const file = path.join(directory, CHANNEL_FILE);
  // Left by a hub that crashed: the store is locked to this process, so it is nobody's.
  rmSync(file, { force: true });
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
    let text = '';
    caller.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > LONGEST_LINE) resolve(undefined);
    });
    caller.once('close', () => resolve(undefined));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
