/** Owns the pages of sources that ask on the hub itself: the page that is due, its form, its waiting, giving up. */
import express, { type RequestHandler, type Response, type Router } from 'express';
import { asksHere, type PageAttempt, type PageSource } from '../../providers/source.ts';
import { Refusal } from '../errors.ts';
import { shownService } from '../shown-service.ts';
import { languageOf } from '../web/presentation.ts';
import type { Sources } from './choose.ts';
import type { Http } from './outcome.ts';
import type { SignInRequest, SignInRequests } from './request.ts';
import type { Steps } from './steps.ts';

export interface AskParts {
  readonly steps: Steps;
  readonly sources: Sources;
  readonly requests: SignInRequests;
  /** What a form that tries something passes besides. */
  readonly counted: RequestHandler;
  /** What every form passes: sent by a page of ours, not too large, parsed. */
  readonly form: readonly RequestHandler[];
  /** Milliseconds a citizen waits at one step. */
  readonly patience: number;
}

/** A sign-in whose source is asking on pages of the hub. */
interface Step {
  readonly signIn: SignInRequest;
  readonly source: PageSource;
  readonly attempt: PageAttempt;
}

/** Under `/sign-in/:uid/prove`: GET shows, POST answers, `wait` looks whether it has come, `give-up` goes back. */
export function askRoutes({ steps, sources, requests, counted, form, patience }: AskParts): Router {
  const router = express.Router();

  router.get('/sign-in/:uid/prove', async (request, response) => {
    const http = { request, response };
    const step = await underWay(http);
    if (step === undefined) return;
    const { signIn, source, attempt } = step;
    try {
      steps.show(signIn, await source.page(attempt), http);
    } catch (error) {
      await refused(step, error, `/sign-in/${signIn.uid}`, http);
    }
  });

  router.post('/sign-in/:uid/prove', counted, ...form, async (request, response) => {
    const http = { request, response };
    const step = await underWay(http);
    if (step === undefined) return;
    const { source, attempt } = step;
    const due = () => response.redirect(303, attempt.action);
    await told(step, http, () => source.answer(attempt, request.body ?? {}), due);
  });

  router.get('/sign-in/:uid/prove/wait', async (request, response) => {
    const http = { request, response };
    const byScript = request.accepts('html', 'json') === 'json';
    if (byScript) tellInsteadOfLeading(response);
    const step = await underWay(http);
    if (step === undefined) return;
    const { signIn, source, attempt } = step;
    const due = async () =>
      byScript ? void response.sendStatus(204) : steps.show(signIn, await source.page(attempt), http);
    await told(step, http, async () => source.wait?.(attempt), due);
  });

  router.post('/sign-in/:uid/prove/give-up', ...form, async (request, response) => {
    const step = await underWay({ request, response });
    if (step === undefined) return;
    const { signIn, source, attempt } = step;
    await source.cancel?.(attempt);
    const { attempt: _given, ...progress } = signIn.progress;
    await requests.save(signIn, progress);
    response.redirect(303, `/sign-in/${signIn.uid}`);
  });

  return router;

  /** What is being asked; where nothing is, the browser is led to the page of the sign-in that is due. */
  async function underWay(http: Http): Promise<Step | undefined> {
    const signIn = await steps.open(http);
    const { attempt } = signIn.progress;
    const source = attempt && sources.get(attempt.source);
    if (attempt === undefined || source === undefined || !asksHere(source)) {
      http.response.redirect(303, `/sign-in/${signIn.uid}`);
      return undefined;
    }
    const { short_name: shortName } = signIn.client;
    const address = `/sign-in/${signIn.uid}/prove`;
    // In another language it is this page again, not the choice.
    http.request.pagePath = address;
    const left = new AbortController();
    http.response.once('close', () => left.abort());
    return {
      signIn,
      source,
      attempt: {
        id: attempt.id,
        service: shownService(signIn.client),
        ...(shortName === undefined ? {} : { shortName }),
        language: languageOf(http.request),
        action: address,
        waitAction: `${address}/wait`,
        cancelAction: `${address}/give-up`,
        signal: AbortSignal.any([left.signal, AbortSignal.timeout(patience)]),
      },
    };
  }

  /** An assertion goes through, a page is shown; with nothing to tell, what is due goes on. */
  async function told(
    step: Step,
    http: Http,
    ask: () => ReturnType<PageSource['answer']>,
    due: () => void | Promise<void>,
  ): Promise<void> {
    try {
      steps.stillUsable(step.source, step.signIn);
      const answer = await ask();
      if (answer === undefined) return await due();
      if ('page' in answer) return steps.show(step.signIn, answer, http);
      return await steps.through(step.source, step.signIn, http, async () => answer);
    } catch (error) {
      await refused(step, error, step.attempt.action, http);
    }
  }

  /**
   * An attempt that is over was ended by another request of this browser: by giving up, or by one that has the outcome.
   * That request has the say; this one writes nothing and leads to where it is told.
   */
  async function refused({ signIn, source }: Step, error: unknown, elsewhere: string, http: Http): Promise<void> {
    if (error instanceof Refusal && error.code === 'request_expired') http.response.redirect(303, elsewhere);
    else await steps.outcomes.refused(signIn, error, source.id, http);
  }
}

/** A page's script cannot see where a redirect leads, nor follow it elsewhere: it is told the address. */
function tellInsteadOfLeading(response: Response): void {
  response.redirect = (...told: readonly unknown[]) => void response.json({ to: told.at(-1) });
}
