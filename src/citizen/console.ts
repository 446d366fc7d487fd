/**
 * Owns the citizen's page: signing in to it, its rooms, and what stands outside of any session. Each room is a file:
 *
 *     /citizen → overview, ways, contacts, agencies, history, sessions, rights   (rooms.ts: each as page and API)
 */
import express, { type Request, type Response, type Router } from 'express';
import type { Clients } from '../clients.ts';
import type { Acr } from '../identity/assertion.ts';
import type { Sources } from '../login/choose.ts';
import type { SessionEnded } from '../oidc/session.ts';
import type { SignedOutNotes } from '../oidc/signed-out-notes.ts';
import { CITIZEN } from '../own-pages/own-page.ts';
import type { Visits } from '../own-pages/visit.ts';
import type { Store } from '../store.ts';
import type { Limits } from '../web/limits.ts';
import type { Log } from '../web/log.ts';
import type { Presentation } from '../web/presentation.ts';
import { endOfApi } from './api-refusals.ts';
import type { Changes } from './changes.ts';
import type { Receipts } from './documents/own-receipts.ts';
import { recordKeysRoute } from './documents/record-keys.ts';
import { notMeLinks } from './notices/not-me.ts';
import { stopLinks } from './notices/stop-links.ts';
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

export interface CitizenParts extends CaseRoomParts, DataRoomParts, ErasureParts {
  readonly issuer: string;
  readonly store: Store;
  readonly sources: Sources;
  readonly visits: Visits;
  /** By which people come and leave (own-pages/sign-in-routes.ts). */
  readonly signInRoutes: Router;
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

/** All below `/citizen`, for the edge to mount. */
export function citizenRoutes(parts: CitizenParts): Router {
  const { log } = parts;
  const router = express.Router();
  const page = express.Router();
  router.use(CITIZEN.path, page);

  page.use(parts.signInRoutes);
  router.use(recordKeysRoute(parts.store.publishedKeys));
  notMeLinks(router, parts);
  stopLinks(router, parts);
  const rooms = roomsOf(parts);
  page.use(rooms.router);
  page.use('/api', ...endOfApi(rooms, log));
  page.use((error: unknown, request: Request, _response: Response, next: (error: unknown) => void) => {
    request.wayBack = request.pagePath ?? CITIZEN.path;
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
