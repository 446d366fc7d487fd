/** Owns the browser that tests and screenshots drive: Chromium, without a window. */
import type { Browser, BrowserContext, BrowserType } from 'playwright-core';
import { executableIn, isExecutable, isRoot, type NeededProgram, whereIs } from './installed.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const ON_MACOS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A test machine has no display to speed up, nothing to synchronise and nobody to phone home to. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * What Chromium would do besides. It hears only the last such list, so the driver's own stands here as well; the last two
 * are pages in which the address bar of each window, which nobody sees, makes suggestions: a third of all its work.
 */
const WITHOUT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

/** What `CHROMIUM` names, else the first one found. */
export const CHROMIUM: NeededProgram = {
  name: 'Chromium',
  debian: 'chromium',
  elsewhere: 'Install Chromium, or name it: CHROMIUM=/path/to/chromium npm test',
  find() {
    const named = process.env.CHROMIUM;
    if (named && !isExecutable(named)) throw new Error(`CHROMIUM=${named} is not a program that can be run`);
    return named || (executableIn(FOLDERS, ...NAMES) ?? ON_MACOS.find(isExecutable));
  },
};

/** Root has no sandbox to drop into, so Chromium refuses to start with one. */
const ARGUMENTS = [...(isRoot ? ['--no-sandbox'] : []), ...QUIET, `--disable-features=${WITHOUT}`];

/**
 * The driver, as Node itself loads it: large, and no part of what is tested, so that all the files of one of Jest's workers
 * may have the same one instead of each its own.
 */
function driver(): BrowserType {
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(import.meta.url)('playwright-core').chromium;
}

/** A browser without a window. */
export async function openChromium(): Promise<Browser> {
  return driver().launch({ executablePath: whereIs(CHROMIUM), args: ARGUMENTS });
}

/** The same with an unpacked extension, which only a profile of its own can have. */
export async function openChromiumWith(extension: string): Promise<BrowserContext> {
  return driver().launchPersistentContext('', {
    executablePath: whereIs(CHROMIUM),
    args: [...ARGUMENTS, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
    ignoreDefaultArgs: ['--disable-extensions'],
    locale: 'vi-VN',
  });
}
