/**
 * Owns what a process and all it started cost, as Linux counts it: CPU milliseconds and resident memory. Workers and
 * database backends are children, so a tree is one figure; of children that have ended, the parent keeps the time.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second: 100 on every Linux that Node runs on. */
const TICKS = 100;
const PAGE_BYTES = 4096;

/** Between two moments of the machine's monotonic clock, which all processes share; microseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const microseconds = () => Number(process.hrtime.bigint() / 1000n);

interface Status {
  readonly id: number;
  readonly parent: number;
  readonly milliseconds: number;
  readonly resident: number;
}

function statusOf(id: number): Status | undefined {
  try {
    const line = readFileSync(`/proc/${id}/stat`, 'latin1');
    // The name in parentheses may contain anything; what follows is numbers.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number];
    return {
      id,
      parent: Number(fields[1]),
      milliseconds: ((user + system + childUser + childSystem) * 1000) / TICKS,
      resident: Number(fields[21]) * PAGE_BYTES,
    };
  } catch {
    return undefined;
  }
}

function treeOf(root: number): Status[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statusOf(Number(name)) ?? []) : []));
  const tree = all.filter(({ id }) => id === root);
  for (const known of tree) tree.push(...all.filter(({ parent }) => parent === known.id));
  return tree;
}

/** CPU milliseconds of a process and all it started, since it began. */
export function cpuOf(...roots: readonly number[]): number {
  return roots.flatMap(treeOf).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

/** Resident bytes of a process and all it started; pages that several share count in each. */
export function memoryOf(...roots: readonly number[]): number {
  return roots.flatMap(treeOf).reduce((sum, { resident }) => sum + resident, 0);
}

/** CPU milliseconds of one process by who used them: the thread that runs JavaScript, or those beside it. */
export interface Threads {
  readonly mainUser: number;
  readonly mainSystem: number;
  /** Garbage collection, compiling, and what Node hands to its thread pool: files, names, some of the cryptography. */
  readonly otherUser: number;
  readonly otherSystem: number;
}

export function threadsOf(id: number): Threads {
  const times = { mainUser: 0, mainSystem: 0, otherUser: 0, otherSystem: 0 };
  for (const thread of readdirSync(`/proc/${id}/task`)) {
    const line = readFileSync(`/proc/${id}/task/${thread}/stat`, 'latin1');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const whose = Number(thread) === id ? 'main' : 'other';
    times[`${whose}User`] += (Number(fields[11]) * 1000) / TICKS;
    times[`${whose}System`] += (Number(fields[12]) * 1000) / TICKS;
  }
  return times;
}
