/**
 * Owns the browser that tests and screenshots drive: finds a Chromium on this machine, installs Debian's where that is
 * allowed, and names the one command to run where it is not.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const ON_MACOS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const INSTALL = 'apt-get update && apt-get install -y --no-install-recommends chromium';

/** A test machine has no display to speed up, nothing to synchronise and nobody to phone home to. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const isRoot = process.getuid?.() === 0;

/** Where Chromium is: what `CHROMIUM` names, else the first one found; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROMIUM=${named} is not a program that can be run`);
    return named;
  }
  const folders = [...new Set([...FOLDERS, ...(process.env.PATH ?? '').split(path.delimiter)])];
  return [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ...ON_MACOS].find(isExecutable);
}

/** There is a Chromium, or the run ends here with what to do about it. */
export function ensureChromium(): void {
  if (findChromium() !== undefined) return;
  const debianLike = isExecutable('/usr/bin/apt-get');
  if (!debianLike)
    throw new Error('The tests need Chromium. Install it, or name it: CHROMIUM=/path/to/chromium npm test');
  if (!isRoot) throw new Error(`The tests need Chromium. Run: sudo sh -c '${INSTALL}'`);
  console.log(`No Chromium here; installing Debian's: ${INSTALL}`);
  const { status } = spawnSync('sh', ['-c', INSTALL], {
    // Only errors are worth reading; a question asked would never be answered.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0 || findChromium() === undefined)
    throw new Error(`Chromium could not be installed. Run by hand: ${INSTALL}`);
}

/** Root has no sandbox to drop into, so Chromium refuses to start with one. */
const ARGUMENTS = isRoot ? ['--no-sandbox', ...QUIET] : QUIET;

function chromiumHere(): string {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(`no Chromium here. Run: ${INSTALL}`);
  return executablePath;
}

/** A browser without a window. */
export async function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumHere(), args: ARGUMENTS });
}

/** The same with an unpacked extension, which only a profile of its own can have. */
export async function openChromiumWith(extension: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', {
    executablePath: chromiumHere(),
    args: [...ARGUMENTS, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
    ignoreDefaultArgs: ['--disable-extensions'],
    locale: 'vi-VN',
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
