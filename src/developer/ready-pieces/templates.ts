/** Owns the files a piece is made of: templates beside this file, filled with what is known of one service. */
import { readFileSync } from 'node:fs';
import { Eta, type TemplateFunction } from 'eta';
import type { Blueprint } from './facts.ts';
import { apacheArgument, apachePath, apachePattern, html, literal } from './quoting.ts';
import { SIGN_IN_WORDS } from './words.ts';

export interface PieceFile {
  readonly path: string;
  readonly content: string;
}

/** What fills a template is a program's text, not a page's: each value is quoted where it stands, by `quoting.ts`. */
const eta = new Eta({ autoEscape: false, autoTrim: false });
const quoting = { literal, html, argument: apacheArgument, path: apachePath, pattern: apachePattern };

/** The files of a folder of templates. Throws `Unwritable` where a value cannot be written into one of them. */
export function filled(
  folder: string,
  paths: readonly string[],
  blueprint: Blueprint,
  more: Readonly<Record<string, unknown>> = {},
): readonly PieceFile[] {
  const values = { ...blueprint, ...quoting, words: SIGN_IN_WORDS, ...more };
  return paths.map((path) => ({ path, content: eta.render(templateOf(`${folder}/${path}`), values) }));
}

const compiled = new Map<string, TemplateFunction>();

function templateOf(path: string): TemplateFunction {
  const known = compiled.get(path);
  if (known) return known;
  const template = eta.compile(readFileSync(new URL(`./templates/${path}.eta`, import.meta.url), 'utf8'));
  compiled.set(path, template);
  return template;
}
