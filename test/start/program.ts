/** Owns a program of the hub run as a process of its own: what it says, when it is ready, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..', '..');
/** The library says so of every Node that is not a long-term one yet; this hub runs on such a one by intent. */
const ABOUT_NODE = /^oidc-provider WARNING: Unsupported runtime.*\n/;
/** A program starts in half the time when Node finds here what it made of the same files before. */
export const COMPILED = { NODE_COMPILE_CACHE: path.join(tmpdir(), 'lien-thong-compiled') };
const running = new Set<ChildProcess>();

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Everything said so far on either stream. */
  said(): { readonly output: string; readonly complaints: string };
  /** Resolves with the first match in the output; rejects with what was said when the program ends without. */
  says(what: Pick<RegExp, 'exec'>): Promise<RegExpExecArray>;
  send(signal: NodeJS.Signals): void;
}

/** Starts a program of the repository with these settings and no others. */
export function run(file: string, settings: Readonly<Record<string, string>>): Program {
  const env = { ...COMPILED, ...settings };
  const child = spawn(process.execPath, [file], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid!,
    ended,
    said: () => ({ output, complaints: complaints.replace(ABOUT_NODE, '') }),
    says: (what) =>
      new Promise((resolve, reject) => {
        const stop = () => child.stdout.off('data', look) && child.off('close', ended);
        const look = () => {
          const match = what.exec(output);
          if (!match) return;
          stop();
          resolve(match);
        };
        const ended = () => {
          stop();
          reject(new Error(`the program ended without saying ${what}: ${output}${complaints}`));
        };
        child.stdout.on('data', look);
        child.once('close', ended);
        look();
      }),
    send: (signal) => void child.kill(signal),
  };
}

/** Ends whatever a test left running. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      child.kill('SIGKILL');
      return new Promise((resolve) => child.once('close', resolve));
    }),
  );
}
