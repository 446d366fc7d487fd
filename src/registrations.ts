/**
 * Owns the registrations of all clients as this process has them in memory, to be asked without waiting. They change
 * while the hub runs: by the clients file at a start, and by operators; each process hears of it and reads what changed.
 */
import {
  type ClientEntry,
  type ClientRegistration,
  type Clients,
  parseRegistration,
  RegistrationInvalid,
} from './clients.ts';
import { type Event, entry } from './journal/events.ts';
import { EVERY_TOPIC, type Json, type KeptRegistration, type RegistrationChange, type Store } from './store.ts';
import type { Log } from './web/log.ts';

/** Milliseconds between looks without being told: an announcement may be lost with a connection. */
const LOOK_INTERVAL = 30_000;
/** Tries of a change that others get in the way of. */
const MOST_TRIES = 10;

/** Neither a file nor a command takes the place of what two people agreed to. */
export const OF_CONSOLE = 'is a service of the developer console';

export interface RegistrationParts {
  readonly store: Pick<Store, 'registrations' | 'changes'>;
  readonly mode: 'production' | 'sandbox';
  /** Clients that are part of the hub itself: never stored, never changed. */
  readonly builtIn?: readonly ClientRegistration[];
  /** What the OpenID provider says against a registration; nothing when it takes it. */
  readonly objection: (registration: ClientRegistration) => string | undefined;
  /** Milliseconds between looks without being told, when not the usual ones. */
  readonly interval?: number | undefined;
  readonly clock: () => number;
  readonly log: Log;
}

/** What a list of registrations came to. */
export interface Applied {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: number;
}

type ClientChanged = Extract<Event, { type: 'client_changed' }>;
type Planned = Omit<RegistrationChange, 'over' | 'registration'> & {
  readonly registration?: ClientRegistration;
  readonly event?: ClientChanged;
};

