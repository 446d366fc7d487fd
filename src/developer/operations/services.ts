/** Owns services from their first draft to the sandbox: there nobody has to agree, because nobody real is met. */
import { isDeepStrictEqual } from 'node:util';
import type { Localised } from '../../../views/pages.ts';
import { reasonOf } from '../../../views/texts/developer/problems.ts';
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { agencyFor, type ServiceAccess, serviceFor } from '../access.ts';
import { factsFor } from '../facts.ts';
import { takeWithinHour } from '../hourly.ts';
import { keysAtAddress } from '../keys-at-address.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import {
  type AccountId,
  type Credential,
  clientIdOf,
  ENVIRONMENTS,
  type Environment,
  type ListedService,
  type Service,
  type Standing,
  type Version,
} from '../ports.ts';
import { problemsOf } from '../problems.ts';
import { Objections } from '../refusals.ts';
import { saveService } from '../saving.ts';
import { defaultSettings, type ServiceSettings, serviceSettings } from '../settings.ts';
import { trailEntry } from '../trail.ts';
import { folded, idFrom } from '../words.ts';

const MOST_LISTED = 50;
const NOTHING: Standing = { state: 'none', newest: 0, credentials: [] };
/** Of one agency; in the sandbox nobody else looks at them, and each is in the memory of every process. */
const MOST_SERVICES = 200;
/** Bytes of settings as JSON. They are kept with each change of them, in the trail, for ever. */
const LARGEST_DRAFT = 64 * 1024;
/** In an hour, of one service: whoever writes settings by a script writes them so often and no more. */
export const MOST_DRAFTS = 600;
const MOST_PUBLICATIONS = 120;
/** Ids that would read like those of another environment. */
const UNUSABLE = /-(sandbox|try)$/;
/** Where a ready piece stands while it is tried, unless its developer says otherwise. */
const ON_OWN_MACHINE = 'http://localhost:4000';
/** Characters there are for a service's name on a telephone. */
const SHORT_NAME_LENGTH = 20;

export function serviceOperations(operations: Operations, parts: DeveloperParts): void {
  const { store } = parts;
  const { developer } = store;

  operations.define('listServices', 'read', async (actor, { query }) => {
    const {
      search = '',
      agency,
      after,
      all,
    } = query as { search?: string; agency?: string; after?: string; all?: string };
    const isRegistrar = all === 'yes' && actor.visit !== undefined && (await developer.registrars.is(actor.account));
    const own = (await developer.agencies.of(actor.account)).map((one) => one.agency.id);
    const agencies = agency === undefined ? own : own.filter((id) => id === agency);
    const listed = await developer.services.list({
      ...(isRegistrar ? {} : { agencies }),
      words: folded(search).split(' ').filter(Boolean).slice(0, 8),
      ...(after === undefined ? {} : { after }),
      most: MOST_LISTED + 1,
    });
    const shown = listed.slice(0, MOST_LISTED);
    return {
      values: {
        services: shown.map(shownInList),
        ...(listed.length > MOST_LISTED ? { after: shown.at(-1)!.service.id } : {}),
      },
    };
  });

  operations.define('createService', 'write', async (actor, { params, body }) => {
    const { agency } = await agencyFor(store, actor, params.agency, 'developer', false);
    const { id = idFrom(body.name.vi), name } = body;
    const own = (await developer.agencies.of(actor.account)).find((one) => one.agency.id === agency.id);
    if (own === undefined || own.services >= MOST_SERVICES) throw new Refusal('limit_reached');
    if (id.length < 3 || UNUSABLE.test(id) || isTaken(parts, id)) throw new Refusal('id_taken');
    const draft = firstDraft(name, agency.contact.mail);
    const service: Service = {
      id,
      revision: 0,
      agency: agency.id,
      sandbox: { ...NOTHING, draft },
      production: NOTHING,
      createdAt: actor.now,
    };
    const done = { agency: agency.id, service: id, action: 'service.created', after: { name } };
    await saveService(parts, { service, agency, trail: [trailEntry(actor, done)] }).catch((error) => {
      throw error instanceof Refusal && error.code === 'edited_meanwhile' ? new Refusal('id_taken') : error;
    });
    return { status: 201, values: await shownService(parts, { service, agency, as: 'developer' }, actor.now) };
  });

  operations.define('getService', 'read', async (actor, { params }) => ({
    values: await shownService(parts, await serviceFor(store, actor, params.service, 'reader'), actor.now),
  }));

  operations.define('putDraft', 'write', async (actor, { params, body }) => {
    const access = await serviceFor(store, actor, params.service, 'developer', false);
    const environment = params.environment as Environment;
    const settings = settingsFrom(body);
    const { service, agency } = access;
    const before = service[environment].draft;
    const isAsBefore = isDeepStrictEqual(before, settings);
    if (!isAsBefore) await takeWithinHour(parts, `drafts of ${service.id}`, MOST_DRAFTS);
    const changed = withStanding(service, environment, {
      ...service[environment],
      draft: settings,
      // Of the sandbox's too: what is written there is carried over.
      authors: withAuthor(service[environment], actor.account),
    });
    const done = {
      agency: agency.id,
      service: service.id,
      action: `${environment}.draft_saved`,
      before,
      after: settings,
    };
    // Who saves what is there already has written nothing.
    if (!isAsBefore) await saveService(parts, { service: changed, agency, trail: [trailEntry(actor, done)] });
    const problems = problemsOf(settings, await factsFor(parts, agency, changed, environment, settings, actor.now));
    return { values: { problems: problems.map(withReason) } };
  });

  operations.define('publishSandbox', 'write', async (actor, { params }) => {
    const access = await serviceFor(store, actor, params.service, 'developer', false);
    const { service, agency } = access;
    const { draft, state, live, newest } = service.sandbox;
    if (draft === undefined || state === 'retired' || state === 'suspended') throw new Refusal('not_possible_now');
    const problems = problemsOf(draft, await factsFor(parts, agency, service, 'sandbox', draft, actor.now));
    // What is wrong is told as often as somebody asks; an address is not asked so often, nor a version made.
    if (problems.length === 0) await takeWithinHour(parts, `publications of ${service.id}`, MOST_PUBLICATIONS);
    const objections = problems.length > 0 ? problems : await keysAtAddress(draft, parts.sandbox.outgoing, actor.now);
    if (objections.length > 0) throw new Objections('settings_invalid', objections);
    const number = newest + 1;
    const version: Version = {
      service: service.id,
      environment: 'sandbox',
      number,
      settings: draft,
      agency: agency.name,
      by: actor.account,
      at: actor.now,
    };
    const changed = withStanding(service, 'sandbox', {
      ...service.sandbox,
      state: 'live',
      live: number,
      ...(live === undefined ? {} : { previous: live }),
      newest: number,
    });
    const done = {
      agency: agency.id,
      service: service.id,
      action: 'sandbox.published',
      before: { version: live },
      after: { version: number },
    };
    await saveService(parts, {
      service: changed,
      agency,
      trail: [trailEntry(actor, done)],
      versions: [version],
      publish: ['sandbox'],
    });
    return { values: { client_id: clientIdOf(service.id, 'sandbox'), issuer: parts.sandbox.issuer, version: number } };
  });
}

