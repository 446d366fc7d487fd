/**
 * Owns which sessions a person has, in whatever browsers: one entry a person, written at each sign-in, so that all of
 * them can be ended at once. It may name sessions that are over, and forgets them when they would be anyway.
 */
import type { ProtocolState } from '../store.ts';

const KIND = 'PersonSessions';

/** Seconds since the epoch at which a session is over at the latest, by its `uid`. */
type Sessions = Readonly<Record<string, number>>;

/** Adds a session to those of a person; `until` and `now` in seconds since the epoch. */
export async function rememberSession(
  state: ProtocolState,
  person: string,
  uid: string,
  until: number,
  now: number,
): Promise<void> {
  for (;;) {
    const kept = await state.get(KIND, person);
    const sessions = { ...living(kept?.value as Sessions | undefined, now), [uid]: until };
    const lifetime = Math.max(1, ...Object.values(sessions)) - now;
    const written =
      kept === undefined
        ? await state.putIfAbsent(KIND, person, sessions, lifetime)
        : await state.replace(KIND, person, kept.version, sessions, lifetime);
    if (written) return;
  }
}

/** The `uid`s of the sessions a person may still have. */
export async function sessionsOf(state: ProtocolState, person: string, now: number): Promise<readonly string[]> {
  const kept = await state.get(KIND, person);
  return Object.keys(living(kept?.value as Sessions | undefined, now));
}

function living(sessions: Sessions = {}, now: number): Sessions {
  return Object.fromEntries(Object.entries(sessions).filter(([, until]) => until > now));
}
