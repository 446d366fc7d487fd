/** Owns how a step of a sign-in ends: on to the next page, to the code, back to the agency, or refused. */
import type { Request, Response } from 'express';
import { agreedTerms } from '../consent/terms.ts';
import { type ErrorCode, errorOf, Refusal } from '../errors.ts';
import type { Authentication } from '../identity/authentication.ts';
import { type Event, entry } from '../journal/events.ts';
import type { Agreed } from '../oidc/grant.ts';
import type { Store } from '../store.ts';
import type { Limits } from '../web/limits.ts';
import type { Log } from '../web/log.ts';
import { newIncident } from '../web/presentation.ts';
import { consentNeeded, giveConsent, isImplied, lacksEssential } from './agree.ts';
import { type Assured, isWanted } from './assure.ts';
import { ClosedWay } from './closed-ways.ts';
import type { Progress, SignInRequest, SignInRequests } from './request.ts';
import type { RunningSessions } from './running-session.ts';

export interface OutcomeParts {
  readonly store: Store;
  readonly requests: SignInRequests;
  readonly sessions: RunningSessions;
  readonly limits: Limits;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

/** The browser a step answers. */
export interface Http {
  readonly request: Request;
  readonly response: Response;
}

export class Outcomes {
  readonly #parts: OutcomeParts;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
  }

  /** The person is known: to the code when an earlier consent covers this request, else to the consent page. */
  async identified(signIn: SignInRequest, { authentication, login, known }: Assured, http: Http): Promise<void> {
    const { store } = this.#parts;
    const { sub } = known;
    const consent = known.consent && agreedTerms(known.consent);
    signIn.progress = {
      ...withoutNotice(signIn.progress),
      login,
      known: { ...(consent ? { consent } : {}), ...(sub === undefined ? {} : { sub }) },
    };
    // Said before anything is agreed to; the session that may be running stays as it is.
    if (!(await isWanted(store, signIn, authentication.person)))
      return this.toAgency(signIn, 'login_required', 'another_person', http);
    if (lacksEssential(signIn, authentication))
      return this.toAgency(signIn, 'temporarily_unavailable', 'register_unavailable', http);
    await this.agreed(signIn, authentication, http);
  }

  /** To the code where there is nothing more to agree to, else to the consent page. */
  async agreed(signIn: SignInRequest, authentication: Authentication, http: Http): Promise<void> {
    const { store, requests, clock } = this.#parts;
    if (!(await consentNeeded(store, signIn, authentication, clock())))
      return this.toCode(signIn, authentication.person, http);
    if (isImplied(signIn.client)) return this.agree(signIn, authentication, new Set(), http);
    await requests.save(signIn, signIn.progress);
    http.response.redirect(303, `/sign-in/${signIn.uid}`);
  }

  /** The citizen agrees to what is ticked, or need not be asked. */
  async agree(
    signIn: SignInRequest,
    authentication: Authentication,
    ticked: ReadonlySet<string>,
    http: Http,
  ): Promise<void> {
    const { store, clock } = this.#parts;
    let agreed: Agreed;
    try {
      agreed = await giveConsent(store, signIn, authentication, ticked, clock());
    } catch (error) {
      return this.refused(signIn, error, authentication.source, http);
    }
    const { untold: _told, ...progress } = signIn.progress;
    signIn.progress = { ...progress, consent: {}, agreed };
    return this.toCode(signIn, authentication.person, http);
  }

  /** All is decided: the library may issue the code. A session of somebody else in this browser ends first. */
  async toCode(signIn: SignInRequest, person: string, { request, response }: Http): Promise<void> {
    const { requests, sessions } = this.#parts;
    await sessions.leaveOther(request, response, person);
    const { known, ...progress } = withoutNotice(signIn.progress);
    // Agreed to earlier, and looked up when the person was identified.
    const { consent, sub } = known ?? {};
    const agreed = progress.agreed ?? (consent && sub !== undefined ? { consent, sub } : undefined);
    const end = { ...progress, select_account: {}, ...(agreed ? { agreed } : {}) };
    response.redirect(303, await requests.finish(signIn, end));
  }

  /** Back to the agency with an OAuth error (RFC 6749 4.1.2.1); the description is one of our codes. */
  async toAgency(signIn: SignInRequest, error: string, code: string, { response }: Http): Promise<void> {
    // What was told already is not seen again at the end (oidc/protocol-failures.ts).
    const { notice } = signIn.progress;
    const end = { error, error_description: code, ...(notice ? { notice } : {}) };
    response.redirect(303, await this.#parts.requests.finish(signIn, end));
  }

  /**
   * A step was refused: it is told on the request's own page, so that refreshing and changing the language show it
   * again. Anything but a `Refusal` is thrown on.
   */
  async refused(signIn: SignInRequest, error: unknown, tried: string, { request, response }: Http): Promise<void> {
    if (!(error instanceof Refusal)) throw error;
    const closed = error instanceof ClosedWay ? error : undefined;
    const source = closed?.source ?? tried;
    const { requests, limits, log } = this.#parts;
    limits.failed(request, error.code);
    const incident = request.incident ?? newIncident();
    const client = signIn.client.client_id;
    log(error.code, { incident, client, source, cause: error.cause });
    await this.tell(signIn, { type: 'sign_in_refused', client, source, reason: error.code, incident }, closed?.about());
    await requests.save(signIn, { ...signIn.progress, notice: { code: error.code, source, incident } });
    response.redirect(303, `/sign-in/${signIn.uid}`);
  }

  /** Back to the agency because the citizen wants to; after a refusal with that refusal's own OAuth error. */
  async cancelled(signIn: SignInRequest, http: Http): Promise<void> {
    const code = signIn.progress.notice?.code;
    await this.toAgency(signIn, (code && errorOf(code).oauth) ?? 'access_denied', toldToAgency(code), http);
  }

  /** Journals what happened, and what was still untold of this request; durable when it resolves. */
  async tell(
    signIn: SignInRequest,
    event: Event,
    about?: { readonly person: string; readonly device?: string | undefined },
  ): Promise<void> {
    const { store, requests, clock } = this.#parts;
    const told = entry(clock(), event, about?.person, about?.device);
    await store.journal.record([...requests.takeUntold(signIn), told]);
  }

  /** Has an event told with what becomes of this request. */
  tellLater(signIn: SignInRequest, event: Event): void {
    this.#parts.requests.tellLater(signIn, entry(this.#parts.clock(), event));
  }
}

/** What an agency may know of a refusal. Why a person was not identified is between them and the registers. */
function toldToAgency(code: ErrorCode | undefined): string {
  if (code === undefined || code === 'source_cancelled') return 'cancelled';
  return errorOf(code).oauth === 'temporarily_unavailable' ? code : 'not_signed_in';
}

function withoutNotice({ notice: _notice, ...rest }: Progress): Progress {
  return rest;
}
