/**
 * Owns the citizen's page: signing in to it, its rooms, and what stands outside of any session. Each room is a file:
 *
 *     /citizen → overview, ways, contacts, agencies, history, sessions, rights   (rooms.ts: each as page and API)
 */
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Clients } from '../clients.ts';
import { Refusal } from '../errors.ts';
import type { Acr } from '../identity/assertion.ts';
import type { Sources } from '../login/choose.ts';
import type { SessionEnded } from '../oidc/session.ts';
import type { SignedOutNotes } from '../oidc/signed-out-notes.ts';
import type { Store } from '../store.ts';
import type { Limits } from '../web/limits.ts';
import type { Log } from '../web/log.ts';
import type { Presentation } from '../web/presentation.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import { endOfApi } from './api-refusals.ts';
import type { Changes } from './changes.ts';
import type { Receipts } from './documents/own-receipts.ts';
import { recordKeysRoute } from './documents/record-keys.ts';
import { notMeLinks } from './notices/not-me.ts';
import { stopLinks } from './notices/stop-links.ts';
import { CITIZEN_PATH } from './registration.ts';
import type { CitizenRelyingParty } from './relying-party.ts';
import { agenciesRoom } from './rooms/agencies.ts';
import { type CaseRoomParts, caseRoom } from './rooms/case.ts';
import { type ContactsParts, contactsRoom } from './rooms/contacts.ts';
import { type DataRoomParts, dataRoom } from './rooms/data.ts';
import { type ErasureParts, erasureRoom } from './rooms/erasure.ts';
import { historyRoom } from './rooms/history.ts';
import { overviewRoom } from './rooms/overview.ts';
import { rightsRoom } from './rooms/rights.ts';
import { sessionsRoom } from './rooms/sessions.ts';
import { changesRoom } from './rooms/waiting.ts';
import { waysRoom } from './rooms/ways.ts';
import type { Withdrawals } from './rooms/withdrawal.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { isFormOf, type Visits } from './visit.ts';

export interface CitizenParts extends CaseRoomParts, DataRoomParts, ErasureParts {
  readonly issuer: string;
  readonly store: Store;
  readonly sources: Sources;
  readonly relyingParty: CitizenRelyingParty;
  readonly visits: Visits;
  readonly changes: Changes;
  readonly presentation: Presentation;
  readonly levelOf: (source: string) => Acr | undefined;
  readonly log: Log;
  readonly clients: Clients;
  readonly ended: SessionEnded;
  readonly signedOut: SignedOutNotes;
  /** Has what was enqueued carried. */
  readonly wake: () => void;
  readonly limits: Limits;
  readonly contacts: ContactsParts;
  readonly withdrawals: Withdrawals;
  readonly receipts: Receipts;
  readonly clock: () => number;
}

const wish = z.object({
  back: z
    .string()
    .max(1_000)
    .regex(/^\/citizen(?:[/?][\x21-\x7e]*)?$/)
    .catch(CITIZEN_PATH),
  fresh: z.literal('yes').optional().catch(undefined),
  level: z.enum(['loa1', 'loa2', 'loa3', 'loa4']).optional().catch(undefined),
  source: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/)
    .optional()
    .catch(undefined),
});

/** All below `/citizen`, for the edge to mount. */
export function citizenRoutes(parts: CitizenParts): Router {
  const { issuer, relyingParty, visits, presentation, log } = parts;
  const router = express.Router();
  const page = express.Router();
  router.use(CITIZEN_PATH, page);

  page.get('/sign-in', async (request, response) => {
    const { back, fresh, level, source } = wish.parse(request.query);
    const wanted = { back, fresh: fresh !== undefined, ...(level ? { level } : {}), ...(source ? { source } : {}) };
    response.redirect(303, await relyingParty.begin(wanted, { response }));
  });

  page.get('/callback', async (request, response) => {
    request.pagePath = CITIZEN_PATH;
    const { back, token } = await relyingParty.end(new URL(request.originalUrl, issuer), { request, response });
    if (token !== undefined) await visits.begin(token, response);
    // Who turned back goes on as whom they were, if they were anybody.
    else if ((await visits.of(request)) === undefined) {
      const again = `${CITIZEN_PATH}/sign-in?back=${encodeURIComponent(back)}`;
      return presentation.send(request, response, { page: 'error', code: 'sign_in_needed', restart: again });
    }
    response.redirect(303, back);
  });

  page.post('/sign-out', sameSiteOnly(issuer), express.urlencoded({ extended: false }), async (request, response) => {
    const visit = await visits.of(request);
    if (visit !== undefined && !isFormOf(visit, request.body?.form_token)) throw new Refusal('form_outdated');
    visits.end(response);
    response.redirect(303, '/session/end');
  });

  router.use(recordKeysRoute(parts.store.publishedKeys));
  notMeLinks(router, parts);
  stopLinks(router, parts);
  const rooms = roomsOf(parts);
  page.use(rooms.router);
  page.use('/api', ...endOfApi(rooms, log));
  page.use((error: unknown, request: Request, _response: Response, next: (error: unknown) => void) => {
    request.wayBack = request.pagePath ?? CITIZEN_PATH;
    next(error);
  });
  return router;
}

/** Every room there is. */
export function roomsOf(parts: CitizenParts): Rooms {
  const rooms = createRooms(parts);
  overviewRoom(rooms, parts);
  agenciesRoom(rooms, parts);
  historyRoom(rooms, parts);
  waysRoom(rooms, parts);
  sessionsRoom(rooms, parts);
  changesRoom(rooms, parts);
  contactsRoom(rooms, parts.contacts);
  rightsRoom(rooms, parts);
  caseRoom(rooms, parts);
  dataRoom(rooms, parts);
  erasureRoom(rooms, parts);
  return rooms;
}
