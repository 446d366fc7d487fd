/**
 * Owns what every room of the citizen's page has in common. Each look and each change is written once and stands twice:
 * as a page, and as an operation of the API under `/citizen/api` with the same values as JSON. So they cannot differ.
 */
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { CitizenPage, RoomPage } from '../../views/citizen.ts';
import { moment } from '../calendar.ts';
import { Refusal } from '../errors.ts';
import type { Acr } from '../identity/assertion.ts';
import { strongestLevel } from '../identity/assurance.ts';
import { CITIZEN } from '../own-pages/own-page.ts';
import { isFormOf, type Visit, type Visits } from '../own-pages/visit.ts';
import type { Json, Store } from '../store.ts';
import type { Log } from '../web/log.ts';
import type { Presentation } from '../web/presentation.ts';
import { jsonOnly } from '../web/refused.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { type KnownOperations, knownOperations, NotFreshEnough } from './api-refusals.ts';
import type { Changes } from './changes.ts';
import type { ChangeKind, WaitingChange } from './ports.ts';
import { isEnough, type Needed } from './strength.ts';

export const API_PATH = `${CITIZEN.path}/api`;
const LARGEST_FORM = '16kb';
/** Of the room in which changes wait. */
export const WAITING_PATH = '/changes';
/** The page after a sign-out. */
export const SIGNED_OUT = '/session/end/success';

/** What a change came to: where the page goes on, and what the API answers. */
export interface Done {
  /** A path below the citizen's page. */
  readonly see: string;
  /** A path of the hub instead: who did it is signed in no more. */
  readonly out?: string;
  /** Shown at once instead: what came of it, to somebody whom it may have signed out. */
  readonly shown?: RoomPage;
  readonly result?: Json;
}

/** A change that may wait instead of asking for the strongest sign-in. */
export interface WantedChange {
  readonly kind: ChangeKind;
  readonly detail: Json;
  readonly see: string;
  /** As above, where it is made at once. */
  readonly out?: string;
  /** Uses up what the wish rests on (a code): only when it is about to be made or to wait. Throws `Refusal` when it was used. */
  readonly claim?: () => Promise<void>;
}

export interface RoomParts {
  readonly issuer: string;
  readonly store: Store;
  readonly visits: Visits;
  readonly changes: Changes;
  readonly presentation: Presentation;
  /** Registered level of a source. */
  readonly levelOf: (source: string) => Acr | undefined;
  readonly log: Log;
}

/** Path parameters, query and form of a request: one object, read by one schema. */
type Schema = z.ZodObject;
type InputOf<S extends Schema> = z.infer<S>;

export interface Rooms extends Pick<KnownOperations, 'operations' | 'noOperation'> {
  readonly router: Router;
  /** GET, for whoever is signed in. */
  show<S extends Schema>(path: string, input: S, look: (visit: Visit, input: InputOf<S>) => Promise<RoomPage>): void;
  /** POST, for whoever is signed in well enough. */
  change<S extends Schema>(
    path: string,
    needed: Needed,
    input: S,
    act: (visit: Visit, input: InputOf<S>) => Promise<Done>,
  ): void;
  /** POST, for whoever is signed in by the strongest way, or else with `wait=yes` in seven days. */
  deferrable<S extends Schema>(
    path: string,
    input: S,
    want: (visit: Visit, input: InputOf<S>) => Promise<WantedChange>,
  ): void;
  /** GET of something that is no page: a receipt, an archive. The same address for browsers and the API. */
  download<S extends Schema>(
    path: string,
    needed: Needed,
    input: S,
    look: (visit: Visit, input: InputOf<S>) => Promise<Download>,
  ): void;
}

export interface Download {
  readonly type: string;
  readonly name: string;
  readonly body: Uint8Array | string;
}

export const nothing = z.strictObject({});

