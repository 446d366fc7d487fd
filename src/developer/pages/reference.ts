/** Owns the reference of the API, a page for everybody, and the description it is made from, for everybody's programs. */
import express, { type Router } from 'express';
import type { Reference } from '../../../views/developer/reference.ts';
import { publishedDescription } from '../description.ts';
import type { Pages } from '../pages.ts';
import { createReference } from '../reference/reference.ts';

/** It changes with the hub's version only; and scripts of any site may read what anybody may. */
const HEADERS = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' } as const;

export function referencePages({ showToAll }: Pages, issuer: string): void {
  let reference: Reference | undefined;
  showToAll('/reference', async () => {
    reference ??= createReference(issuer);
    return { page: 'developer/reference', reference };
  });
}

/** GET `/openapi.yaml` and `/openapi.json`. */
export function descriptionRoutes(issuer: string): Router {
  const router = express.Router();
  router.get('/openapi.yaml', (_request, response) => {
    response.set({ ...HEADERS, 'content-type': 'application/yaml; charset=utf-8' });
    response.end(publishedDescription(issuer).yaml);
  });
  router.get('/openapi.json', (_request, response) => {
    response.set({ ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
    response.end(publishedDescription(issuer).json);
  });
  return router;
}
