/**
 * Owns the changes that ask for the strongest sign-in, or else wait seven days in which every contact is told of them and
 * any of them can stop them. Whether made at once or after the wait, a change is made by the same function.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers';
import { isDeepStrictEqual } from 'node:util';
import { Lease } from '../background/lease.ts';
import { Refusal } from '../errors.ts';
import type { PersonId } from '../identity/person.ts';
import { entry } from '../journal/events.ts';
import type { Json, Store } from '../store.ts';
import type { Log } from '../web/log.ts';
import { type Notice, noticeMessage } from './notices/notices.ts';
import type { ChangeKind, ContactKind, NewCase, WaitingChange } from './ports.ts';

/** Milliseconds for which a change waits. */
export const WAIT = 7 * 24 * 60 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds between looks for changes whose time has come. */
const LOOK_INTERVAL = 60_000;
/** Seconds for which one process looks after them. */
const LEASE = 3 * 60;
const AT_ONCE = 50;
/** By one person: every contact is told of each, and is not to be flooded by whoever has the weakest password. */
const MOST_ASKED_IN_A_DAY = 20;

/** How one kind of change is made. */
export interface ChangeMaker {
  /** Whether it is possible as things are now; asked before it is made or begins to wait. Throws `Refusal`. */
  check(person: PersonId, detail: Json): Promise<void>;
  /**
   * Makes it, with its events and notices; to make it twice is the same as once. Throws `Refusal` when it cannot be made.
   * `requestedAt` of one that has waited: what somebody who need not wait has decided of the same thing since then stands.
   */
  make(person: PersonId, detail: Json, requestedAt?: number): Promise<void>;
  /** Until when it has to wait for something else; absent or `undefined` when it may be made. */
  heldUntil?(person: PersonId, now: number): Promise<number | undefined>;
  /** Always waits, however strong the sign-in. */
  readonly alwaysWaits?: true;
  /** The case that is opened with the request, where it is a right that has a clock. */
  opens?(person: PersonId, detail: Json, now: number): NewCase;
  /** It waits from now on. */
  began?(change: WaitingChange): Promise<void>;
  /** It was stopped, and waits no more. */
  stopped?(change: WaitingChange): Promise<void>;
}

export type ChangeMakers = Readonly<Record<ChangeKind, ChangeMaker>>;

export interface ChangesParts {
  readonly store: Store;
  readonly makers: ChangeMakers;
  /** The kinds of contacts that this hub can write to. */
  readonly reachable: readonly ContactKind[];
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  /** Milliseconds for which a change waits, and between looks, when not the usual ones. */
  readonly wait?: number | undefined;
  readonly interval?: number | undefined;
  readonly clock: () => number;
  readonly log: Log;
}

