/**
 * Owns how a service comes to production: its draft begins as what the sandbox has, is held against what is live, and is
 * handed in as a version that nobody changes any more. What nobody has to agree to goes live at once.
 */
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { registrarOnly, type ServiceAccess, serviceFor } from '../access.ts';
import { needsReview } from '../differences.ts';
import { clientChanged, withLive, withWhole } from '../going-live.ts';
import { takeWithinHour } from '../hourly.ts';
import { keysAtAddress } from '../keys-at-address.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import { peopleFor } from '../people.ts';
import type { ListedService, Submission, Version } from '../ports.ts';
import { ownersObjections, settingsObjections, trialObjections } from '../readiness.ts';
import { type Objection, Objections } from '../refusals.ts';
import { approvalsThatCount, type Bench, differencesOfVersions, missingApprovals } from '../reviewing.ts';
import { liveVersion, saveService } from '../saving.ts';
import type { ServiceSettings } from '../settings.ts';
import { trailEntry } from '../trail.ts';
import { MOST_DRAFTS, shownInList, withAuthor, withReason } from './services.ts';

/** In an hour, of one service: each is a version that is kept for ever, and may ask an address for keys. */
const MOST_SUBMISSIONS = 60;
/** More wait for nobody who decides. */
const MOST_WAITING = 500;
/** Read in one go; a store gives no more. */
const AT_ONCE = 100;

export function submissionOperations(operations: Operations, parts: DeveloperParts): void {
  const { store } = parts;
  const { developer } = store;

  operations.define('beginProduction', 'write', async (actor, { params }) => {
    const { service, agency } = await serviceFor(store, actor, params.service, 'developer', false);
    if (service.production.state === 'retired') throw new Refusal('not_possible_now');
    const tried = await liveVersion(parts, service, 'sandbox');
    const settings = tried?.settings ?? service.sandbox.draft;
    if (settings === undefined) throw new Refusal('not_possible_now');
    const { draft: before } = service.production;
    await takeWithinHour(parts, `drafts of ${service.id}`, MOST_DRAFTS);
    // Whoever wrote it in the sandbox or brought it there; of what stood here before nothing is left.
    const written = [...(service.sandbox.authors ?? []), ...(tried ? [tried.by] : [])];
    const authors = withAuthor({ authors: written }, actor.account);
    const changed = withWhole(service, 'production', { ...service.production, draft: settings, authors });
    const action = 'production.draft_begun';
    const done = { agency: agency.id, service: service.id, action, before, after: settings };
    await saveService(parts, { service: changed, agency, trail: [trailEntry(actor, done)] });
    const problems = await settingsObjections(parts, agency, changed, settings, actor.now);
    return { status: 201, values: { draft: settings, problems: problems.map(withReason) } };
  });

  operations.define('getDifferences', 'read', async (actor, { params }) => {
    const access = await serviceFor(store, actor, params.service, 'reader');
    const { service, agency, as } = access;
    const { draft, submission } = service.production;
    const [live, submitted, registrars, standing] = await Promise.all([
      liveVersion(parts, service, 'production'),
      submission?.state === 'open' ? versionOf(parts, service.id, submission.version) : undefined,
      developer.registrars.all(),
      developer.accounts.standing(submission?.decisions ?? []),
    ]);
    const people = submission
      ? await peopleFor(parts, agency, as, [submission.by, ...submission.decisions.map(({ account }) => account)])
      : undefined;
    return {
      values: {
        ...(live === undefined ? {} : { live: live.number }),
        ...(draft ? { draft: await shownDraft(parts, access, draft, live, actor.now) } : {}),
        ...(submission && people
          ? { submission: shownSubmission(submission, people, { members: agency.members, registrars, standing }) }
          : {}),
        ...(submitted ? { submitted: differencesOfVersions(live, submitted) } : {}),
      },
    };
  });

  operations.define('submitToProduction', 'write', async (actor, { params }) => {
    const access = await serviceFor(store, actor, params.service, 'developer', false);
    const { service, agency } = access;
    const { draft, state, submission } = service.production;
    if (draft === undefined || state === 'retired' || submission?.state === 'open')
      throw new Refusal('not_possible_now');
    const live = await liveVersion(parts, service, 'production');
    const differences = differencesOfVersions(live, { settings: draft, agency: agency.name });
    const isReviewed = live === undefined || needsReview(differences);
    const told = await objectionsTo(parts, access, draft, live, actor.now);
    if (told.length === 0) await takeWithinHour(parts, `submissions of ${service.id}`, MOST_SUBMISSIONS);
    const objections = told.length > 0 ? told : await keysAtAddress(draft, parts.outgoing, actor.now);
    if (objections.length > 0) throw new Objections('not_ready_for_production', objections);
    const version: Version = {
      service: service.id,
      environment: 'production',
      number: service.production.newest + 1,
      settings: draft,
      agency: agency.name,
      by: actor.account,
      at: actor.now,
    };
    const about = { agency: agency.id, service: service.id };
    if (!isReviewed) {
      const action = 'production.published';
      const [before, after] = [{ version: live!.number }, { version: version.number, differences }];
      await saveService(parts, {
        service: withLive(service, version, undefined),
        agency,
        trail: [trailEntry(actor, { ...about, action, before, after })],
        entries: [clientChanged(service, actor.now, 'changed', differences)],
        versions: [version],
        publish: ['production'],
      });
      return { status: 201, values: { version: version.number, state: 'live' } };
    }
    const handedIn: Submission = {
      version: version.number,
      by: actor.account,
      authors: withAuthor(service.production, actor.account),
      at: actor.now,
      decisions: [],
      state: 'open',
    };
    const production = { ...service.production, newest: version.number, submission: handedIn };
    const action = 'production.submitted';
    const [before, after] = [{ version: live?.number ?? null }, { version: version.number, differences }];
    await saveService(parts, {
      service: withWhole(service, 'production', production),
      agency,
      trail: [trailEntry(actor, { ...about, action, before, after })],
      versions: [version],
    });
    return { status: 201, values: { version: version.number, state: 'open' } };
  });

  operations.define('withdrawSubmission', 'write', async (actor, { params }) => {
    const { service, agency } = await serviceFor(store, actor, params.service, 'developer', false);
    const { submission } = service.production;
    if (submission?.state !== 'open') throw new Refusal('not_possible_now');
    const closed: Submission = { ...submission, state: 'withdrawn', closedAt: actor.now };
    const done = {
      agency: agency.id,
      service: service.id,
      action: 'production.submission_withdrawn',
      before: { version: submission.version, state: 'open' },
      after: { version: submission.version, state: 'withdrawn' },
    };
    await saveService(parts, {
      service: withWhole(service, 'production', { ...service.production, submission: closed }),
      agency,
      trail: [trailEntry(actor, done)],
    });
    return { status: 204 };
  });

  operations.define('listSubmissions', 'session', async (actor) => {
    await registrarOnly(store, actor);
    const waiting = await allWaiting();
    const since = ({ service }: ListedService) => service.production.submission?.at ?? 0;
    const oldest = waiting.toSorted((one, other) => since(one) - since(other)).slice(0, MOST_WAITING);
    return { values: { submissions: oldest.map(shownWaiting) } };
  });

  /** A store lists them by id: whoever has handed in much must not stand in front of all others. */
  async function allWaiting(): Promise<readonly ListedService[]> {
    const waiting: ListedService[] = [];
    for (let after = ''; ; after = waiting.at(-1)!.service.id) {
      const page = await developer.services.list({ submitted: true, after, most: AT_ONCE });
      waiting.push(...page);
      if (page.length < AT_ONCE) return waiting;
    }
  }
}

