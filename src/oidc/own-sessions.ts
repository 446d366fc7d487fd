/**
 * Owns what a person does with their own sessions from the outside: sees them, ends those that one way of signing in began,
 * takes one client out of all of them, keeps the one in use alive.
 */
import { hash } from 'node:crypto';
import type { SourceId } from '../identity/assertion.ts';
import type { PersonId } from '../identity/person.ts';
import type { Json, ProtocolState } from '../store.ts';
import { clientsOf, type LeftClient } from './back-channel-logout.ts';
import {
  endSession,
  groupOf,
  keptSession,
  SESSION_IDLE,
  type SessionEnded,
  type SessionPayload,
  sessionLifetime,
} from './session.ts';

/** Seconds: what is left of the idle time before it is worth a write to prolong it. */
const LEFT_AFTER_A_WHILE = SESSION_IDLE - 5 * 60;

const now = () => Math.floor(Date.now() / 1000);

/** A person's sessions that are running now, in no particular order. */
export async function sessionsOf(state: ProtocolState, person: PersonId): Promise<readonly SessionPayload[]> {
  const kept = await state.inGroup(groupOf(person));
  return kept.map(({ value }) => value as unknown as SessionPayload).filter(({ exp }) => exp > now());
}

/** By what a page names a session: its `uid` is half of what opens it, and is shown nowhere. */
export function handleOf({ uid }: Pick<SessionPayload, 'uid'>): string {
  return hash('sha256', JSON.stringify(['handle', uid]), 'base64url').slice(0, 22);
}

/** Ends every session of a person that holds an authentication by this source; tells which there were. */
export async function endSessionsThrough(
  state: ProtocolState,
  person: PersonId,
  source: SourceId,
  ended: SessionEnded,
): Promise<readonly SessionPayload[]> {
  const sessions: SessionPayload[] = [];
  for (const session of await sessionsOf(state, person)) {
    if (!Object.values(session.authentications ?? {}).some((made) => made.source === source)) continue;
    const gone = await endSession(state, session.uid, ended);
    if (gone !== undefined) sessions.push(gone);
  }
  return sessions;
}

/** Sees to it that these clients of a person's session are told that it ended for them; returns how many can be. */
export type TellLeft = (person: PersonId, left: readonly LeftClient[]) => Promise<number>;

/**
 * Takes one client out of all sessions of a person, which go on for the others. It is told before it is taken out: after a crash
 * in between it is told of a session it still has, never left in one it was not told of. Returns how many are told.
 */
export async function leaveClient(
  state: ProtocolState,
  person: PersonId,
  client: string,
  tell: TellLeft,
): Promise<number> {
  let told = 0;
  for (const { uid } of await sessionsOf(state, person)) told += await leaveIn(state, uid, client, tell);
  return told;
}

async function leaveIn(state: ProtocolState, uid: string, client: string, tell: TellLeft): Promise<number> {
  let told: number | undefined;
  for (;;) {
    const kept = await keptSession(state, uid);
    const { [client]: left, ...authorizations } = kept?.session.authorizations ?? {};
    if (kept === undefined || left === undefined) return told ?? 0;
    const { session, version } = kept;
    // By the session's name for it, which does not change: once is enough, however often another tab is first.
    const leaving = clientsOf({ authorizations: { [client]: left } });
    if (told === undefined && leaving.length > 0) told = await tell(session.accountId!, leaving);
    const without = { ...session, authorizations } as unknown as Json;
    if (await state.replace('Session', uid, version, without, Math.max(1, session.exp - now()))) return told ?? 0;
  }
}

/**
 * A session is in use where the library does not see it: it lives on as if it did. One at a shared computer ends when it would.
 * When another request writes the session first, that has prolonged it, too.
 */
export async function touchSession(
  state: ProtocolState,
  { uid, exp, sharedComputer }: Pick<SessionPayload, 'uid' | 'exp' | 'sharedComputer'>,
): Promise<void> {
  if (sharedComputer || exp - now() >= LEFT_AFTER_A_WHILE) return;
  const kept = await keptSession(state, uid);
  if (kept === undefined) return;
  const lifetime = sessionLifetime(kept.session);
  const until = now() + lifetime;
  if (until <= kept.session.exp) return;
  await state.replace('Session', uid, kept.version, { ...kept.session, exp: until } as unknown as Json, lifetime);
}
