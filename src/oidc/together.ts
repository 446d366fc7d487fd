/**
 * Owns the writes of one request that leave together: the library asks for them one after the other, the store takes them
 * in one trip, with the session's, which it writes last.
 */

/** `false` from a write that decides means that another request was first. */
type Write = () => Promise<unknown>;

interface Waiting {
  readonly writes: Write[];
  readonly deciding: (() => Promise<boolean>)[];
}

const waiting = new WeakMap<object, Waiting>();

function of(ctx: object): Waiting {
  const known = waiting.get(ctx) ?? { writes: [], deciding: [] };
  waiting.set(ctx, known);
  return known;
}

/** Keeps a write back until the request's others leave, too. */
export function writeTogether(ctx: object, write: Write): void {
  of(ctx).writes.push(write);
}

/** Keeps back a write that only one of several requests can win. */
export function decideTogether(ctx: object, decide: () => Promise<boolean>): void {
  of(ctx).deciding.push(decide);
}

/** Whether something that is kept back decides if the request may go on at all. */
export function hasToBeDecided(ctx: object): boolean {
  return (waiting.get(ctx)?.deciding.length ?? 0) > 0;
}

/** Lets everything go that was kept back; `false` when another request won what only one can. */
export async function leaveTogether(ctx: object): Promise<boolean> {
  const { writes, deciding } = of(ctx);
  waiting.delete(ctx);
  const [won] = await Promise.all([
    Promise.all(deciding.map((decide) => decide())),
    Promise.all(writes.map((write) => write())),
  ]);
  return won.every(Boolean);
}
