/** Owns chance: one seeded generator, so that a trial can be repeated to the letter. */

/** Things to draw, each as often as its weight says. */
export interface Pool {
  readonly values: readonly string[];
  /** Running sums of the weights. */
  readonly sums: readonly number[];
}

/** Reads a pool written as `Anh 12, Hương 9, Lan`; what carries no weight weighs 1. */
export function poolOf(text: string): Pool {
  const values: string[] = [];
  const sums: number[] = [];
  for (const item of text.split(',')) {
    const [, value, weight] = /^\s*(\D+?)\s*([\d.]+)?\s*$/.exec(item)!;
    values.push(value!.normalize('NFC'));
    sums.push((sums.at(-1) ?? 0) + Number(weight ?? 1));
  }
  return { values, sums };
}

/** sfc32 (Chris Doty-Humphrey): small, fast, and far better than a trial needs. Not for secrets. */
export class Random {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#c = seed | 0;
    for (let round = 0; round < 15; round++) this.next();
  }

  /** From 0 to below 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** Whether something of this probability happens now. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  draw({ values, sums }: Pool): string {
    const at = this.next() * sums.at(-1)!;
    return values[sums.findIndex((sum) => at < sum)]!;
  }

  /** The same things in another order (Fisher and Yates). */
  shuffled<Value>(values: readonly Value[]): Value[] {
    const result = [...values];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }
}
