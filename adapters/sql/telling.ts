/** Owns what is recorded and sent because of a change: events and messages, in one unit with it. */

import { NOTICE_LIFETIME } from '../../src/citizen/notices/notices.ts';
import type { Told } from '../../src/citizen/ports.ts';
import type { Message } from '../../src/store.ts';
import type { Surroundings } from './changes.ts';
import { recordAll } from './journal.ts';
import { enqueueAll } from './outbox.ts';
import type { Unit } from './unit.ts';

/** Seconds after which an agency's own session is over anyway, and there is no sign-out left to tell it of. */
const LOGOUT_LIFETIME = 24 * 60 * 60;

/** The part of a unit that tells what the unit did. */
export function* tell(surroundings: Surroundings, { entries, messages = [] }: Told): Unit<void> {
  yield* recordAll(surroundings.database, entries);
  yield* send(surroundings, messages);
}

/** The part of a unit that puts messages into the outbox, each for as long as its kind is worth telling. */
export function* send(surroundings: Surroundings, messages: readonly Message[]): Unit<void> {
  yield* enqueueAll(surroundings, messages, ({ kind }) => (kind === 'logout' ? LOGOUT_LIFETIME : NOTICE_LIFETIME));
}
