/** Owns the room of the changes that wait: what will happen, when, and how to stop it. */
import { z } from 'zod';
import type { ChangesPage, ShownChange } from '../../../views/citizen/changes.ts';
import { Refusal } from '../../errors.ts';
import type { Sources } from '../../login/choose.ts';
import type { OwnLink, Store } from '../../store.ts';
import type { Changes } from '../changes.ts';
import { ANY_NEW_SOURCE, type WaitingChange } from '../ports.ts';
import { nothing, type Rooms, shownChange, WAITING_PATH } from '../rooms.ts';
import { nameOf } from './overview.ts';

export interface ChangesRoomParts {
  readonly store: Store;
  readonly sources: Sources;
  readonly changes: Changes;
}

const about = z.object({ link: z.string().optional(), source: z.string().optional() });

export function changesRoom(rooms: Rooms, { store, sources, changes }: ChangesRoomParts): void {
  rooms.show(WAITING_PATH, nothing, async ({ person }): Promise<ChangesPage> => {
    const [waiting, links] = await Promise.all([store.own.waiting.of(person), store.people.linksOf(person)]);
    const inOrder = [...waiting].sort((one, other) => one.dueAt - other.dueAt);
    return { page: 'citizen/changes', changes: inOrder.map((change) => withSource(change, links, sources)) };
  });

  // To stop a change brings back how things were: whoever is signed in may, however weakly.
  rooms.change(
    `${WAITING_PATH}/stop`,
    'session',
    z.strictObject({ change: z.string().min(1).max(100) }),
    async ({ person }, { change: id }) => {
      const change = (await store.own.waiting.of(person)).find((one) => one.id === id);
      if (change === undefined) throw new Refusal('not_found');
      await changes.stop(change, 'citizen');
      return { see: WAITING_PATH };
    },
  );
}

function withSource(change: WaitingChange, links: readonly OwnLink[], sources: Sources): ShownChange {
  const { link, source = links.find(({ id }) => id === link)?.source } = about.safeParse(change.detail).data ?? {};
  if (source === undefined) return shownChange(change);
  return {
    ...shownChange(change),
    ...(source === ANY_NEW_SOURCE ? { allNew: true } : { source: nameOf(sources, source) }),
  };
}
