/**
 * Owns the path of one sign-in from the choice of a source to the code, as routes over the persisted request:
 *
 *     /authorize → GET  /sign-in/:uid            the page that is due: choice, notice, "continue as", consent
 *                  POST /sign-in/:uid/source     → to the source
 *                  GET  /sources/:source/callback ← from it: prove, identify, assure
 *                  POST /sign-in/:uid/consent    → code → agency
 */
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Page } from '../../views/pages.ts';
import type { Configuration } from '../config.ts';
import { errorOf, Refusal } from '../errors.ts';
import type { Authentication } from '../identity/authentication.ts';
import { type Event, entry } from '../journal/events.ts';
import { findAuthentication } from '../oidc/grant.ts';
import type { Store } from '../store.ts';
import { languageOf, newIncident, type Presentation } from '../web/presentation.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { consentNeeded, consentPage, giveConsent, lacksEssential } from './agree.ts';
import { type Assured, assurePerson } from './assure.ts';
import { anySource, choicePage, chosenSource, namesOf, type Sources } from './choose.ts';
import { identifyPerson, type PopulationRegister } from './identify.ts';
import { PATIENCE, type SourceLegs } from './prove.ts';
import type { Notice, Progress, SignInRequest, SignInRequests } from './request.ts';
import type { RunningSessions } from './running-session.ts';

export interface LoginParts {
  readonly configuration: Configuration;
  readonly sources: Sources;
  readonly store: Store;
  readonly register: PopulationRegister;
  readonly requests: SignInRequests;
  readonly legs: SourceLegs;
  readonly sessions: RunningSessions;
  readonly presentation: Presentation;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: (code: string, details: Readonly<Record<string, unknown>>) => void;
}

const sourceForm = z.object({ source: z.string().max(40) });
const decisionForm = z.object({ decision: z.enum(['agree', 'refuse', 'continue', 'other']) });
const items = z
  .union([
    z
      .string()
      .max(40)
      .transform((one) => [one]),
    z.array(z.string().max(40)).max(20),
  ])
  .default([]);
const consentForm = z.object({ decision: z.enum(['agree', 'refuse']), item: items });

/** Refusals after which the citizen simply chooses again; every other one is told on a page of its own. */
const BACK_TO_CHOICE = /^(source_|phone_absent|delivery_error|sim_error|signature_invalid|not_a_subscriber)/;

