/** Owns what becomes of a service's standing when a version of it goes live in production, is taken back, or ends. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { type Event, entry, type JournalEntry } from '../journal/events.ts';
import type { Difference } from './differences.ts';
import { clientIdOf, type Environment, type Service, type Standing, type Submission, type Version } from './ports.ts';

export type Production = Service['production'];

/** A service with the standing of one environment replaced whole: what the new one does not have is gone. */
export function withWhole(service: Service, environment: Environment, standing: Standing | Production): Service {
  return { ...service, [environment]: standing };
}

/** A service in which this version is live in production. One that is suspended stays so. */
export function withLive(service: Service, version: Version, submission: Submission | undefined): Service {
  const { previous: _before, authors, submission: former, ...rest } = service.production;
  const { draft, live, state } = rest;
  const isWritten = isDeepStrictEqual(draft, version.settings);
  const closed = submission ?? former;
  return withWhole(agreedTo(service, version), 'production', {
    ...rest,
    state: state === 'suspended' ? 'suspended' : 'live',
    live: version.number,
    newest: Math.max(rest.newest, version.number),
    ...(live === undefined ? {} : { previous: live }),
    ...(closed ? { submission: closed } : {}),
    // What was written since then is still to be agreed to, and its authors are remembered.
    ...(isWritten || authors === undefined ? {} : { authors }),
  });
}

/** What the sandbox has nobody has to agree to again where it is what goes live; else its authors are remembered. */
function agreedTo(service: Service, { settings }: Version): Service {
  const { authors, ...sandbox } = service.sandbox;
  return authors !== undefined && isDeepStrictEqual(sandbox.draft, settings) ? { ...service, sandbox } : service;
}

type Change = Extract<Event, { type: 'client_changed' }>['change'];

/** What the journal is told: which client, and which of its settings are other than before, never what they hold. */
export function clientChanged(
  service: Pick<Service, 'id'>,
  now: number,
  change: Change,
  differences: readonly Difference[] = [],
): JournalEntry {
  const fields = change === 'changed' ? [...new Set(differences.map(({ field }) => field.split('.')[0]!))].sort() : [];
  return entry(now, {
    type: 'client_changed',
    client: clientIdOf(service.id, 'production'),
    change,
    fields,
    by: 'console',
  });
}
