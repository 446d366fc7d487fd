/**
 * Owns the files that pages and agencies load: style, typeface, mark, the scripts, and the login button. Pages load
 * theirs under a hash of all contents, so that a browser keeps them for ever and never mixes versions. Agencies load the
 * button from addresses that stay: the one of version 1, whose drawing may be improved, or that of one release, whose
 * bytes never change, so that a page may name their hash (W3C Subresource Integrity).
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
/** For pages of any site; without the second, a browser could not compare a file with the hash that a page names. */
const FROM_ANYWHERE = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' };
/** The button's addresses are written into agencies' pages and never change; its drawing may. */
const FOR_AGENCIES = { 'cache-control': 'public, max-age=86400', ...FROM_ANYWHERE };
const RELEASED = { ...FOR_EVER, ...FROM_ANYWHERE };

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

/** What agencies load under a release; a picture that a style names has to stand beside it. */
const RELEASED_FILES = BUTTON_FILES.filter((file) => file !== 'README.md');
/**
 * The release of the button that `button/` holds. Whoever changes one of its files makes a new release: the former files
 * move into a folder of their own and are served on under their number, because pages of agencies name their hashes.
 */
export const BUTTON_RELEASE = '1.1';

/** One file of the button's release, at the address where its bytes never change. */
export interface ReleasedFile {
  readonly file: string;
  readonly path: string;
  /** As a page names it in `integrity`: of the very bytes that are served. */
  readonly integrity: string;
}

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

export interface Assets {
  readonly assets: ReadonlyMap<string, Asset>;
  /** The address of one of the hub's own files in this version. */
  readonly versioned: (file: string) => string;
  readonly button: readonly ReleasedFile[];
}

/** Reads every file once. */
export function loadAssets(): Assets {
  const files = new Map<string, Buffer>([
    ['hub.css', Buffer.from(compact(fileHere('style/hub.css').toString('utf8')))],
    ['button-kit.css', Buffer.from(compact(fileHere('style/button-kit.css').toString('utf8')))],
    ['developer.css', Buffer.from(compact(fileHere('style/developer.css').toString('utf8')))],
    ['reference.css', Buffer.from(compact(fileHere('style/reference.css').toString('utf8')))],
    ['charts.css', Buffer.from(compact(fileHere('style/charts.css').toString('utf8')))],
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
  const button = RELEASED_FILES.map((file): ReleasedFile => {
    const path = `/button/v1/${BUTTON_RELEASE}/${file}`;
    const asset: Asset = { body: fileHere(`button/${file}`), type: typeOf(file), headers: RELEASED };
    assets.set(path, asset);
    return { file, path, integrity: `sha384-${createHash('sha384').update(asset.body).digest('base64')}` };
  });
  return { assets, versioned: (file) => `${directory}/${file}`, button };
}

function typeOf(file: string): string {
  return TYPES[file.slice(file.lastIndexOf('.') + 1)]!;
}
