/**
 * Owns a person's wish to be gone from the hub: what it means, before anybody asks for it, and how it is carried out seven
 * days later. Agencies keep what they received; the hub keeps events that name nobody.
 */
import { z } from 'zod';
import type { ErasePage } from '../../../views/citizen/erase.ts';
import { moment } from '../../calendar.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import { endSessionsOf, groupOf, SESSION_LONGEST, type SessionEnded } from '../../oidc/session.ts';
import { isOwnClient } from '../../own-pages/own-page.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { Json, Store } from '../../store.ts';
import { newCaseNumber, openedCase } from '../cases/cases.ts';
import { type ChangeMaker, WAIT } from '../changes.ts';
import { noticeMessage } from '../notices/notices.ts';
import { nothing, type Rooms } from '../rooms.ts';
import { forgetCodesOf } from './contact-codes.ts';
import { takenBy } from './data.ts';
import { serviceNames } from './service-names.ts';

export interface ErasureParts {
  readonly store: Store;
  readonly clients: Clients;
  /** Milliseconds for which a change waits, when not the usual ones. */
  readonly changeWait?: number | undefined;
}

export interface ErasureMakerParts {
  readonly store: Store;
  /** Told when a session ends. */
  readonly ended: SessionEnded;
  readonly clock: () => number;
}

const DAY = 24 * 60 * 60 * 1000;
const STOPPED = 'Đã dừng theo yêu cầu của công dân. / Stopped as the citizen wished.';

const detail = z.object({ case: z.string() });

export function erasureRoom(rooms: Rooms, parts: ErasureParts): void {
  rooms.show('/erase', nothing, (visit) => page(visit, parts));
  rooms.deferrable('/erase', nothing, async () => {
    return { kind: 'erasure', detail: { case: newCaseNumber() }, see: '/erase' };
  });
}

async function page({ person }: Visit, { store, clients, changeWait = WAIT }: ErasureParts): Promise<ErasePage> {
  const [consents, waiting, isHeld] = await Promise.all([
    store.consents.of(person),
    store.own.waiting.of(person),
    hasToBeSettled(person, store),
  ]);
  const names = serviceNames(clients, consents);
  const erasure = waiting.find(({ kind }) => kind === 'erasure');
  return {
    page: 'citizen/erase',
    agencies: names.own.filter((client) => !isOwnClient(client)).map((client) => ({ client, ...names.of(client) })),
    days: Math.max(1, Math.round(changeWait / DAY)),
    isHeld,
    ...(erasure ? { waits: { due: moment(erasure.dueAt), case: caseOf(erasure.detail) } } : {}),
  };
}

/** What of a person has to be settled before they can be erased; the store looks once more when it does. */
async function hasToBeSettled(person: PersonId, { people, own, reviews }: Store): Promise<boolean> {
  const [state, links, cases, doubts] = await Promise.all([
    people.stateOf(person),
    people.linksOf(person),
    own.cases.of(person),
    reviews.of(person),
  ]);
  return (
    state === 'locked' ||
    links.some((link) => link.state === 'frozen') ||
    cases.some((one) => one.state !== 'answered' && one.kind !== 'erase') ||
    doubts.some((doubt) => doubt.state === 'open')
  );
}

/** How a person is erased. */
export function erasureMaker({ store, ended, clock }: ErasureMakerParts): ChangeMaker {
  const { people, own, state } = store;
  const advance = (change: { person: PersonId; detail: Json }, to: 'acknowledged' | 'answered', answer?: string) => {
    const told = { entries: [entry(clock(), { type: 'case_advanced', kind: 'erase', state: to }, change.person)] };
    return own.cases.advance(
      caseOf(change.detail),
      { state: to, at: clock(), ...(answer ? { answer } : {}) } as const,
      told,
    );
  };
  return {
    alwaysWaits: true,
    async check(person) {
      if (await hasToBeSettled(person, store)) throw new Refusal('erasure_held');
    },
    opens: (person, kept, now) => openedCase('erase', person, {}, { processors: true, number: caseOf(kept) }, now),
    // What told of the request told its number, too: nobody has to.
    began: async (change) => void (await advance(change, 'acknowledged')),
    stopped: async (change) => void (await advance(change, 'answered', STOPPED)),
    heldUntil: async (person, now) => ((await hasToBeSettled(person, store)) ? now + DAY : undefined),
    async make(person) {
      const also = await own.contacts.of(person);
      // Agencies are told while there is somebody to tell them of.
      await endSessionsOf(state, person, ended);
      const erased = await people.erase(person, {
        entries: [entry(clock(), { type: 'person_erased' })],
        messages: [noticeMessage(person, { type: 'person_erased' }, also)],
      });
      if (erased === 'held') throw new Refusal('erasure_held');
      // And what somebody may put there who is just signing in.
      for (const group of [groupOf(person), takenBy(person)]) await state.deleteGroup(group, SESSION_LONGEST);
      await forgetCodesOf(person, state);
    },
  };
}

const caseOf = (kept: Json): string => detail.parse(kept).case;
