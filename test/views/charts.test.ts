/** Pictures of numbers: what machines and listeners read of them, what stays escaped, and that they add up. */
import { describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { horizontalBars, MOST_SERIES, type StackedBars, stackedBars } from '../../views/charts.ts';
import { createRenderer } from '../../views/renderer.ts';

const format = (value: number) => new Intl.NumberFormat('vi').format(value);
const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`;

const stacked = (more: Partial<StackedBars> = {}): string =>
  stackedBars({
    id: 'by-day',
    title: 'Đăng nhập theo ngày',
    description: 'Ba ngày, nhiều nhất ngày 02/03.',
    series: [
      { key: 'signed_in', label: 'Đã đăng nhập' },
      { key: 'refused', label: 'Bị từ chối' },
    ],
    bars: [
      { label: '01/03', values: { signed_in: 10 } },
      { label: '02/03', values: { signed_in: 1_200, refused: 300 } },
      { label: '03/03', values: {} },
    ],
    format,
    ...more,
  });

const horizontal = () =>
  horizontalBars({
    id: 'by-source',
    title: 'Theo cách đăng nhập',
    description: 'Hai cách.',
    bars: [
      { label: 'MobileID', value: 75 },
      { label: 'Mã số thuế', value: 25 },
      { label: 'Chữ ký số', value: 0 },
    ],
    format,
  });

/** As a browser reads it where it stands in a page. */
const read = (svg: string) => load(`<main>${svg}</main>`);

describe.each([
  ['stacked bars', stacked()],
  ['horizontal bars', horizontal()],
])('%s', (_name, svg) => {
  const $ = read(svg);

  it('are one image with a name and a description', () => {
    const image = $('svg');
    expect([image.length, image.attr('role')]).toEqual([1, 'img']);
    expect($(`[id="${image.attr('aria-labelledby')}"]`).text()).not.toBe('');
    expect($(`[id="${image.attr('aria-describedby')}"]`).text()).not.toBe('');
    expect(image.children().first().is('title')).toBe(true);
  });

  it('need no inline style, no script, nothing from elsewhere, and every id once', () => {
    expect($('style, [style], script, image, use, a, foreignObject')).toHaveLength(0);
    const ids = $('[id]')
      .toArray()
      .map((element) => $(element).attr('id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const part of $('.chart-part').toArray()) {
      const fill = /^url\(#([\w-]+)\)$/.exec($(part).attr('fill')!)![1];
      expect(ids).toContain(fill);
    }
    expect(svg).not.toMatch(/NaN|undefined|Infinity|https?:/);
  });

  it('have a value in words at every part', () => {
    for (const part of $('.chart-part:not([height="14"][width="14"])').toArray())
      expect($(part).children('title').text()).toMatch(/\d/);
  });

  it('stay within their frame', () => {
    const [, , width, height] = $('svg').attr('viewBox')!.split(' ').map(Number) as [number, number, number, number];
    for (const part of $('.chart-part').toArray()) {
      const [x, y, wide, high] = ['x', 'y', 'width', 'height'].map((name) => Number($(part).attr(name)));
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x! + wide!).toBeLessThanOrEqual(width + 0.01);
      expect(y! + high!).toBeLessThanOrEqual(height + 0.01);
    }
  });
});

describe('stacked bars', () => {
  it('are as high as their numbers, on each other, with lines at round ones', () => {
    const $ = read(stacked());
    const parts = $('.chart-part:has(title)')
      .toArray()
      .map((part) => ({
        said: $(part).children('title').text(),
        y: Number($(part).attr('y')),
        height: Number($(part).attr('height')),
      }));
    expect(parts.map(({ said }) => said)).toEqual([
      '01/03: Đã đăng nhập 10',
      '02/03: Đã đăng nhập 1.200',
      '02/03: Bị từ chối 300',
    ]);
    const [small, large, refused] = parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]];
    expect(large.height / small.height).toBeCloseTo(120, 1);
    expect(large.height / refused.height).toBeCloseTo(4, 1);
    expect(refused.y + refused.height).toBeCloseTo(large.y, 1);
    expect(small.y + small.height).toBeCloseTo(large.y + large.height, 1);
    const lines = $('text[text-anchor=end]')
      .toArray()
      .map((line) => $(line).text());
    expect(lines).toEqual(['0', '500', '1.000', '1.500']);
  });

  it('have a legend with a pattern of its own for each series, and its sum', () => {
    const $ = read(stacked());
    expect($('svg').text()).toContain('Đã đăng nhập: 1.210');
    expect($('svg').text()).toContain('Bị từ chối: 300');
    const keys = Array.from({ length: MOST_SERIES }, (_, n) => ({ key: `s${n}`, label: `Series ${n}` }));
    const all = read(stacked({ series: keys }));
    const drawn = all('pattern')
      .toArray()
      .map((pattern) => all(pattern).find('path').attr('d') ?? '');
    expect(new Set(drawn).size).toBe(MOST_SERIES);
    expect(() => stacked({ series: [...keys, { key: 'more', label: 'more' }] })).toThrow(TypeError);
  });

  it('are drawn of no days, of one, of a whole year, of nothing but zeros and of what is no number', () => {
    const days = (count: number, value: number) =>
      Array.from({ length: count }, (_, n) => ({ label: `${n}`, values: { signed_in: value } }));
    for (const bars of [days(0, 0), days(1, 3), days(400, 7), days(30, 0), days(3, Number.NaN), days(3, -5)]) {
      const svg = stacked({ bars });
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      const labels = read(svg)('text[text-anchor=middle], text[text-anchor=start]');
      expect(labels.length).toBeLessThan(12);
    }
  });

  it('escape whatever they are given, and take no id that is none', () => {
    const svg = stacked({
      title: HOSTILE,
      description: HOSTILE,
      series: [{ key: 'signed_in', label: HOSTILE }],
      bars: [{ label: HOSTILE, values: { signed_in: 1 } }],
    });
    const $ = read(svg);
    expect($('script, img, [onerror]')).toHaveLength(0);
    expect($('svg > title').text()).toBe(HOSTILE);
    expect(() => stacked({ id: '"><script>' })).toThrow(TypeError);
  });
});

describe('the style of pictures', () => {
  const assets = createRenderer().assets;
  const style = [...assets].find(([path]) => path.endsWith('/charts.css'))![1].body.toString();

  it('is served, and knows every class that is drawn', () => {
    const classes = [stacked(), horizontal()]
      .flatMap((svg) => [...svg.matchAll(/class="([^"]+)"/g)])
      .flatMap(([, names]) => names!.split(' '));
    for (const name of new Set(classes)) if (name !== 'chart-part') expect(style).toContain(`.${name}`);
    for (let n = 1; n <= MOST_SERIES; n += 1) expect(style).toContain(`--chart-${n}:`);
  });

  it('knows dark screens and forced colours', () => {
    expect(style).toContain('prefers-color-scheme:dark');
    expect(style).toMatch(/forced-colors:active.*CanvasText/s);
  });
});
