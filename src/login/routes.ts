/**
 * Owns the path of one sign-in from the choice of a source to the code, as routes over the persisted request:
 *
 *     /authorize → GET  /sign-in/:uid             the page that is due: choice, refusal, "continue as", consent
 *                  POST /sign-in/:uid/source      → to the source
 *                  GET  /sources/:source/callback ← from it: prove, identify, assure
 *                  POST /sign-in/:uid/consent     → code → agency
 */
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Page } from '../../views/pages.ts';
import type { Configuration } from '../config.ts';
import { Refusal } from '../errors.ts';
import { languageOf, type Presentation } from '../web/presentation.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { consentNeeded, consentPage, giveConsent } from './agree.ts';
import { assurePerson } from './assure.ts';
import { choicePage, chosenSource, type Sources } from './choose.ts';
import { continuePage, type Due, dueStep, noticePage } from './due-page.ts';
import { identifyPerson, type PopulationRegister } from './identify.ts';
import { type OutcomeParts, Outcomes } from './outcome.ts';
import type { SourceLegs } from './prove.ts';
import type { SignInRequest } from './request.ts';

export interface LoginParts extends OutcomeParts {
  readonly configuration: Configuration;
  readonly sources: Sources;
  readonly register: PopulationRegister;
  readonly legs: SourceLegs;
  readonly presentation: Presentation;
}

const sourceForm = z.object({ source: z.string().max(40) });
const accountForm = z.object({ decision: z.enum(['continue', 'other']) });
const one = z.string().max(40);
const consentForm = z.object({
  decision: z.enum(['agree', 'refuse']),
  item: z.union([one.transform((item) => [item]), z.array(one).max(20)]).default([]),
});

