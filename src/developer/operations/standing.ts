/**
 * Owns whether a service is served: suspended for a while, taken up again, ended for good. In every process its tokens are
 * dead in seconds. What the hub's registrar has suspended no agency takes up again.
 */
import { Refusal } from '../../errors.ts';
import { type Capacity, type ServiceAccess, serviceFor } from '../access.ts';
import { type Actor, mustBeStrong } from '../actor.ts';
import { clientChanged, type Production, withWhole } from '../going-live.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Environment } from '../ports.ts';
import { credentialObjections } from '../readiness.ts';
import { Objections } from '../refusals.ts';
import { liveVersion, saveService } from '../saving.ts';
import { trailEntry } from '../trail.ts';
import { shownCredential } from './services.ts';

interface Step {
  readonly word: 'suspended' | 'resumed' | 'retired';
  readonly standing: Production;
  readonly before: object;
  readonly after: object;
}

export function standingOperations(operations: Operations, parts: DeveloperParts): void {
  const { store } = parts;

  /** Production is the owners' and the registrars'; the sandbox is the developers'. */
  async function accessTo(actor: Actor, service: string, environment: Environment): Promise<ServiceAccess> {
    const isProduction = environment === 'production';
    const access = await serviceFor(store, actor, service, isProduction ? 'owner' : 'developer', isProduction);
    // Whoever can do it to every service in the country does it with more than a password.
    if (access.as === 'registrar') mustBeStrong(actor);
    return access;
  }

  async function take(actor: Actor, { service, agency }: ServiceAccess, environment: Environment, step: Step) {
    const { word, standing, before, after } = step;
    const done = { agency: agency.id, service: service.id, action: `${environment}.${word}`, before, after };
    const change = word === 'retired' ? 'removed' : 'changed';
    await saveService(parts, {
      service: withWhole(service, environment, standing),
      agency,
      trail: [trailEntry(actor, done)],
      ...(environment === 'production' ? { entries: [clientChanged(service, actor.now, change)] } : {}),
      publish: [environment],
    });
    return {
      values: { state: standing.state, ...(standing.suspendedBy ? { suspended_by: standing.suspendedBy } : {}) },
    };
  }

  operations.define('suspend', 'write', async (actor, { params, body }) => {
    const environment = params.environment as Environment;
    const access = await accessTo(actor, params.service, environment);
    const current: Production = access.service[environment];
    const { state, suspendedBy } = current;
    const by = sideOf(access.as);
    // A registrar may take over what the agency has suspended, so that it stays so.
    const isTakenOver = state === 'suspended' && suspendedBy === 'agency' && by === 'registrar';
    if (state !== 'live' && !isTakenOver) throw new Refusal('not_possible_now');
    const reason = (body as { reason?: string } | undefined)?.reason?.trim();
    return take(actor, access, environment, {
      word: 'suspended',
      // To the next second: whatever was issued in this one is dead as well.
      standing: { ...current, state: 'suspended', suspendedBy: by, tokensSince: Math.floor(actor.now / 1000) + 1 },
      before: { state, ...(suspendedBy ? { suspended_by: suspendedBy } : {}) },
      after: { state: 'suspended', suspended_by: by, ...(reason ? { reason } : {}) },
    });
  });

  operations.define('resume', 'write', async (actor, { params }) => {
    const environment = params.environment as Environment;
    const access = await accessTo(actor, params.service, environment);
    const { suspendedBy, ...current }: Production = access.service[environment];
    if (current.state !== 'suspended') throw new Refusal('not_possible_now');
    if (suspendedBy === 'registrar' && access.as !== 'registrar') throw new Refusal('role_too_small');
    const version = await liveVersion(parts, access.service, environment);
    if (version === undefined) throw new Error('a service without its version');
    // While it was suspended its last secret may have ended.
    const missing = await credentialObjections(parts, access, version, actor.now);
    if (missing.length > 0) throw new Objections('settings_invalid', missing);
    return take(actor, access, environment, {
      word: 'resumed',
      standing: { ...current, state: 'live' },
      before: { state: 'suspended', ...(suspendedBy ? { suspended_by: suspendedBy } : {}) },
      after: { state: 'live' },
    });
  });

  operations.define('retire', 'write', async (actor, { params, body }) => {
    const environment = params.environment as Environment;
    const access = await accessTo(actor, params.service, environment);
    const {
      live,
      previous: _previous,
      suspendedBy: _by,
      submission,
      ...current
    }: Production = access.service[environment];
    if (live === undefined || current.state === 'retired') throw new Refusal('not_possible_now');
    if (body.confirm !== access.service.id)
      throw new Objections('settings_invalid', [{ field: 'confirm', code: 'not_this_service' }]);
    const { state, credentials } = current;
    const ended =
      submission?.state === 'open' ? ({ ...submission, state: 'withdrawn', closedAt: actor.now } as const) : submission;
    return take(actor, access, environment, {
      word: 'retired',
      standing: { ...current, state: 'retired', credentials: [], ...(ended ? { submission: ended } : {}) },
      before: { state, version: live, credentials: credentials.map((one) => shownCredential(one, actor.now)) },
      after: { state: 'retired', credentials: [] },
    });
  });
}

const sideOf = (as: Capacity) => (as === 'registrar' ? ('registrar' as const) : ('agency' as const));