export class LiveRegistrations implements Clients {
  readonly #parts: RegistrationParts;
  /** Every row there is, those of removed clients too. */
  readonly #kept = new Map<string, KeptRegistration>();
  readonly #clients = new Map<string, ClientRegistration>();
  #revision = 0;
  #look: Promise<void> | undefined;
  #wanted = false;
  /** Told once, until a look has succeeded again. */
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
    for (const own of parts.builtIn ?? []) this.#clients.set(own.client_id, own);
  }

  get(id: string): ClientRegistration | undefined {
    return this.#clients.get(id);
  }

  has(id: string): boolean {
    return this.#clients.has(id);
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Counts changes: with the same number, everything is as it was. */
  get revision(): number {
    return this.#revision;
  }

  values(): MapIterator<ClientRegistration> {
    return this.#clients.values();
  }

  /** Whether it is a service of the developer console, or was: people decide there what it is. */
  isOfConsole(id: string): boolean {
    return this.#kept.get(id)?.service !== undefined;
  }

  /** What the OpenID provider says against registrations, a line each. */
  objections(entries: readonly ClientEntry[]): string[] {
    return entries.flatMap(({ registration }) => {
      const { client_id: id } = registration;
      if (this.#isBuiltIn(id)) return `${id}: is the name of a part of the hub itself`;
      const objection = this.#parts.objection(registration);
      return objection === undefined ? [] : `${id}: ${objection}`;
    });
  }

  /**
   * Reads all registrations, brings in what was edited in the clients file, and follows changes from now on. Throws
   * `RegistrationInvalid` where the file has what is the console's.
   */
  async open(file: readonly ClientEntry[]): Promise<void> {
    const { registrations, changes } = this.#parts.store;
    changes.listen((topic) => {
      if (topic === registrations.topic || topic === EVERY_TOPIC) this.#lookSoon();
    });
    await this.#change(() => this.#seeds(file));
    this.#timer = setInterval(() => this.#lookSoon(), this.#parts.interval ?? LOOK_INTERVAL).unref();
  }

  /** Registers clients and changes registered ones, all of them or none; other clients stay as they are. */
  async apply(entries: readonly ClientEntry[]): Promise<Applied> {
    const planned = await this.#change(() =>
      entries.flatMap(({ registration }) => {
        const { client_id: id } = registration;
        const event = this.#difference(id, registration, 'command');
        return event ? { ...this.#seededAs(id), id, registration, event } : [];
      }),
    );
    const ids = (change: ClientChanged['change']) =>
      planned.filter(({ event }) => event?.change === change).map(({ id }) => id);
    return { added: ids('added'), changed: ids('changed'), unchanged: entries.length - planned.length };
  }

  /** `false` when there is no such client. */
  async remove(id: string): Promise<boolean> {
    const planned = await this.#change(() => {
      const event = this.#difference(id, undefined, 'command');
      return event ? [{ ...this.#seededAs(id), id, event }] : [];
    });
    return planned.length > 0;
  }

  /** Reads what has changed by now: for who has just written something, and goes on with it. */
  async look(): Promise<void> {
    await this.#lookNow();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#look?.catch(() => {});
  }

  /**
   * What the file changes: an entry that was edited since it was last taken, and who came by the file and is no longer
   * in it. What a command changed since then stands.
   */
  #seeds(file: readonly ClientEntry[]): Planned[] {
    const foreign = file.filter(({ registration }) => this.isOfConsole(registration.client_id));
    if (foreign.length > 0)
      throw new RegistrationInvalid(foreign.map(({ registration }) => `${registration.client_id}: ${OF_CONSOLE}`));
    const edited = file.filter(({ registration, hash }) => this.#kept.get(registration.client_id)?.seededFrom !== hash);
    const written = new Set(file.map(({ registration }) => registration.client_id));
    const taken = [...this.#kept.values()].filter(({ id, seededFrom }) => seededFrom !== undefined && !written.has(id));
    const planned = (id: string, registration?: ClientRegistration) => {
      const event = this.#difference(id, registration, 'file');
      return { id, ...(registration ? { registration } : {}), ...(event ? { event } : {}) };
    };
    return [
      ...edited.map(({ registration, hash }) => ({
        ...planned(registration.client_id, registration),
        seededFrom: hash,
      })),
      ...taken.map(({ id }) => planned(id)),
    ];
  }

  #isBuiltIn(id: string): boolean {
    return this.#parts.builtIn?.some(({ client_id }) => client_id === id) ?? false;
  }

  #seededAs(id: string): { seededFrom?: string } {
    const seededFrom = this.#kept.get(id)?.seededFrom;
    return seededFrom === undefined ? {} : { seededFrom };
  }

  /** What the journal is told of a change; nothing when it is none. */
  #difference(id: string, next: ClientRegistration | undefined, by: ClientChanged['by']): ClientChanged | undefined {
    const before = this.#kept.get(id)?.registration as Readonly<Record<string, unknown>> | undefined;
    const after: Readonly<Record<string, unknown>> = next ?? {};
    if (before === undefined && next === undefined) return undefined;
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])].sort();
    const fields = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after[name]));
    const told = { type: 'client_changed', client: id, by } as const;
    if (before === undefined) return { ...told, change: 'added', fields: [] };
    if (next === undefined) return { ...told, change: 'removed', fields: [] };
    return fields.length === 0 ? undefined : { ...told, change: 'changed', fields };
  }

  /** Plans on what is there now and writes it; plans anew when somebody else was first. Returns what was written. */
  async #change(plan: () => Planned[]): Promise<readonly Planned[]> {
    const { store, clock } = this.#parts;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await this.#lookNow();
      const planned = plan();
      const events = planned.flatMap(({ event }) => (event ? [entry(clock(), event)] : []));
      if (
        (await store.registrations.save(
          planned.map((one) => this.#over(one)),
          events,
        )) === 'conflict'
      )
        continue;
      if (planned.length > 0) await this.#lookNow();
      return planned;
    }
    throw new Error('others keep changing the same registrations');
  }

  #over({ event: _event, registration, ...planned }: Planned): RegistrationChange {
    const over = this.#kept.get(planned.id)?.revision;
    return {
      ...planned,
      ...(registration === undefined ? {} : { registration: registration as Json }),
      ...(over === undefined ? {} : { over }),
    };
  }

  #lookSoon(): void {
    if (this.#closed) return;
    this.#wanted = true;
    if (this.#look) return;
    this.#lookNow().catch((cause) => {
      if (!this.#failing && !this.#closed) this.#parts.log('store_unavailable', { cause });
      this.#failing = true;
    });
  }

  /** Reads what has changed; a look that is under way may have begun too early and is followed by another. */
  async #lookNow(): Promise<void> {
    while (this.#look) await this.#look.catch(() => {});
    this.#look = this.#read();
    try {
      await this.#look;
    } finally {
      this.#look = undefined;
      if (this.#wanted) this.#lookSoon();
    }
  }

  async #read(): Promise<void> {
    this.#wanted = false;
    for (const kept of await this.#parts.store.registrations.since(this.#revision)) {
      this.#revision = kept.revision;
      this.#kept.set(kept.id, kept);
      this.#take(kept);
    }
    this.#failing = false;
  }

  #take({ id, registration }: KeptRegistration): void {
    if (this.#isBuiltIn(id)) return;
    if (registration === undefined) return void this.#clients.delete(id);
    try {
      this.#clients.set(id, parseRegistration(registration, this.#parts.mode));
    } catch (cause) {
      // Written by a newer program, while processes are renewed one by one: what it was before still holds here. Only that
      // it was suspended is not for somebody who cannot read the rest to overlook.
      const before = this.#clients.get(id);
      const isSuspended = (registration as { readonly suspended?: unknown }).suspended === true;
      if (before && isSuspended) this.#clients.set(id, { ...before, suspended: true });
      this.#parts.log('internal_error', { client: id, cause });
    }
  }
}
