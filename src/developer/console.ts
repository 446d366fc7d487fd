/**
 * Owns the developer console: signing in to it, its API, its pages. What it can do is in `operations/`, each operation by
 * its name in `openapi.yaml`:
 *
 *     /developer/api → operations     /developer → pages, whose forms call the same operations
 */
import express, { type Request, type Response, type Router } from 'express';
import { DEVELOPER } from '../own-pages/own-page.ts';
import type { Visits } from '../own-pages/visit.ts';
import type { Presentation } from '../web/presentation.ts';
import { apiRoutes } from './api.ts';
import { accountOperations } from './operations/accounts.ts';
import { agencyOperations } from './operations/agencies.ts';
import { credentialOperations } from './operations/credentials.ts';
import { decisionOperations } from './operations/decisions.ts';
import { invitationOperations } from './operations/invitations.ts';
import { logoOperations } from './operations/logos.ts';
import { memberOperations } from './operations/members.ts';
import { readyPieceOperations } from './operations/ready-pieces.ts';
import { serviceOperations } from './operations/services.ts';
import { signInOperations } from './operations/sign-ins.ts';
import { simulatorOperations } from './operations/simulator.ts';
import { standingOperations } from './operations/standing.ts';
import { submissionOperations } from './operations/submissions.ts';
import { testPeopleOperations } from './operations/test-people.ts';
import { trailOperations } from './operations/trail.ts';
import { versionOperations } from './operations/versions.ts';
import { Operations } from './operations.ts';
import { agencyPages } from './pages/agency.ts';
import { credentialPages } from './pages/credentials.ts';
import { overviewPages } from './pages/overview.ts';
import { piecePages } from './pages/pieces.ts';
import { previewPages } from './pages/preview.ts';
import { productionPages } from './pages/production.ts';
import { descriptionRoutes, referencePages } from './pages/reference.ts';
import { servicePage } from './pages/service.ts';
import { servicePages } from './pages/services.ts';
import { settingsPages } from './pages/settings.ts';
import { signInPages } from './pages/sign-ins.ts';
import { simulatorPages } from './pages/simulator.ts';
import { submissionPages } from './pages/submissions.ts';
import { testPeoplePages } from './pages/test-people.ts';
import { tokenPages } from './pages/tokens.ts';
import { trailPages } from './pages/trail.ts';
import { tryItPages } from './pages/try-it.ts';
import { createPages } from './pages.ts';
import type { DeveloperParts } from './parts.ts';

export interface ConsoleParts extends DeveloperParts {
  readonly issuer: string;
  readonly visits: Visits;
  /** By which people come and leave (own-pages/sign-in-routes.ts). */
  readonly signInRoutes: Router;
  readonly presentation: Presentation;
}

/** All below `/developer`, for the edge to mount. */
export function developerRoutes(parts: ConsoleParts): Router {
  const router = express.Router();
  const page = express.Router();
  const operations = operationsOf(parts);
  router.use(descriptionRoutes(parts.issuer));
  router.use(DEVELOPER.path, page);
  page.use(parts.signInRoutes);
  page.use('/api', ...apiRoutes(operations, parts));
  const pages = createPages(operations, parts);
  overviewPages(pages);
  agencyPages(pages);
  tokenPages(pages);
  servicePages(pages);
  servicePage(pages);
  settingsPages(pages, parts);
  credentialPages(pages);
  productionPages(pages);
  submissionPages(pages);
  trailPages(pages);
  referencePages(pages, parts.issuer);
  signInPages(pages, parts);
  simulatorPages(pages, parts);
  tryItPages(pages, parts);
  previewPages(pages, parts);
  piecePages(pages);
  testPeoplePages(pages, parts);
  page.use(pages.router);
  page.use((error: unknown, request: Request, _response: Response, next: (error: unknown) => void) => {
    request.wayBack ??= request.pagePath ?? DEVELOPER.path;
    next(error);
  });
  return router;
}

/** Everything the console does. */
export function operationsOf(parts: DeveloperParts): Operations {
  const operations = new Operations();
  accountOperations(operations, parts);
  agencyOperations(operations, parts);
  memberOperations(operations, parts);
  invitationOperations(operations, parts);
  logoOperations(operations, parts);
  serviceOperations(operations, parts);
  credentialOperations(operations, parts);
  submissionOperations(operations, parts);
  decisionOperations(operations, parts);
  versionOperations(operations, parts);
  standingOperations(operations, parts);
  trailOperations(operations, parts);
  signInOperations(operations, parts);
  simulatorOperations(operations, parts);
  readyPieceOperations(operations, parts);
  testPeopleOperations(operations, parts);
  return operations;
}
