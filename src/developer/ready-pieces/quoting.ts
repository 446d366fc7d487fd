/**
 * Owns writing a value into a program's text so that it stays a value. Names come from people, and what is generated is run
 * on an agency's server: whatever is in them, nothing may end where it stands and become something else.
 */

/** Control and format characters (line ends, text directions) could make a line read as another one than it is. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A value as a literal of JavaScript, Python and JSON alike: strings, numbers, lists and objects. Truth values and null are
 * written differently in Python and are therefore refused with a TypeError.
 */
export function literal(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, refuseOthers, indent);
  // Outside of strings JSON has none of these but the line ends it makes itself.
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));
}

/** Pairs of surrogates are one character in JavaScript and two broken ones in Python: unseen ones are not worth that. */
function escaped(character: string): string {
  const code = character.length > 1 ? 0xfffd : character.charCodeAt(0);
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function refuseOthers(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Number.isFinite(value) || (typeof value === 'object' && value !== null)) return value;
  throw new TypeError('has no common literal');
}

/** Text for an HTML page, in elements and in quoted attributes. Also of pages that a server reads for its own words. */
export function html(text: string): string {
  return oneLine(text).replace(/[&<>"'%$`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text for a Markdown heading or sentence. */
export function markdown(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]()<>#+\-.!|&~$:/@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text without anything unseen, on one line. */
function oneLine(text: string): string {
  return text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
}

/** What a configuration of Apache would read for its own: no way of writing keeps it from resolving `${…}`. */
const UNWRITABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"'\\$`{}<>|^]/u;

/** A value that no quotes can hold where it has to stand. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable';
}

/** A quoted argument of an Apache directive. Throws `Unwritable` where the value cannot be one. */
export function apacheArgument(value: string): string {
  if (UNWRITABLE.test(value)) throw new Unwritable();
  return `"${value}"`;
}

/** The same of a path, in which the server would take some characters for any others. */
export function apachePath(value: string): string {
  if (/[*?%[\]]/.test(value)) throw new Unwritable();
  return apacheArgument(value);
}

/** The same of an address, as a pattern that it alone matches. */
export function apachePattern(value: string): string {
  apacheArgument(value);
  // A dot in brackets needs no backslash, which would mean something to Apache as well.
  if (/[[\]]/.test(value)) throw new Unwritable();
  return `"^${value.replace(/[.*+?()]/g, '[$&]')}$"`;
}
