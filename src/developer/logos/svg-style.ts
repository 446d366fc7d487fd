/** Owns which CSS may stand in an SVG: plain declarations, and references into the same file. Pure. */

/** Properties that only say how a shape looks. */
const PROPERTIES =
  /^(fill|stroke|color|opacity|display|visibility|overflow|isolation|mix-blend-mode|paint-order|shape-rendering|text-rendering|text-anchor|letter-spacing|word-spacing|line-height|enable-background|clip-path|clip-rule|mask|mask-type|stop-(color|opacity)|fill-(rule|opacity)|stroke-(width|linecap|linejoin|miterlimit|dasharray|dashoffset|opacity)|vector-effect|font-(family|size|weight|style|variant|stretch)|color-interpolation(-filters)?|image-rendering|transform(-origin|-box)?)$/;
/** A reference into the same file. */
const OWN = /url\(\s*(["']?)#[\w.-]+\1\s*\)/g;

/** Whether a value is one reference into the same file, with what is used when it leads nowhere. */
export function isOwnReference(value: string): boolean {
  return /^url\(\s*(["']?)#[\w.-]+\1\s*\)(\s+(none|currentColor|#[0-9a-fA-F]{3,8}))?$/.test(value.trim());
}

/** Whether declarations, as in a `style` attribute, are harmless. Escapes and comments are refused: they hide words. */
export function isHarmlessDeclarations(text: string): boolean {
  if (/[\\@<>{}]|\/\*|\*\//.test(text)) return false;
  return text.split(';').every((declaration) => {
    if (declaration.trim() === '') return true;
    const [, property = '', value = ''] = /^\s*([a-z-]+)\s*:([^:]*)$/.exec(declaration) ?? [];
    if (!PROPERTIES.test(property)) return false;
    return !/(url|src|image|image-set|cross-fade|element|expression|attr|var|env|paint)\s*\(|\/\//i.test(
      value.replace(OWN, ''),
    );
  });
}

/** Whether a style sheet is harmless: rules for classes, ids and elements, nothing from elsewhere, no conditions. */
export function isHarmlessSheet(text: string): boolean {
  if (/[\\@<]|\/\*|\*\//.test(text) || text.length > 20_000) return false;
  const blocks = text.split('}');
  const end = blocks.pop();
  if (end === undefined || end.trim() !== '') return false;
  return blocks.every((block) => {
    const [selector = '', declarations, more] = block.split('{');
    if (declarations === undefined || more !== undefined) return false;
    return /^[\w\s.,#>-]{1,500}$/.test(selector) && isHarmlessDeclarations(declarations);
  });
}
