/** Owns reading what was done: page by page with the names people have now, and whole, as a file, with their accounts. */
import { moment } from '../../calendar.ts';
import { type AgencyAccess, agencyFor, serviceFor } from '../access.ts';
import type { Operations, Outcome } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import { peopleFor } from '../people.ts';
import type { TrailEntry } from '../ports.ts';

const MOST_SHOWN = 50;
/** Entries that are read at once for a file: enough to be quick, few enough to hold. */
const READ_AT_ONCE = 50;
const NOBODY: ReadonlySet<string> = new Set(['hub', 'operator']);

type Place = { readonly at: number; readonly id: string };

export function trailOperations(operations: Operations, parts: DeveloperParts): void {
  const { store } = parts;

  async function page({ agency, as }: AgencyAccess, service: string | undefined, cursor: string | undefined) {
    const after = cursor === undefined ? undefined : placeOf(cursor);
    const found = await store.developer.trail.of({
      agency: agency.id,
      ...(service === undefined ? {} : { service }),
      ...(after ? { after } : {}),
      most: MOST_SHOWN + 1,
    });
    const entries = found.slice(0, MOST_SHOWN);
    const accounts = entries.map(({ actor }) => actor).filter((actor) => !NOBODY.has(actor));
    const people = await peopleFor(parts, agency, as, accounts);
    return {
      values: {
        entries: entries.map(({ actor, ...entry }) => ({
          ...shownEntry(entry),
          by: NOBODY.has(actor) ? { account: actor } : people(actor),
        })),
        ...(found.length > MOST_SHOWN ? { after: cursorOf(entries.at(-1)!) } : {}),
      },
    };
  }

  /** Newest first, as on the pages. Read while it is sent: how long it is does not matter. */
  async function* lines(agency: string, service?: string): AsyncGenerator<string> {
    for (let after: Place | undefined; ; ) {
      const entries = await store.developer.trail.of({
        agency,
        ...(service === undefined ? {} : { service }),
        ...(after ? { after } : {}),
        most: READ_AT_ONCE,
      });
      yield entries.map(({ actor, ...entry }) => `${JSON.stringify({ ...shownEntry(entry), by: actor })}\n`).join('');
      if (entries.length < READ_AT_ONCE) return;
      after = entries.at(-1)!;
    }
  }

  const file = (name: string, agency: string, service?: string): Outcome => ({
    file: { type: 'application/x-ndjson', name: `trail-${name}.jsonl`, body: lines(agency, service) },
  });

  operations.define('getAgencyTrail', 'read', async (actor, { params, query }) =>
    page(await agencyFor(store, actor, params.agency, 'reader'), undefined, query.after),
  );

  operations.define('getServiceTrail', 'read', async (actor, { params, query }) => {
    const access = await serviceFor(store, actor, params.service, 'reader');
    return page(access, access.service.id, query.after);
  });

  operations.define('exportAgencyTrail', 'read', async (actor, { params }) => {
    const { agency } = await agencyFor(store, actor, params.agency, 'reader');
    return file(agency.id, agency.id);
  });

  operations.define('exportServiceTrail', 'read', async (actor, { params }) => {
    const { agency, service } = await serviceFor(store, actor, params.service, 'reader');
    return file(service.id, agency.id, service.id);
  });
}

function shownEntry({ id, at, agency, service, through, action, before, after }: Omit<TrailEntry, 'actor'>) {
  return {
    id,
    at: moment(at),
    agency,
    ...(service === undefined ? {} : { service }),
    through,
    action,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

const cursorOf = ({ at, id }: Place) => `${at}_${id}`;

function placeOf(cursor: string): Place {
  const [at, id] = cursor.split('_') as [string, string];
  return { at: Number(at), id };
}
