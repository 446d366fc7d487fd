/** Owns rewriting a key file in its place: whoever reads it meets the old one or the new one, whole, and nobody else reads it. */
import {
  closeSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type Keys, parseKeys, readKeys } from '../src/vault/keys.ts';

/** Another command is at the file, or one was cut short and left this beside it. */
export class KeyFileBusy extends Error {
  override readonly name = 'KeyFileBusy';
  readonly beside: string;

  constructor(beside: string) {
    super(`${beside} is there`);
    this.beside = beside;
  }
}

/**
 * Changes the keys in a file. No copy of what was is kept: it would be one more place with secrets. Throws `KeysUnusable`,
 * `KeyFileBusy`, and what `change` throws; then the file is as it was.
 */
export function rewriteKeys(file: string, change: (keys: Keys) => Keys): void {
  // Says what is wrong with the file before anything is made beside it.
  readKeys(file);
  const target = realpathSync(file);
  const beside = `${target}.new`;
  const descriptor = openBeside(beside);
  try {
    const { uid, gid } = statSync(target);
    // Read anew: another command may have changed it until this moment.
    const json = `${JSON.stringify(change(readKeys(target)), null, 2)}\n`;
    // What the hub would refuse must not take the place of what it accepts.
    parseKeys(json);
    writeFileSync(descriptor, json);
    // Root may run this for the hub's user, who has to read it.
    if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid);
    fsyncSync(descriptor);
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  syncFolder(path.dirname(target));
}

function openBeside(beside: string): number {
  try {
    return openSync(beside, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new KeyFileBusy(beside);
    throw error;
  }
}

/** The rename itself must outlast a power cut. Windows knows no such thing of folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
