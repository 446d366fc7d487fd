/** Owns the public catalogue of services on the web: as a page for everybody, and as JSON for the front of a portal. */
import express, { type Request, type Router } from 'express';
import { LIFE_SITUATIONS } from '../clients.ts';
import type { Presentation } from '../web/presentation.ts';
import { Catalogue, type CatalogueParts, type CatalogueQuestion } from './catalogue.ts';

const LONGEST_SEARCH = 100;
/** Seconds: a service that was suspended is not offered for longer. */
const KEPT = 60;

/** GET `/services` and `/services.json`: nobody has to be signed in. */
export function catalogueRoutes(parts: CatalogueParts & { readonly presentation: Presentation }): Router {
  const catalogue = new Catalogue(parts);
  const router = express.Router();

  router.get('/services', (request, response) => {
    const question = questionIn(request);
    parts.presentation.send(request, response, {
      page: 'catalogue',
      search: question.words,
      ...(question.situation === undefined ? {} : { situation: question.situation }),
      situations: [...catalogue.counts()].map(([id, count]) => ({ id, count })),
      size: catalogue.size,
      ...catalogue.find(question),
    });
  });

  router.get('/services.json', (request, response) => {
    const { entries, found, shown, pages } = catalogue.find(questionIn(request));
    const services = entries.map(({ id, name, agency, purpose, logo, level, situations, login, home }) => ({
      id,
      name,
      agency,
      purpose,
      ...(logo === undefined ? {} : { logo }),
      minimum_acr: level,
      life_situations: situations,
      login_uri: login,
      ...(home === undefined ? {} : { landing_page: home }),
    }));
    response.set('cache-control', `public, max-age=${KEPT}`).set('access-control-allow-origin', '*');
    response.json({ services, found, page: shown, pages });
  });

  return router;
}

/** What is asked for; what nobody can mean is as if it were not there. */
function questionIn({ query }: Request): CatalogueQuestion {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const page = /^[1-9]\d{0,4}$/.exec(text(query.page))?.[0];
  return {
    situation: LIFE_SITUATIONS.find((one) => one === query.situation),
    words: text(query.q).slice(0, LONGEST_SEARCH),
    page: Number(page ?? 1),
  };
}
