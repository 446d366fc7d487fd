/**
 * Owns deciding about what was handed in for production. Whoever decides has signed in a moment ago and strongly, names the
 * version they saw and what it was held against, and has written none of it. When both have agreed it is live at once.
 */
import { Refusal } from '../../errors.ts';
import { type ServiceAccess, serviceFor } from '../access.ts';
import { type Actor, mustBeStrong } from '../actor.ts';
import { clientChanged, withLive, withWhole } from '../going-live.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Agency, Decision, Offices, Submission, TrailEntry, WayIn } from '../ports.ts';
import { ownersObjections, settingsObjections } from '../readiness.ts';
import { Objections } from '../refusals.ts';
import { approvalsThatCount, type Bench, differencesOfVersions, mayDecide, missingApprovals } from '../reviewing.ts';
import { type Change, liveVersion, saveService } from '../saving.ts';
import { trailEntry } from '../trail.ts';

/** Tries of a decision while others decide about the same service. */
const MOST_TRIES = 10;

/** What somebody says to which version. */
interface Said extends Pick<Decision, 'as' | 'says' | 'reason'> {
  readonly version: number;
  /** Version that was live when they looked; none where there was none. */
  readonly against?: number;
}

export function decisionOperations(operations: Operations, parts: DeveloperParts): void {
  operations.define('decide', 'session', async (actor, { params, body }) => {
    const said = body as Said;
    for (let tries = 1; ; tries += 1) {
      const { change, submission } = await decided(parts, actor, params.service, said);
      try {
        await saveService(parts, change);
        return { values: { version: submission.version, state: submission.state } };
      } catch (error) {
        // Somebody else wrote first. Everything is looked at again: who agreed to this very version may still do so.
        if (!(error instanceof Refusal && error.code === 'edited_meanwhile') || tries === MOST_TRIES) throw error;
      }
    }
  });
}

interface Decided {
  readonly change: Change;
  readonly submission: Submission;
}

/** What a decision comes to as things are now. Throws `Refusal` when it is not this person's, or not about this. */
async function decided(parts: DeveloperParts, actor: Actor, id: string, said: Said): Promise<Decided> {
  const access = await serviceFor(parts.store, actor, id, 'reader');
  const { service, agency } = access;
  const { developer } = parts.store;
  const { submission, live } = service.production;
  const ways = [...(submission?.decisions ?? []), wayOf(actor)];
  const [registrars, standing] = await Promise.all([developer.registrars.all(), developer.accounts.standing(ways)]);
  const bench = { members: agency.members, registrars, standing };
  if (!mayDecide(actor.account, said.as, bench)) throw new Refusal('role_too_small');
  mustBeStrong(actor);
  if (submission?.state !== 'open') throw new Refusal('not_possible_now');
  if (submission.authors.includes(actor.account)) throw new Refusal('own_submission');
  if (submission.version !== said.version || live !== said.against) throw new Refusal('edited_meanwhile');
  if (said.says !== 'approve' && !said.reason?.trim())
    throw new Objections('settings_invalid', [{ field: 'reason', code: 'missing' }]);
  const isRepeated = approvalsThatCount(submission, bench).some(({ account }) => account === actor.account);
  if (said.says === 'approve' && isRepeated) throw new Refusal('not_possible_now');
  const next: Submission = { ...submission, decisions: [...submission.decisions, decisionOf(actor, said)] };
  return said.says === 'approve' ? approved(parts, actor, access, next, bench) : closed(actor, access, next, said);
}

function decisionOf({ account, visit, now }: Actor, { as, says, reason }: Said): Decision {
  const told = reason?.trim();
  return {
    account,
    as,
    says,
    ...(told ? { reason: told } : {}),
    acr: visit!.authentication.acr,
    source: visit!.authentication.source,
    at: now,
  };
}

const wayOf = ({ account, visit }: Actor): WayIn => ({ account, source: visit!.authentication.source });

async function approved(
  parts: DeveloperParts,
  actor: Actor,
  { service, agency }: ServiceAccess,
  submission: Submission,
  bench: Bench,
): Promise<Decided> {
  const told = entryOf(actor, agency.id, service.id, submission, 'approved');
  if (missingApprovals(submission, bench).length > 0) {
    const changed = withWhole(service, 'production', { ...service.production, submission });
    return { submission, change: { service: changed, agency, trail: [told] } };
  }
  const version = await parts.store.developer.services.version(service.id, 'production', submission.version);
  if (version === undefined) throw new Error('a submission without its version');
  // What was right when it was handed in may not be so any more: a key has ended, an owner has left.
  const objections = [
    ...(await ownersObjections(parts, agency)),
    ...(await settingsObjections(parts, agency, service, version.settings, actor.now)),
  ];
  if (objections.length > 0) throw new Objections('not_ready_for_production', objections);
  const before = await liveVersion(parts, service, 'production');
  const live: Submission = { ...submission, state: 'live', closedAt: actor.now };
  const published = trailEntry(actor, {
    agency: agency.id,
    service: service.id,
    action: 'production.published',
    before: { version: before?.number ?? null },
    after: {
      version: version.number,
      agreed: approvalsThatCount(submission, bench).map(({ account, as }) => ({ account, as })),
    },
  });
  const differences = differencesOfVersions(before, version);
  return {
    submission: live,
    change: {
      service: withLive(service, version, live),
      agency,
      trail: [told, published],
      entries: [clientChanged(service, actor.now, before ? 'changed' : 'added', differences)],
      publish: ['production'],
      restsOn: officesOf(agency, approvalsThatCount(submission, bench)),
    },
  };
}

/** Those who agreed are who they were, in the moment in which it goes live. */
function officesOf({ revision }: Agency, agreed: readonly Decision[]): Offices {
  return { agencyRevision: revision, registrar: agreed.find(({ as }) => as === 'registrar')!.account };
}

function closed(actor: Actor, { service, agency }: ServiceAccess, submission: Submission, { says }: Said): Decided {
  const state = says === 'refuse' ? 'refused' : 'changes_asked';
  const ended: Submission = { ...submission, state, closedAt: actor.now };
  const told = entryOf(actor, agency.id, service.id, ended, state);
  const changed = withWhole(service, 'production', { ...service.production, submission: ended });
  return { submission: ended, change: { service: changed, agency, trail: [told] } };
}

function entryOf(actor: Actor, agency: string, service: string, submission: Submission, what: string): TrailEntry {
  const { version, decisions } = submission;
  const { as, says, reason, acr } = decisions.at(-1)!;
  const counted = decisions.slice(0, -1).map((one) => ({ account: one.account, as: one.as, says: one.says }));
  return trailEntry(actor, {
    agency,
    service,
    action: `production.${what}`,
    before: { version, decisions: counted },
    after: { version, as, says, acr, ...(reason ? { reason } : {}) },
  });
}
