/** Owns what goes on all the time while a test does something to the hub: so much at once, and what failed of it. */

/** Failures that are kept; with so many nothing is left to learn from the next one. */
const MOST_FAILURES = 10;

export interface Work {
  /** Milliseconds that each thing took which went well, in the order of their ends. */
  readonly times: readonly number[];
  readonly failures: readonly string[];
  /** Resolves when so many more things have been done; rejects with the failures when there are too many. */
  more(count: number): Promise<void>;
  /** Resolves when everything has ended that is under way now. */
  round(): Promise<void>;
  /** Begins nothing any more, and resolves when what is under way has ended. */
  end(): Promise<void>;
}

/** Does each of these things again and again, all of them at once, until told to end. */
export function working(lanes: readonly (() => Promise<unknown>)[]): Work {
  const times: number[] = [];
  const failures: string[] = [];
  let isGoing = true;
  let ended = 0;
  let looks: (() => void)[] = [];
  const underWay = new Set<Promise<unknown>>();
  const lane = async (thing: () => Promise<unknown>) => {
    while (isGoing && failures.length < MOST_FAILURES) {
      const begun = performance.now();
      const one = thing().then(
        () => times.push(performance.now() - begun),
        (error: Error) => failures.push(`${error.message} ${error.cause ?? ''}`.trim()),
      );
      underWay.add(one);
      await one;
      underWay.delete(one);
      ended += 1;
      for (const look of looks) look();
    }
  };
  const all = Promise.all(lanes.map(lane));
  const tooMany = () => new Error(`too much fails: ${failures.join('\n')}`);
  return {
    times,
    failures,
    more(count) {
      const wanted = ended + count;
      return new Promise((resolve, reject) => {
        const look = () => {
          if (ended < wanted && failures.length < MOST_FAILURES) return;
          looks = looks.filter((one) => one !== look);
          if (failures.length < MOST_FAILURES) resolve();
          else reject(tooMany());
        };
        looks.push(look);
        look();
      });
    },
    round: async () => void (await Promise.all(underWay)),
    async end() {
      isGoing = false;
      await all;
    },
  };
}

/** The value in the middle of many. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