/**
 * What a service begins with in the sandbox: what can be said of it already, and the addresses at which a ready piece
 * answers on its developer's own machine. No address of it would be let into production.
 */
function firstDraft(name: Localised, mail: string): ServiceSettings {
  const short = (words: string) => ([...words.normalize('NFC')].length <= SHORT_NAME_LENGTH ? words : '');
  return {
    ...defaultSettings(name, mail),
    short_name: { vi: short(name.vi), en: short(name.en) },
    landing_page: `${ON_OWN_MACHINE}/`,
    login_uri: `${ON_OWN_MACHINE}/login`,
    redirect_uris: [`${ON_OWN_MACHINE}/callback`],
    post_logout_redirect_uris: [`${ON_OWN_MACHINE}/signed-out`],
  };
}

/** Settings as they are kept, composed: rules count letters as they are read. Throws `Refusal` `request_invalid`, `too_large`. */
function settingsFrom(body: unknown): ServiceSettings {
  const read = serviceSettings.safeParse(body);
  if (!read.success) throw new Refusal('request_invalid');
  if (Buffer.byteLength(JSON.stringify(read.data)) > LARGEST_DRAFT) throw new Refusal('too_large');
  return read.data;
}

/** Who has written the draft, with somebody who just did. */
export function withAuthor({ authors = [] }: Pick<Standing, 'authors'>, account: AccountId): readonly AccountId[] {
  return [...new Set([...authors, account])];
}

/** A service with one of its standings replaced. */
export function withStanding(service: Service, environment: Environment, standing: Standing): Service {
  return { ...service, [environment]: { ...service[environment], ...standing } };
}

/** Whether an id is already that of a client of either issuer, however it came to be one. */
function isTaken({ clients, sandbox }: DeveloperParts, id: string): boolean {
  return ENVIRONMENTS.some((environment) => {
    const client = clientIdOf(id, environment);
    return clients.has(client) || sandbox.clients.has(client);
  });
}

export function withReason<Problem extends { readonly code: string }>(problem: Problem) {
  return { ...problem, reason: reasonOf(problem.code) };
}

/** A service in a list. */
export function shownInList({ service, agency }: ListedService) {
  const name = (service.production.draft ?? service.sandbox.draft)?.name ?? { vi: service.id, en: service.id };
  const standing = ({ state, live }: Standing) => ({ state, ...(live === undefined ? {} : { version: live }) });
  return {
    id: service.id,
    name,
    agency: { id: service.agency, name: agency },
    sandbox: standing(service.sandbox),
    production: {
      ...standing(service.production),
      ...(service.production.submission ? { submission: service.production.submission.state } : {}),
    },
  };
}

/** A service as its people see it, with what is wrong in its drafts. */
export async function shownService(parts: DeveloperParts, { service, agency, as }: ServiceAccess, now: number) {
  const { submission } = service.production;
  const shown = async (environment: Environment) => {
    const { draft, state, live, previous, newest, credentials, suspendedBy } = service[environment];
    const problems = draft ? problemsOf(draft, await factsFor(parts, agency, service, environment, draft, now)) : [];
    return {
      client_id: clientIdOf(service.id, environment),
      issuer: environment === 'sandbox' ? parts.sandbox.issuer : parts.configuration.issuer,
      state,
      ...(live === undefined ? {} : { live }),
      ...(previous === undefined ? {} : { previous }),
      ...(suspendedBy === undefined ? {} : { suspended_by: suspendedBy }),
      ...(environment === 'production' && submission ? { submission: submission.state } : {}),
      newest,
      ...(draft ? { draft } : {}),
      problems: problems.map(withReason),
      credentials: credentials.map((one) => shownCredential(one, now)),
    };
  };
  return {
    id: service.id,
    agency: { id: agency.id, name: agency.name },
    role: as,
    revision: service.revision,
    sandbox: await shown('sandbox'),
    production: await shown('production'),
  };
}

/** A credential without what is secret of it. */
export function shownCredential({ id, kind, jwk, createdAt, endsAt }: Credential, now: number) {
  return {
    id,
    kind,
    ...(jwk ? { jwk } : {}),
    created: moment(createdAt),
    ends: moment(endsAt),
    ended: endsAt <= now,
  };
}
