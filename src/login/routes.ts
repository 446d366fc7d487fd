/**
 * Owns the path of one sign-in from the choice of a source to the code, as routes over the persisted request:
 *
 *     /authorize → GET  /sign-in/:uid             the page that is due: choice, refusal, "continue as", consent
 *                  POST /sign-in/:uid/source      → to the source, or to /sign-in/:uid/prove (ask.ts)
 *                  GET  /sources/:source/callback ← from it: prove, identify, assure
 *                  POST /sign-in/:uid/consent     → code → agency
 */
import express, { type Request, type RequestHandler, type Router } from 'express';
import { z } from 'zod';
import { asksHere } from '../../providers/source.ts';
import type { Page } from '../../views/pages.ts';
import { Refusal } from '../errors.ts';
import { languageOf } from '../web/presentation.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { consentPage, isImplied, shownFingerprint } from './agree.ts';
import { askRoutes } from './ask.ts';
import { isWanted } from './assure.ts';
import { choicePage, straightTo } from './choose.ts';
import { continuePage, type Due, dueStep, linkPage, noticePage } from './due-page.ts';
import type { Notice, SignInRequest } from './request.ts';
import { type StepParts, Steps } from './steps.ts';

const sourceForm = z.object({ source: z.string().max(40), shared_computer: z.literal('yes').optional() });
const linkForm = z.object({ decision: z.enum(['agree', 'refuse']) });
const accountForm = z.object({ decision: z.enum(['continue', 'other']) });
const one = z.string().max(40);
const consentForm = z.object({
  decision: z.enum(['agree', 'refuse']),
  shown: z.string().max(60).default(''),
  item: z.union([one.transform((item) => [item]), z.array(one).max(20)]).default([]),
});

