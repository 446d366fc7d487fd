/**
 * Owns which SVG files are taken: shapes and colours, nothing that acts or reaches outside. What was read is written anew, so
 * that no other reader sees in it what was not looked at here. Pure.
 */
import { parseXml, XmlCdata, XmlComment, XmlDocumentType, XmlElement, XmlText } from '@rgrove/parse-xml';
import type { LogoCode } from '../rules/codes.ts';
import { isHarmlessDeclarations, isHarmlessSheet, isOwnReference } from './svg-style.ts';
import { ATTRIBUTES, ELEMENTS, NAMESPACES, SVG, XLINK } from './svg-words.ts';

const MOST_ELEMENTS = 1000;
const MOST_DEPTH = 30;
/** Each draws its target once more. */
const MOST_REFERENCES = 50;
/** Characters. Nobody needs more, and patterns would take long over thousands. */
const LONGEST_NUMBER = 30;
/** Characters of markup before anything is read. */
const MOST_TAGS = 2 * MOST_ELEMENTS + 200;

/** The file, written anew; or why it is not taken. */
export function acceptSvg(file: Buffer): Uint8Array | LogoCode {
  const text = textOf(file);
  if (text === undefined) return 'svg_malformed';
  // Entities are declared there, and nothing else is of use.
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return 'svg_doctype';
  if (text.split('<').length > MOST_TAGS) return 'svg_too_complex';
  const root = rootOf(text);
  if (typeof root === 'string') return root;
  const problem = rootProblem(root) ?? treeProblem(root) ?? referencesProblem(root) ?? sizeProblem(root);
  return problem ?? Buffer.from(`${written(root)}\n`, 'utf8');
}

/** UTF-8 only: what it is in another encoding would be another text to another reader. */
function textOf(file: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file);
    const encoding = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(text)?.[1];
    return encoding === undefined || /^(utf-8|us-ascii)$/i.test(encoding) ? text : undefined;
  } catch {
    return undefined;
  }
}

function rootOf(text: string): XmlElement | LogoCode {
  try {
    const document = parseXml(text, { preserveDocumentType: true, preserveCdata: true, preserveComments: true });
    for (const child of document.children) {
      if (child instanceof XmlDocumentType) return 'svg_doctype';
      if (!(child instanceof XmlElement) && !(child instanceof XmlComment)) return 'svg_instruction';
    }
    return document.root ?? 'svg_malformed';
  } catch {
    return 'svg_malformed';
  }
}

function rootProblem({ name, attributes }: XmlElement): LogoCode | undefined {
  if (name !== 'svg') return 'svg_element';
  return attributes.xmlns === SVG ? undefined : 'svg_namespace';
}

/** Looks at every element and attribute, without recursion: depth is the sender's choice. */
function treeProblem(root: XmlElement): LogoCode | undefined {
  const waiting: [XmlElement, depth: number][] = [[root, 1]];
  let elements = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [element, depth] = next;
    elements += 1;
    if (elements > MOST_ELEMENTS || depth > MOST_DEPTH) return 'svg_too_complex';
    const problem = elementProblem(element, element === root);
    if (problem !== undefined) return problem;
    for (const child of element.children) {
      if (child instanceof XmlElement) waiting.push([child, depth + 1]);
      else if (!(child instanceof XmlText) && !(child instanceof XmlComment)) return 'svg_instruction';
    }
  }
  return undefined;
}

