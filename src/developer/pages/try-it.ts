/** Owns trying a service on its page: a real sandbox sign-in by the console in the service's place, and all that was said. */
import type { TrialResult, TryItPage } from '../../../views/developer/try-it.ts';
import { Refusal } from '../../errors.ts';
import { DEVELOPER } from '../../own-pages/own-page.ts';
import { serviceFor } from '../access.ts';
import type { ConsoleParts } from '../console.ts';
import type { Looking, Pages } from '../pages.ts';
import { draftRegistration } from '../shown-registration.ts';
import { TrialSignIn, trialWish } from '../try-it/trial-sign-in.ts';

const PATH = '/services/:service/try';

export function tryItPages({ router, show, ownForm }: Pages, parts: ConsoleParts): void {
  const trials = new TrialSignIn(parts);

  /** For people of the agency only: whoever tries acts in the service's place. */
  async function pageOf(
    { actor, params }: Pick<Looking, 'actor' | 'params'>,
    more: Partial<Pick<TryItPage, 'begun' | 'gone'>> & { readonly result?: TrialResult | undefined } = {},
  ): Promise<TryItPage> {
    const access = await serviceFor(parts.store, actor, params.service!, 'reader', false);
    const { id } = access.service;
    const twin = trials.twinOf(id);
    const registration = twin ?? (await draftRegistration(parts, access, 'sandbox'))?.registration;
    const { begun, gone = false, result } = more;
    return {
      page: 'developer/try-it',
      id,
      name: registration?.service ?? { vi: id, en: id },
      live: twin !== undefined,
      redirectUri: trials.redirectUri,
      scopes: registration?.scopes.filter((scope) => scope !== 'openid') ?? [],
      minimum: registration?.minimum_acr ?? 'loa1',
      gone,
      ...(begun ? { begun } : {}),
      ...(result ? { result } : {}),
    };
  }

  show(PATH, async (looking) => {
    const page = await pageOf(looking);
    const { result: id } = looking.query;
    if (typeof id !== 'string') return page;
    const result = await trials.result(id, page.id, looking.actor.visit!);
    return result ? { ...page, result } : { ...page, gone: true };
  });

  ownForm(PATH, {
    on: PATH,
    run: async (looking, fields, response) => {
      const { id } = await pageOf(looking);
      const wish = trialWish.safeParse(fields);
      if (!wish.success) throw new Refusal('request_invalid');
      return pageOf(looking, await trials.begin(id, wish.data, looking.actor.visit!, { response }));
    },
  });

  router.get('/try/callback', async (request, response) => {
    request.pagePath = DEVELOPER.path;
    const visit = await parts.visits.of(request);
    // Nobody is led to sign in here: what was begun elsewhere cannot be ended by whoever opens the address.
    if (visit === undefined) throw new Refusal('other_browser');
    const address = new URL(request.originalUrl, parts.issuer);
    const { service, id } = await trials.end(address, visit, { request, response });
    response.redirect(303, `${DEVELOPER.path}/services/${service}/try?${new URLSearchParams({ result: id })}`);
  });
}
