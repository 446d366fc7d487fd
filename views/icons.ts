/** Owns the icons: Lucide's drawings (ISC), cut to what a page needs and put into its HTML as they are. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Our name for an icon → Lucide's. The first five are those a source may choose (`SourceCard`). */
const DRAWINGS = {
  receipt: 'receipt-text',
  shield: 'shield-check',
  smartphone: 'smartphone',
  signature: 'signature',
  key: 'key-round',
  alert: 'circle-alert',
  arrow: 'arrow-left',
  chevron: 'chevron-right',
  check: 'circle-check',
  lock: 'lock',
  phone: 'phone',
} as const;
export type IconName = keyof typeof DRAWINGS;

const require = createRequire(import.meta.url);

/** The strokes of a drawing without the licence comment, the outer element and the white space between elements. */
function strokesOf(drawing: string): string {
  const svg = readFileSync(require.resolve(`lucide-static/icons/${drawing}.svg`), 'utf8');
  return svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    .trim()
    .replace(/\s*(<|\/>)\s*/g, '$1');
}

/** Reads every icon once; the answer gives the inline SVG of each, hidden from screen readers (words say the same). */
export function loadIcons(): (name: IconName) => string {
  const icons = new Map<string, string>();
  for (const [name, drawing] of Object.entries(DRAWINGS)) {
    const strokes = strokesOf(drawing);
    icons.set(name, `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${strokes}</svg>`);
  }
  return (name) => icons.get(name)!;
}
