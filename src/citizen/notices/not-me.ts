/**
 * Owns "this was not me": said through the link of an alert, outside of any session and without a password, or about a row
 * of the history. The way that was used is closed at once and a case is opened; whether it was so is found out afterwards.
 */
import type { Router } from 'express';
import { z } from 'zod';
import type { NotMePage } from '../../../views/citizen/links.ts';
import { moment } from '../../calendar.ts';
import type { Clients } from '../../clients.ts';
import { Refusal } from '../../errors.ts';
import type { Acr, SourceId } from '../../identity/assertion.ts';
import { reaches } from '../../identity/assurance.ts';
import type { PersonId } from '../../identity/person.ts';
import { entry } from '../../journal/events.ts';
import type { Sources } from '../../login/choose.ts';
import { sessionsOf } from '../../oidc/own-sessions.ts';
import { endSession, type SessionEnded } from '../../oidc/session.ts';
import type { Visit } from '../../own-pages/visit.ts';
import type { HistoryRow, Store } from '../../store.ts';
import type { Limits } from '../../web/limits.ts';
import type { Presentation } from '../../web/presentation.ts';
import { sameSiteOnly } from '../../web/same-site.ts';
import { MOST_OPEN, openedCase, toldOfOpening } from '../cases/cases.ts';
import type { Alert, NewCase, Told } from '../ports.ts';
import { nameOf } from '../rooms/overview.ts';
import { NOT_ME_PATH } from './letters.ts';
import { noticeMessage } from './notices.ts';

export interface NotMeParts {
  readonly issuer: string;
  readonly store: Store;
  readonly clients: Clients;
  readonly sources: Sources;
  /** Told when a session ends. */
  readonly ended: SessionEnded;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  /** Registered level of a source. */
  readonly levelOf: (source: string) => Acr | undefined;
  readonly limits: Pick<Limits, 'trying'>;
  readonly presentation: Presentation;
  readonly clock: () => number;
}

/** A sign-in that somebody says was not theirs. */
interface Denied {
  readonly at: number;
  readonly client: string;
  readonly source: SourceId;
  /** Id of the device. */
  readonly device?: string;
}

const SAID = 'SaidNotMe';
/** Seconds in which a form is pressed twice; after them, what a crash has left undone can be done. */
const AT_THE_SAME_TIME = 30;

/** What 32 random bytes are in base64url. */
export const linkToken = z.string().regex(/^[\w-]{43}$/);

/** The page of a link, and what its button does; mounted on the router of the whole hub. */
export function notMeLinks(router: Router, parts: NotMeParts): void {
  const { issuer, store, limits, presentation, clock } = parts;

  async function alertOf(token: unknown): Promise<Alert> {
    const { data } = linkToken.safeParse(token);
    const alert = data && (await store.own.alerts.find(data, clock()));
    if (!alert) throw new Refusal('not_found');
    if (alert.usedAt !== undefined) throw new Refusal('link_used');
    return alert;
  }

  // Programs open every link of a letter before its reader does: to look changes nothing.
  router.get(`${NOT_ME_PATH}/:token`, async (request, response) => {
    limits.trying(request);
    const alert = await alertOf(request.params.token);
    presentation.send(request, response, await notMePage(alert, parts));
  });

  router.post(`${NOT_ME_PATH}/:token`, sameSiteOnly(issuer), async (request, response) => {
    limits.trying(request);
    request.pagePath = request.originalUrl;
    const alert = await alertOf(request.params.token);
    const number = await denyAlert(alert, parts);
    presentation.send(request, response, await notMePage(alert, parts, number));
  });
}

/** Says it about an alert, once. Throws `Refusal` `link_used`. Returns the number of the case. */
async function denyAlert(alert: Alert, parts: NotMeParts): Promise<string> {
  const { store, clock, wake } = parts;
  const { person } = alert;
  const opened = caseOf(person, alert, true, clock());
  if ((await store.own.alerts.deny(alert, clock(), opened, toldOf(opened, alert, 'link'))) === 'used')
    throw new Refusal('link_used');
  // What rests on the closed way is in force no more; the others end because nobody knows who was at them.
  await endSessions(person, () => true, parts);
  wake();
  return opened.number;
}

