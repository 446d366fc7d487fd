/**
 * Owns the programs that tests drive and the repository does not bring: found where they commonly are, installed from
 * Debian's packages where that is allowed, and where it is not, told with the one command to run.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

export interface NeededProgram {
  /** As people call it. */
  readonly name: string;
  /** Debian's package that brings it. */
  readonly debian: string;
  /** Its file, or the folder of its files; `undefined` where it is not here. */
  readonly find: () => string | undefined;
  /** What helps where there are no packages of Debian. */
  readonly elsewhere: string;
}

/** Root needs no other's leave to install, and is refused by programs that rather run as somebody. */
export const isRoot = process.getuid?.() === 0;

const installing = (programs: readonly NeededProgram[]) =>
  `apt-get update && apt-get install -y --no-install-recommends ${programs.map(({ debian }) => debian).join(' ')}`;

/** Where a program is. Installs nothing: two tests at once would be in each other's way. */
export function whereIs(program: NeededProgram): string {
  const found = program.find();
  if (found === undefined) throw new Error(`There is no ${program.name} here. On Debian: ${installing([program])}`);
  return found;
}

/** All of them are here, or the run ends with what to do about it. */
export function installMissing(programs: readonly NeededProgram[]): void {
  const isMissing = ({ find }: NeededProgram) => find() === undefined;
  const missing = programs.filter(isMissing);
  if (missing.length === 0) return;
  const needed = `The tests need ${namesOf(missing)}.`;
  const command = installing(missing);
  if (!isExecutable('/usr/bin/apt-get'))
    throw new Error([needed, ...missing.map(({ elsewhere }) => elsewhere)].join('\n'));
  if (!isRoot) throw new Error(`${needed} Run: sudo sh -c '${command}'`);
  console.log(`${needed} Installing Debian's: ${command}`);
  spawnSync('sh', ['-c', command], {
    // Only errors are worth reading; a question asked would never be answered.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const still = missing.filter(isMissing);
  if (still.length > 0) throw new Error(`${namesOf(still)} could not be installed. Run by hand: ${command}`);
}

const namesOf = (programs: readonly NeededProgram[]) => programs.map(({ name }) => name).join(' and ');

/** The first of these files, in the first of these folders or else where the shell would look, that can be run. */
export function executableIn(folders: readonly string[], ...names: readonly string[]): string | undefined {
  const all = new Set([...folders, ...(process.env.PATH ?? '').split(path.delimiter)]);
  return [...all].flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
