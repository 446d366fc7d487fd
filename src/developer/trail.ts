/** Owns how what was done is written down: by whom, through what, with what was there before and after. */
import { randomUUID } from 'node:crypto';
import type { Json } from '../store.ts';
import type { Actor } from './actor.ts';
import type { TrailEntry } from './ports.ts';

/** What is written of an action. Secrets and names of people have no place in `before` and `after`. */
export interface Done {
  readonly agency: string;
  readonly service?: string;
  /** A stable word: `service.draft_saved`. */
  readonly action: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** An entry by an actor, or by the hub itself where nobody decided. */
export function trailEntry(by: Pick<Actor, 'account' | 'through' | 'now'>, done: Done): TrailEntry {
  const { agency, service, action, before, after } = done;
  return {
    id: randomUUID(),
    at: by.now,
    agency,
    actor: by.account,
    through: by.through,
    action,
    ...(service === undefined ? {} : { service }),
    ...(before === undefined ? {} : { before: before as Json }),
    ...(after === undefined ? {} : { after: after as Json }),
  };
}
