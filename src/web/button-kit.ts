/** Owns the public page of the login button, for whoever builds a service's page. */
import express, { type Router } from 'express';
import type { Presentation } from './presentation.ts';

/** GET `/button`. `issuer` is the address that the code on the page names. */
export function buttonKitRoute(presentation: Presentation, issuer: string): Router {
  const router = express.Router();
  const { origin } = new URL(issuer);
  router.get('/button', (request, response) =>
    presentation.send(request, response, { page: 'button-kit', hub: origin }),
  );
  return router;
}
