/** Owns who in this process listens for changes: those of its own, and those a database brings from other processes. */
import type { Changes } from '../../src/store.ts';

export class Announcements implements Changes {
  readonly #listeners: ((topic: string) => void)[] = [];

  listen(listener: (topic: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells everybody who listens here. Listeners return at once and do not throw. */
  tell(topics: Iterable<string>): void {
    for (const topic of topics) for (const listener of this.#listeners) listener(topic);
  }
}