export function loginRoutes(parts: LoginParts): Router {
  const { configuration, sources, store, register, requests, legs, sessions, presentation, clock, log } = parts;
  const router = express.Router();
  const form = [
    sameSiteOnly(configuration.issuer),
    express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 40 }),
  ];

  router.get('/sign-in/:uid', async (request, response) => {
    const signIn = await open(request, response);
    const { progress, params } = signIn;
    if (progress.notice && !BACK_TO_CHOICE.test(progress.notice.code))
      return show(signIn, noticePage(signIn, progress.notice));
    if (progress.notice) return show(signIn, choicePage(sources, signIn, progress.notice));
    const authentication = await reached(signIn);
    if (authentication && (progress.login || signIn.prompt.name === 'consent'))
      return show(signIn, await consentPage(store, signIn, authentication, languageOf(request), clock()));
    if (authentication && signIn.prompt.name === 'select_account')
      return show(signIn, continuePage(signIn, authentication));
    if (params.idp_hint && sources.has(params.idp_hint) && !progress.hinted) {
      await requests.save(signIn, { ...progress, hinted: true });
      return toSource(params.idp_hint, signIn, request, response);
    }
    return show(signIn, choicePage(sources, signIn));

    function show(of: SignInRequest, page: Page): void {
      presentation.send(request, response, page, formTargets(of));
    }
  });

  // The choice once more, after a notice that has a page of its own.
  router.get('/sign-in/:uid/choose', async (request, response) => {
    const signIn = await open(request, response);
    presentation.send(request, response, choicePage(sources, signIn), formTargets(signIn));
  });

  router.post('/sign-in/:uid/source', form, async (request: Request, response: Response) => {
    const signIn = await open(request, response);
    await toSource(parse(sourceForm, request.body).source, signIn, request, response);
  });

  router.get('/sources/:source/callback', async (request, response) => {
    const source = sources.get(String(request.params.source));
    if (source === undefined) throw new Refusal('not_found');
    const address = new URL(request.originalUrl, configuration.issuer);
    const uid = legs.claimedRequest(address.searchParams.get('state'));
    if (uid !== undefined) remember(request, uid);
    const signal = AbortSignal.timeout(PATIENCE);
    const proven = await legs.finish(source, address, { request, response }, signal).catch(async (error: unknown) => {
      // Wrong browser or a used answer concerns whoever holds the link, not the request it once belonged to.
      if (uid === undefined || !isRefusal(error) || ['other_browser', 'request_expired'].includes(error.code))
        throw error;
      return error;
    });
    const signIn = await requests.resume(uid!);
    request.uiLocales = signIn.params.ui_locales;
    if (proven instanceof Refusal) return turnBack(signIn, proven, source.id, request, response);
    try {
      chosenSource(sources, source.id, signIn);
      await tell(signIn, {
        type: 'source_answered',
        client: signIn.client.client_id,
        source: source.id,
        acr: proven.acr,
      });
      const identified = await identifyPerson(proven, signIn.client.client_id, signal, {
        store,
        register,
        clock,
        minimumAge: configuration.minimumAge,
      });
      const assured = await assurePerson(signIn, proven, identified, { store, clock });
      await carryOn(signIn, assured, request, response);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await turnBack(signIn, error, source.id, request, response);
    }
  });

  router.post('/sign-in/:uid/consent', form, async (request: Request, response: Response) => {
    const signIn = await open(request, response);
    const { decision, item } = parse(consentForm, request.body);
    const authentication = await reached(signIn);
    if (!authentication) throw new Refusal('request_expired');
    if (decision === 'refuse') {
      await tell(signIn, { type: 'consent_refused', client: signIn.client.client_id }, authentication.person);
      return backToAgency(signIn, { error: 'access_denied', error_description: 'consent_refused' }, request, response);
    }
    await giveConsent(store, signIn, authentication, new Set(item), clock());
    await toCode(signIn, authentication.person, request, response);
  });

  router.post('/sign-in/:uid/account', form, async (request: Request, response: Response) => {
    const signIn = await open(request, response);
    const { decision } = parse(decisionForm, request.body);
    const authentication = await reached(signIn);
    if (decision !== 'continue' || !authentication) return response.redirect(303, `/sign-in/${signIn.uid}/choose`);
    return toCode(signIn, authentication.person, request, response);
  });

  router.post('/sign-in/:uid/cancel', form, async (request: Request, response: Response) => {
    const signIn = await open(request, response);
    const code = signIn.progress.notice?.code;
    const error = (code && errorOf(code).oauth) ?? 'access_denied';
    await backToAgency(signIn, { error, error_description: code ?? 'cancelled' }, request, response);
  });

  return router;

  async function open(request: Request, response: Response): Promise<SignInRequest> {
    const uid = String(request.params.uid);
    remember(request, uid);
    const signIn = await requests.open(request, response, uid);
    request.uiLocales = signIn.params.ui_locales;
    return signIn;
  }

  /** Pages of a request can be asked for again under one address, whatever step they answer. */
  function remember(request: Request, uid: string): void {
    request.pagePath = `/sign-in/${uid}`;
    request.signInUid = uid;
  }

  async function toSource(id: string, signIn: SignInRequest, request: Request, response: Response): Promise<void> {
    try {
      const source = chosenSource(sources, id, signIn);
      const redirect = await legs.begin(source, signIn, { request, response });
      if (signIn.progress.notice) await requests.save(signIn, withoutNotice(signIn.progress));
      await tell(signIn, { type: 'source_chosen', client: signIn.client.client_id, source: source.id });
      response.redirect(303, redirect.href);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await turnBack(signIn, error, id, request, response);
    }
  }

  /** After the person is known: straight to the code when an earlier consent covers this request, else the page. */
  async function carryOn(signIn: SignInRequest, assured: Assured, request: Request, response: Response): Promise<void> {
    const { authentication, login } = assured;
    const progress: Progress = { ...withoutNotice(signIn.progress), login };
    signIn.progress = progress;
    if (lacksEssential(signIn, authentication))
      return backToAgency(
        signIn,
        { error: 'temporarily_unavailable', error_description: 'register_unavailable' },
        request,
        response,
      );
    if (!(await consentNeeded(store, signIn, authentication, clock())))
      return toCode(signIn, authentication.person, request, response);
    await requests.save(signIn, progress);
    response.redirect(303, `/sign-in/${signIn.uid}`);
  }

  /** All is decided: the library may issue the code. A session of somebody else in this browser ends first. */
  async function toCode(signIn: SignInRequest, person: string, request: Request, response: Response): Promise<void> {
    await sessions.leaveOther(request, response, person);
    const done: Progress = { ...withoutNotice(signIn.progress), consent: {}, select_account: {} };
    response.redirect(303, await requests.finish(signIn, done));
  }

  async function backToAgency(
    signIn: SignInRequest,
    error: { error: string; error_description: string },
    _request: Request,
    response: Response,
  ): Promise<void> {
    response.redirect(303, await requests.finish(signIn, error));
  }

  /** A step refused: told on the request's own page, so that refreshing and changing the language show it again. */
  async function turnBack(
    signIn: SignInRequest,
    refusal: Refusal,
    source: string,
    request: Request,
    response: Response,
  ): Promise<void> {
    const incident = request.incident ?? newIncident();
    const { client_id } = signIn.client;
    log(refusal.code, {
      incident,
      client: client_id,
      source,
      severity: errorOf(refusal.code).severity,
      cause: refusal.cause,
    });
    const event = { type: 'sign_in_refused', client: client_id, source, reason: refusal.code, incident } as const;
    await tell(signIn, event);
    await requests.save(signIn, { ...signIn.progress, notice: { code: refusal.code, source, incident } });
    response.redirect(303, `/sign-in/${signIn.uid}`);
  }

  function noticePage(signIn: SignInRequest, notice: Notice): Page {
    return {
      page: 'error',
      code: notice.code,
      values: { ...namesOf(sources, notice.source), age: ageText(configuration.minimumAge) },
      service: { agency: signIn.client.agency.name, name: signIn.client.service },
      cancelAction: `/sign-in/${signIn.uid}/cancel`,
      ...(anySource(sources, signIn) ? { otherSource: `/sign-in/${signIn.uid}/choose` } : {}),
    };
  }

  function continuePage(signIn: SignInRequest, authentication: Authentication): Page {
    return {
      page: 'continue-as',
      service: { agency: signIn.client.agency.name, name: signIn.client.service },
      action: `/sign-in/${signIn.uid}/account`,
      name: authentication.attributes.name ?? '',
    };
  }

  /** The authentication this request has: of the sign-in just made, else of the session that runs. */
  async function reached(signIn: SignInRequest): Promise<Authentication | undefined> {
    const id = signIn.progress.login?.authentication ?? signIn.session?.authentication;
    return id === undefined ? undefined : findAuthentication(store, id);
  }

  /** Where forms of a sign-in may end: at a source, or back at the agency (Chromium checks the whole chain). */
  function formTargets(signIn: SignInRequest): string[] {
    const { redirect_uris, login_uri, home_uri } = signIn.client;
    const addresses = [...redirect_uris, login_uri, home_uri, ...configuration.sources.map((source) => source.issuer)];
    return addresses.flatMap((address) => (address === undefined ? [] : [new URL(address).origin]));
  }

  async function tell(_signIn: SignInRequest, event: Event, person?: string): Promise<void> {
    await store.journal.record([entry(clock(), event, person)]);
  }
}

const ageText = (age: number) => ({ vi: String(age), en: String(age) });

const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal;

function withoutNotice(progress: Progress): Progress {
  const { notice: _notice, ...rest } = progress;
  return rest;
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('request_invalid');
  return parsed.data;
}
