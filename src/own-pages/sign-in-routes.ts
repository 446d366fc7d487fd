/** Owns how somebody comes to a page of the hub itself and leaves it: sign-in, the hub's answer, sign-out. */
import express, { type Router } from 'express';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import type { Grants } from '../oidc/grant.ts';
import type { Store } from '../store.ts';
import type { Vault } from '../vault/vault.ts';
import type { Presentation } from '../web/presentation.ts';
import { sameSiteOnly } from '../web/same-site.ts';
import type { OwnPage } from './own-page.ts';
import { OwnRelyingParty } from './relying-party.ts';
import { isFormOf, Visits } from './visit.ts';

export interface OwnPageParts {
  readonly page: OwnPage;
  readonly issuer: string;
  readonly store: Store;
  readonly vault: Vault;
  readonly provider: Provider;
  readonly grants: Grants;
  readonly presentation: Presentation;
  /** Where this hub listens, once it does. */
  readonly hub: () => string;
  readonly clock: () => number;
}

export interface OpenedOwnPage {
  readonly visits: Visits;
  readonly relyingParty: OwnRelyingParty;
  /** `/sign-in`, `/callback` and `/sign-out` below the page's path. */
  readonly routes: Router;
}

/** Makes a page of the hub one to which people sign in. */
export function openOwnPage(parts: OwnPageParts): OpenedOwnPage {
  const visits = new Visits({ ...parts, secure: parts.issuer.startsWith('https:') });
  const relyingParty = new OwnRelyingParty(parts);
  return { visits, relyingParty, routes: signInRoutes({ ...parts, visits, relyingParty }) };
}

type Routed = Pick<OwnPageParts, 'page' | 'issuer' | 'presentation'> & Pick<OpenedOwnPage, 'visits' | 'relyingParty'>;

/** The three routes themselves. */
export function signInRoutes({ page, issuer, presentation, visits, relyingParty }: Routed): Router {
  const routes = express.Router();
  const wish = wishFor(page);

  routes.get('/sign-in', async (request, response) => {
    const { back, fresh, level, source } = wish.parse(request.query);
    const wanted = { back, fresh: fresh !== undefined, ...(level ? { level } : {}), ...(source ? { source } : {}) };
    response.redirect(303, await relyingParty.begin(wanted, { response }));
  });

  routes.get('/callback', async (request, response) => {
    request.pagePath = page.path;
    const { back, token } = await relyingParty.end(new URL(request.originalUrl, issuer), { request, response });
    if (token !== undefined) await visits.begin(token, response);
    // Who turned back goes on as whom they were, if they were anybody.
    else if ((await visits.of(request)) === undefined) {
      const again = `${page.path}/sign-in?back=${encodeURIComponent(back)}`;
      return presentation.send(request, response, { page: 'error', code: 'sign_in_needed', restart: again });
    }
    response.redirect(303, back);
  });

  routes.post('/sign-out', sameSiteOnly(issuer), express.urlencoded({ extended: false }), async (request, response) => {
    const visit = await visits.of(request);
    if (visit !== undefined && !isFormOf(visit, request.body?.form_token)) throw new Refusal('form_outdated');
    visits.end(response);
    response.redirect(303, '/session/end');
  });

  return routes;
}

/** What a sign-in may ask for: whatever is wrong about it is left out, never an error. */
const wishFor = ({ path }: OwnPage) =>
  z.object({
    back: z
      .string()
      .max(1_000)
      .regex(new RegExp(`^${path}(?:[/?][\\x21-\\x7e]*)?$`))
      .catch(path),
    fresh: z.literal('yes').optional().catch(undefined),
    level: z.enum(['loa1', 'loa2', 'loa3', 'loa4']).optional().catch(undefined),
    source: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,30}$/)
      .optional()
      .catch(undefined),
  });