function elementProblem(element: XmlElement, isRoot: boolean): LogoCode | undefined {
  const { name, attributes } = element;
  if (/^(script|handler|listener)$/i.test(localName(name))) return 'svg_script';
  if (name.includes(':')) return 'svg_namespace';
  if (!ELEMENTS.has(name) || (name === 'svg' && !isRoot)) return 'svg_element';
  for (const [attribute, value] of Object.entries(attributes)) {
    const problem = attributeProblem(name, attribute, value);
    if (problem !== undefined) return problem;
  }
  if (name === 'style' && !isHarmlessSheet(element.text)) return 'svg_style';
  return undefined;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function attributeProblem(element: string, name: string, value: string): LogoCode | undefined {
  if (/^on/i.test(localName(name))) return 'svg_event_handler';
  if (name === 'xmlns' || name.startsWith('xmlns:')) return NAMESPACES[name] === value ? undefined : 'svg_namespace';
  if (name === 'style') return isHarmlessDeclarations(value) ? undefined : 'svg_style';
  if (name === 'href' || name === 'xlink:href') return /^#[\w.-]+$/.test(value) ? undefined : 'svg_reference';
  if (name.includes(':') && !ATTRIBUTES.has(name)) return 'svg_namespace';
  if (!ATTRIBUTES.has(name) && !/^(data|aria)-[a-z-]+$/.test(name)) return 'svg_attribute';
  if (element === 'style' && name === 'type' && value !== 'text/css') return 'svg_style';
  // Backslashes are escapes in values that are read as CSS.
  if (/url\s*\(|:\s*\/\/|\\|javascript:|data:/i.test(value) && !isOwnReference(value)) return 'svg_reference';
  return undefined;
}

/**
 * What is drawn by reference must not draw by reference itself: ten levels of ten are a picture that nobody's browser
 * finishes. A gradient may refer to another one, that is a chain and no tree.
 */
function referencesProblem(root: XmlElement): LogoCode | undefined {
  const all = descendants(root);
  if (all.filter(drawsByReference).length > MOST_REFERENCES) return 'svg_too_complex';
  const targets = new Set(all.flatMap(targetsOf));
  // A sheet says of a whole class of elements what they refer to.
  const sheets = all.filter(({ name }) => name === 'style').map(({ text }) => text);
  if (sheets.some((sheet) => /(mask|clip-path)\s*:/i.test(sheet))) return 'svg_style';
  const isNested = all.some(
    (element) => targets.has(element.attributes.id ?? '') && descendants(element).some(drawsByReference),
  );
  return isNested ? 'svg_nested_reference' : undefined;
}

function descendants(element: XmlElement): readonly XmlElement[] {
  const found: XmlElement[] = [element];
  for (let at = 0; at < found.length; at += 1)
    for (const child of found[at]?.children ?? []) if (child instanceof XmlElement) found.push(child);
  return found;
}

const DRAWING = ['clip-path', 'mask'] as const;

function targetsOf({ name, attributes }: XmlElement): readonly string[] {
  const used = name === 'use' ? [attributes.href, attributes['xlink:href']] : [];
  const styled = [...(attributes.style ?? '').matchAll(/(?:clip-path|mask)\s*:([^;]*)/gi)].map(([, value]) => value);
  const drawn = [...DRAWING.map((attribute) => attributes[attribute]), ...styled];
  const named = drawn.flatMap((value) => [...(value ?? '').matchAll(/url\(\s*["']?#([\w.-]+)/gi)].map(([, id]) => id));
  return [...used.map((value) => value?.slice(1)), ...named].filter((id) => id !== undefined);
}

const drawsByReference = (element: XmlElement) => element.name === 'use' || targetsOf(element).length > 0;

/** Square or nearly, with a size of its own that is sane or left to the page. */
function sizeProblem({ attributes }: XmlElement): LogoCode | undefined {
  const box = attributes.viewBox?.trim().split(/[\s,]+/) ?? [];
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i;
  if (box.length !== 4 || !box.every((part) => part.length < LONGEST_NUMBER && number.test(part)))
    return 'svg_view_box';
  const [x = 0, y = 0, width = 0, height = 0] = box.map(Number);
  if (width <= 0 || height <= 0 || Math.max(width, height, Math.abs(x), Math.abs(y)) > 100_000) return 'svg_view_box';
  if (Math.max(width, height) / Math.min(width, height) > 4) return 'svg_size';
  for (const length of [attributes.width, attributes.height]) {
    if (length === undefined || length === '100%') continue;
    const value = /^(\d+\.?\d*|\.\d+)(px|pt|mm)?$/.exec(length.slice(0, LONGEST_NUMBER))?.[1];
    if (value === undefined || length.length > LONGEST_NUMBER || !(Number(value) > 0 && Number(value) <= 4096))
      return 'svg_size';
  }
  return undefined;
}

/** The element as XML: no comments, no declarations, nothing that was not looked at. Depth was limited before. */
function written({ name, attributes, children }: XmlElement): string {
  const all = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`);
  // The prefix is part of SVG in HTML, but not in a file of its own.
  if (name === 'svg' && attributes['xmlns:xlink'] === undefined) all.unshift(` xmlns:xlink="${XLINK}"`);
  const content = children
    .map((child) => {
      if (child instanceof XmlElement) return written(child);
      return child instanceof XmlText || child instanceof XmlCdata ? escaped(child.text) : '';
    })
    .join('');
  return content === '' ? `<${name}${all.join('')}/>` : `<${name}${all.join('')}>${content}</${name}>`;
}

function escaped(text: string): string {
  // Line ends as references: in an attribute a reader would make spaces of them.
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? '')
    .replace(/[\n\r\t]/g, (space) => `&#${space.charCodeAt(0)};`);
}
