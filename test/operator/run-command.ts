/** Owns running an operator's command as they do: a process of its own, the personal number on standard input. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestCountry } from '../country.ts';
import { COMPILED } from '../start/program.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

export interface Said {
  readonly code: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: each command answers in its own shape
  readonly answer: any;
  readonly complaint: string;
}

/** Runs `npm run person`, `npm run reviews` or `npm run clients` on the hub of a country, or on a folder where none runs. */
export async function runCommand(
  where: TestCountry | string,
  script: 'person' | 'reviews' | 'clients' | 'cases' | 'registrars',
  words: readonly string[],
  input = '',
): Promise<Said> {
  const directory = typeof where === 'string' ? where : where.configuration.dataDirectory;
  const child = spawn(process.execPath, [`scripts/${script}.ts`, ...words], {
    cwd: ROOT,
    env: { ...COMPILED, HUB_DATA: directory },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, answer: output === '' ? undefined : JSON.parse(output), complaint };
}
