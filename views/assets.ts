/**
 * Owns the files that pages and agencies load: style, typeface, mark, the scripts, and the login button. Pages load
 * theirs under a hash of all contents, so that a browser keeps them for ever and never mixes versions.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  /** Headers that belong to the file itself: how long to keep it, who may load it. */
  readonly headers: Readonly<Record<string, string>>;
}

const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };
/** The button's addresses are written into agencies' pages and never change; its drawing may. */
const FOR_AGENCIES = {
  'cache-control': 'public, max-age=86400',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
};

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  woff2: 'font/woff2',
};

const BUTTON_FILES = [
  'button.css',
  'mark.svg',
  'vi-light.svg',
  'vi-dark.svg',
  'en-light.svg',
  'en-dark.svg',
  'README.md',
];

/** Two weights in two subsets: what Vietnamese and English need and no more. */
const FONTS = ['vietnamese-400', 'latin-400', 'vietnamese-600', 'latin-600'];

const require = createRequire(import.meta.url);

function fileHere(path: string): Buffer {
  return readFileSync(new URL(path, import.meta.url));
}

function fontFile(font: string): Buffer {
  return readFileSync(require.resolve(`@fontsource/be-vietnam-pro/files/be-vietnam-pro-${font}-normal.woff2`));
}

/** Style as it is sent: without comments and the white space that only its authors need. */
function compact(style: string): string {
  return style
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .trim();
}

/** Reads every file once. `versioned` gives the address of one of the hub's own files in this version. */
export function loadAssets(): { assets: ReadonlyMap<string, Asset>; versioned: (file: string) => string } {
  const files = new Map<string, Buffer>([
    ['hub.css', Buffer.from(compact(fileHere('style/hub.css').toString('utf8')))],
    ['submit.js', fileHere('style/submit.js')],
    ['wait.js', fileHere('style/wait.js')],
    ['web-eid.js', fileHere('style/web-eid.js')],
    ['mark.svg', fileHere('button/mark.svg')],
    ...FONTS.map((font) => [`${font}.woff2`, fontFile(font)] as const),
  ]);
  const hash = createHash('sha256');
  for (const body of files.values()) hash.update(body);
  const directory = `/assets/${hash.digest('hex').slice(0, 12)}`;

  const assets = new Map<string, Asset>();
  for (const [file, body] of files) assets.set(`${directory}/${file}`, { body, type: typeOf(file), headers: FOR_EVER });
  for (const file of BUTTON_FILES) {
    assets.set(`/button/v1/${file}`, { body: fileHere(`button/${file}`), type: typeOf(file), headers: FOR_AGENCIES });
  }
  return { assets, versioned: (file) => `${directory}/${file}` };
}

function typeOf(file: string): string {
  return TYPES[file.slice(file.lastIndexOf('.') + 1)]!;
}
