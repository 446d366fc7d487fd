/** Owns which PNG files are taken (PNG, third edition): small, whole, still, and without what tells of their maker. Pure. */
import { crc32, inflateSync } from 'node:zlib';
import type { LogoCode } from '../rules/codes.ts';

/** Pixels, in both directions. */
const LEAST = 32;
const MOST = 1024;
/** What a picture needs to look as it should; text, times, places and other pictures inside are not kept. */
const KEPT = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'sRGB', 'pHYs']);
const MOST_CHUNKS = 1000;

/** Samples of a pixel by colour type, and the depths each may have. */
const COLOUR_TYPES: Readonly<Record<number, readonly [samples: number, depths: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
};

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With length, type and checksum. */
  readonly whole: Buffer;
}

/** The file with what it needs and nothing else; or why it is not taken. */
export function acceptPng(file: Buffer): Uint8Array | LogoCode {
  const chunks = chunksOf(file);
  const header = chunks?.[0];
  if (chunks === undefined || header?.type !== 'IHDR' || header.data.length !== 13) return 'png_damaged';
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  if (Math.min(width, height) < LEAST || Math.max(width, height) > MOST) return 'png_size';
  if (!isOrdered(chunks) || !isWholePicture(chunks, header.data)) return 'png_damaged';
  return Buffer.concat([file.subarray(0, 8), ...chunks.filter(({ type }) => KEPT.has(type)).map(({ whole }) => whole)]);
}

/** All chunks up to the very end of the file; nothing when one is damaged, or anything follows the last. */
function chunksOf(file: Buffer): readonly Chunk[] | undefined {
  const chunks: Chunk[] = [];
  for (let at = 8; at < file.length; ) {
    if (file.length - at < 12 || chunks.length === MOST_CHUNKS) return undefined;
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) return undefined;
    const whole = file.subarray(at, end);
    const type = whole.toString('latin1', 4, 8);
    if (!/^[A-Za-z]{2}[A-Z][A-Za-z]$/.test(type)) return undefined;
    if (crc32(whole.subarray(4, -4)) !== whole.readUInt32BE(whole.length - 4)) return undefined;
    chunks.push({ type, data: whole.subarray(8, -4), whole });
    at = end;
    if (type === 'IEND') return at === file.length && whole.length === 12 ? chunks : undefined;
  }
  return undefined;
}

/** Each where it belongs, and once; the picture's data in one run. */
function isOrdered(chunks: readonly Chunk[]): boolean {
  const types = chunks.map(({ type }) => type);
  // A capital first letter says that nobody can show the picture without knowing the chunk.
  if (types.some((type) => /^[A-Z]/.test(type) && !KEPT.has(type))) return false;
  const once = [...KEPT].filter((type) => type !== 'IDAT');
  if (once.some((type) => types.indexOf(type) !== types.lastIndexOf(type))) return false;
  const [first, last] = [types.indexOf('IDAT'), types.lastIndexOf('IDAT')];
  if (first < 0 || types.slice(first, last + 1).some((type) => type !== 'IDAT')) return false;
  return ['PLTE', 'tRNS', 'gAMA', 'sRGB', 'pHYs'].every((type) => types.indexOf(type) < first);
}

/** Whether the data are those of a picture of that size: no fewer, and no bomb. */
function isWholePicture(chunks: readonly Chunk[], header: Buffer): boolean {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = header.subarray(8);
  const [samples = 0, depths = []] = COLOUR_TYPES[colour] ?? [];
  if (!depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) return false;
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data;
  if (palette !== undefined && (palette.length % 3 !== 0 || palette.length === 0 || palette.length > 768)) return false;
  if ((colour === 3) !== (palette !== undefined) && colour !== 2 && colour !== 6) return false;
  const lineOf = (pixels: number) => (pixels === 0 ? 0 : 1 + Math.ceil((pixels * samples * depth) / 8));
  const size = (interlace === 1 ? ADAM7 : [[0, 0, 1, 1] as const]).reduce((sum, [x, y, stepX, stepY]) => {
    const [columns, rows] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return sum + rows * lineOf(columns);
  }, 0);
  try {
    const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
    return inflateSync(data, { maxOutputLength: size }).length === size;
  } catch {
    return false;
  }
}

/** Where each pass begins, and its steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