/** The frame in which rooms are built. */
export function createRooms(parts: RoomParts): Rooms {
  const { visits, presentation, store, changes } = parts;
  const router = express.Router();
  const api = express.Router();
  const { operations, noOperation, add } = knownOperations();
  router.use('/api', api);
  api.use((request, response, next) => {
    response.set('cache-control', 'no-store');
    // Express would answer some others by itself.
    return ['GET', 'HEAD', 'POST'].includes(request.method) ? next() : noOperation(request, response, next);
  });
  const form = [
    sameSiteOnly(parts.issuer),
    express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: 60 }),
  ];
  // A token is no cookie: whoever sends it is the one who asks.
  const json = [
    (request: Request, response: Response, next: () => void) =>
      request.headers.authorization === undefined ? sameSiteOnly(parts.issuer)(request, response, next) : next(),
    jsonOnly,
    express.json({ limit: LARGEST_FORM }),
  ];

  const strongestOf = async ({ person }: Visit) => strongestLevel(await store.people.linksOf(person), parts.levelOf);

  async function isGoodFor(visit: Visit, needed: Needed): Promise<boolean> {
    const strongest = needed === 'strongest' ? await strongestOf(visit) : 'loa1';
    return isEnough(visit.authentication, needed, strongest, visit.now);
  }

  /** The page in its frame: whoever is signed in sees by whose name, and every form carries the visit's token. */
  function send(request: Request, response: Response, visit: Visit, page: RoomPage): void {
    const frame = { name: visit.authentication.attributes.name ?? '', formToken: visit.formToken ?? '' };
    presentation.send(request, response, { ...page, citizen: frame } as CitizenPage);
  }

  /** Whoever is not signed in is led to sign in and back here. */
  const signIn = (request: Request, needed: Needed, level?: Acr) => {
    const back = request.method === 'GET' ? request.originalUrl : backOf(request);
    const query = new URLSearchParams({ back });
    if (needed !== 'session') query.set('fresh', 'yes');
    if (level) query.set('level', level);
    return `${CITIZEN.path}/sign-in?${query}`;
  };

  /** "Sign in once more": a page rather than a redirect, because a form's chain of redirects may not leave the hub. */
  async function askForMore(request: Request, response: Response, visit: Visit, needed: Needed, wait?: ChangeKind) {
    const strongest = await strongestOf(visit);
    const level = needed === 'strongest' ? strongest : undefined;
    const mayWait = wait !== undefined && (await changes.tells(visit.person));
    const { form_token: _token, wait: _wait, ...fields } = (request.body ?? {}) as Record<string, string>;
    request.pagePath = backOf(request);
    send(request, response, visit, {
      page: 'citizen/sign-in-again',
      needed: needed === 'strongest' ? 'strongest' : 'recent',
      ...(level ? { level } : {}),
      signIn: signIn(request, needed, level),
      back: backOf(request),
      ...(mayWait ? { wait: { action: request.originalUrl, fields } } : {}),
    });
  }

  function show<S extends Schema>(
    path: string,
    schema: S,
    look: (visit: Visit, input: InputOf<S>) => Promise<RoomPage>,
  ) {
    router.get(path, async (request, response) => {
      const visit = await visits.of(request);
      if (visit === undefined) return response.redirect(303, signIn(request, 'session'));
      send(request, response, visit, await look(visit, inputOf(schema, request, request.query)));
    });
    add('GET', path);
    api.get(path, async (request, response) => {
      const { page: _page, ...values } = await look(await signedIn(request), inputOf(schema, request, request.query));
      response.json(values);
    });
  }

  async function signedIn(request: Request): Promise<Visit> {
    const visit = await visits.of(request);
    if (visit === undefined) throw new Refusal('sign_in_needed');
    return visit;
  }

  /** Whoever changes something shows the token of a form of this visit. */
  function provesItsForm(visit: Visit, given: unknown): void {
    if (!isFormOf(visit, given)) throw new Refusal('form_outdated');
  }

  async function byForm(request: Request): Promise<{ readonly visit: Visit; readonly sent: Sent }> {
    request.pagePath = backOf(request);
    const visit = await signedIn(request);
    const { form_token: token, ...sent } = sentIn(request);
    provesItsForm(visit, token);
    return { visit, sent };
  }

  async function byCall(request: Request): Promise<{ readonly visit: Visit; readonly sent: Sent }> {
    const visit = await signedIn(request);
    provesItsForm(visit, request.headers['x-form-token']);
    return { visit, sent: sentIn(request) };
  }

  function change<S extends Schema>(
    path: string,
    needed: Needed,
    schema: S,
    act: (visit: Visit, input: InputOf<S>) => Promise<Done>,
  ) {
    router.post(path, ...form, async (request, response) => {
      const { visit, sent } = await byForm(request);
      const input = inputOf(schema, request, sent);
      if (!(await isGoodFor(visit, needed))) return askForMore(request, response, visit, needed);
      const { see, out = `${CITIZEN.path}${see}`, shown } = await act(visit, input);
      if (shown) return send(request, response, visit, shown);
      response.redirect(303, out);
    });
    add('POST', path);
    api.post(path, ...json, async (request, response) => {
      const { visit, sent } = await byCall(request);
      const input = inputOf(schema, request, sent);
      if (!(await isGoodFor(visit, needed))) throw new NotFreshEnough(needed, await strongestOf(visit));
      const { result = {} } = await act(visit, input);
      response.json(result);
    });
  }

  function deferrable<S extends Schema>(
    path: string,
    schema: S,
    want: (visit: Visit, input: InputOf<S>) => Promise<WantedChange>,
  ) {
    /** What was wanted, made or waiting; nothing when the sign-in is not good enough and waiting was not asked for. */
    async function decide(visit: Visit, request: Request, { wait, ...sent }: Sent) {
      const mayWait = choosesToWait(wait);
      const wanted = await want(visit, inputOf(schema, request, sent));
      const { kind, detail, see, claim, out = `${CITIZEN.path}${see}` } = wanted;
      await changes.check(visit.person, kind, detail);
      const isGood = await isGoodFor(visit, 'strongest');
      if (!isGood && !mayWait) return { kind };
      if (!isGood && !(await changes.tells(visit.person))) throw new Refusal('no_contact');
      await claim?.();
      if (isGood && !changes.alwaysWaits(kind)) {
        await changes.make(visit.person, kind, detail);
        return { kind, to: out };
      }
      return {
        kind,
        to: `${CITIZEN.path}${WAITING_PATH}`,
        waits: await changes.wait(visit.person, kind, detail, isGood),
      };
    }
    router.post(path, ...form, async (request, response) => {
      const { visit, sent } = await byForm(request);
      const { to, kind } = await decide(visit, request, sent);
      if (to === undefined) return askForMore(request, response, visit, 'strongest', kind);
      response.redirect(303, to);
    });
    add('POST', path);
    api.post(path, ...json, async (request, response) => {
      const { visit, sent } = await byCall(request);
      const { to, waits } = await decide(visit, request, sent);
      if (to === undefined) throw new NotFreshEnough('strongest', await strongestOf(visit));
      response.status(waits ? 202 : 200).json(waits ? { waits: shownChange(waits) } : {});
    });
  }

  function download<S extends Schema>(
    path: string,
    needed: Needed,
    schema: S,
    look: (visit: Visit, input: InputOf<S>) => Promise<Download>,
  ) {
    const answer = (response: Response, { type, name, body }: Download) =>
      response
        .set({
          'content-type': type,
          'content-disposition': `attachment; filename="${name}"`,
          'cache-control': 'no-store',
        })
        .end(body);
    router.get(path, async (request, response) => {
      const visit = await visits.of(request);
      if (visit === undefined) return response.redirect(303, signIn(request, needed));
      const input = inputOf(schema, request, request.query);
      if (!(await isGoodFor(visit, needed))) return askForMore(request, response, visit, needed);
      answer(response, await look(visit, input));
    });
    add('GET', path);
    api.get(path, async (request, response) => {
      const visit = await signedIn(request);
      const input = inputOf(schema, request, request.query);
      if (!(await isGoodFor(visit, needed))) throw new NotFreshEnough(needed, await strongestOf(visit));
      answer(response, await look(visit, input));
    });
  }

  return { router, operations, noOperation, show, change, deferrable, download };
}