/** The routes of the sign-in, for the edge to mount. */
export function loginRoutes(parts: LoginParts): Router {
  const { configuration, sources, store, register, requests, legs, presentation, clock } = parts;
  const outcomes = new Outcomes(parts);
  const router = express.Router();
  const form = [
    sameSiteOnly(configuration.issuer),
    express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 40 }),
  ];

  router.get('/sign-in/:uid', async (request, response) => {
    const signIn = await open(request, response);
    const due = await dueStep(store, signIn);
    const { idp_hint: hint } = signIn.params;
    if (due.step === 'choose' && !due.notice && hint && sources.has(hint) && !signIn.progress.hinted) {
      await requests.save(signIn, { ...signIn.progress, hinted: true });
      return toSource(hint, signIn, request, response);
    }
    show(signIn, await pageOf(due, signIn, request), request, response);
  });

  // The choice once more, after a refusal that has a page of its own.
  router.get('/sign-in/:uid/choose', async (request, response) => {
    const signIn = await open(request, response);
    show(signIn, choicePage(sources, signIn), request, response);
  });

  router.post('/sign-in/:uid/source', form, async (request: Request, response: Response) => {
    const signIn = await open(request, response);
    await toSource(parse(sourceForm, request.body).source, signIn, request, response);
  });

  router.get('/sources/:source/callback', async (request, response) => {
    const source = sources.get(String(request.params.source));
    if (source === undefined) throw new Refusal('not_found');
    const address = new URL(request.originalUrl, configuration.issuer);
    belongsTo(request, legs.claimedRequest(address));
    const leg = await legs.take(source, address, { request, response });
    const signIn = await requests.resume(leg.uid);
    request.uiLocales = signIn.params.ui_locales;
    const signal = AbortSignal.timeout(configuration.patience);
    const client = signIn.client.client_id;
    try {
      chosenSource(sources, source.id, signIn);
      const assertion = await legs.prove(source, leg, address, signal);
      const { minimumAge } = configuration;
      const identified = await identifyPerson(assertion, client, signal, { store, register, clock, minimumAge });
      const assured = await assurePerson(signIn, assertion, identified, { store, clock });
      await outcomes.identified(signIn, assured, { request, response });
    } catch (error) {
      await outcomes.refused(signIn, error, source.id, { request, response });
    }
  });

  router.post('/sign-in/:uid/consent', form, async (request: Request, response: Response) => {
    // Agreed twice, the agency asks once more and is answered silently; refused twice, there is no more to say.
    const signIn = await openOrLeadOn(request, response, request.body?.decision === 'agree' ? 'login_uri' : 'home_uri');
    if (signIn === undefined) return;
    const { decision, item } = parse(consentForm, request.body);
    const due = await dueStep(store, signIn);
    if (due.step !== 'agree') return response.redirect(303, `/sign-in/${signIn.uid}`);
    const { person } = due.authentication;
    if (decision === 'refuse') {
      await outcomes.tell({ type: 'consent_refused', client: signIn.client.client_id }, person);
      return outcomes.toAgency(signIn, 'access_denied', 'consent_refused', { request, response });
    }
    await giveConsent(store, signIn, due.authentication, new Set(item), clock());
    signIn.progress = { ...signIn.progress, consent: {} };
    return outcomes.toCode(signIn, person, { request, response });
  });

  router.post('/sign-in/:uid/account', form, async (request: Request, response: Response) => {
    const signIn = await open(request, response);
    const { decision } = parse(accountForm, request.body);
    const due = await dueStep(store, signIn);
    if (due.step !== 'continue-as' || decision === 'other')
      return response.redirect(303, `/sign-in/${signIn.uid}/choose`);
    const progress = { ...signIn.progress, select_account: {} };
    if (await consentNeeded(store, signIn, due.authentication, clock())) {
      await requests.save(signIn, progress);
      return response.redirect(303, `/sign-in/${signIn.uid}`);
    }
    return outcomes.toCode(signIn, due.authentication.person, { request, response });
  });

  router.post('/sign-in/:uid/cancel', form, async (request: Request, response: Response) => {
    const signIn = await openOrLeadOn(request, response, 'home_uri');
    if (signIn !== undefined) await outcomes.cancelled(signIn, { request, response });
  });

  return router;

  async function open(request: Request, response: Response): Promise<SignInRequest> {
    const uid = String(request.params.uid);
    belongsTo(request, uid);
    const signIn = await requests.open(request, response, uid);
    request.uiLocales = signIn.params.ui_locales;
    return signIn;
  }

  /**
   * The request of a form whose press ends it; nothing when it has just ended. A second press, while the answer is on its
   * way, makes the browser let go of that answer: it is led on to the agency.
   */
  async function openOrLeadOn(
    request: Request,
    response: Response,
    to: 'login_uri' | 'home_uri',
  ): Promise<SignInRequest | undefined> {
    try {
      return await open(request, response);
    } catch (error) {
      const ended = error instanceof Refusal && error.code === 'request_expired';
      const address = ended ? (await requests.agencyJustAnswered(String(request.params.uid)))?.[to] : undefined;
      if (address === undefined) throw error;
      response.redirect(303, address);
      return undefined;
    }
  }

  /** Whatever this request is answered with can be asked for again, or begun anew, under the sign-in's own address. */
  function belongsTo(request: Request, uid: string | undefined): void {
    if (uid === undefined) return;
    request.pagePath = `/sign-in/${uid}`;
    request.signInUid = uid;
  }

  async function toSource(id: string, signIn: SignInRequest, request: Request, response: Response): Promise<void> {
    try {
      const source = chosenSource(sources, id, signIn);
      const signal = AbortSignal.timeout(configuration.patience);
      const redirect = await legs.begin(source, signIn, { request, response }, signal);
      const { notice, ...progress } = signIn.progress;
      await Promise.all([
        notice && requests.save(signIn, progress),
        outcomes.tell({ type: 'source_chosen', client: signIn.client.client_id, source: source.id }),
      ]);
      response.redirect(303, redirect.href);
    } catch (error) {
      await outcomes.refused(signIn, error, id, { request, response });
    }
  }

  async function pageOf(due: Due, signIn: SignInRequest, request: Request): Promise<Page> {
    switch (due.step) {
      case 'choose':
        return choicePage(sources, signIn, due.notice);
      case 'read-notice':
        return noticePage(sources, configuration.minimumAge, signIn, due.notice);
      case 'continue-as':
        return continuePage(signIn, due.authentication);
      case 'agree':
        return consentPage(store, signIn, due.authentication, languageOf(request), clock());
    }
  }

  function show(signIn: SignInRequest, page: Page, request: Request, response: Response): void {
    const notice = signIn.progress.notice?.incident;
    // The number in the log is the one of the step that failed, not of looking at its page.
    if (notice) request.incident = notice;
    presentation.send(request, response, page, formTargets(signIn));
  }

  /** Where forms of a sign-in may end: at a source, or back at the agency (Chromium checks the whole chain). */
  function formTargets({ client }: SignInRequest): string[] {
    const addresses = [
      ...client.redirect_uris,
      client.login_uri,
      client.home_uri,
      ...configuration.sources.map(({ issuer }) => issuer),
    ];
    return addresses.flatMap((address) => (address === undefined ? [] : [new URL(address).origin]));
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('request_invalid');
  return parsed.data;
}