/** The routes of the sign-in, for the edge to mount. */
export function loginRoutes(parts: StepParts): Router {
  const { configuration, sources, now, limits, store, requests, legs, clock } = parts;
  const steps = new Steps(parts);
  const { outcomes } = steps;
  const router = express.Router();
  const form = [
    sameSiteOnly(configuration.issuer),
    express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 40 }),
  ];

  // Before anything is read or parsed: to be refused costs the hub next to nothing.
  const counted: RequestHandler = (request, _response, next) => {
    // In another language it is the sign-in again, where the form was.
    request.pagePath = `/sign-in/${request.params.uid}`;
    limits.trying(request);
    next();
  };

  router.get('/sign-in/:uid', async (request, response) => {
    const http = { request, response };
    const signIn = await steps.open(http);
    const due = dueStep(signIn);
    const isFresh = due.step === 'choose' && !due.notice && !signIn.progress.ledStraight;
    const straight = isFresh ? straightTo(sources, signIn, now) : undefined;
    if (straight !== undefined) {
      await requests.save(signIn, { ...signIn.progress, ledStraight: true });
      return steps.toSource(straight, signIn, http);
    }
    if (due.step === 'agree' && isImplied(signIn.client))
      return outcomes.agree(signIn, due.authentication, new Set(), http);
    steps.show(signIn, await pageOf(due, signIn, request), http);
  });

  // The choice itself: after a refusal that has a page of its own, and for whoever was led past it.
  router.get('/sign-in/:uid/choose', async (request, response) => {
    const http = { request, response };
    const signIn = await steps.open(http);
    steps.show(signIn, choice(signIn), http);
  });

  router.post('/sign-in/:uid/source', counted, ...form, async (request, response) => {
    const http = { request, response };
    const signIn = await steps.open(http);
    const { source, shared_computer: shared } = parse(sourceForm, request.body);
    await steps.toSource(source, signIn, http, shared !== undefined);
  });

  router.get('/sources/:source/callback', async (request, response) => {
    const source = sources.get(request.params.source);
    if (source === undefined || asksHere(source)) throw new Refusal('not_found');
    const http = { request, response };
    const address = new URL(request.originalUrl, configuration.issuer);
    steps.belongsTo(request, legs.claimedRequest(address));
    const leg = await legs.take(source, address, http);
    const signIn = await requests.open(http, leg.uid);
    request.uiLocales = signIn.params.ui_locales;
    await steps.through(source, signIn, http, (signal) => legs.prove(source, leg, address, signal));
  });

  router.use(askRoutes({ steps, sources, requests, counted, form, patience: configuration.patience }));

  router.post('/sign-in/:uid/consent', ...form, async (request, response) => {
    const http = { request, response };
    // Agreed twice, the agency asks once more and is answered silently; refused twice, there is no more to say.
    const signIn = await steps.openOrLeadOn(http, request.body?.decision === 'agree' ? 'login_uri' : 'home_uri');
    if (signIn === undefined) return;
    const { decision, item, shown } = parse(consentForm, request.body);
    const due = dueStep(signIn);
    // Not the page that is due, or no longer the same: it is shown again rather than decided unseen.
    if (due.step !== 'agree' || shown !== shownFingerprint(signIn, due.authentication))
      return response.redirect(303, `/sign-in/${signIn.uid}`);
    if (decision === 'refuse') {
      await outcomes.tell(signIn, { type: 'consent_refused', client: signIn.client.client_id }, due.authentication);
      return outcomes.toAgency(signIn, 'access_denied', 'consent_refused', http);
    }
    return outcomes.agree(signIn, due.authentication, new Set(item), http);
  });

  router.post('/sign-in/:uid/link', ...form, async (request, response) => {
    const http = { request, response };
    const signIn = await steps.open(http);
    const { decision } = parse(linkForm, request.body);
    const due = dueStep(signIn);
    if (due.step !== 'link') return response.redirect(303, `/sign-in/${signIn.uid}`);
    if (decision === 'agree') return steps.together(signIn, due.pair, http);
    const { second } = due.pair;
    const signal = AbortSignal.timeout(configuration.patience);
    await steps
      .alone(signIn, second, signal, http)
      .catch((error) => outcomes.refused(signIn, error, second.source, http));
  });

  router.post('/sign-in/:uid/account', ...form, async (request, response) => {
    const http = { request, response };
    const signIn = await steps.open(http);
    const { decision } = parse(accountForm, request.body);
    const due = dueStep(signIn);
    if (due.step !== 'continue-as' || decision === 'other')
      return response.redirect(303, `/sign-in/${signIn.uid}/choose`);
    signIn.progress = { ...signIn.progress, select_account: {} };
    const { authentication } = due;
    // Not whom the agency named: nothing to agree to, the library asks for somebody else.
    if (!(await isWanted(store, signIn, authentication.person)))
      return outcomes.toCode(signIn, authentication.person, http);
    return outcomes.agreed(signIn, authentication, http);
  });

  router.post('/sign-in/:uid/cancel', ...form, async (request, response) => {
    const http = { request, response };
    const signIn = await steps.openOrLeadOn(http, 'home_uri');
    if (signIn !== undefined) await outcomes.cancelled(signIn, http);
  });

  return router;

  /** Whoever looks at the choice is a good moment to look after sources in trouble. */
  function choice(signIn: SignInRequest, notice?: Notice): Page {
    now.health.lookInPassing(sources.values());
    return choicePage(sources, signIn, now, notice);
  }

  async function pageOf(due: Due, signIn: SignInRequest, request: Request): Promise<Page> {
    switch (due.step) {
      case 'choose':
        return choice(signIn, due.notice);
      case 'read-notice':
        return noticePage(sources, now, configuration.minimumAge, signIn, due.notice);
      case 'continue-as':
        return continuePage(signIn, due.authentication);
      case 'link':
        return linkPage(sources, signIn, due.pair);
      case 'agree':
        return consentPage(store, signIn, due.authentication, languageOf(request), clock());
    }
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('request_invalid');
  return parsed.data;
}
