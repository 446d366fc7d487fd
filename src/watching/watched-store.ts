/**
 * Owns seeing what the store is asked: how long each call takes, what becomes of it, which events it makes durable. A
 * wrapper around all ports alike, so that no step has to know that it is watched.
 */
import type { Event, JournalEntry } from '../journal/events.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { currentTrace, note } from './trace.ts';

export type StoreOutcome = 'ok' | 'unavailable' | 'error';

export interface StoreWatcher {
  /** A call to a port has ended. */
  answered(
    call: { readonly port: string; readonly operation: string; readonly outcome: StoreOutcome },
    seconds: number,
  ): void;
  /** An event is durable. */
  happened(event: Event): void;
}

/** Answers by which a port says that nothing was written, and so nothing happened. */
const NOTHING_WRITTEN: ReadonlySet<unknown> = new Set([
  false,
  'conflict',
  'stranding',
  'unknown',
  'overtaken',
  'unchanged',
  'used',
  'held',
]);
/** Ports in which nothing may be found, and then nothing was written either. */
const NOTHING_FOUND: ReadonlySet<string> = new Set(['release']);

/** The store with somebody watching; ports and methods are those of the store as it is at the moment of the call. */
export function watchStore<Watched extends Store>(store: Watched, watcher: StoreWatcher): Watched {
  return watchPorts(store, watcher, ['own', 'developer']);
}

/** Every port of a store, or of a group of ports in it. */
function watchPorts<Watched extends object>(store: Watched, watcher: StoreWatcher, groups: readonly string[]): Watched {
  const ports = new Map<object, object>();
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member === 'function') return member.bind(target);
      if (typeof member !== 'object' || member === null) return member;
      const port = String(name);
      const watched = () =>
        groups.includes(port) ? watchPorts(member, watcher, []) : watchPort(port, member, watcher);
      const known = ports.get(member) ?? watched();
      ports.set(member, known);
      return known;
    },
  });
}

type Call = (...given: unknown[]) => unknown;

function watchPort(port: string, target: object, watcher: StoreWatcher): object {
  return new Proxy(target, {
    get(_target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...given: unknown[]) =>
        watchCall(port, name, () => (member as Call).apply(target, given), given, watcher);
    },
  });
}

/** What does not answer with a promise asks no engine, and is passed through unseen. */
function watchCall(
  port: string,
  operation: string,
  call: () => unknown,
  given: unknown[],
  watcher: StoreWatcher,
): unknown {
  const trace = currentTrace();
  const begun = performance.now();
  const answered = (outcome: StoreOutcome) =>
    watcher.answered({ port, operation, outcome }, (performance.now() - begun) / 1000);
  const result = call();
  if (!(result instanceof Promise)) return result;
  if (trace) trace.trips += 1;
  return result.then(
    (answer) => {
      answered('ok');
      if (NOTHING_WRITTEN.has(answer) || (answer === undefined && NOTHING_FOUND.has(operation))) return answer;
      for (const entry of entriesIn(given)) {
        watcher.happened(entry.event);
        if (trace) note(trace, entry);
      }
      return answer;
    },
    (error) => {
      const unavailable = error instanceof StoreUnavailable;
      if (trace && unavailable) trace.trouble = error;
      answered(unavailable ? 'unavailable' : 'error');
      throw error;
    },
  );
}

/** Entries are given as a list of their own, or as `entries` of something larger. */
function entriesIn(given: readonly unknown[]): JournalEntry[] {
  return given.flatMap((one) => {
    const list = Array.isArray(one) ? one : (one as { entries?: unknown } | null | undefined)?.entries;
    return Array.isArray(list) ? list.filter(isEntry) : [];
  });
}

function isEntry(value: unknown): value is JournalEntry {
  const { event, subjects } = (value ?? {}) as Partial<JournalEntry>;
  return typeof event?.type === 'string' && Array.isArray(subjects);
}
