/**
 * Owns pictures of numbers: SVG that stands in the page itself, drawn here, so that it needs no script and no style of its
 * own. A picture stands beside a table with the same numbers; who cannot see it hears its title and what it says, and
 * nobody has to tell colours apart: each series has a pattern too, each bar its value in words. Style: style/charts.css.
 */

/** So many series can be told apart. */
export const MOST_SERIES = 8;

interface Picture {
  /** Of its elements on the page: small letters, digits, hyphens. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen in it, in a sentence. */
  readonly description: string;
  /** A number as the page's language writes it. */
  readonly format: (value: number) => string;
}

export interface StackedBars extends Picture {
  /** From the bottom up. */
  readonly series: readonly { readonly key: string; readonly label: string }[];
  /** From left to right, one a day say; a series that is not there is zero. */
  readonly bars: readonly { readonly label: string; readonly values: Readonly<Record<string, number>> }[];
}

export interface HorizontalBars extends Picture {
  /** From the top down. */
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

/** Units of a picture's width; small, so that its words can be read on a telephone. */
const WIDTH = 420;
const TOP = 8;
const PLOT = 180;
const TICKS = 4;
/** Labels under the bars. */
const MOST_LABELS = 6;
const LEGEND_ROW = 20;
/** A label, and its bar below it. */
const ROW = 40;
/** Letters of a legend of which two stand beside each other, and about how wide one is. */
const SHORT = 25;
const LETTER = 7.6;
/** Bars as thin as this would be nothing but outline. */
const THIN = 4;

/** What is drawn over the colour of each series, on a tile of eight. */
const PATTERNS: readonly string[] = [
  '',
  'M0 8 8 0M-2 2 2-2M6 10 10 6',
  'M0 0 8 8M6-2 10 2M-2 6 2 10',
  'M0 4H8',
  'M4 0V8',
  'M0 4H8M4 0V8',
  'M3 4H5M7 0H9M-1 0H1M7 8H9M-1 8H1',
  'M0 6 4 2 8 6',
];

/** Bars whose parts stand on each other, with a legend. Throws `TypeError` for an id that is none or too many series. */
export function stackedBars({ id, title, description, series, bars, format }: StackedBars): string {
  if (series.length > MOST_SERIES) throw new TypeError(`more than ${MOST_SERIES} series cannot be told apart`);
  const columns = bars.map(({ values }) => series.map(({ key }) => harmless(values[key] ?? 0)));
  const scale = scaleOf(Math.max(0, ...columns.map(sumOf)));
  // As far as the longest number beside the lines needs.
  const left = 12 + LETTER * Math.max(...scale.lines.map((value) => format(value).length));
  const [bottom, slot] = [TOP + PLOT, (WIDTH - left) / Math.max(1, bars.length)];
  const wide = slot > 2 * THIN ? slot * 0.72 : slot;
  const heightOf = (value: number) => (value / scale.top) * PLOT;

  const lines = scale.lines.map((value) => {
    const y = at(bottom - heightOf(value));
    const line = `<line class="chart-line" x1="${at(left)}" x2="${WIDTH}" y1="${y}" y2="${y}"/>`;
    return line + text(left - 6, bottom - heightOf(value) + 4, 'end', format(value));
  });
  const parts = columns.flatMap((values, n) => {
    const x = left + n * slot + (slot - wide) / 2;
    let y = bottom;
    return values.map((value, s) => {
      if (value === 0) return '';
      y -= heightOf(value);
      const said = `${bars[n]!.label}: ${series[s]!.label} ${format(value)}`;
      return part({ fill: `${id}-${s + 1}`, x, y, width: wide, height: heightOf(value), said });
    });
  });
  const every = Math.max(1, Math.ceil(bars.length / MOST_LABELS));
  const labels = bars.map(({ label }, n) => {
    const half = (LETTER * label.length) / 2;
    const middle = Math.min(left + (n + 0.5) * slot, WIDTH - half);
    return n % every === 0 ? text(middle, bottom + 18, 'middle', label) : '';
  });
  const words = series.map(({ label }, s) => `${label}: ${format(sumOf(columns.map((values) => values[s]!)))}`);
  const legend = legendOf(id, words, bottom + 32);
  const drawn = [patternsOf(id, series.length), ...lines, ...parts, ...labels, legend.drawn];
  return framed({ id, title, description }, legend.bottom, drawn);
}

/** Two beside each other where they are short enough. */
function legendOf(
  id: string,
  words: readonly string[],
  top: number,
): { readonly drawn: string; readonly bottom: number } {
  const across = words.every(({ length }) => length <= SHORT) ? 2 : 1;
  const entries = words.map((said, s) => {
    const x = (s % across) * (WIDTH / across) + 1;
    const y = top + Math.floor(s / across) * LEGEND_ROW;
    return part({ fill: `${id}-${s + 1}`, x, y, width: 14, height: 14 }) + text(x + 21, y + 12, 'start', said);
  });
  return { drawn: entries.join(''), bottom: top + Math.ceil(words.length / across) * LEGEND_ROW };
}

/** Bars below each other, each under its label and before its value. Throws `TypeError` for an id that is none. */
export function horizontalBars({ id, title, description, bars, format }: HorizontalBars): string {
  const values = bars.map(({ value }) => harmless(value));
  const most = Math.max(1, ...values);
  const room = WIDTH - 16 - LETTER * Math.max(1, ...values.map((value) => format(value).length));
  const drawn = bars.map(({ label }, n) => {
    const [value, y] = [values[n]!, TOP + n * ROW];
    const width = (value / most) * room;
    const said = `${label}: ${format(value)}`;
    const bar = value > 0 ? part({ fill: `${id}-1`, x: 1, y: y + 18, width, height: 14, said }) : '';
    return text(0, y + 12, 'start', label) + bar + text(width + 9, y + 30, 'start', format(value));
  });
  return framed({ id, title, description }, TOP + bars.length * ROW, [patternsOf(id, 1), ...drawn]);
}

interface Part {
  /** Id of its pattern. */
  readonly fill: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Its value in words. */
  readonly said?: string;
}

function part({ fill, x, y, width, height, said }: Part): string {
  const name = width > THIN ? 'chart-part chart-outlined' : 'chart-part';
  const box = `x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"`;
  const words = said === undefined ? '' : `<title>${escaped(said)}</title>`;
  return `<rect class="${name}" fill="url(#${fill})" ${box}>${words}</rect>`;
}

function framed({ id, title, description }: Omit<Picture, 'format'>, height: number, drawn: readonly string[]): string {
  if (!/^[a-z][a-z0-9-]{0,60}$/.test(id)) throw new TypeError('the id of a picture is small letters, digits, hyphens');
  const named = `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-desc">${escaped(description)}</desc>`;
  const opening = `<svg class="chart" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" viewBox="0 0 ${WIDTH} ${at(height)}">`;
  return `${opening}${named}${drawn.join('')}</svg>`;
}

function patternsOf(id: string, many: number): string {
  const patterns = PATTERNS.slice(0, many).map((strokes, n) => {
    const ground = `<rect class="chart-${n + 1}" width="8" height="8"/>`;
    const drawn = strokes === '' ? '' : `<path class="chart-hatch" d="${strokes}"/>`;
    return `<pattern id="${id}-${n + 1}" width="8" height="8" patternUnits="userSpaceOnUse">${ground}${drawn}</pattern>`;
  });
  return `<defs>${patterns.join('')}</defs>`;
}

/** The round number at the top of the scale, and those at which there is a line; whole ones, as what is counted. */
function scaleOf(most: number): { readonly top: number; readonly lines: readonly number[] } {
  const rough = Math.max(1, most / TICKS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((round) => round >= rough)!;
  const many = Math.max(1, Math.ceil(most / step));
  return { top: many * step, lines: Array.from({ length: many + 1 }, (_, n) => n * step) };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string): string {
  return `<text class="chart-text" x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

const harmless = (value: number) => (Number.isFinite(value) && value > 0 ? value : 0);

/** A place in the drawing, no finer than can be seen. */
const at = (value: number) => String(Math.round(value * 100) / 100);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);
}
