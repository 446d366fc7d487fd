/** Owns the room of sessions and devices: where somebody is signed in, how to end it, which browsers are known as theirs. */
import { z } from 'zod';
import type { OwnDevice, OwnSession, SessionsPage } from '../../../views/citizen/sessions.ts';
import { moment } from '../../calendar.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import type { Authentication } from '../../identity/authentication.ts';
import { entry } from '../../journal/events.ts';
import type { Sources } from '../../login/choose.ts';
import { clientsOf } from '../../oidc/back-channel-logout.ts';
import { handleOf, sessionsOf } from '../../oidc/own-sessions.ts';
import {
  currentAuthentication,
  endSession,
  SESSION_LONGEST,
  type SessionEnded,
  type SessionPayload,
} from '../../oidc/session.ts';
import type { SignedOutNotes } from '../../oidc/signed-out-notes.ts';
import { isOwnClient } from '../../own-pages/own-page.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { Store } from '../../store.ts';
import type { Device } from '../ports.ts';
import { type Done, nothing, type Rooms, SIGNED_OUT } from '../rooms.ts';
import { nameOf } from './overview.ts';

export interface SessionsParts {
  readonly store: Store;
  readonly sources: Sources;
  readonly clients: Clients;
  /** Told when a session ends. */
  readonly ended: SessionEnded;
  /** What the page after a sign-out tells. */
  readonly signedOut: Pick<SignedOutNotes, 'write'>;
  readonly clock: () => number;
}

const PATH = '/sessions';
/** Whoever has more did not begin them: all others can be ended at one press. */
const MOST_SHOWN = 50;
/** Of devices. Whatever is none is not there, and not every database could even be asked for it. */
const ID = /^[\w-]+$/;

export function sessionsRoom(rooms: Rooms, parts: SessionsParts): void {
  const { store } = parts;
  const all = ({ person }: Visit) => sessionsOf(store.state, person);
  const isThis = ({ session }: Visit, { uid }: SessionPayload) => session.uid === uid;

  rooms.show(PATH, nothing, (visit) => sessions(visit, parts));

  rooms.change(
    `${PATH}/end`,
    'recent',
    z.strictObject({ session: z.string().min(1).max(100) }),
    async (visit, { session: handle }) => {
      const chosen = (await all(visit)).find((session) => handleOf(session) === handle);
      if (chosen === undefined) throw new Refusal('not_found');
      return end(visit, [chosen], parts);
    },
  );

  rooms.change(`${PATH}/end-others`, 'recent', nothing, async (visit) => {
    const others = (await all(visit)).filter((session) => !isThis(visit, session));
    return end(visit, others, parts);
  });

  rooms.change(`${PATH}/end-all`, 'recent', nothing, async (visit) => end(visit, await all(visit), parts));

  rooms.change(
    '/devices/forget',
    'recent',
    z.strictObject({ device: z.string().min(1).max(100) }),
    async ({ person, authentication, now }, { device }) => {
      const entries = [entry(now, { type: 'device_forgotten' }, person, authentication.device)];
      const isForgotten = ID.test(device) && (await store.own.devices.forget(person, device, { entries }));
      if (!isForgotten) throw new Refusal('not_found');
      return { see: PATH };
    },
  );
}

/** Sessions that somebody ends from their page, rather than by signing out in them, say so in the history. */
export function endedByTheirPage({
  store,
  ended,
  clock,
}: Pick<SessionsParts, 'store' | 'ended' | 'clock'>): SessionEnded {
  return {
    before: (session) => ended.before(session),
    after: async (session) => {
      const { accountId: person } = session;
      const event = { type: 'session_ended', clients: clientsOf(session).length } as const;
      if (person) await store.journal.record([entry(clock(), event, person, currentAuthentication(session)?.device)]);
    },
  };
}

/** Ends these; whose own is among them is signed out, and told of whom. */
async function end(visit: Visit, chosen: readonly SessionPayload[], parts: SessionsParts): Promise<Done> {
  const others = endedByTheirPage(parts);
  const gone: SessionPayload[] = [];
  // One's own last: should something fail in between, one can press again.
  const isThis = ({ uid }: SessionPayload) => uid === visit.session.uid;
  for (const session of [...chosen].sort((one, other) => Number(isThis(one)) - Number(isThis(other)))) {
    const ended = await endSession(parts.store.state, session.uid, isThis(session) ? parts.ended : others);
    if (ended !== undefined) gone.push(ended);
  }
  const result = { ended: gone.length };
  if (!chosen.some(isThis)) return { see: PATH, result };
  const own = gone.filter(isThis).flatMap(({ authentications }) => Object.values(authentications ?? {}));
  const left = await parts.signedOut.write({
    clients: gone.flatMap(clientsOf).filter(({ client }) => !isOwnClient(client)),
    sources: [...new Set(own.map(({ source }) => source))],
  });
  return { see: PATH, out: `${SIGNED_OUT}${left ? `?left=${left}` : ''}`, result };
}

async function sessions(visit: Visit, parts: SessionsParts): Promise<SessionsPage> {
  const { store } = parts;
  const [running, known] = await Promise.all([
    sessionsOf(store.state, visit.person),
    store.own.devices.of(visit.person, 'known'),
  ]);
  const made = running
    .flatMap((session) => {
      const authentication = currentAuthentication(session);
      return authentication ? [{ session, authentication }] : [];
    })
    .sort(({ session: one }, { session: other }) => {
      const isThis = ({ uid }: SessionPayload) => Number(uid === visit.session.uid);
      return isThis(other) - isThis(one) || (other.loginTs ?? 0) - (one.loginTs ?? 0);
    });
  const shown = made.slice(0, MOST_SHOWN);
  const ids = new Set(shown.flatMap(({ authentication: { device } }) => device ?? []));
  const devices = await store.own.devices.of(visit.person, [...ids]);
  return {
    page: 'citizen/sessions',
    sessions: shown.map(({ session, authentication }) => sessionOf(session, authentication, visit, devices, parts)),
    ...(made.length > shown.length ? { notShown: made.length - shown.length } : {}),
    devices: known.map((device) => deviceOf(device, visit)),
  };
}

function sessionOf(
  session: SessionPayload,
  { source, acr, authTime, device }: Authentication,
  visit: Visit,
  devices: readonly Device[],
  { sources, clients }: SessionsParts,
): OwnSession {
  const label = devices.find(({ id }) => id === device)?.label;
  const begun = session.loginTs ?? authTime;
  // One at a shared computer ends with its tokens.
  const ends = session.sharedComputer ? session.exp : begun + SESSION_LONGEST;
  return {
    id: handleOf(session),
    isThis: session.uid === visit.session.uid,
    ...(label ? { device: label } : {}),
    source: nameOf(sources, source),
    level: acr,
    begun: moment(begun * 1000),
    ends: moment(ends * 1000),
    services: clientsOf(session).flatMap(({ client: id }) => {
      const client = isOwnClient(id) ? undefined : clients.get(id);
      return client ? [{ agency: client.agency.name, name: client.service }] : [];
    }),
  };
}

function deviceOf({ id, label, firstAt, lastAt }: Device, { authentication }: Visit): OwnDevice {
  return { id, isThis: authentication.device === id, label, first: moment(firstAt), last: moment(lastAt) };
}
