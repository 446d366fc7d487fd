/** Owns the words of SVG that a logo may use: what draws, and nothing that acts, loads or animates. */

export const SVG = 'http://www.w3.org/2000/svg';
export const XLINK = 'http://www.w3.org/1999/xlink';

/** The only namespaces, under the only prefixes. */
export const NAMESPACES: Readonly<Record<string, string>> = { xmlns: SVG, 'xmlns:xlink': XLINK, 'xmlns:svg': SVG };

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

export const ELEMENTS = words(`
  svg g defs symbol use title desc style
  path rect circle ellipse line polyline polygon text tspan
  linearGradient radialGradient stop clipPath mask
`);

/** Besides `style`, `href`, `data-…`, `aria-…` and namespaces, which are looked at by themselves. */
export const ATTRIBUTES = words(`
  id class type role lang xml:lang xml:space focusable version baseProfile tabindex
  viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d points pathLength
  transform transform-origin rotate textLength lengthAdjust
  fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray
  stroke-dashoffset stroke-opacity opacity color display visibility overflow paint-order vector-effect shape-rendering
  text-rendering color-interpolation enable-background
  clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits mask-type
  gradientUnits gradientTransform spreadMethod offset stop-color stop-opacity
  font-family font-size font-weight font-style text-anchor letter-spacing word-spacing dominant-baseline
  alignment-baseline
`);
