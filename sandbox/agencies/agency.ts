/** Owns a sample agency: a small site with the login button, written as any agency would write it. */
import { type Request, type Response, urlencoded } from 'express';
import type { Listener } from '../listener.ts';
import { createService, serve } from '../service.ts';
import { AgencyPages, styleOf } from './pages.ts';
import type { AgencyProfile } from './profiles.ts';
import { type ClientProof, errorCodeOf, RelyingParty } from './relying-party.ts';
import { type Visit, Visits } from './visits.ts';

export interface AgencySettings {
  readonly profile: AgencyProfile;
  readonly listener: Listener;
  /** The hub's issuer. */
  readonly hub: string;
  readonly proof: ClientProof;
}

export interface Agency {
  readonly url: string;
  readonly profile: AgencyProfile;
}

/** Request parameters a visitor may set at `/login`, to try the hub with them. A live agency would pass none. */
const PASSED_ON = ['acr_values', 'prompt', 'max_age', 'ui_locales', 'claims', 'idp_hint', 'scope'] as const;

function passedOn(request: Request): Record<string, string> {
  const asked = PASSED_ON.map((name) => [name, request.query[name]] as const);
  return Object.fromEntries(
    asked.filter((pair): pair is [(typeof PASSED_ON)[number], string] => typeof pair[1] === 'string'),
  );
}

/** The hub's answer as `openid-client` reads it: the address, or the posted form. */
function answerIn(request: Request, callback: string): { answer: URL | Request_; state: string } {
  if (request.method === 'GET') {
    const answer = new URL(request.originalUrl, callback);
    return { answer, state: answer.searchParams.get('state') ?? '' };
  }
  const body = new URLSearchParams(request.body ?? {});
  return { answer: new globalThis.Request(callback, { method: 'POST', body }), state: body.get('state') ?? '' };
}
type Request_ = globalThis.Request;

/** Opens an agency at its listener; it ends when the listener closes. */
export function openAgency({ profile, listener, hub, proof }: AgencySettings): Agency {
  const callback = `${listener.url}/callback`;
  const visits = new Visits(`${profile.agency.id.replaceAll('-', '_')}_visit`);
  const relyingParty = new RelyingParty({
    issuer: hub,
    clientId: profile.clientId,
    proof,
    redirectUri: callback,
    signedOutUri: `${listener.url}/signed-out`,
    scopes: profile.scopes,
    responseMode: profile.responseMode,
  });

  const pagesFor = (visit: Visit) => new AgencyPages(profile, hub, visit.language);
  const visitOf = (request: Request, response: Response): Visit => {
    const visit = visits.of(request, response);
    if (request.query.lang === 'vi' || request.query.lang === 'en') visit.language = request.query.lang;
    return visit;
  };
  const fail = (visit: Visit, response: Response, error: unknown) => {
    const code = typeof error === 'string' ? error : errorCodeOf(error);
    const description = (error as { error_description?: string }).error_description;
    response.status(code === 'hub_unavailable' ? 503 : 400).send(pagesFor(visit).error(code, description).toString());
  };

  const site = createService({
    'style-src': ["'self'", hub],
    'img-src': ['data:', hub],
    'font-src': [hub],
    'form-action': ["'none'"],
  });
  site.get('/style.css', (_request, response) => void response.type('css').send(styleOf(profile)));

  site.get('/', (request, response) => {
    const visit = visitOf(request, response);
    response.send(
      pagesFor(visit)
        .home(visit.signedIn !== undefined)
        .toString(),
    );
  });

  site.get('/login', async (request, response) => {
    const visit = visitOf(request, response);
    try {
      const { press, address } = await relyingParty.begin({ ui_locales: visit.language, ...passedOn(request) });
      visits.remember(visit, press);
      response.redirect(303, address.href);
    } catch (error) {
      fail(visit, response, error);
    }
  });

  site.all('/callback', urlencoded({ extended: false, limit: '16kb' }), async (request, response) => {
    const visit = visitOf(request, response);
    const { answer, state } = answerIn(request, callback);
    const press = visit.presses.get(state);
    if (press === undefined) return fail(visit, response, 'unknown_request');
    try {
      // A reload or a double click brings the same answer twice: both wait for one redemption.
      const first = press.outcome === undefined;
      press.outcome ??= relyingParty.finish(answer, press);
      const signedIn = await press.outcome;
      if (first) visits.signIn(visit, signedIn, response);
      response.redirect(303, '/hello');
    } catch (error) {
      fail(visit, response, error);
    }
  });

  site.get('/hello', (request, response) => {
    const visit = visitOf(request, response);
    if (visit.signedIn === undefined) return response.redirect(303, '/');
    response.send(pagesFor(visit).hello(visit.signedIn.claims).toString());
  });

  site.get('/logout', async (request, response) => {
    const visit = visitOf(request, response);
    const { signedIn } = visit;
    if (signedIn === undefined) return response.redirect(303, '/');
    visit.signedIn = undefined;
    try {
      response.redirect(303, (await relyingParty.signOutAddress(signedIn.idToken)).href);
    } catch (error) {
      fail(visit, response, error);
    }
  });

  site.post('/backchannel-logout', urlencoded({ extended: false, limit: '16kb' }), async (request, response) => {
    try {
      visits.signOut(await relyingParty.sessionLeft(String(request.body?.logout_token)));
      response.status(204).end();
    } catch {
      // The hub tries again: also when it was only that its keys could not be fetched.
      response.status(400).json({ error: 'invalid_request' });
    }
  });

  site.get('/signed-out', (request, response) => {
    const visit = visitOf(request, response);
    response.send(pagesFor(visit).signedOut().toString());
  });

  serve(site, listener);
  return { url: listener.url, profile };
}
