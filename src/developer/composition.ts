/** Owns of which parts the developer console is made, and how they are brought together for the hub. */
import type { Router } from 'express';
import type Provider from 'oidc-provider';
import type { Grants } from '../oidc/grant.ts';
import { DEVELOPER } from '../own-pages/own-page.ts';
import { openOwnPage } from '../own-pages/sign-in-routes.ts';
import type { Presentation } from '../web/presentation.ts';
import { developerRoutes } from './console.ts';
import { CredentialEndings } from './endings.ts';
import type { DeveloperParts } from './parts.ts';

export interface DeveloperSurroundings extends DeveloperParts {
  readonly provider: Provider;
  readonly grants: Grants;
  readonly presentation: Presentation;
  /** Where this hub listens, once it does. */
  readonly hub: () => string;
}

export interface DeveloperFace {
  readonly router: Router;
  readonly endings: CredentialEndings;
  /** Begins what goes on beside requests. */
  start(): void;
  close(): Promise<void>;
}

/** Brings the developer console together. */
export function openDeveloperFace(surroundings: DeveloperSurroundings): DeveloperFace {
  const { issuer } = surroundings.configuration;
  const { visits, routes: signInRoutes } = openOwnPage({ ...surroundings, page: DEVELOPER, issuer });
  const router = developerRoutes({ ...surroundings, issuer, visits, signInRoutes });
  const endings = new CredentialEndings(surroundings);
  return { router, endings, start: () => endings.start(), close: () => endings.close() };
}