/** A change that waits, as everybody sees it who may. */
export function shownChange({ id, kind, requestedAt, dueAt }: WaitingChange) {
  return { id, kind, requested: moment(requestedAt), due: moment(dueAt) };
}

/** The page a form stood on: the referring page of ours, else the room. */
function backOf(request: Request): string {
  const { referer } = request.headers;
  const path = referer && URL.canParse(referer) ? new URL(referer).pathname : '';
  return path.startsWith(`${CITIZEN.path}/`) && !path.startsWith(API_PATH) ? path : CITIZEN.path;
}

/** Instead of signing in better. Throws `Refusal` `request_invalid` for any other wish. */
function choosesToWait(wait: unknown): boolean {
  if (wait !== undefined && wait !== 'yes') throw new Refusal('request_invalid');
  return wait !== undefined;
}

type Sent = Readonly<Record<string, unknown>>;

/** The fields of a form, or of an object in JSON. */
function sentIn({ body = {} }: Request): Sent {
  if (Array.isArray(body)) throw new Refusal('request_invalid');
  return body;
}

function inputOf<S extends Schema>(schema: S, request: Request, sent: Sent): InputOf<S> {
  const parsed = schema.safeParse({ ...sent, ...request.params });
  if (!parsed.success) throw new Refusal('request_invalid');
  return parsed.data;
}
