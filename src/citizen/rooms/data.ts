/** Owns the download of one's own data: a signed archive, made anew each time, a few times an hour. */
import { z } from 'zod';
import { dateInVietnam } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { ProtocolState } from '../../store.ts';
import type { Keys } from '../../vault/keys.ts';
import { makeArchive } from '../documents/archive.ts';
import { type OwnDataParts, ownData } from '../documents/own-data.ts';
import type { RecordKeys } from '../documents/record-keys.ts';
import type { Download, Rooms } from '../rooms.ts';

export interface DataRoomParts extends OwnDataParts {
  readonly issuer: string;
  readonly keys: Pick<Keys, 'signing'>;
  readonly recordKeys: RecordKeys;
}

/** Archives for one person within so many seconds: each is work, and nobody needs more. */
const MOST = 5;
const WITHIN = 60 * 60;
const TAKEN = 'DataTaken';

/** In which all entries of what a person has taken are. */
export const takenBy = (person: PersonId) => `data taken by ${person}`;

const wish = z.strictObject({ language: z.enum(['vi', 'en']).default('vi') });

export function dataRoom(rooms: Rooms, parts: DataRoomParts): void {
  rooms.download('/data', 'recent', wish, (visit, { language }) => take(visit, language, parts));
}

async function take(visit: Visit, language: 'vi' | 'en', parts: DataRoomParts): Promise<Download> {
  const { person, now } = visit;
  const { store, issuer, keys, recordKeys } = parts;
  if (!(await mayTake(person, store.state))) throw new Refusal('too_many_requests');
  // Before it is gathered, so that it stands in it; durable before the answer leaves.
  await store.journal.record([entry(now, { type: 'data_taken' }, person)]);
  const data = await ownData(visit, parts);
  await recordKeys.published();
  const body = await makeArchive(data, { issuer, madeAt: now, language }, keys);
  return { type: 'application/zip', name: `lien-thong-${dateInVietnam(now)}.zip`, body };
}

/** One of the places of this hour, each for exactly one caller. */
async function mayTake(person: PersonId, state: ProtocolState): Promise<boolean> {
  for (let place = 0; place < MOST; place += 1)
    if (await state.putIfAbsent(TAKEN, `${person} ${place}`, true, WITHIN, takenBy(person))) return true;
  return false;
}