/**
 * Says it about a sign-in in one's own history; the same row has one case. Somebody who came in by the weakest way must not
 * be able to close the strong ones: then only the other sessions end, and an operator looks at the case. Throws `Refusal`
 * `not_found`, and when all is done but another case `too_many_cases`. Returns the number of the case.
 */
export async function denyRow(visit: Visit, row: HistoryRow, parts: NotMeParts): Promise<string> {
  const { store, wake, levelOf } = parts;
  const { person, authentication, session, now } = visit;
  if (row.event.type !== 'person_identified') throw new Refusal('not_found');
  const { client, source } = row.event;
  const denied = { at: row.at, client, source, ...(row.device === undefined ? {} : { device: row.device }) };
  const suspends = reaches(authentication.acr, levelOf(source) ?? 'loa1');

  let number = await caseAbout(person, row.id, parts);
  if (number === undefined) {
    const opened = caseOf(person, { ...denied, event: row.id }, suspends, now);
    const first = await firstToSay(opened, row.id, parts);
    number = first;
    if (first === opened.number) {
      const isSuspended =
        suspends && (await store.own.blocks.suspend(person, source, opened, toldOf(opened, denied, 'page')));
      // Closed by an earlier alarm, or not to be closed from here: a case of its own all the same.
      if (!isSuspended && !(await store.own.cases.open(opened, toldOfOpening(opened), MOST_OPEN))) number = undefined;
    }
  }
  const restsOnIt = Object.values(session.authentications ?? {}).some((made) => made.source === source);
  await endSessions(person, ({ uid }) => uid !== session.uid || (suspends && restsOnIt), parts);
  wake();
  if (number === undefined) throw new Refusal('too_many_cases');
  return number;
}

/** Of those who say it about one row at the same time all get the number of the first. */
async function firstToSay({ number, person }: NewCase, event: string, { store }: NotMeParts): Promise<string> {
  const { state } = store;
  const said = `${person} ${event}`;
  if (await state.putIfAbsent(SAID, said, number, AT_THE_SAME_TIME)) return number;
  return ((await state.get(SAID, said))?.value as string | undefined) ?? number;
}

/** The case that was opened about a row of the history, if there is one. */
export async function caseAbout(
  person: PersonId,
  event: string,
  { store }: Pick<NotMeParts, 'store'>,
): Promise<string | undefined> {
  const cases = await store.own.cases.of(person);
  return cases.find(({ kind, content }) => kind === 'not_me' && eventIn(content) === event)?.number;
}

const about = z.object({ alert: z.object({ event: z.string() }) });
const eventIn = (content: unknown) => about.safeParse(content).data?.alert.event;

function caseOf(
  person: PersonId,
  { at, client, source, device, event }: Denied & { readonly event?: string },
  suspended: boolean,
  now: number,
): NewCase {
  const alert = { at, client, source, ...(device ? { device } : {}), ...(event ? { event } : {}) };
  return openedCase('not_me', person, { alert, suspended }, { processors: false }, now);
}

function toldOf({ person, openedAt, number }: NewCase, { client, source }: Denied, said: 'link' | 'page'): Told {
  return {
    entries: [
      entry(openedAt, { type: 'source_suspended', source, client, said }, person),
      entry(openedAt, { type: 'case_opened', kind: 'not_me' }, person),
    ],
    messages: [noticeMessage(person, { type: 'not_me', source, case: number })],
  };
}

async function endSessions(
  person: PersonId,
  which: (session: { readonly uid: string }) => boolean,
  { store, ended }: NotMeParts,
): Promise<void> {
  for (const { uid } of (await sessionsOf(store.state, person)).filter(which))
    await endSession(store.state, uid, ended);
}

async function notMePage(
  { person, at, client: id, source, device: seen }: Alert,
  { store, clients, sources }: NotMeParts,
  number?: string,
): Promise<NotMePage> {
  const client = clients.get(id);
  const [device] = seen === undefined ? [] : await store.own.devices.of(person, [seen]);
  return {
    page: 'citizen/not-me',
    at: moment(at),
    agency: client?.agency.name ?? { vi: id, en: id },
    source: nameOf(sources, source),
    ...(device ? { device: device.label } : {}),
    ...(number === undefined ? {} : { case: number }),
  };
}
