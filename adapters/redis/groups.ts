/**
 * Owns what lives and dies together in Redis, where a cluster keeps an entry and its group on different servers.
 *
 * A group is a list of its members, and once deleted a mark beside it. Deleting is two steps: close (mark it, and read the
 * list, in one script), then expel every member. Writing into a group is to join the list, unless it is marked, and then
 * to write the entry. On one server that is one script; in a cluster it is two, in this order, the second only when the
 * first was answered. Nothing that lives is ever outside the list, and no member survives a deletion that was answered:
 *
 * - joined after the closing: refused, nothing is written;
 * - joined before it, written before being expelled: expelled, because the closing had read it in the list;
 * - joined before it, written after being expelled: expelling leaves a mark beside the entry, in the entry's own slot,
 *   that refuses it in this group for as long as the group's mark lasts (on one server the writing sees the latter);
 * - the writer dies or loses an answer after joining: a member without an entry, which is listed and expelled as any;
 * - the one who deletes dies or loses an answer: the list is still there, for closing reads and never empties it, so
 *   that to delete again does all that is left. Members go from the list only when they have expired;
 * - an entry that was moved to another group is still listed in the first: it is expelled only from the one it is in.
 */
import type { Commands } from './connection.ts';
import { entryKey, isHash } from './entry.ts';

/**
 * Milliseconds for which Redis keeps everything longer than its lifetime: a process whose clock is behind still has to
 * find it. Far more than clocks may differ by.
 */
export const MARGIN = 60_000;

/** Members asked for at once. */
const AT_ONCE = 1_000;

const listKey = (group: string) => `lt:{${group}}:group`;
const closedKey = (group: string) => `lt:{${group}}:closed`;
const expelledKey = (entry: string, group: string) => `lt:{${entry}}:not:${group}`;

/** What has to be done and given along to write an entry into a group, both by their hashes. */
export interface Admission {
  /** Beside the entry's own. */
  readonly keys: readonly string[];
  readonly refused: boolean;
}

/** Joins the list of a group where that cannot be left to the script that writes the entry. */
export async function admit(
  commands: Commands,
  entry: string,
  group: string,
  { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
): Promise<Admission> {
  if (commands.together) return { keys: [listKey(group), closedKey(group)], refused: false };
  const joined = await commands.run(
    'stateJoinGroup',
    [listKey(group), closedKey(group)],
    [now, entry, MARGIN, expiresAt, keptFor(now, expiresAt)],
  );
  return { keys: [expelledKey(entry, group)], refused: joined !== 1 };
}

/** Those that may be in a group and alive, by their hashes. */
export async function members(commands: Commands, group: string, now: number): Promise<readonly string[]> {
  return listed(await commands.run('stateListGroup', [listKey(group), closedKey(group)], [now]));
}

/** Closes a group until a moment and deletes what is in it. When it throws, begin again: nothing is forgotten. */
export async function deleteMembers(commands: Commands, group: string, now: number, until: number): Promise<void> {
  const kept = keptFor(now, until);
  const found = listed(await commands.run('stateCloseGroup', [listKey(group), closedKey(group)], [until, kept]));
  await eachOf(found, (entry) => {
    const keys = commands.together ? [entryKey(entry)] : [entryKey(entry), expelledKey(entry, group)];
    return commands.run('stateExpel', keys, [group, until, kept]);
  });
}

/** Does something for all of a list, however long, and waits for every answer. */
export async function eachOf<Result>(
  all: readonly string[],
  work: (one: string) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    results.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(work))));
  return results;
}

/** Milliseconds for which Redis keeps what expires at a moment. */
export function keptFor(now: number, expiresAt: number): number {
  return Math.max(0, expiresAt - now) + MARGIN;
}

function listed(answer: unknown): readonly string[] {
  return Array.isArray(answer) ? answer.map(String).filter(isHash) : [];
}
