/** Owns how what is different between two versions of a service is told in words: each field by its name, each value as people say it. */
import type { Localised } from '../pages.ts';

type Leaf = string | number | boolean;
type Value = Leaf | readonly Leaf[];

/** One thing that is different, as a page shows it. */
export interface ShownDifference {
  readonly field: string;
  readonly before?: Value;
  readonly after?: Value;
  readonly reviewed: boolean;
}

/** Somebody, as a page names them. */
export interface ShownPerson {
  readonly account: string;
  readonly name?: string;
  readonly registrar?: true;
}

export interface ShownProblem {
  readonly field: string;
  readonly code: string;
  readonly reason: Localised;
}

/** Words of one language. */
export interface DifferenceWords {
  readonly yes: string;
  readonly no: string;
  readonly list: string;
  /** By path. */
  readonly names: Readonly<Record<string, string>>;
  /** Of a claim, by the path below it. */
  readonly ofClaim: Readonly<Record<string, string>>;
  readonly claim: (item: string, what: string) => string;
  /** Of values that are words of the contract, by the last step of a path. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Items = Readonly<Record<string, string>>;

/** What a field is called. `items` are the names of what citizens are asked for. */
export function fieldInWords(field: string, words: DifferenceWords, items: Items): string {
  const [, item = '', below = ''] = /^claims\.(\w+)\.(.+)$/.exec(field) ?? [];
  const ofClaim = words.ofClaim[below];
  if (ofClaim !== undefined) return words.claim(items[item] ?? String(Number(item) + 1), ofClaim);
  return words.names[field] ?? field;
}

/** What it holds, as people say it. */
export function valueInWords(field: string, value: Value, words: DifferenceWords, items: Items): string {
  if (Array.isArray(value))
    return value.length === 0 ? words.list : value.map((one) => leafInWords(field, one, words, items)).join(', ');
  return leafInWords(field, value as Leaf, words, items);
}

function leafInWords(field: string, value: Leaf, words: DifferenceWords, items: Items): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (/^claims$|\.item$/.test(field)) return items[value] ?? String(value);
  return words.values[field.split('.').at(-1)!]?.[value] ?? String(value);
}