export class Changes {
  readonly #parts: ChangesParts;
  readonly #lease: Lease;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: ChangesParts) {
    this.#parts = parts;
    this.#lease = new Lease(parts.store.state, 'waiting-changes', LEASE);
  }

  /** Looks now, and then again and again, for changes whose time has come. Returns at once. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), this.#parts.interval ?? LOOK_INTERVAL).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await this.#lease.release().catch(() => {});
  }

  alwaysWaits(kind: ChangeKind): boolean {
    return this.#parts.makers[kind].alwaysWaits === true;
  }

  /** Throws `Refusal` when the change is not possible as things are now. */
  check(person: PersonId, kind: ChangeKind, detail: Json): Promise<void> {
    return this.#parts.makers[kind].check(person, detail);
  }

  /** Whether anybody is told of a change that waits: an address that cannot be written to tells nobody. */
  async tells(person: PersonId): Promise<boolean> {
    const { store, reachable } = this.#parts;
    return (await store.own.contacts.of(person)).some(({ kind }) => reachable.includes(kind));
  }

  /** Makes a change now, for somebody who has shown that they may. */
  async make(person: PersonId, kind: ChangeKind, detail: Json): Promise<void> {
    await this.#parts.makers[kind].make(person, detail);
    this.#parts.wake();
  }

  /**
   * Lets a change wait, and tells every contact. Throws `Refusal` `no_contact` when there is nobody to tell, unless it waits
   * in spite of a strong sign-in: then it is not the wait that stands for one. What waits already is the same request.
   */
  async wait(person: PersonId, kind: ChangeKind, detail: Json, isStrong = false): Promise<WaitingChange> {
    const { store, makers, clock } = this.#parts;
    const { alwaysWaits, opens, began } = makers[kind];
    if (!(isStrong && alwaysWaits) && !(await this.tells(person))) throw new Refusal('no_contact');
    const waiting = await store.own.waiting.of(person);
    const asked = waiting.find((one) => one.kind === kind && isDeepStrictEqual(one.detail, detail));
    if (asked !== undefined) return asked;
    const now = clock();
    await this.#assertFewAsked(person, now);
    const change = {
      id: randomUUID(),
      person,
      kind,
      detail,
      requestedAt: now,
      dueAt: now + (this.#parts.wait ?? WAIT),
    };
    const token = randomBytes(32).toString('base64url');
    const notice: Notice = { type: 'change_waits', change: kind, due: change.dueAt, token };
    const opened = opens?.(person, detail, now);
    const told = {
      entries: [
        entry(now, { type: 'change_requested', change: kind, due: change.dueAt }, person),
        ...(opened ? [entry(now, { type: 'case_opened', kind: opened.kind }, person)] : []),
      ],
      messages: [noticeMessage(person, notice)],
    };
    if (!(await store.own.waiting.request(change, token, told, opened))) {
      const same = (await store.own.waiting.of(person)).find((one) => one.kind === kind);
      // Stopped or carried out in this very moment.
      if (same === undefined) throw new Refusal('change_gone');
      return same;
    }
    await began?.(change);
    this.#parts.wake();
    return change;
  }

  /** Stopping one and asking anew counts as well. Throws `Refusal` `too_many_requests`. */
  async #assertFewAsked(person: PersonId, now: number): Promise<void> {
    const { journal } = this.#parts.store;
    const types = ['change_requested'] as const;
    const asked = await journal.historyOf({ person, types, from: now - DAY, most: MOST_ASKED_IN_A_DAY });
    if (asked.length >= MOST_ASKED_IN_A_DAY) throw new Refusal('too_many_requests');
  }

  /** Throws `Refusal` `change_gone` when it does not wait any more. */
  async stop(change: WaitingChange, by: 'citizen' | 'link'): Promise<void> {
    const { store, makers, clock, wake } = this.#parts;
    const { person, id, kind } = change;
    const stopped = await store.own.waiting.stop(person, id, {
      entries: [entry(clock(), { type: 'change_stopped', change: kind, by }, person)],
      messages: [noticeMessage(person, { type: 'change_stopped', change: kind })],
    });
    if (!stopped) throw new Refusal('change_gone');
    await makers[kind].stopped?.(change);
    wake();
  }

  #look(): void {
    this.#round = this.#round
      .then(() => this.#carryOutDue())
      .catch((cause) => this.#parts.log('internal_error', { cause }));
  }

  async #carryOutDue(): Promise<void> {
    const { store, clock, log } = this.#parts;
    if (!(await this.#lease.hold())) return;
    // Begun again at the next look; meanwhile nobody else's waits for it.
    for (const change of await store.own.waiting.due(clock(), AT_ONCE))
      await this.#carryOut(change).catch((cause) => log('internal_error', { cause }));
  }

  async #carryOut({ id, person, kind, detail, requestedAt }: WaitingChange): Promise<void> {
    const { store, makers, clock, wake } = this.#parts;
    const maker = makers[kind];
    const held = await maker.heldUntil?.(person, clock());
    if (held !== undefined) return store.own.waiting.postpone(id, held);
    if (!(await store.own.waiting.begin(id))) return;
    const possible = await maker.make(person, detail, requestedAt).then(
      () => true,
      (error) => {
        if (error instanceof Refusal) return false;
        throw error;
      },
    );
    // Something came in between that has to be settled first.
    const heldAfterAll = possible ? undefined : await maker.heldUntil?.(person, clock());
    if (heldAfterAll !== undefined) return store.own.waiting.postpone(id, heldAfterAll);
    // Of an erasure nothing is left to tell it to; it told by itself.
    const about = kind === 'erasure' && possible ? undefined : person;
    await store.own.waiting.done(id, {
      entries: [entry(clock(), { type: 'change_carried_out', change: kind, possible }, about)],
      messages: about ? [noticeMessage(about, { type: 'change_carried_out', change: kind, possible })] : [],
    });
    wake();
  }
}