/** The version that was handed in. */
async function versionOf({ store }: Pick<DeveloperParts, 'store'>, service: string, number: number): Promise<Version> {
  const version = await store.developer.services.version(service, 'production', number);
  if (version === undefined) throw new Error('a submission without its version');
  return version;
}

/** All that keeps settings from being handed in; of a change that nobody has to agree to only what is wrong in it. */
async function objectionsTo(
  parts: DeveloperParts,
  { service, agency }: Pick<ServiceAccess, 'service' | 'agency'>,
  settings: ServiceSettings,
  live: Version | undefined,
  now: number,
): Promise<readonly Objection[]> {
  const differences = differencesOfVersions(live, { settings, agency: agency.name });
  if (differences.length === 0) return [{ field: '', code: 'nothing_changed' }];
  const wrong = await settingsObjections(parts, agency, service, settings, now);
  if (live !== undefined && !needsReview(differences)) return wrong;
  return [...(await ownersObjections(parts, agency)), ...(await trialObjections(parts, service)), ...wrong];
}

async function shownDraft(
  parts: DeveloperParts,
  access: ServiceAccess,
  draft: ServiceSettings,
  live: Version | undefined,
  now: number,
) {
  const differences = differencesOfVersions(live, { settings: draft, agency: access.agency.name });
  const objections = await objectionsTo(parts, access, draft, live, now);
  return {
    differences,
    review: live === undefined || needsReview(differences),
    objections: objections.map(withReason),
  };
}

/** A submission as everybody sees it who may see the service. */
function shownSubmission(submission: Submission, people: Awaited<ReturnType<typeof peopleFor>>, bench: Bench) {
  const { version, by, at, decisions, state, closedAt, authors } = submission;
  const counting = approvalsThatCount(submission, bench);
  return {
    version,
    by: people(by),
    authors,
    at: moment(at),
    state,
    ...(closedAt === undefined ? {} : { closed: moment(closedAt) }),
    decisions: decisions.map((one) => ({
      by: people(one.account),
      as: one.as,
      says: one.says,
      ...(one.reason === undefined ? {} : { reason: one.reason }),
      acr: one.acr,
      at: moment(one.at),
      counts: one.says !== 'approve' || state !== 'open' || counting.includes(one),
    })),
    missing: state === 'open' ? missingApprovals(submission, bench) : [],
  };
}

function shownWaiting(listed: ListedService) {
  const { id, name, agency } = shownInList(listed);
  const { version, at, decisions } = listed.service.production.submission!;
  const approvals = decisions.filter(({ says }) => says === 'approve').map(({ as }) => as);
  return { service: id, name, agency, version, at: moment(at), approvals };
}
