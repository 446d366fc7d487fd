/**
 * Owns what is different between two settings of a service: everything, leaf by leaf, for whoever agrees to the change. Pure.
 * Lists are compared element by element, claims by their item, so that a reader sees what came and what went.
 */
import type { ServiceSettings } from './settings.ts';

export type Leaf = string | number | boolean;

/** One thing that is different. */
export interface Difference {
  /** Path of the leaf (`name.vi`, `claims.birthdate.basis`), or of the list that an element came into or left. */
  readonly field: string;
  /** Absent where there was nothing. Lists stand here where the order alone has changed, or a list came or went whole. */
  readonly before?: Leaf | readonly Leaf[];
  /** Absent where there is nothing any more. */
  readonly after?: Leaf | readonly Leaf[];
  /** Whether somebody has to agree to it again: everything but the contact. */
  readonly reviewed: boolean;
}

type Value = Leaf | readonly Leaf[];

/** Everything that is different; nothing exactly when the two are the same. Without `before` all of `after` is new. */
export function differencesBetween(before: ServiceSettings | undefined, after: ServiceSettings): readonly Difference[] {
  const was = before === undefined ? new Map<string, Value>() : valuesOf(before, isListedTwice(before, after));
  const is = valuesOf(after, isListedTwice(before, after));
  const fields = [...new Set([...is.keys(), ...was.keys()])];
  return fields.flatMap((field) => {
    const reviewed = !/^contact\./.test(field);
    return changesOf(was.get(field), is.get(field)).map((change) => ({ field, ...change, reviewed }));
  });
}

/** Whether a change has to be agreed to again. */
export function needsReview(differences: readonly Difference[]): boolean {
  return differences.some(({ reviewed }) => reviewed);
}

type Change = Pick<Difference, 'before' | 'after'>;

function changesOf(before: Value | undefined, after: Value | undefined): readonly Change[] {
  if (Array.isArray(before) && Array.isArray(after)) return changesOfList(before, after);
  if (before === after) return [];
  return [{ ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function changesOfList(before: readonly Leaf[], after: readonly Leaf[]): readonly Change[] {
  const removed = without(before, after);
  const added = without(after, before);
  const changes: Change[] = [
    ...removed.map((element) => ({ before: element })),
    ...added.map((element) => ({ after: element })),
  ];
  // What comes of taking out and appending; where that is not it, the order is told as well.
  const expected = [...withoutFromEnd(before, removed), ...added];
  return isSame(expected, after) ? changes : [...changes, { before, after }];
}

/** Elements of the one list beyond those of the other, each as often as it is there too often. */
function without(list: readonly Leaf[], other: readonly Leaf[]): readonly Leaf[] {
  const left = [...other];
  return list.filter((element) => {
    const at = left.indexOf(element);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The list with these taken out, of equal ones the later. */
function withoutFromEnd(list: readonly Leaf[], removed: readonly Leaf[]): readonly Leaf[] {
  return without(list.toReversed(), removed).toReversed();
}

function isSame(one: readonly Leaf[], other: readonly Leaf[]): boolean {
  return one.length === other.length && one.every((element, at) => element === other[at]);
}

/** Claims are known by their item, unless a draft has one twice: then by their place. */
function isListedTwice(...both: readonly (ServiceSettings | undefined)[]): boolean {
  return both.some((settings) => {
    const items = settings?.claims.map(({ item }) => item) ?? [];
    return new Set(items).size < items.length;
  });
}

/** Every leaf by its path, and lists of leaves as one value. */
function valuesOf({ claims, ...others }: ServiceSettings, byPlace: boolean): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  collect(values, '', others);
  for (const [at, { item, ...claim }] of claims.entries()) {
    if (byPlace) collect(values, `claims.${at}.item`, item);
    collect(values, `claims.${byPlace ? at : item}`, claim);
  }
  if (!byPlace)
    values.set(
      'claims',
      claims.map(({ item }) => item),
    );
  return values;
}

function collect(values: Map<string, Value>, path: string, value: unknown): void {
  if (value === undefined) return;
  if (Array.isArray(value) || typeof value !== 'object' || value === null) {
    values.set(path, value as Value);
    return;
  }
  for (const [name, member] of Object.entries(value)) collect(values, path === '' ? name : `${path}.${name}`, member);
}
