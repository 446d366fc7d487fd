/**
 * Owns how a list is asked for words and continued. A word may contain what LIKE takes for anything: it is looked for as it
 * stands. Lists go on behind an id, so each page is one query, and costs a page.
 */
import { type Expression, type RawBuilder, sql } from 'kysely';

/** Rows of one page, however many are asked for. */
const MOST = 100;

/** A word as a pattern that occurs anywhere. */
export function patternOf(word: string): string {
  return `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** Whether a text contains what the pattern was made of. */
export function contains(text: Expression<string>, pattern: string): RawBuilder<boolean> {
  return sql<boolean>`${text} like ${pattern} escape '\\'`;
}

export interface Page {
  /** Empty for the first one: no id is. */
  readonly after: string;
  /** Each must fit; none for everything. */
  readonly patterns: readonly string[];
  readonly most: number;
}

export function pageOf(question: {
  readonly words?: readonly string[];
  readonly after?: string;
  readonly most: number;
}): Page {
  const { words = [], after = '', most } = question;
  return { after, patterns: words.map(patternOf), most: Math.max(0, Math.min(most, MOST)) };
}
